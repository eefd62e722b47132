/* SPDX-License-Identifier: MIT */
/* cmd_follow.c - `linehook follow': the events of a recorded run as they come. */
#include "config.h"

#include <poll.h>
#include <stddef.h>
#include <unistd.h>

#include "cli/records/records.h"

struct follow_options {
	struct records_options store;
	uint64_t from;
	int32_t wait_for;
};

/* clang-format off: a table */
static const struct opt follow_opts[] = {
	{ .name = "from",
	  .kind = OPT_COUNT,
	  .word = "SEQ",
	  .offset = offsetof (struct follow_options, from),
	  .max = INT64_MAX,
	  .want = "the number of an event",
	  .help = "start with this event (1)" },
	{ .name = "wait-for",
	  .kind = OPT_FLAG,
	  .offset = offsetof (struct follow_options, wait_for),
	  .help = "wait until the run exists" },
	{ .name = NULL },
};
/* clang-format on */

static const struct opt_group follow_groups[] = {
	{ "Options:", follow_opts },
	{ "Store:", records_store_opts },
	{ NULL, NULL },
};

/* Wait until there may be more events.  0: stdout has lost its reader. */
static int
wait_for_more (const struct lhk_cursor *cursor)
{
	struct pollfd p[2] = {
		{ .fd = lhk_cursor_fd (cursor), .events = POLLIN },
		{ .fd = STDOUT_FILENO, .events = 0 },
	};

	if (!stdout_flush ())
		return 0;
	poll (p, 2, lhk_cursor_pause (cursor));
	return (p[1].revents & (POLLERR | POLLHUP)) == 0;
}

/* Returns 0 if stdout has lost its reader. */
static int
put_line (const struct lhk_str *line)
{
	stdout_put (line->ptr, line->len);
	stdout_put ("\n", 1);
	return stdout_is_taken ();
}

/* The events ended with R, and FINAL is 1 after the final result.  An exit
 * status. */
static int
tell_end (const struct records_call *c, int r, int final,
	  const struct lhk_error *err)
{
	if (r == LHK_ESTATE) {
		cli_say (c->self->name,
			 "run '%s' has lost its host: this is"
			 " all of it",
			 c->run);
		return STATUS_HOST;
	}
	if (r == LHK_END && !final) {
		cli_say (c->self->name,
			 "the record of '%s' is not complete: its events end"
			 " here, without the final result (want linehook show"
			 " %s)",
			 c->run, c->run);
		return STATUS_HOST;
	}
	return r < 0 ? records_fail (c, err) : 0;
}

static int
follow (struct records_call *c, const struct follow_options *o)
{
	struct lhk_cursor *cursor = NULL;
	struct lhk_error err = { 0, 0, "" };
	struct lhk_str line;
	int r = lhk_cursor_open (c->store, c->run, o->from, o->wait_for,
				 &cursor, &err);
	int lost = 0;
	int final;

	while (r >= 0 && r != LHK_END && !lost) {
		r = lhk_cursor_next (cursor, &line, &err);
		if (r == LHK_OK)
			lost = !put_line (&line);
		else if (r == LHK_AGAIN)
			lost = !wait_for_more (cursor);
	}
	final = lhk_cursor_is_final (cursor);
	lhk_cursor_free (cursor);
	stdout_flush ();
	return tell_end (c, r, final, &err);
}

static int
run_follow (const struct cli_command *self, int argc, char **argv)
{
	struct follow_options o = { .from = 0 };
	struct records_call c;
	int status = records_begin (&c, self, argc, argv, &o);

	if (status < 0)
		status = records_find_run (&c, o.wait_for);
	if (status < 0)
		status = follow (&c, &o);
	records_end (&c);
	return status;
}

const struct cli_command cmd_follow = {
	"follow",
	"RUN [--from SEQ]",
	"Print the events of a recorded run, then new ones as they come.",
	run_follow,
	follow_groups,
	NULL,
	OPT_MIXED | OPT_ONE_OPERAND,
};
