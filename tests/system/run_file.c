/* SPDX-License-Identifier: MIT */
/* run_file.c - the end of a stdout that is a file. */
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/child.h"
#include "lib/trial.h"
#include "run/run.h"

/* Far more than a run takes, far less than --drain. */
#define LONG_MS 60000
#define SOON_MS 15000

static void
ask_for_file (struct trial *t, uint32_t drain_ms)
{
	t->opts.stdout_mode = LHK_STDOUT_FILE;
	t->opts.drain_ms = drain_ms;
}

static void
nobody_holds (void)
{
	struct trial t;

	trial_begin (&t, 0);
	ask_for_file (&t, LONG_MS);
	if (trial_run (&t, AGENT ("fork", "(", "close", "1", "close", "2",
				  "pause", ")", "lines", "3"))) {
		TAP_EQ_STR (t.text, "line 1\nline 2\nline 3\n");
		TAP_EQ_INT (t.result->outcome.flags, LHK_FLAG_LEFTOVER_KILLED);
		CU_ASSERT (t.result->outcome.wall_ms < SOON_MS);
	}
	/* Much to read: the end is known before it is reached. */
	ask_for_file (&t, LONG_MS);
	t.stream.line_max = 64 << 20;
	if (trial_run (&t, AGENT ("fork", "(", "close", "1", "close", "2",
				  "pause", ")", "flood", "20", "out", ""))) {
		TAP_EQ_INT (t.text_len, (20 << 20) + 1);
		TAP_EQ_INT (t.result->outcome.flags, LHK_FLAG_LEFTOVER_KILLED);
		CU_ASSERT (t.result->outcome.wall_ms < SOON_MS);
	}
	trial_end (&t);
}

/* The last holder lets go after the agent: that is noticed too. */
static void
let_go_later (void)
{
	struct trial t;

	trial_begin (&t, 0);
	ask_for_file (&t, LONG_MS);
	if (trial_run (&t, AGENT ("fork", "(", "close", "2", "sleep", "200",
				  "out", "late", "close", "1", "pause", ")",
				  "out", "early"))) {
		TAP_EQ_STR (t.text, "early\nlate\n");
		TAP_EQ_INT (t.result->outcome.flags, LHK_FLAG_LEFTOVER_KILLED);
		CU_ASSERT (t.result->outcome.wall_ms >= 200);
		CU_ASSERT (t.result->outcome.wall_ms < SOON_MS);
	}
	trial_end (&t);
}

static void
somebody_holds (void)
{
	struct trial t;

	trial_begin (&t, 0);
	ask_for_file (&t, 150);
	if (trial_run (&t, AGENT ("fork", "(", "close", "2", "pause", ")",
				  "out", "x"))) {
		TAP_EQ_STR (t.text, "x\n");
		TAP_EQ_INT (t.result->outcome.flags,
			    LHK_FLAG_DRAIN_CUT | LHK_FLAG_LEFTOVER_KILLED);
		CU_ASSERT (t.result->outcome.wall_ms >= 150);
	}
	trial_end (&t);
}

/* It is not watched: looked at by a timer. */
static void
polled (void)
{
	struct trial t;

	trial_begin (&t, 0);
	ask_for_file (&t, LONG_MS);
	if (trial_start (&t, AGENT ("fork", "(", "close", "2", "sleep", "100",
				    "out", "late", "close", "1", "pause", ")",
				    "out", "early"))
	    == LHK_OK) {
		inotify_watch_remove (t.run->core.loop,
				      &t.run->output.spool.watched);
		t.run->output.spool.polled = 1;
		if (trial_wait (&t)) {
			TAP_EQ_STR (t.text, "early\nlate\n");
			TAP_EQ_INT (t.result->outcome.flags,
				    LHK_FLAG_LEFTOVER_KILLED);
			CU_ASSERT (t.result->outcome.wall_ms < SOON_MS);
		}
	}
	trial_end (&t);
}

static int
as_nobody (int arg)
{
	struct trial t;
	int bad;

	(void) arg;
	if (getuid () == 0 && child_become_user (NOBODY) < 0)
		return 20;
	trial_begin (&t, 0);
	ask_for_file (&t, LONG_MS);
	if (trial_start (&t, AGENT ("fork", "(", "close", "1", "close", "2",
				    "pause", ")", "out", "x"))
	    != LHK_OK)
		return 21;
	if (lhk_run_wait (t.run, 20000) != LHK_OK)
		return 22;
	t.result = lhk_run_result (t.run);
	bad = t.result->outcome.flags != LHK_FLAG_LEFTOVER_KILLED ? 23
	      : t.result->outcome.wall_ms >= SOON_MS		  ? 24
								  : 0;
	trial_end (&t);
	return bad;
}

/* A lease is for the owner of a file, not for root alone. */
static void
ordinary_user (void)
{
	child_copy_programs ();
	child_run (as_nobody, 0);
}

/* Looking whether others have the file open sends the embedder no signal. */
static volatile sig_atomic_t received;

static void
on_signal (int signo)
{
	received = signo;
}

static void
no_signal (void)
{
	struct trial t;
	int i;

	for (i = 1; i < 32; i++)
		if (i == SIGIO || i == SIGURG)
			signal (i, on_signal);
	trial_begin (&t, 0);
	for (i = 0; i < 20; i++) {
		ask_for_file (&t, 30);
		if (!trial_run (&t,
				AGENT ("fork", "(", "pause", ")", "out", "x")))
			break;
	}
	TAP_EQ_INT (received, 0);
	trial_end (&t);
	signal (SIGIO, SIG_DFL);
	signal (SIGURG, SIG_DFL);
}

/* ---- a file that is long to read ---- */

/* What the consumer does with each piece. */
static struct {
	struct lhk_run *run;
	int pieces;
	int cancel_at; /* the piece in which it cancels, twice */
} slow;

static void
take_slowly (void *user, const char *data, size_t len)
{
	(void) user;
	(void) data;
	(void) len;
	sleep_us (50000);
	if (++slow.pieces != slow.cancel_at)
		return;
	lhk_run_cancel (slow.run, 0);
	lhk_run_cancel (slow.run, 0);
}

/* 100 MiB are 400 pieces, 20 s. */
static void
read_slowly (uint32_t total_ms, int cancel_at)
{
	struct trial t;

	trial_begin (&t, 0);
	ask_for_file (&t, 0);
	memset (&slow, 0, sizeof slow);
	slow.cancel_at = cancel_at;
	t.opts.total_ms = total_ms;
	t.opts.on_stdout = take_slowly;
	t.opts.flags = LHK_RUN_BYTES;
	if (trial_start (&t, AGENT ("flood", "100", "exit", "0")) == LHK_OK) {
		slow.run = t.run;
		if (trial_wait (&t)) {
			CU_ASSERT (t.result->outcome.wall_ms < SOON_MS);
			CU_ASSERT ((t.result->outcome.flags & LHK_FLAG_DEGRADED)
				   != 0);
			CU_ASSERT_PTR_NOT_NULL (
				strstr (t.notices, "bytes of stdout were not"
						   " read"));
		}
	}
	trial_end (&t);
}

static void
reading_ends (void)
{
	read_slowly (3000, 0);
	read_slowly (0, 40);
}

/* A hole of 20 GiB, whatever clocks there are. */
static void
holes (void)
{
	struct trial t;

	trial_begin (&t, 0);
	ask_for_file (&t, LONG_MS);
	if (trial_run (&t, WORDS ("/bin/sh", "-c",
				  "echo a; truncate -s 20G /proc/self/fd/1;"
				  " echo b; exit 3"))) {
		TAP_EQ_INT (t.result->outcome.exit_code, 3);
		CU_ASSERT (t.result->outcome.wall_ms < SOON_MS);
		CU_ASSERT_PTR_NOT_NULL (strstr (t.notices, "gap: stdout has a"
							   " hole"));
		CU_ASSERT ((t.result->outcome.flags & LHK_FLAG_DEGRADED) != 0);
		TAP_EQ_MEM (t.text, 2, "a\n", 2);
		CU_ASSERT (t.text_len > 4
			   && memcmp (t.text + t.text_len - 2, "b\n", 2) == 0);
	}
	trial_end (&t);
}

static void
opened_anew (void)
{
	struct trial t;

	trial_begin (&t, 0);
	ask_for_file (&t, LONG_MS);
	if (trial_run (&t, WORDS ("/bin/sh", "-c",
				  "echo one; sleep 1; echo two >/dev/stdout;"
				  " sleep 1; echo three >/dev/stdout"))) {
		TAP_EQ_STR (t.text, "one\ntwo\nthree\n");
		CU_ASSERT_PTR_NOT_NULL (
			strstr (t.notices, "gap: stdout was cut"));
		CU_ASSERT ((t.result->outcome.flags & LHK_FLAG_DEGRADED) != 0);
	}
	trial_end (&t);
}

/* Beyond the limit nothing is read, and nothing kept. */
static void
limited (void)
{
	struct trial t;

	trial_begin (&t, 0);
	ask_for_file (&t, LONG_MS);
	t.opts.max_output = 1 << 20;
	if (trial_run (&t, WORDS ("/bin/sh", "-c",
				  "trap '' TERM; head -c 3000000 /dev/zero |"
				  " tr '\\0' x; truncate -s 100G"
				  " /proc/self/fd/1; sleep 1; echo x"))) {
		TAP_EQ_INT (t.result->verdict, LHK_VERDICT_LIMIT);
		CU_ASSERT (t.result->outcome.wall_ms < SOON_MS);
		TAP_EQ_INT (t.result->stats.bytes, 1 << 20);
	}
	trial_end (&t);
}

static const struct tap_case cases[] = {
	{ "a_file_that_nobody_holds_ends_with_the_agent", nobody_holds },
	{ "a_file_ends_when_the_last_holder_lets_it_go", let_go_later },
	{ "a_file_that_is_held_is_cut_by_the_drain_clock", somebody_holds },
	{ "the_end_of_a_file_that_cannot_be_watched_is_found", polled },
	{ "the_end_of_a_file_is_found_by_an_ordinary_user", ordinary_user },
	{ "asking_for_the_end_of_a_file_sends_no_signal", no_signal },
	{ "the_reading_of_a_long_file_is_ended_by_clock_and_cancel",
	  reading_ends },
	{ "a_hole_in_stdout_is_skipped_and_told", holes },
	{ "a_stdout_that_is_opened_anew_loses_no_line_that_was_read",
	  opened_anew },
	{ "a_file_beyond_max_output_is_not_read", limited },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("run_file", cases);
}
