/* SPDX-License-Identifier: MIT */
/* removal.c - runs that are removed, and what is told of it at the end. */
#include "config.h"

#include <inttypes.h>

#include "cli/records/removal.h"
#include "common/units.h"

static struct outbuf out;

void
removal_begin (struct removal *r, struct records_call *call,
	       const struct records_options *o, int is_dry)
{
	r->call = call;
	r->is_dry = is_dry;
	r->for_people = records_is_for_people (o);
	r->n = r->bytes = 0;
	r->status = 0;
	outbuf_init (&out, stdout_write, NULL);
	if (r->for_people)
		return;
	jw_init (&r->json, &out);
	jw_object_begin (&r->json, NULL);
	if (is_dry)
		jw_bool (&r->json, "dry_run", 1);
	jw_list_begin (&r->json, "removed");
}

void
removal_fail (struct removal *r, int status)
{
	if (r->status == 0)
		r->status = status;
}

void
removal_of (struct removal *r, const char *id)
{
	struct lhk_error err = { 0, 0, "" };
	uint64_t bytes = 0;

	/* It cannot be asked for afterwards. */
	if (lhk_store_disk_usage (r->call->store, id, &bytes, NULL) < 0)
		bytes = 0;
	if (!r->is_dry && lhk_store_remove (r->call->store, id, &err) < 0) {
		if (err.code != LHK_ENOTFOUND)
			removal_fail (r, records_fail (r->call, &err));
		return;
	}
	r->n++;
	r->bytes += bytes;
	if (!r->for_people)
		jw_str (&r->json, NULL, id);
	else if (r->is_dry)
		stdout_printf ("%s\n", id);
}

static void
tell_people (const struct removal *r)
{
	char size[UNITS_SIZE];

	if (r->n == 0 && r->status != 0)
		return;
	units_print_size (r->bytes, size);
	if (r->n == 0)
		stdout_printf ("no runs to remove\n");
	else
		stdout_printf ("%s %" PRIu64 " %s, %s\n",
			       r->is_dry ? "would remove" : "removed", r->n,
			       r->n == 1 ? "run" : "runs", size);
}

void
removal_end (struct removal *r)
{
	if (r->for_people) {
		tell_people (r);
		return;
	}
	jw_list_end (&r->json);
	jw_u64 (&r->json, "runs", r->n);
	jw_u64 (&r->json, "bytes", r->bytes);
	jw_object_end (&r->json);
	outbuf_byte (&out, '\n');
	outbuf_flush (&out);
}
