/* SPDX-License-Identifier: MIT */
/* cmd_show.c - `linehook show': the record of one run. */
#include "config.h"

#include <stddef.h>

#include "cli/records/records.h"

struct show_options {
	struct records_options store;
	const char *include;
};

/* clang-format off: a table */
static const struct opt include_opts[] = {
	{ .name = "include",
	  .kind = OPT_TEXT,
	  .word = "state",
	  .offset = offsetof (struct show_options, include),
	  .check = records_check_include,
	  .offers = "state",
	  .help = "also read the events, and add the state to which they add "
		  "up" },
	{ .name = NULL },
};
/* clang-format on */

static const struct opt_group show_groups[] = {
	{ "Options:", include_opts },
	{ "Store:", records_store_opts },
	{ NULL, NULL },
};

static uint32_t
include_of (const struct show_options *o)
{
	return o->include == NULL ? 0 : LHK_INCLUDE_STATE;
}

static int
show (struct records_call *c, const struct show_options *o)
{
	struct lhk_error err = { 0, 0, "" };
	struct lhk_str answer;

	if (lhk_store_show (c->store, c->run, include_of (o), &answer, NULL,
			    &err)
	    < 0)
		return records_fail (c, &err);
	records_print (&answer);
	return 0;
}

static int
run_show (const struct cli_command *self, int argc, char **argv)
{
	struct show_options o = { .include = NULL };
	struct records_call c;
	int status = records_begin (&c, self, argc, argv, &o);

	if (status < 0)
		status = records_find_run (&c, 0);
	if (status < 0)
		status = show (&c, &o);
	records_end (&c);
	return status;
}

const struct cli_command cmd_show = {
	"show",
	"RUN [--include state]",
	"Print the result of a run, or its status so far.",
	run_show,
	show_groups,
	NULL,
	OPT_MIXED | OPT_ONE_OPERAND,
	"linehook show nightly",
	OPT_RUNS,
};
