/* SPDX-License-Identifier: MIT */
/* tool_call.c - calls of real tools: their answers and their ends. */
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/tool_call.h"
#include "lib/trial.h"

#define MIB (1 << 20)

/* ---- answers ---- */

static void
answers (void)
{
	static const struct {
		const char *out;
		const char *says;
	} rows[] = {
		{ "{\"result\":{\"a\":1}}", ",\"output\":{\"a\":1}," },
		{ "{\"result\":\"x\"}", ",\"output\":{\"value\":\"x\"}," },
		{ "{\"result\":1.50}", ",\"output\":{\"value\":1.50}," },
		{ "{\"result\":false}", ",\"output\":{\"value\":false}," },
		{ "{\"result\":[1]}", ",\"output\":{\"value\":[1]}," },
		{ "{\"result\":null}", ",\"output\":{}," },
		{ "{}", ",\"output\":{}," },
		{ "null", ",\"output\":{}," },
		{ "", ",\"output\":{}," },
		{ " \n\t ", ",\"output\":{}," },
		{ "{\"result\":1,\"error\":null}",
		  ",\"output\":{\"value\":1}" },
		{ "{\"result\":{},\"metadata\":{\"execution_time\":3}}",
		  ",\"metadata\":{\"execution_time\":3}," },
		{ "{\"result\":{\"n\":9007199254740993}}",
		  ",\"output\":{\"n\":9007199254740993}," },
	};
	struct call c;
	size_t i;

	call_begin (&c, NULL);
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		TAP_EQ_INT (call_run (&c, AGENT ("put", rows[i].out)),
			    LHK_TOOL_ERROR_NONE);
		CU_ASSERT (call_has (&c, ",\"ok\":true,"));
		CU_ASSERT (call_has (&c, rows[i].says));
		TAP_EQ_INT (lhk_tool_exit_status (c.tool), 0);
		TAP_EQ_STR (lhk_tool_message (c.tool), "");
		CU_ASSERT_PTR_NOT_NULL (lhk_tool_output (c.tool));
	}
	call_end (&c);
}

static void
errors (void)
{
	static const struct {
		const char *out;
		const char *message;
	} rows[] = {
		{ "{\"error\":{\"message\":\"boom\",\"name\":\"E\"}}", "boom" },
		{ "{\"error\":\"boom\",\"result\":{}}", "boom" },
		{ "{\"error\":\"\"}", "\"\"" },
		{ "{\"error\":0}", "0" },
		{ "{\"error\":false}", "false" },
		{ "{\"error\":{\"code\":7}}", "{\"code\":7}" },
		{ "{\"error\":{\"message\":5}}", "5" },
		{ "{\"error\":[]}", "[]" },
		{ "{\"error\":{\"code\":7,\"stack\":\"at x\"}}",
		  "{\"code\":7}" },
	};
	struct call c;
	char wanted[128];
	size_t i;

	call_begin (&c, NULL);
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		/* It wins over an exit status and over a signal. */
		TAP_EQ_INT (call_run (&c, i % 2 ? AGENT ("put", rows[i].out,
							 "exit", "3")
						: AGENT ("put", rows[i].out,
							 "raise", "9")),
			    LHK_TOOL_ERROR_TOOL);
		snprintf (wanted, sizeof wanted, "tool execution failed: %s",
			  rows[i].message);
		TAP_EQ_STR (lhk_tool_message (c.tool), wanted);
		CU_ASSERT (call_has (&c, ",\"ok\":false,\"error\":{\"kind\":"
					 "\"tool\""));
		CU_ASSERT_PTR_NULL (lhk_tool_output (c.tool));
		TAP_EQ_INT (lhk_tool_exit_status (c.tool), 1);
	}
	call_end (&c);
}

static void
stacks (void)
{
	static const char out[] =
		"{\"error\":{\"message\":\"m\",\"name\":\"N\","
		"\"stack\":\"at x\",\"timestamp\":\"2026-01-01T00:00:00Z\"}}";
	struct call c;

	call_begin (&c, NULL);
	call_run (&c, AGENT ("put", out));
	CU_ASSERT (call_has (&c, "\"name\":\"N\""));
	CU_ASSERT (call_has (&c, "\"timestamp\":\"2026-01-01T00:00:00Z\""));
	CU_ASSERT_PTR_NULL (strstr (c.json, "at x"));
	c.opts.flags = LHK_TOOL_STACK_TRACE;
	call_run (&c, AGENT ("put", out));
	CU_ASSERT (call_has (&c, "\"stack\":\"at x\""));
	call_end (&c);
}

static void
not_json (void)
{
	static const char *const outs[] = {
		"hello",
		"{\"a\":1} {\"b\":2}",
		"{\"a\":1} trailing",
		"[1,2]",
		"17",
		"\"x\"",
		"{\"a\":",
		"{\"a\":NaN}",
		"{\"a\":1}]",
	};
	struct call c;
	const char *message, *p;
	size_t i;

	call_begin (&c, NULL);
	for (i = 0; i < sizeof outs / sizeof outs[0]; i++) {
		TAP_EQ_INT (call_run (&c, AGENT ("put", outs[i])),
			    LHK_TOOL_ERROR_PARSE);
		message = lhk_tool_message (c.tool);
		CU_ASSERT (
			strncmp (message, "tool produced non-JSON output:", 30)
			== 0);
		p = message + strlen (message) - strlen (outs[i]);
		TAP_EQ_STR (p, outs[i]);
		CU_ASSERT_PTR_NULL (lhk_tool_output (c.tool));
		TAP_EQ_INT (lhk_tool_exit_status (c.tool), 1);
	}
	/* A long answer is cut at 512 bytes, after escaping. */
	call_run (&c, AGENT ("put", "z\033[31m", "flood", "5"));
	message = lhk_tool_message (c.tool);
	p = strstr (message, "z\\x1b[31mxxx");
	CU_ASSERT_PTR_NOT_NULL_FATAL (p);
	CU_ASSERT (strlen (p) <= 512 + 3 && strlen (p) > 480);
	TAP_EQ_STR (p + strlen (p) - 3, "...");
	call_end (&c);
}

static void
exit_status (void)
{
	struct call c;

	call_begin (&c, NULL);
	TAP_EQ_INT (call_run (&c, AGENT ("exit", "4")), LHK_TOOL_ERROR_EXIT);
	TAP_EQ_STR (lhk_tool_message (c.tool), "tool exited with status 4");
	CU_ASSERT_PTR_NULL (lhk_tool_output (c.tool));
	CU_ASSERT (call_has (&c, "\"exit_code\":4"));
	call_end (&c);
}

static void
answer_before_failure (void)
{
	struct call c;

	call_begin (&c, NULL);
	call_run (&c, AGENT ("put", "{\"result\":1}", "exit", "4"));
	TAP_EQ_INT (c.kind, LHK_TOOL_ERROR_EXIT);
	CU_ASSERT (call_has (&c, "\"output\":{\"value\":1}"));
	call_end (&c);
}

static void
signal_of_tool (void)
{
	struct call c;

	call_begin (&c, NULL);
	TAP_EQ_INT (call_run (&c, AGENT ("raise", "11")),
		    LHK_TOOL_ERROR_SIGNAL);
	TAP_EQ_INT (lhk_tool_outcome (c.tool)->signal, SIGSEGV);
	CU_ASSERT_PTR_NULL (strstr (lhk_tool_message (c.tool), "OOM"));
	call_end (&c);
}

static void
sigkill_of_tool (void)
{
	struct call c;

	call_begin (&c, NULL);
	TAP_EQ_INT (call_run (&c, AGENT ("raise", "9")), LHK_TOOL_ERROR_SIGNAL);
	CU_ASSERT_PTR_NOT_NULL (strstr (lhk_tool_message (c.tool),
					"possible OOM or external kill"));
	TAP_EQ_INT (lhk_tool_exit_status (c.tool), 1);
	call_end (&c);
}

static void
not_in_path (void)
{
	struct call c;

	call_begin (&c, NULL);
	TAP_EQ_INT (call_run (&c, WORDS ("no-such-program-here")),
		    LHK_TOOL_ERROR_START);
	TAP_EQ_INT (lhk_tool_exit_status (c.tool), 127);
	TAP_EQ_STR (lhk_tool_message (c.tool),
		    "cannot start"
		    " 'no-such-program-here': command not found");
	call_end (&c);
}

static void
missing_program (void)
{
	struct call c;

	call_begin (&c, NULL);
	TAP_EQ_INT (call_run (&c, WORDS ("/no/such/program")),
		    LHK_TOOL_ERROR_START);
	TAP_EQ_INT (lhk_tool_exit_status (c.tool), 127);
	TAP_EQ_STR (lhk_tool_message (c.tool),
		    "cannot start"
		    " '/no/such/program': No such file or directory");
	call_end (&c);
}

static void
not_executable (void)
{
	struct call c;

	call_begin (&c, NULL);
	TAP_EQ_INT (call_run (&c, WORDS ("/etc/passwd")), LHK_TOOL_ERROR_START);
	TAP_EQ_INT (lhk_tool_exit_status (c.tool), 126);
	call_end (&c);
}

static void
missing_directory (void)
{
	struct call c;

	call_begin (&c, NULL);
	c.opts.cwd = "/no/such/directory";
	TAP_EQ_INT (call_run (&c, AGENT ("out", "x")), LHK_TOOL_ERROR_START);
	TAP_EQ_INT (lhk_tool_exit_status (c.tool), 126);
	CU_ASSERT_PTR_NOT_NULL (strstr (lhk_tool_message (c.tool), "chdir"));
	call_end (&c);
}

/* ---- the request ---- */

/* The tool answers with its request. */
#define ECHO AGENT ("put", "{\"result\":", "cat", "put", "}")

static void
request (void)
{
	const char *const env[] = { "A=1", NULL };
	struct call c;

	call_begin (&c, NULL);
	c.opts.id = "category/tool-name";
	c.opts.exec_id = "exec-1";
	c.opts.input = (struct lhk_str) LHK_STR_INIT ("{\"x\":[1,\n2.0]}");
	c.opts.config = (struct lhk_str) LHK_STR_INIT ("{\"deep\":{}}");
	c.opts.env = env;
	c.opts.timeout_ms = 30000;
	TAP_EQ_INT (call_run (&c, ECHO), LHK_TOOL_ERROR_NONE);
	CU_ASSERT (call_has (&c,
			     "{\"tool_id\":\"category/tool-name\","
			     "\"tool_exec_id\":\"exec-1\",\"ok\":true,"
			     "\"output\":{\"tool_id\":\"category/tool-name\","
			     "\"tool_exec_id\":\"exec-1\",\"input\":"
			     "{\"x\":[1,2.0]},\"config\":{\"deep\":{}},"
			     "\"env\":{\"A\":\"1\"},\"timeout_ms\":30000},"
			     "\"outcome\":"));
	TAP_EQ_INT (call_run (&c, ECHO), LHK_TOOL_ERROR_NONE);
	CU_ASSERT (call_has (&c, "\"input\":null,\"config\":null,\"env\":{},"
				 "\"timeout_ms\":60000}"));
	call_end (&c);
}

static void
environment (void)
{
	const char *const env[] = { "VALID_VAR=va lue", NULL };
	struct call c;

	call_begin (&c, NULL);
	setenv ("LINEHOOK_TEST_PRIVATE", "private", 1);
	c.opts.env = env;
	call_run (&c, WORDS ("sh", "-c",
			     "printf '{\"result\":\"%s:%s\"}'"
			     " \"$VALID_VAR\" \"$LINEHOOK_TEST_PRIVATE\""));
	CU_ASSERT (call_has (&c, "{\"value\":\"va lue:\"}"));
	c.opts.inherit_env = 1;
	call_run (&c, WORDS ("sh", "-c",
			     "printf '{\"result\":\"%s\"}'"
			     " \"$LINEHOOK_TEST_PRIVATE\""));
	CU_ASSERT (call_has (&c, "{\"value\":\"private\"}"));
	call_end (&c);
}

static void
refused (void)
{
	const char *const bad_env[] = { "LD_PRELOAD=x", NULL };
	struct call c;
	int i;

	call_begin (&c, NULL);
	for (i = 0; i < 6; i++) {
		switch (i) {
		case 0:
			c.opts.id = "../malicious";
			break;
		case 1:
			c.opts.exec_id = "";
			break;
		case 2:
			c.opts.env = bad_env;
			break;
		case 3:
			c.opts.input = (struct lhk_str) LHK_STR_INIT ("[1]");
			break;
		case 4:
			c.opts.config = (struct lhk_str) LHK_STR_INIT ("x");
			break;
		default:
			c.opts.id = NULL;
			break;
		}
		TAP_EQ_INT (call_start (&c, AGENT ("out", "x")), LHK_OK);
		/* The call has ended, and on_end was called. */
		TAP_EQ_INT (c.n_ends, 1);
		TAP_EQ_INT (call_wait (&c), LHK_TOOL_ERROR_VALIDATE);
		TAP_EQ_INT (lhk_tool_exit_status (c.tool), 2);
		TAP_EQ_INT (lhk_tool_outcome (c.tool)->end_reason, 0);
		CU_ASSERT (call_has (&c, "\"kind\":\"validate\""));
		CU_ASSERT (call_has (&c, ",\"duration_ms\":0}"));
		lhk_tool_cancel (c.tool, 0);
	}
	call_end (&c);
}

static void
no_deadlock (void)
{
	char *input = malloc (MIB + 16);
	struct call c;

	memset (input, 'i', MIB + 16);
	memcpy (input, "{\"a\":\"", 6);
	memcpy (input + MIB + 13, "\"}", 3);
	call_begin (&c, NULL);
	c.opts.input = (struct lhk_str){ input, MIB + 15 };
	TAP_EQ_INT (call_run (&c, AGENT ("errflood", "1", "put",
					 "{\"result\":", "cat", "put", "}")),
		    LHK_TOOL_ERROR_NONE);
	CU_ASSERT (c.json_len > MIB);
	/* A request that nobody reads is no error. */
	c.opts.input = (struct lhk_str){ input, MIB + 15 };
	TAP_EQ_INT (call_run (&c, AGENT ("err", "why", "exit", "3")),
		    LHK_TOOL_ERROR_EXIT);
	CU_ASSERT (call_has (&c, "\"stderr\":{\"head\":\"why\\n\""));
	c.opts.input = (struct lhk_str){ input, MIB + 15 };
	TAP_EQ_INT (call_run (&c, AGENT ("close", "0", "put", "{}")),
		    LHK_TOOL_ERROR_NONE);
	call_end (&c);
	free (input);
}

static const struct tap_case cases[] = {
	{ "every_answer_becomes_an_output", answers },
	{ "an_error_that_the_tool_reports_wins_over_its_exit", errors },
	{ "a_stack_trace_is_in_the_result_only_if_wanted", stacks },
	{ "an_answer_that_is_not_one_json_object_is_quoted_briefly", not_json },
	{ "the_result_of_a_tool_that_fails_has_its_exit_status", exit_status },
	{ "an_answer_that_came_before_the_failure_is_kept",
	  answer_before_failure },
	{ "the_result_of_a_tool_that_crashes_has_its_signal", signal_of_tool },
	{ "a_tool_that_was_killed_may_have_lacked_memory", sigkill_of_tool },
	{ "a_program_that_is_not_in_path_is_127", not_in_path },
	{ "a_program_that_does_not_exist_is_127", missing_program },
	{ "a_program_that_is_not_executable_is_126", not_executable },
	{ "a_directory_that_does_not_exist_is_126", missing_directory },
	{ "the_request_arrives_as_it_was_given", request },
	{ "the_environment_is_small_and_holds_the_given_variables",
	  environment },
	{ "a_bad_request_has_ended_when_start_returns", refused },
	{ "no_order_of_reading_and_writing_blocks", no_deadlock },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("tool_call", cases);
}
