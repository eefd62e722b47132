/* SPDX-License-Identifier: MIT */
/* cmd_show.c - `linehook show', `linehook wait': the record of one run. */
#include "config.h"

#include <stddef.h>

#include "cli/records/records.h"

#define STATUS_TIMEOUT 124

struct show_options {
	struct records_options store;
	const char *include;
	uint32_t timeout_ms;
	int32_t for_start;
};

#define WANT_WAIT "0 to 300s, e.g. 90s; 0: 60s"

/* clang-format off: a table */
static const struct opt include_opts[] = {
	{ .name = "include",
	  .kind = OPT_TEXT,
	  .word = "state",
	  .offset = offsetof (struct show_options, include),
	  .check = records_check_include,
	  .help = "also read the events and add the state that they add up "
		  "to" },
	{ .name = NULL },
};
/* clang-format on */

/* clang-format off: a table */
static const struct opt wait_opts[] = {
	{ .name = "timeout",
	  .kind = OPT_TIME,
	  .word = "TIME",
	  .offset = offsetof (struct show_options, timeout_ms),
	  .max = LHK_WAIT_MAX_MS,
	  .want = WANT_WAIT,
	  .help = "how long to wait at most (60s)" },
	{ .name = "for-start",
	  .kind = OPT_FLAG,
	  .offset = offsetof (struct show_options, for_start),
	  .help = "also wait for a run that does not exist yet" },
	{ .name = NULL },
};
/* clang-format on */

static const struct opt_group show_groups[] = {
	{ "Options:", include_opts },
	{ "Store:", records_store_opts },
	{ NULL, NULL },
};

static const struct opt_group wait_groups[] = {
	{ "Options:", wait_opts },
	{ "State:", include_opts },
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

static int
wait_for_end (struct records_call *c, const struct show_options *o)
{
	struct lhk_wait_opts opts = LHK_WAIT_OPTS_INIT;
	struct lhk_error err = { 0, 0, "" };
	struct lhk_str answer;
	int r;

	opts.timeout_ms = o->timeout_ms;
	opts.include = include_of (o);
	opts.for_start = o->for_start;
	r = lhk_store_wait (c->store, c->run, &opts, &answer, NULL, &err);
	if (r < 0 && r != LHK_ETIMEOUT)
		return records_fail (c, &err);
	if (r == LHK_ETIMEOUT)
		cli_say (c->self->name,
			 "run '%s' has not ended within the"
			 " time given",
			 c->run);
	if (answer.len > 0)
		records_print (&answer);
	if (r == LHK_ETIMEOUT)
		return STATUS_TIMEOUT;
	return lhk_store_status (c->store);
}

static int
run_wait (const struct cli_command *self, int argc, char **argv)
{
	struct show_options o = { .include = NULL };
	struct records_call c;
	int status = records_begin (&c, self, argc, argv, &o);

	if (status < 0)
		status = records_find_run (&c, o.for_start);
	if (status < 0)
		status = wait_for_end (&c, &o);
	records_end (&c);
	return status;
}

const struct cli_command cmd_show = {
	"show",
	"RUN [--include state]",
	"Print the record of a run: its result, or its status so far.",
	run_show,
	show_groups,
	NULL,
	OPT_MIXED | OPT_ONE_OPERAND,
};

const struct cli_command cmd_wait = {
	"wait",
	"RUN [--timeout TIME]",
	"Wait until a recorded run ends, print its result, exit as it did.",
	run_wait,
	wait_groups,
	NULL,
	OPT_MIXED | OPT_ONE_OPERAND,
};
