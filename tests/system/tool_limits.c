/* SPDX-License-Identifier: MIT */
/* tool_limits.c - limits of a call: bytes, memory, time; and its secrets. */
#include "config.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/tool_call.h"
#include "lib/trial.h"

#define MIB (1 << 20)

/* A tool whose answer has N bytes: {"result":{"a":"xx.."}} */
static const char *const *
answer_of (size_t n)
{
	static char fill[32];
	static const char *words[12];
	int i = 0;

	snprintf (fill, sizeof fill, "%zu", n - 21);
	words[i++] = trial_agent ();
	words[i++] = "put";
	words[i++] = "{\"result\":{\"a\":\"";
	words[i++] = "bytes";
	words[i++] = fill;
	words[i++] = "put";
	words[i++] = "\"}}  ";
	words[i] = NULL;
	return words;
}

static void
output_limit (void)
{
	static const size_t sizes[] = { 1000, LHK_TOOL_OUTPUT_DEFAULT };
	char wanted[80];
	struct call c;
	size_t i;

	call_begin (&c, NULL);
	for (i = 0; i < 2; i++) {
		snprintf (wanted, sizeof wanted,
			  "tool output exceeded maximum"
			  " size of %zu bytes",
			  sizes[i]);
		c.opts.max_output = sizes[i];
		TAP_EQ_INT (call_run (&c, answer_of (sizes[i])),
			    LHK_TOOL_ERROR_NONE);
		c.opts.max_output = sizes[i];
		TAP_EQ_INT (call_run (&c, answer_of (sizes[i] + 1)),
			    LHK_TOOL_ERROR_STDOUT);
		TAP_EQ_STR (lhk_tool_message (c.tool), wanted);
		TAP_EQ_INT (lhk_tool_exit_status (c.tool), 1);
	}
	call_end (&c);
}

/* The tree includes a process that called setsid. */
static void
overflow_ends_the_tree (void)
{
	const char *file = pids_file ();
	struct call c;
	int alive = -1;

	call_begin (&c, NULL);
	c.opts.max_output = 100;
	c.opts.timeout_ms = 30000;
	TAP_EQ_INT (call_run (&c, AGENT ("pidfile", file, "daemon", "(",
					 "pidfile", file, "bytes", "101",
					 "pause", ")", "pause")),
		    LHK_TOOL_ERROR_STDOUT);
	TAP_EQ_INT (pids_read (file, &alive), 2);
	TAP_EQ_INT (alive, 0);
	/* What is not JSON is read to its end, within the same limit. */
	c.opts.timeout_ms = 30000;
	TAP_EQ_INT (call_run (&c, AGENT ("flood", "64", "pause")),
		    LHK_TOOL_ERROR_STDOUT);
	TAP_EQ_INT (call_run (&c, AGENT ("flood", "4")), LHK_TOOL_ERROR_PARSE);
	call_end (&c);
}

/* Three bytes of JSON ("{},") can take hundreds of bytes of memory. */
static void
tree_limit (void)
{
	struct call c;

	call_begin (&c, NULL);
	c.opts.max_output = 100000;
	c.opts.timeout_ms = 60000;
	TAP_EQ_INT (call_run (&c, WORDS ("sh", "-c",
					 "printf '{\"a\":[{}';"
					 " yes ',{}' | head -n 20000;"
					 " printf ']}'; sleep 1000")),
		    LHK_TOOL_ERROR_STDOUT);
	CU_ASSERT_PTR_NOT_NULL (
		strstr (lhk_tool_message (c.tool), "too much memory"));
	TAP_EQ_INT (lhk_tool_exit_status (c.tool), 1);
	TAP_EQ_INT (lhk_tool_outcome (c.tool)->end_reason,
		    LHK_END_OUTPUT_LIMIT);
	/* A small document always has room in memory. */
	c.opts.max_output = 12;
	TAP_EQ_INT (call_run (&c, WORDS ("printf", "%s", "{\"result\":{}}")),
		    LHK_TOOL_ERROR_STDOUT);
	CU_ASSERT_PTR_NOT_NULL (
		strstr (lhk_tool_message (c.tool), "maximum size of 12 bytes"));
	c.opts.max_output = 13;
	TAP_EQ_INT (call_run (&c, WORDS ("printf", "%s", "{\"result\":{}}")),
		    LHK_TOOL_ERROR_NONE);
	call_end (&c);
}

static void
stderr_flood (void)
{
	struct call c;

	call_begin (&c, NULL);
	c.opts.stderr_keep = 1000;
	TAP_EQ_INT (call_run (&c, WORDS ("sh", "-c",
					 "yes 123456789 | head -n"
					 " 524288 >&2; echo '{}'")),
		    LHK_TOOL_ERROR_NONE);
	TAP_EQ_INT (c.n_lines, 524288);
	TAP_EQ_INT (lhk_tool_outcome (c.tool)->stderr_bytes, 5 * MIB);
	TAP_EQ_INT (lhk_tool_outcome (c.tool)->stderr_head.len, 500);
	TAP_EQ_INT (lhk_tool_outcome (c.tool)->stderr_tail.len, 500);
	/* One line of 3 MiB is passed on in pieces. */
	TAP_EQ_INT (call_run (&c, AGENT ("errflood", "3", "put", "{}")),
		    LHK_TOOL_ERROR_NONE);
	TAP_EQ_INT (c.n_lines, 1);
	CU_ASSERT (c.n_pieces > 100);
	TAP_EQ_INT (c.lines_len, 3 * MIB + c.n_pieces + 1);
	call_end (&c);
}

/* ---- time and cancelling ---- */

static void
timeout (void)
{
	const char *file = pids_file ();
	struct call c;
	int alive = -1;

	call_begin (&c, NULL);
	c.opts.timeout_ms = 100;
	TAP_EQ_INT (
		call_run (&c, AGENT ("fork", "(", "setsid", "pidfile", file,
				     "pause", ")", "pidfile", file, "pause")),
		LHK_TOOL_ERROR_TIMEOUT);
	TAP_EQ_STR (lhk_tool_message (c.tool),
		    "tool execution timed out after 100 ms");
	TAP_EQ_INT (lhk_tool_exit_status (c.tool), 124);
	pids_read (file, &alive);
	TAP_EQ_INT (alive, 0);
	/* The tool ignores SIGTERM. */
	c.opts.timeout_ms = 100;
	c.opts.grace_ms = 50;
	TAP_EQ_INT (call_run (&c, AGENT ("ignoreall", "pause")),
		    LHK_TOOL_ERROR_TIMEOUT);
	/* The tool has answered, and does not exit. */
	c.opts.timeout_ms = 100;
	TAP_EQ_INT (call_run (&c, AGENT ("put", "{\"result\":1}", "pause")),
		    LHK_TOOL_ERROR_TIMEOUT);
	c.opts.timeout_ms = 1000;
	TAP_EQ_INT (call_run (&c, AGENT ("put", "{\"error\":\"e\"}", "pause")),
		    LHK_TOOL_ERROR_TOOL);
	call_end (&c);
}

/* A grandchild holds stdout open. */
static void
held (void)
{
	struct call c;

	call_begin (&c, NULL);
	TAP_EQ_INT (
		call_run (&c, AGENT ("fork", "(", "setsid", "sleep", "600000",
				     ")", "put", "{\"result\":1}")),
		LHK_TOOL_ERROR_NONE);
	CU_ASSERT (call_has (&c, "drain_cut"));
	call_end (&c);
}

static void
cancel_now (void *user, const char *line, size_t len, int more)
{
	struct call *c = user;

	(void) line;
	(void) len;
	(void) more;
	lhk_tool_cancel (c->tool, SIGINT);
}

static void
cancel (void)
{
	struct call c;

	call_begin (&c, NULL);
	c.opts.on_stderr_line = cancel_now;
	TAP_EQ_INT (call_run (&c, AGENT ("err", "go", "pause")),
		    LHK_TOOL_ERROR_CANCELED);
	TAP_EQ_INT (lhk_tool_exit_status (c.tool), 128 + SIGINT);
	TAP_EQ_INT (call_start (&c, AGENT ("pause")), LHK_OK);
	lhk_tool_cancel (c.tool, 0);
	TAP_EQ_INT (call_wait (&c), LHK_TOOL_ERROR_CANCELED);
	TAP_EQ_INT (lhk_tool_exit_status (c.tool), 128 + SIGTERM);
	lhk_tool_cancel (c.tool, 0);
	lhk_tool_cancel (NULL, 0);
	call_end (&c);
}

static struct call *canceled;

static void
on_signal (int signo)
{
	lhk_tool_cancel (canceled->tool, signo);
}

static void *
cancel_there (void *user)
{
	struct call *c = user;

	lhk_tool_cancel (c->tool, SIGHUP);
	return NULL;
}

/* The thread of the call waits for it meanwhile. */
static void
cancel_in_thread (void)
{
	pthread_t thread;
	struct call c;

	call_begin (&c, NULL);
	TAP_EQ_INT (call_start (&c, AGENT ("pause")), LHK_OK);
	TAP_EQ_INT (pthread_create (&thread, NULL, cancel_there, &c), 0);
	TAP_EQ_INT (call_wait (&c), LHK_TOOL_ERROR_CANCELED);
	TAP_EQ_INT (pthread_join (thread, NULL), 0);
	TAP_EQ_INT (lhk_tool_exit_status (c.tool), 128 + SIGHUP);
	call_end (&c);
}

static void
cancel_in_handler (void)
{
	struct sigaction old, act = { .sa_handler = on_signal };
	struct call c;

	call_begin (&c, NULL);
	TAP_EQ_INT (sigaction (SIGUSR1, &act, &old), 0);
	canceled = &c;
	TAP_EQ_INT (call_start (&c, AGENT ("pause")), LHK_OK);
	TAP_EQ_INT (kill (getpid (), SIGUSR1), 0);
	TAP_EQ_INT (call_wait (&c), LHK_TOOL_ERROR_CANCELED);
	TAP_EQ_INT (lhk_tool_exit_status (c.tool), 128 + SIGUSR1);
	TAP_EQ_INT (sigaction (SIGUSR1, &old, NULL), 0);
	call_end (&c);
}

/* A program that exits without waiting for its pipe. */
static void
hurry (void)
{
	struct call c;

	call_begin (&c, NULL);
	c.opts.flags = LHK_TOOL_STDOUT_FILE;
	c.opts.max_output = 32 * MIB;
	TAP_EQ_INT (call_run (&c, AGENT ("put", "{\"result\":\"", "bytes",
					 "4000000", "put", "\"}")),
		    LHK_TOOL_ERROR_NONE);
	CU_ASSERT (c.json_len > 4000000);
	c.opts.flags = LHK_TOOL_STDOUT_FILE;
	c.opts.max_output = 1000;
	TAP_EQ_INT (call_run (&c, AGENT ("flood", "4", "pause")),
		    LHK_TOOL_ERROR_STDOUT);
	call_end (&c);
}

/* ---- secrets ---- */

static void
secrets (void)
{
	const char *const env[] = { "MY_TOKEN=topsecret99", NULL };
	const char *const words[] = { "=hunter2" };
	struct call c;

	call_begin (&c, NULL);
	c.opts.env = env;
	c.opts.redact = words;
	c.opts.n_redact = 1;
	TAP_EQ_INT (call_run (&c, AGENT ("err", "a hunter2 b topsecret99",
					 "err", "password=xyzzy", "put",
					 "{\"result\":\"hunter2 topsecret99\""
					 "}")),
		    LHK_TOOL_ERROR_NONE);
	TAP_EQ_STR (c.lines, "a [redacted] b [redacted]|"
			     "password=[redacted]|");
	CU_ASSERT (call_has (&c, "\"head\":\"a [redacted] b [redacted]\\n"
				 "password=[redacted]\\n\""));
	/* The answer is the caller's data and is not redacted. */
	CU_ASSERT (call_has (&c, "{\"value\":\"hunter2 topsecret99\"}"));
	c.opts.env = env;
	TAP_EQ_INT (
		call_run (&c, AGENT ("put", "{\"error\":{\"message\":"
					    "\"bad topsecret99 token=q\"}}")),
		LHK_TOOL_ERROR_TOOL);
	CU_ASSERT (call_has (&c, "bad [redacted] token=[redacted]\""));
	c.opts.env = env;
	TAP_EQ_INT (call_run (&c, AGENT ("put", "oops topsecret99 oops")),
		    LHK_TOOL_ERROR_PARSE);
	CU_ASSERT (call_has (&c, "oops [redacted] oops\""));
	CU_ASSERT_PTR_NULL (strstr (c.json, "topsecret99"));
	/* A secret at the end of the quotation is not shown in part. */
	c.opts.env = env;
	TAP_EQ_INT (call_run (&c, AGENT ("bytes", "508", "put", "topsecret99",
					 "bytes", "10000")),
		    LHK_TOOL_ERROR_PARSE);
	CU_ASSERT_PTR_NULL (strstr (c.json, "xtops"));
	call_end (&c);
}

static const struct tap_case cases[] = {
	{ "output_may_be_exactly_as_long_as_allowed", output_limit },
	{ "one_byte_too_many_ends_the_tree", overflow_ends_the_tree },
	{ "a_tree_that_takes_too_much_memory_ends_the_call", tree_limit },
	{ "stderr_is_bounded_passed_on_and_never_blocks", stderr_flood },
	{ "the_time_limit_ends_the_whole_tree", timeout },
	{ "an_output_held_by_others_does_not_hold_the_call", held },
	{ "a_call_can_be_canceled", cancel },
	{ "another_thread_can_cancel_a_call", cancel_in_thread },
	{ "a_signal_handler_can_cancel_a_call", cancel_in_handler },
	{ "stdout_can_be_a_file", hurry },
	{ "secrets_are_in_no_line_no_message_and_no_result", secrets },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("tool_limits", cases);
}
