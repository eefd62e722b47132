/* SPDX-License-Identifier: MIT */
/* run_bytes.c - what goes in and comes out is whole, bounded and unhurried. */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "lib/trial.h"

#define MIB (1 << 20)

static void
stderr_flood (void)
{
	struct trial t;

	trial_begin (&t, 0);
	t.opts.stderr_keep = 1000;
	if (trial_run (&t, AGENT ("err", "head", "errflood", "20", "err",
				  "tail", "exit", "0"))) {
		TAP_EQ_INT (t.result->verdict, LHK_VERDICT_OK);
		TAP_EQ_INT (t.err_bytes, 20 * MIB + 10);
		TAP_EQ_INT (t.result->outcome.stderr_bytes, 20 * MIB + 10);
		TAP_EQ_INT (t.result->outcome.stderr_head.len, 500);
		TAP_EQ_INT (t.result->outcome.stderr_tail.len, 500);
		TAP_EQ_MEM (t.result->outcome.stderr_head.ptr, 7, "head\nxx",
			    7);
		TAP_EQ_MEM (t.result->outcome.stderr_tail.ptr + 493, 7,
			    "xxtail\n", 7);
	}
	trial_end (&t);
}

static void
stdout_flood (void)
{
	struct trial t;

	trial_begin (&t, 0);
	t.stream.line_max = 65536;
	if (trial_run (&t, AGENT ("flood", "64", "out", "", "out", "next"))) {
		TAP_EQ_INT (t.result->stats.bytes, 64 * MIB + 6);
		TAP_EQ_INT (t.result->stats.oversize, 1);
		CU_ASSERT (t.result->stats.buffer_peak <= 65536 + 4096);
		TAP_EQ_STR (t.text, "next\n");
	}
	trial_end (&t);
}

/* 16 MiB of one line by a program that leaves without waiting.  On the pipe
 * nobody reads until it has gone. */
static void
hurried (void)
{
	const char *file = pids_file ();
	struct trial t;
	int alive;

	trial_begin (&t, 0);
	t.opts.stdout_mode = LHK_STDOUT_PIPE;
	t.stream.line_max = 32 * MIB;
	TAP_EQ_INT (trial_start (&t, AGENT ("pidfile", file, "hurry", "16")),
		    LHK_OK);
	pids_await (file, 1);
	if (trial_wait (&t)) {
		CU_ASSERT (t.result->stats.bytes < 16 * MIB);
		CU_ASSERT (t.result->stats.bytes > 0);
		TAP_EQ_INT (t.result->outcome.exit_code, 0);
	}
	TAP_EQ_INT (pids_read (file, &alive), 1);
	t.opts.stdout_mode = LHK_STDOUT_FILE;
	t.stream.line_max = 32 * MIB;
	if (trial_run (&t, AGENT ("hurry", "16"))) {
		TAP_EQ_INT (t.result->stats.bytes, 16 * MIB + 1);
		TAP_EQ_INT (t.text_len, 16 * MIB + 1);
	}
	trial_end (&t);
}

static void
plugin_prefers (void)
{
	static char long_name[8192];
	struct trial t;

	memset (long_name, 'x', sizeof long_name - 1);
	long_name[0] = '/';
	trial_begin (&t, LHK_PLUGIN_STDOUT_FILE);
	t.stream.line_max = 32 * MIB;
	if (trial_run (&t, AGENT ("hurry", "16")))
		TAP_EQ_INT (t.result->stats.bytes, 16 * MIB + 1);
	/* A directory that is not there: memory does as well. */
	t.opts.tmp_dir = "/no/such/directory";
	if (trial_run (&t, AGENT ("out", "x"))) {
		TAP_EQ_STR (t.text, "x\n");
		TAP_EQ_INT (t.result->outcome.flags, LHK_FLAG_DEGRADED);
		CU_ASSERT_PTR_NOT_NULL (strstr (t.notices,
						"disk: cannot make "
						"a file for stdout"));
	}
	t.opts.tmp_dir = "/dev/null";
	t.opts.stdout_mode = LHK_STDOUT_FILE;
	if (trial_run (&t, AGENT ("out", "x")))
		TAP_EQ_STR (t.text, "x\n");
	t.opts.stdout_mode = LHK_STDOUT_AUTO;
	/* Where no file can be made, a pipe and a word about it. */
	t.opts.tmp_dir = long_name;
	if (trial_run (&t, AGENT ("out", "x"))) {
		TAP_EQ_STR (t.text, "x\n");
		TAP_EQ_INT (t.result->outcome.flags, LHK_FLAG_DEGRADED);
		CU_ASSERT_PTR_NOT_NULL (strstr (t.notices, "host: no file for"
							   " stdout"));
	}
	t.opts.tmp_dir = long_name;
	t.opts.stdout_mode = LHK_STDOUT_FILE;
	TAP_EQ_INT (trial_start (&t, AGENT ("out", "x")), LHK_ESYS);
	trial_end (&t);
}

/* A file is followed while it grows, not read at the end. */
static int
cancel_at_tick (struct trial *t, const char *text, size_t len)
{
	if (len == 4 && memcmp (text, "tick", 4) == 0)
		lhk_run_cancel (t->run, 0);
	return 0;
}

static void
file_is_live (void)
{
	struct trial t;

	trial_begin (&t, 0);
	t.opts.stdout_mode = LHK_STDOUT_FILE;
	t.on_text = cancel_at_tick;
	if (trial_run (&t, AGENT ("out", "tick", "pause"))) {
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_CANCELED);
		TAP_EQ_STR (t.text, "tick\n");
	}
	t.opts.stdout_mode = LHK_STDOUT_FILE;
	t.opts.idle_ms = 100;
	if (trial_run (&t, AGENT ("out", "a", "pause")))
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_IDLE);
	/* What a background child still says in its time is there. */
	t.opts.stdout_mode = LHK_STDOUT_FILE;
	if (trial_run (&t, AGENT ("fork", "(", "sleep", "100", "out", "late",
				  ")", "out", "early")))
		TAP_EQ_STR (t.text, "early\nlate\n");
	trial_end (&t);
}

static void
stdin_null (void)
{
	struct trial t;

	trial_begin (&t, 0);
	if (trial_run (&t, AGENT ("cat", "out", "end")))
		TAP_EQ_STR (t.text, "end\n");
	trial_end (&t);
}

static void
stdin_bytes (void)
{
	char *bytes = malloc (MIB + 1);
	struct trial t;
	int i;

	if (bytes == NULL)
		exit (99);
	for (i = 0; i < MIB; i++)
		bytes[i] = (char) (i % 64 == 63 ? '\n' : 'a' + i % 23);
	trial_begin (&t, 0);
	t.opts.stdin_mode = LHK_STDIN_BYTES;
	t.opts.input = (struct lhk_str){ bytes, MIB };
	if (trial_run (&t, AGENT ("cat"))) {
		TAP_EQ_MEM (t.text, t.text_len, bytes, MIB);
		TAP_EQ_INT (t.result->outcome.flags, 0);
	}
	/* Who writes as much to stderr first does not block us. */
	t.opts.stdin_mode = LHK_STDIN_BYTES;
	t.opts.input = (struct lhk_str){ bytes, MIB };
	if (trial_run (&t, AGENT ("errflood", "1", "cat")))
		TAP_EQ_INT (t.text_len, MIB);
	/* Who does not read it ends as it ends. */
	t.opts.stdin_mode = LHK_STDIN_BYTES;
	t.opts.input = (struct lhk_str){ bytes, MIB };
	if (trial_run (&t, AGENT ("exit", "4"))) {
		TAP_EQ_INT (t.result->outcome.exit_code, 4);
		TAP_EQ_INT (t.result->outcome.flags, 0);
	}
	t.opts.stdin_mode = LHK_STDIN_BYTES;
	t.opts.input = (struct lhk_str){ "", 0 };
	if (trial_run (&t, AGENT ("cat", "out", "end")))
		TAP_EQ_STR (t.text, "end\n");
	trial_end (&t);
	free (bytes);
}

static void
stdin_fd (void)
{
	struct trial t;
	int fds[2];

	if (pipe (fds) < 0)
		exit (99);
	trial_begin (&t, 0);
	t.opts.stdin_mode = LHK_STDIN_FD;
	t.opts.stdin_fd = fds[0];
	if (trial_start (&t, AGENT ("cat")) == LHK_OK) {
		close (fds[0]);
		CU_ASSERT_EQUAL (write (fds[1], "hello\n", 6), 6);
		close (fds[1]);
		if (trial_wait (&t))
			TAP_EQ_STR (t.text, "hello\n");
	}
	t.opts.stdin_mode = LHK_STDIN_FD;
	t.opts.stdin_fd = 9999;
	TAP_EQ_INT (trial_start (&t, AGENT ("cat")), LHK_ESYS);
	trial_end (&t);
}

static int
dawdle (struct trial *t, const char *text, size_t len)
{
	(void) t;
	(void) text;
	(void) len;
	sleep_us (2000);
	return 0;
}

/* Far more than a pipe holds, a consumer slower than the drain time. */
static void
slow_consumer (void)
{
	struct trial t;

	trial_begin (&t, 0);
	t.on_text = dawdle;
	t.opts.drain_ms = 10;
	if (trial_run (&t, AGENT ("lines", "300"))) {
		TAP_EQ_INT (t.result->stats.lines, 300);
		TAP_EQ_INT (t.result->verdict, LHK_VERDICT_OK);
		TAP_EQ_INT (t.result->outcome.flags, 0);
	}
	trial_end (&t);
}

static void
empty_lines (void)
{
	struct trial t;

	trial_begin (&t, 0);
	if (trial_run (&t, WORDS ("sh", "-c", "yes '' | head -n 100000")))
		TAP_EQ_INT (t.result->stats.lines, 100000);
	trial_end (&t);
}

static void
trickle (void)
{
	struct rusage before, after;
	struct trial t;

	/* A byte each 10 ms for a second must not cost a busy loop. */
	trial_begin (&t, 0);
	getrusage (RUSAGE_SELF, &before);
	if (trial_run (&t, WORDS ("sh", "-c",
				  "for i in 1 2 3 4 5 6 7 8 9 10"
				  " 11 12 13 14 15 16 17 18 19 20; do printf x;"
				  " sleep 0.01; done")))
		TAP_EQ_INT (t.result->stats.bytes, 20);
	getrusage (RUSAGE_SELF, &after);
	/* Turns of the loop, seen as voluntary switches: some per byte. */
	CU_ASSERT (after.ru_nvcsw - before.ru_nvcsw < 200);
	trial_end (&t);
}

static const struct tap_case cases[] = {
	{ "a_stderr_flood_is_drained_counted_and_kept_at_both_ends",
	  stderr_flood },
	{ "a_stdout_flood_without_newline_is_bounded", stdout_flood },
	{ "a_program_that_leaves_in_a_hurry_loses_bytes_on_a_pipe_only",
	  hurried },
	{ "a_plugin_that_prefers_a_file_gets_one_or_a_notice", plugin_prefers },
	{ "a_file_is_followed_while_it_grows", file_is_live },
	{ "stdin_is_the_null_device_unless_told_otherwise", stdin_null },
	{ "stdin_bytes_arrive_whole_and_never_block", stdin_bytes },
	{ "stdin_can_be_a_descriptor_of_the_caller", stdin_fd },
	{ "a_slow_consumer_loses_nothing_and_kills_nobody", slow_consumer },
	{ "a_hundred_thousand_empty_lines_are_counted", empty_lines },
	{ "a_trickle_of_bytes_is_no_busy_loop", trickle },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("run_bytes", cases);
}
