/* SPDX-License-Identifier: MIT */
/* cmd_show.c - `linehook show': the record of one run. */
#include "config.h"

#include <stddef.h>
#include <unistd.h>

#include "cli/output/terminal_caps.h"
#include "cli/records/records.h"
#include "cli/records/show_page.h"
#include "common/clock.h"

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
	  .help = "also read the events, and add the state that they describe" },
	{ .name = NULL },
};
/* clang-format on */

static const struct opt_group show_groups[] = {
	{ "Options:", include_opts },
	{ "Output:", records_output_opts },
	{ "Store:", records_store_opts },
	{ NULL, NULL },
};

static uint32_t
include_of (const struct show_options *o)
{
	return o->include == NULL ? 0 : LHK_INCLUDE_STATE;
}

static int
print_json (struct records_call *c, uint32_t include)
{
	struct lhk_error err = { 0, 0, "" };
	struct lhk_str answer;

	if (lhk_store_show (c->store, c->run, include, &answer, NULL, &err) < 0)
		return records_fail (c, &err);
	records_print (&answer);
	return 0;
}

/* How the run was started is in a file that the JSON need not open; what a run
 * without a result has done so far is in its events. */
static int
print_page (struct records_call *c, uint32_t include)
{
	struct record_info info;
	struct show_page page = {
		.dir = c->dir,
		.id = c->run,
		.info = &info,
		.with_state = (include & LHK_INCLUDE_STATE) != 0,
		.width = terminal_columns (STDOUT_FILENO),
		.now_ms = clock_unix_ms (),
	};
	struct lhk_error err = { 0, 0, "" };
	int r = record_info_read (&info, c->store, c->run,
				  include | LHK_INCLUDE_REQUEST, &err);

	if (r == LHK_OK && info.status != LHK_RECORD_ENDED && include == 0) {
		record_info_free (&info);
		r = record_info_read (&info, c->store, c->run,
				      LHK_INCLUDE_REQUEST | LHK_INCLUDE_STATE,
				      &err);
	}
	if (r == LHK_OK)
		show_page_print (&page);
	record_info_free (&info);
	return r < 0 ? records_fail (c, &err) : 0;
}

static int
show (struct records_call *c, const struct show_options *o)
{
	return records_is_for_people (&o->store)
		       ? print_page (c, include_of (o))
		       : print_json (c, include_of (o));
}

static int
run_show (const struct cli_command *self, int argc, char **argv)
{
	struct show_options o = { .include = NULL };
	struct records_call c;
	int status = records_begin (&c, self, argc, argv, &o);

	if (status < 0)
		status = records_find_run (&c);
	if (status < 0)
		status = show (&c, &o);
	records_end (&c);
	return status;
}

const struct cli_command cmd_show = {
	"show",
	"RUN [--include state] [--json]",
	"Show the result of a run, or its status so far.",
	run_show,
	show_groups,
	NULL,
	OPT_MIXED | OPT_ONE_OPERAND,
	"linehook show nightly",
	OPT_RUNS,
};
