/* SPDX-License-Identifier: MIT */
/* cmd_wait.c - `linehook wait': until recorded runs have ended. */
#include "config.h"

#include <stddef.h>
#include <string.h>

#include "cli/records/outcome_line.h"
#include "cli/records/records.h"
#include "common/clock.h"

/* EX_TEMPFAIL of sysexits.h: the time is over. */
#define STATUS_TIMEOUT 75

struct wait_options {
	struct records_options store;
	const char *include;
	uint32_t timeout_ms; /* 0: no limit */
};

/* clang-format off: a table */
static const struct opt wait_opts[] = {
	{ .name = "timeout",
	  .kind = OPT_TIME,
	  .word = "TIME",
	  .offset = offsetof (struct wait_options, timeout_ms),
	  .max = OPT_TIME_MAX,
	  .want = "a number with ms, s, m, h or d, e.g. 90s or 1h30m, at most "
		  "49d (0: no limit)",
	  .help = "give up after this time, with exit status 75",
	  .initial = "no limit" },
	{ .name = "include",
	  .kind = OPT_TEXT,
	  .word = "state",
	  .offset = offsetof (struct wait_options, include),
	  .check = records_check_include,
	  .offers = "state",
	  .help = "also read the events, and add the state that they describe" },
	{ .name = NULL },
};
/* clang-format on */

static const struct opt_group wait_groups[] = {
	{ "Options:", wait_opts },
	{ NULL, records_start_opts },
	{ "Output:", records_output_opts },
	{ "Store:", records_store_opts },
	{ NULL, NULL },
};

struct wait {
	struct records_call call;
	const struct wait_options *o;
	int64_t from_ms; /* when the wait began */
	int is_over;	 /* 1: the time of a run was over */
};

/* What is left of MS since the wait began, at least a moment. */
static int64_t
left_of (const struct wait *w, uint32_t ms)
{
	int64_t left = w->from_ms + (int64_t) ms - clock_now_ms ();

	return left > 1 ? left : 1;
}

static void
set_times (const struct wait *w, struct lhk_wait_opts *opts)
{
	const uint32_t start_ms = records_start_ms (&w->o->store);

	opts->timeout_ms = w->o->timeout_ms == 0
				   ? LHK_WAIT_FOREVER
				   : left_of (w, w->o->timeout_ms);
	opts->for_start = start_ms != 0;
	opts->start_ms = left_of (w, start_ms);
}

static void
print_line (struct wait *w, const struct lhk_str *answer, int status)
{
	struct lhk_error err = { 0, 0, "" };
	struct record_info info;

	if (record_info_parse (&info, w->call.run, status, answer, &err) < 0)
		cli_say (w->call.self->name, "%s", err.text);
	else
		outcome_line_print (w->call.run, &info);
	record_info_free (&info);
}

static void
print (struct wait *w, const struct lhk_str *answer, int status)
{
	if (answer->len == 0)
		return;
	if (records_is_for_people (&w->o->store))
		print_line (w, answer, status);
	else
		records_print (answer);
	stdout_flush ();
}

/* Wait for one run.  Its exit status, or ours. */
static int
wait_for_run (struct wait *w, const char *word)
{
	struct lhk_wait_opts opts = LHK_WAIT_OPTS_INIT;
	struct lhk_error err = { 0, 0, "" };
	struct lhk_str answer = { NULL, 0 };
	int status = 0;
	int r;

	w->call.run = word;
	r = records_find_starting (&w->call, &w->o->store);
	if (r >= 0)
		return r;
	opts.include = w->o->include == NULL ? 0 : LHK_INCLUDE_STATE;
	set_times (w, &opts);
	r = lhk_store_wait (w->call.store, w->call.run, &opts, &answer, &status,
			    &err);
	if (r < 0 && r != LHK_ETIMEOUT) {
		records_suggest (w->call.store, word, &err);
		return records_fail (&w->call, &err);
	}
	print (w, &answer, status);
	if (r != LHK_ETIMEOUT)
		return lhk_store_status (w->call.store);
	w->is_over = 1;
	cli_say (w->call.self->name, "%s", err.text);
	return 0;
}

/* The status of the first run that did not end with 0. */
static int
wait_for_all (struct wait *w)
{
	int first = 0;
	size_t i;

	w->from_ms = clock_now_ms ();
	for (i = 0; i < w->call.operands.n; i++) {
		int status = wait_for_run (w, w->call.operands.items[i]);

		if (first == 0)
			first = status;
	}
	return w->is_over ? STATUS_TIMEOUT : first;
}

static int
run_wait (const struct cli_command *self, int argc, char **argv)
{
	struct wait_options o = { .store.start_ms = RECORDS_START_UNSET };
	struct wait w = { .o = &o };
	int status = records_begin (&w.call, self, argc, argv, &o);

	if (status < 0)
		status = wait_for_all (&w);
	records_end (&w.call);
	return status;
}

const struct cli_command cmd_wait = {
	"wait",
	"RUN... [--timeout TIME]",
	"Wait until runs have ended, print their results and exit as they did.",
	run_wait,
	wait_groups,
	NULL,
	OPT_MIXED | OPT_SOME_OPERANDS,
	"linehook wait nightly --timeout 5m",
	OPT_RUNS,
};
