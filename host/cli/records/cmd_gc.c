/* SPDX-License-Identifier: MIT */
/* cmd_gc.c - `linehook gc': remove the records of runs that have ended. */
#include "config.h"

#include <stddef.h>
#include <stdio.h>

#include "cli/records/records.h"
#include "common/fd.h"

struct gc_options {
	struct records_options store;
	int64_t before_ms; /* since 1970; 0: any */
	int32_t dry;
};

/* clang-format off: a table */
static const struct opt gc_opts[] = {
	{ .name = "older-than",
	  .kind = OPT_AGE,
	  .word = "AGE",
	  .offset = offsetof (struct gc_options, before_ms),
	  .want = OPT_AGE_WANT,
	  .help = "only runs that started longer ago, e.g. 30d" },
	{ .name = "dry-run",
	  .letter = 'n',
	  .kind = OPT_FLAG,
	  .offset = offsetof (struct gc_options, dry),
	  .help = "print their names, remove nothing" },
	{ .name = NULL },
};
/* clang-format on */

static const struct opt_group gc_groups[] = {
	{ "Options:", gc_opts },
	{ "Store:", records_store_opts },
	{ NULL, NULL },
};

struct gc {
	struct records_call call;
	const struct gc_options *o;
	int status;
};

static int
remove_run (void *user, const struct lhk_record_info *info)
{
	struct gc *c = user;
	struct lhk_error err = { 0, 0, "" };

	if (info->status == LHK_RECORD_RUNNING)
		return 0;
	/* Another gc may have removed it meanwhile. */
	if (!c->o->dry
	    && lhk_store_remove (c->call.store, info->id, &err) < 0) {
		if (err.code != LHK_ENOTFOUND)
			c->status = records_fail (&c->call, &err);
		return 0;
	}
	stdout_printf ("%s\n", info->id);
	return 0;
}

static void
gc (struct gc *c)
{
	struct lhk_record_query q = LHK_RECORD_QUERY_INIT;
	struct lhk_error err = { 0, 0, "" };
	int r;

	q.before_ms = c->o->before_ms;
	/* Runs that are missing from the index are found by this.  On a full
	 * disk there is no room for another index until something has been
	 * removed. */
	if (!c->o->dry)
		(void) !lhk_store_repair (c->call.store, &err);
	r = lhk_store_list (c->call.store, &q, remove_run, c, &err);
	if (r == LHK_OK && !c->o->dry)
		r = lhk_store_repair (c->call.store, &err);
	/* The old index serves: it names more runs than there are. */
	if (r < 0 && !fd_is_disk_full (err.sys_errno))
		c->status = records_fail (&c->call, &err);
}

static int
run_gc (const struct cli_command *self, int argc, char **argv)
{
	struct gc_options o = { .before_ms = 0 };
	struct gc c = { .o = &o, .status = 0 };
	int status = records_begin (&c.call, self, argc, argv, &o);

	if (status < 0) {
		gc (&c);
		status = c.status;
	}
	records_end (&c.call);
	return status;
}

const struct cli_command cmd_gc = {
	"gc",
	"[--older-than AGE] [--dry-run]",
	"Remove the records of runs that have ended or are lost.",
	run_gc,
	gc_groups,
	NULL,
	OPT_MIXED | OPT_NO_OPERAND,
};
