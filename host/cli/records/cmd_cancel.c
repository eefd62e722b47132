/* SPDX-License-Identifier: MIT */
/* cmd_cancel.c - `linehook cancel': request the end of a recorded run. */
#include "config.h"

#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "cli/records/records.h"
#include "common/macros.h"

struct cancel_options {
	struct records_options store;
	const char *signal; /* NULL: SIGTERM */
	int32_t now;
};

static const struct {
	const char *name;
	int signo;
} signals[] = {
	{ "TERM", SIGTERM },
	{ "INT", SIGINT },
	{ "HUP", SIGHUP },
	{ "QUIT", SIGQUIT },
};

/* A signal as kill(1) takes it: "INT", "SIGINT", "int" or "2".  0: none of
 * ours. */
static int
parse_signal (const char *text)
{
	const char *name = strncasecmp (text, "SIG", 3) == 0 ? text + 3 : text;
	char number[8];
	size_t i;

	for (i = 0; i < ARRAY_SIZE (signals); i++) {
		snprintf (number, sizeof number, "%d", signals[i].signo);
		if (strcasecmp (name, signals[i].name) == 0
		    || strcmp (text, number) == 0)
			return signals[i].signo;
	}
	return 0;
}

static const char *
check_signal (const char *value)
{
	return parse_signal (value) != 0
		       ? NULL
		       : "not a signal that cancel can send; give TERM, INT, "
			 "HUP or QUIT";
}

/* clang-format off: a table */
static const struct opt cancel_opts[] = {
	{ .name = "signal",
	  .letter = 's',
	  .kind = OPT_TEXT,
	  .word = "NAME",
	  .offset = offsetof (struct cancel_options, signal),
	  .check = check_signal,
	  .offers = "TERM INT HUP QUIT",
	  .help = "the signal that the agent gets first",
	  .initial = "TERM" },
	{ .name = "now",
	  .kind = OPT_FLAG,
	  .offset = offsetof (struct cancel_options, now),
	  .help = "kill the agent at once, as a second cancel does" },
	{ .name = NULL },
};
/* clang-format on */

static const struct opt_group cancel_groups[] = {
	{ "Options:", cancel_opts },
	{ "Store:", records_store_opts },
	{ NULL, NULL },
};

/* LHK_OK, or an error of the library. */
static int
ask (struct records_call *c, const struct cancel_options *o,
     struct lhk_error *err)
{
	int signo = o->signal == NULL ? SIGTERM : parse_signal (o->signal);
	int r = lhk_store_cancel (c->store, c->run, signo, err);

	if (r < 0 || !o->now)
		return r;
	r = lhk_store_cancel (c->store, c->run, signo, err);
	/* The first one may have ended it. */
	return r == LHK_ESTATE ? LHK_OK : r;
}

static int
run_cancel (const struct cli_command *self, int argc, char **argv)
{
	struct cancel_options o = { .signal = NULL };
	struct lhk_error err = { 0, 0, "" };
	struct records_call c;
	int status = records_begin (&c, self, argc, argv, &o);

	if (status < 0)
		status = records_find_run (&c);
	if (status < 0)
		status = ask (&c, &o, &err) < 0 ? records_fail (&c, &err) : 0;
	records_end (&c);
	return status;
}

const struct cli_command cmd_cancel = {
	"cancel",
	"RUN [--signal NAME] [--now]",
	"Ask a run to end.",
	run_cancel,
	cancel_groups,
	NULL,
	OPT_MIXED | OPT_ONE_OPERAND,
	"linehook cancel nightly",
	OPT_RUNS,
};
