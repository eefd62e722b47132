/* SPDX-License-Identifier: MIT */
/* tool_faults.c - faults of the host are not blamed on the tool. */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/tool_call.h"
#include "lib/faults.h"
#include "lib/trial.h"

/* Run a call of a tool in which the K-th system call CALL fails with ERROR.
 * Returns the error kind; *RET_FAILED is 1 if CALL was made so often. */
static int
run_with (struct call *c, int call, int error, uint64_t k, uint64_t times,
	  const char *const *argv, int *ret_failed)
{
	const struct fault fault = { call, error, k, times };
	int r;

	c->opts.on_end = NULL;
	faults_arm (&fault);
	r = call_start (c, argv);
	if (r == LHK_OK)
		r = lhk_tool_wait (c->tool, 20000);
	*ret_failed = faults_disarm () > 0;
	TAP_EQ_INT (r, LHK_OK);
	return r == LHK_OK ? call_wait (c) : -1;
}

static void
unreadable (void)
{
	const char *const *argv = AGENT ("err", "x", "put", "{\"result\":1}");
	int n_out = 0, n_err = 0, failed = 1, kind;
	struct call c;
	uint64_t k;

	call_begin (&c, NULL);
	for (k = 1; failed; k++) {
		kind = run_with (&c, CALL_READ_PIPE, EIO, k, 1, argv, &failed);
		if (!failed) {
			TAP_EQ_INT (kind, LHK_TOOL_ERROR_NONE);
			break;
		}
		TAP_EQ_INT (lhk_tool_exit_status (c.tool), 125);
		n_out += kind == LHK_TOOL_ERROR_STDOUT;
		n_err += kind == LHK_TOOL_ERROR_STDERR;
		TAP_EQ_STR (lhk_tool_message (c.tool),
			    kind == LHK_TOOL_ERROR_STDERR
				    ? "stderr of the tool cannot be read"
				    : "stdout of the tool cannot be read");
	}
	CU_ASSERT (n_out > 0 && n_err > 0);
	TAP_EQ_INT (n_out + n_err, k - 1);
	call_end (&c);
}

static void
no_request (void)
{
	struct call c;
	int failed;

	call_begin (&c, NULL);
	TAP_EQ_INT (run_with (&c, CALL_PWRITE_MEMORY, ENOSPC, 1, 1,
			      AGENT ("pause"), &failed),
		    LHK_TOOL_ERROR_STDIN);
	TAP_EQ_INT (failed, 1);
	TAP_EQ_INT (lhk_tool_exit_status (c.tool), 125);
	TAP_EQ_STR (lhk_tool_message (c.tool),
		    "the request cannot be handed"
		    " over: No space left on device");
	call_end (&c);
	TAP_EQ_INT (count_children (), 0);
}

static void
no_memory_file (void)
{
	struct call c;
	int failed;

	call_begin (&c, NULL);
	TAP_EQ_INT (run_with (&c, CALL_MEMFD, EMFILE, 1, 1,
			      AGENT ("put", "{\"result\":", "cat", "put", "}"),
			      &failed),
		    LHK_TOOL_ERROR_NONE);
	TAP_EQ_INT (failed, 1);
	CU_ASSERT (call_has (&c, "\"output\":{\"tool_id\""));
	call_end (&c);
}

static void
no_file (void)
{
	const struct fault fault = { CALL_TMPFILE_OPEN, EACCES, 1,
				     FAULT_ALWAYS };
	struct lhk_error err = { 0, 0, "" };
	struct lhk_tool *tool = NULL;
	struct call c;

	call_begin (&c, NULL);
	c.opts.flags = LHK_TOOL_STDOUT_FILE;
	c.opts.argv = AGENT ("put", "{\"result\":{}}");
	faults_arm (&fault);
	TAP_EQ_INT (lhk_tool_start (c.host, &c.opts, &tool, &err), LHK_ESYS);
	CU_ASSERT (faults_disarm () > 0);
	CU_ASSERT_PTR_NULL (tool);
	TAP_EQ_STR (err.text, "no file for stdout in '/tmp': Permission"
			      " denied");
	call_end (&c);
}

/* ---- the monitor ---- */

static void
monitor_killed (void)
{
	struct call c;

	call_begin (&c, NULL);
	c.opts.flags = LHK_RUN_UNSCOPED;
	TAP_EQ_INT (call_run (&c, AGENT ("put", "{\"result\":1}", "killparent",
					 "pause")),
		    LHK_TOOL_ERROR_WAIT);
	TAP_EQ_INT (lhk_tool_exit_status (c.tool), 125);
	TAP_EQ_STR (lhk_tool_message (c.tool),
		    "the monitor of the tool was lost, so it is not known how "
		    "the tool ended");
	call_end (&c);
	TAP_EQ_INT (count_children (), 0);
}

/* A monitor that reports what its command line says. */
static void
begin_fake (struct call *c)
{
	char *real = strdup (getenv ("LINEHOOK_EXEC"));
	char fake[4096];

	snprintf (fake, sizeof fake, "%s", trial_agent ());
	snprintf (strrchr (fake, '/'), 16, "/fake_exec");
	setenv ("LINEHOOK_EXEC", fake, 1);
	call_begin (c, NULL);
	setenv ("LINEHOOK_EXEC", real, 1);
	free (real);
}

static void
survivors (void)
{
	struct call c;

	begin_fake (&c);
	TAP_EQ_INT (call_run (&c, WORDS ("survivors", "4194301", "4194302")),
		    LHK_TOOL_ERROR_WAIT);
	TAP_EQ_INT (lhk_tool_exit_status (c.tool), 125);
	TAP_EQ_STR (lhk_tool_message (c.tool),
		    "2 processes of the tool could"
		    " not be killed; one of them is 4194301");
	CU_ASSERT (call_has (&c, "\"survivors\":[4194301,4194302]"));
	call_end (&c);
}

static void
no_memory_left (void)
{
	struct call c;

	begin_fake (&c);
	TAP_EQ_INT (call_run (&c, WORDS ("oom")), LHK_TOOL_ERROR_SIGNAL);
	TAP_EQ_STR (lhk_tool_message (c.tool),
		    "tool was killed by signal 9: out of memory");
	call_end (&c);
}

static const struct tap_case cases[] = {
	{ "an_unreadable_output_is_a_host_fault", unreadable },
	{ "a_request_that_cannot_be_written_is_a_host_fault", no_request },
	{ "without_a_memory_file_the_request_is_in_tmp", no_memory_file },
	{ "a_stdout_file_that_cannot_be_made_fails_the_start", no_file },
	{ "a_killed_monitor_is_a_host_fault", monitor_killed },
	{ "survivors_are_a_host_fault_and_are_named", survivors },
	{ "a_tool_that_runs_out_of_memory_is_explained", no_memory_left },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("tool_faults", cases);
}
