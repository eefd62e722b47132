/* SPDX-License-Identifier: MIT */
/* records.c - what the subcommands on records of runs share. */
#include "config.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/records/records.h"
#include "common/path_absolute.h"
#include "common/error.h"
#include "common/run_id.h"

#define STATUS_UNKNOWN 1

const char *
records_check_include (const char *value)
{
	return strcmp (value, "state") == 0 ? NULL
					    : "not a valid value; give "
					      "state";
}

/* clang-format off: a table */
const struct opt records_store_opts[] = {
	{ .name = "run-dir",
	  .kind = OPT_TEXT,
	  .word = "DIR",
	  .offset = offsetof (struct records_options, run_dir),
	  .check = opt_check_path,
	  .help = "the directory of the records",
	  .initial = "in the user's state directory" },
	{ .name = NULL },
};
/* clang-format on */

/* For a run that is not there yet: it may be about to start. */
#define START_DEFAULT_MS 5000

/* clang-format off: a table */
const struct opt records_start_opts[] = {
	{ .name = "for-start",
	  .kind = OPT_TIME,
	  .word = "TIME",
	  .offset = offsetof (struct records_options, start_ms),
	  .max = OPT_TIME_MAX,
	  .want = "a number with ms, s, m, h or d, e.g. 90s, at most 49d",
	  .without = "49d",
	  .help = "how long to wait for a run that does not exist yet (RUN "
		  "must be its complete id); without TIME, there is no limit",
	  .initial = "5s" },
	{ .name = NULL },
};
/* clang-format on */

uint32_t
records_start_ms (const struct records_options *o)
{
	return o->start_ms == RECORDS_START_UNSET ? START_DEFAULT_MS
						  : o->start_ms;
}

/* How to print: the values of --format. */
enum { AS_AUTO, AS_VIEW, AS_JSON };

static const char *const formats[] = { "auto", "view", "json", NULL };

/* clang-format off: a table */
const struct opt records_output_opts[] = {
	{ .name = "format",
	  .kind = OPT_CHOICE,
	  .word = "FORMAT",
	  .offset = offsetof (struct records_options, format),
	  .choices = formats,
	  .help = "what to print on standard output",
	  .initial = "view on a terminal, otherwise json" },
	{ .name = "json",
	  .kind = OPT_FLAG,
	  .offset = offsetof (struct records_options, json),
	  .excludes = "format",
	  .help = "the same as --format json" },
	{ .name = NULL },
};
/* clang-format on */

/* clang-format off: a table */
const struct opt records_json_opts[] = {
	{ .name = "json",
	  .kind = OPT_FLAG,
	  .offset = offsetof (struct records_options, json),
	  .help = "print JSON on a terminal, too" },
	{ .name = NULL },
};
/* clang-format on */

int
records_is_for_people (const struct records_options *o)
{
	if (o->json || o->format != AS_AUTO)
		return o->format == AS_VIEW;
	return isatty (STDOUT_FILENO);
}

int
records_store_path (const char *run_dir, char **ret, struct lhk_error *err)
{
	struct lhk_error none;
	char path[PATH_MAX];
	int r = 0;

	if (run_dir != NULL)
		r = path_absolute (run_dir, path);
	else if (lhk_store_default_path (path, sizeof path, &none) < 0)
		return error_set (err, LHK_EINVAL, 0, "%s; give --run-dir DIR",
				  none.text);
	*ret = r < 0 ? NULL : strdup (path);
	if (*ret == NULL)
		return error_set (
			err, LHK_ENOMEM, r < 0 ? -r : errno,
			"cannot find the directory of the records: %s",
			strerror (r < 0 ? -r : errno));
	return LHK_OK;
}

int
records_fail (const struct records_call *c, const struct lhk_error *err)
{
	cli_say (c->self->name, "%s", err->text);
	switch (err->code) {
	case LHK_EINVAL:
		return STATUS_USAGE;
	case LHK_ENOTFOUND:
	case LHK_ESTATE:
		return STATUS_UNKNOWN;
	default:
		return STATUS_HOST;
	}
}

void
records_print (const struct lhk_str *text)
{
	stdout_put (text->ptr, text->len);
	stdout_put ("\n", 1);
}

int
records_run_operand (const struct cli_command *self,
		     const struct opt_operands *operands, const char **ret)
{
	*ret = operands->items[0];
	if ((self->flags & (OPT_ONE_OPERAND | OPT_SOME_OPERANDS)) == 0
	    || operands->n > 0)
		return -1;
	cli_say (self->name,
		 "a run is missing; write linehook %s %s ('linehook runs' "
		 "lists the runs)",
		 self->name, self->synopsis);
	return STATUS_USAGE;
}

/* ---- a mistyped run ---- */

/* The newest runs among which a mistyped one is looked for. */
#define KNOWN_MAX 200

struct known_runs {
	size_t n;
	char ids[KNOWN_MAX][LHK_RECORD_ID_MAX + 1];
};

static int
note_known (void *user, const struct lhk_record_info *info)
{
	struct known_runs *known = user;

	memcpy (known->ids[known->n++], info->id, sizeof info->id);
	return known->n == KNOWN_MAX;
}

void
records_suggest (struct lhk_store *store, const char *word,
		 struct lhk_error *err)
{
	static struct known_runs known;
	const char *names[KNOWN_MAX + 2] = { RUN_ID_LATEST };
	const char *nearest;
	size_t i, len = strlen (err->text);

	known.n = 0;
	if (err->code != LHK_ENOTFOUND
	    || lhk_store_list (store, NULL, note_known, &known, NULL) < 0
	    || known.n == 0)
		return;
	for (i = 0; i < known.n; i++)
		names[i + 1] = known.ids[i];
	nearest = opt_nearest (word, names);
	if (nearest != NULL)
		snprintf (err->text + len, sizeof err->text - len,
			  "; did you mean '%s'?", nearest);
}

/* MAY_START 1: one that is not there yet has the operand as its id. */
static int
find_run (struct records_call *c, int may_start)
{
	struct lhk_error err = { 0, 0, "" };
	int r = lhk_store_find (c->store, c->run, c->id, &err);

	if (r == LHK_ENOTFOUND && may_start)
		return -1;
	if (r < 0) {
		records_suggest (c->store, c->run, &err);
		return records_fail (c, &err);
	}
	c->run = c->id;
	return -1;
}

int
records_find_run (struct records_call *c)
{
	return find_run (c, 0);
}

int
records_find_starting (struct records_call *c, const struct records_options *o)
{
	const int may_start =
		records_start_ms (o) != 0 && run_id_is_valid (c->run);

	if (may_start && o->start_ms != RECORDS_START_UNSET)
		return -1;
	return find_run (c, may_start);
}

int
records_begin (struct records_call *c, const struct cli_command *self, int argc,
	       char **argv, void *target)
{
	const struct records_options *o = target;
	struct lhk_error err = { 0, 0, "" };
	int status, r;

	memset (c, 0, sizeof *c);
	c->self = self;
	status = cli_parse (self, argc, argv, target, &c->operands);
	if (status < 0)
		status = records_run_operand (self, &c->operands, &c->run);
	if (status >= 0)
		return status;
	r = records_store_path (o->run_dir, &c->dir, &err);
	if (r == LHK_OK)
		r = lhk_store_open (c->dir, NULL, &c->store, &err);
	return r < 0 ? records_fail (c, &err) : -1;
}

void
records_end (struct records_call *c)
{
	lhk_store_free (c->store);
	opt_operands_free (&c->operands);
	free (c->dir);
}
