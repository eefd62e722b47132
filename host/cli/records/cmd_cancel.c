/* SPDX-License-Identifier: MIT */
/* cmd_cancel.c - `linehook cancel': request the end of a recorded run. */
#include "config.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>

#include "cli/records/records.h"

struct cancel_options {
	struct records_options store;
	int32_t signo; /* index in the names */
	int32_t now;
};

static const char *const names[] = { "TERM", "INT", "HUP", "QUIT", NULL };
static const int numbers[] = { SIGTERM, SIGINT, SIGHUP, SIGQUIT };

/* clang-format off: a table */
static const struct opt cancel_opts[] = {
	{ .name = "signal",
	  .letter = 's',
	  .kind = OPT_CHOICE,
	  .word = "NAME",
	  .offset = offsetof (struct cancel_options, signo),
	  .choices = names,
	  .help = "signal that the agent gets first (TERM)" },
	{ .name = "now",
	  .kind = OPT_FLAG,
	  .offset = offsetof (struct cancel_options, now),
	  .help = "kill it without grace, as a second cancel does" },
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
	int signo = numbers[o->signo];
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
	struct cancel_options o = { .signo = 0 };
	struct lhk_error err = { 0, 0, "" };
	struct records_call c;
	int status = records_begin (&c, self, argc, argv, &o);

	if (status < 0)
		status = ask (&c, &o, &err) < 0 ? records_fail (&c, &err) : 0;
	records_end (&c);
	return status;
}

const struct cli_command cmd_cancel = {
	"cancel",
	"RUN [--signal NAME] [--now]",
	"Ask a recorded run to end; `linehook wait' tells when it has.",
	run_cancel,
	cancel_groups,
	NULL,
	OPT_MIXED | OPT_ONE_OPERAND,
};
