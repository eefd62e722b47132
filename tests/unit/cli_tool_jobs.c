/* SPDX-License-Identifier: MIT */
/* cli_tool_jobs.c - lines of `linehook tool --jobs' become requests. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "cli/tool/cmd_tool.h"
#include "lib/tap.h"

static const char *const default_argv[] = { "node", "w.mjs", NULL };
static const char *const default_env[] = { "A=1", "B=2", NULL };

static const struct tool_request_opts defaults = {
	.id = "node",
	.id_derived = 1,
	.exec_id = NULL,
	.input = { "{\"d\":1}", 7 },
	.env = default_env,
	.argv = default_argv,
	.timeout_ms = 60000,
};

static char padded[8192];
static struct tool_line line;
static struct tool_request_opts request;
static struct lhk_error err;

static int
read_by (const struct tool_request_opts *by, const char *text, size_t len)
{
	memset (padded, 0, sizeof padded);
	memcpy (padded, text, len);
	padded[len] = '\n';
	memset (&err, 0, sizeof err);
	return tool_line_read (&line, by, padded, len, &request, &err);
}

static int
read_line (const char *text)
{
	return read_by (&defaults, text, strlen (text));
}

static void
every_member (void)
{
	TAP_EQ_INT (read_line ("{\"id\":\"a/b.c-d_\",\"exec_id\":\"e\","
			       "\"input\":{\"n\":9007199254740993, \"x\":[]},"
			       "\"config\":{\"k\":1.50},\"env\":{\"C\":\"3\"},"
			       "\"timeout_ms\":250,"
			       "\"command\":[\"p\",\"\",\"\\u00e9\"]}"),
		    LHK_OK);
	TAP_EQ_STR (request.id, "a/b.c-d_");
	TAP_EQ_STR (request.exec_id, "e");
	TAP_EQ_MEM (request.input.ptr, request.input.len,
		    "{\"n\":9007199254740993, \"x\":[]}", 30);
	TAP_EQ_MEM (request.config.ptr, request.config.len, "{\"k\":1.50}", 10);
	TAP_EQ_INT (request.timeout_ms, 250);
	TAP_EQ_STR (request.argv[0], "p");
	TAP_EQ_STR (request.argv[1], "");
	TAP_EQ_STR (request.argv[2], "\xc3\xa9");
	CU_ASSERT (request.argv[3] == NULL);
	tool_line_free (&line);
}

static void
nothing_said (void)
{
	TAP_EQ_INT (read_line ("{}"), LHK_OK);
	TAP_EQ_STR (request.id, "node");
	CU_ASSERT (request.exec_id == NULL);
	TAP_EQ_MEM (request.input.ptr, request.input.len, "{\"d\":1}", 7);
	CU_ASSERT (request.config.ptr == NULL);
	CU_ASSERT (request.argv == default_argv);
	CU_ASSERT (request.env == default_env);
	TAP_EQ_INT (request.timeout_ms, 60000);
	/* A null counts as absent, except for input and config. */
	TAP_EQ_INT (read_line ("{\"id\":null,\"exec_id\":null,\"env\":null,"
			       "\"timeout_ms\":null,\"command\":null,"
			       "\"input\":null}"),
		    LHK_OK);
	TAP_EQ_STR (request.id, "node");
	CU_ASSERT (request.argv == default_argv);
	TAP_EQ_MEM (request.input.ptr, request.input.len, "null", 4);
	tool_line_free (&line);
}

static void
variables (void)
{
	TAP_EQ_INT (read_line ("{\"env\":{\"B\":\"x=y\",\"C\":\"\","
			       "\"B\":\"last\",\"AA\":\"1\"}}"),
		    LHK_OK);
	TAP_EQ_STR (request.env[0], "A=1");
	TAP_EQ_STR (request.env[1], "B=last");
	TAP_EQ_STR (request.env[2], "C=");
	TAP_EQ_STR (request.env[3], "AA=1");
	CU_ASSERT (request.env[4] == NULL);
	tool_line_free (&line);
}

static void
derived_id (void)
{
	struct tool_request_opts named = defaults;

	TAP_EQ_INT (read_line ("{\"command\":[\"/usr/bin/my tool.sh\"]}"),
		    LHK_OK);
	TAP_EQ_STR (request.id, "my-tool.sh");
	named.id_derived = 0;
	named.id = "given";
	TAP_EQ_INT (read_by (&named, "{\"command\":[\"x\"]}", 17), LHK_OK);
	TAP_EQ_STR (request.id, "given");
	tool_line_free (&line);
}

static void
last_key_counts (void)
{
	TAP_EQ_INT (read_line ("{\"id\":5,\"id\":\"b\",\"timeout_ms\":\"\","
			       "\"timeout_ms\":7}"),
		    LHK_OK);
	TAP_EQ_STR (request.id, "b");
	TAP_EQ_INT (request.timeout_ms, 7);
	tool_line_free (&line);
}

static void
mistakes (void)
{
	static const struct {
		const char *text;
		const char *wanted;
	} table[] = {
		{ "", "not JSON" },
		{ "{", "not JSON" },
		{ "{} {}", "not JSON" },
		{ "{\"id\":\"\xff\"}", "not JSON" },
		{ "[]", "not a JSON object" },
		{ "null", "not a JSON object" },
		{ "[", "not JSON" },
		{ "{\"comand\":[\"x\"]}", "'comand': no such member" },
		{ "{\"\":1}", "'': no such member" },
		{ "{\"id\":1}", "'id' is a number; give a string" },
		{ "{\"id\":\"a\\u0000b\"}", "invalid characters" },
		{ "{\"exec_id\":{}}", "'exec_id' is an object" },
		{ "{\"timeout_ms\":\"5\"}", "'timeout_ms' is a string" },
		{ "{\"timeout_ms\":0}", "'timeout_ms' is 0; give a whole" },
		{ "{\"timeout_ms\":-1}", "'timeout_ms' is -1; give" },
		{ "{\"timeout_ms\":1.5}", "'timeout_ms' is 1.5; give" },
		{ "{\"timeout_ms\":4233600001}", "; give a whole number" },
		{ "{\"timeout_ms\":1e99}", "; give a whole number" },
		{ "{\"env\":[]}", "'env' is an array" },
		{ "{\"env\":{\"A\":1}}", "'env' is a number" },
		{ "{\"env\":{\"A\":null}}", "'env' is null" },
		{ "{\"env\":{\"A=B\":\"\"}}", "is not the name of a variable" },
		{ "{\"env\":{\"\":\"\"}}", "is not the name of a variable" },
		{ "{\"env\":{\"A\\u0000\":\"\"}}",
		  "is not the name of a variable" },
		{ "{\"env\":{\"A\":\"x\\u0000\"}}", "invalid characters" },
		{ "{\"command\":\"ls\"}", "'command' is a string" },
		{ "{\"command\":[]}", "'command' is empty" },
		{ "{\"command\":[\"\"]}", "'command' is empty" },
		{ "{\"command\":[\"a\",1]}", "'command' is a number" },
		{ "{\"command\":[\"a\\u0000\"]}", "invalid characters" },
	};
	size_t i;

	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		tap_note ("%s", table[i].text);
		TAP_EQ_INT (read_line (table[i].text), LHK_EINVAL);
		CU_ASSERT (strstr (err.text, table[i].wanted) != NULL);
		if (strstr (err.text, table[i].wanted) == NULL)
			tap_note ("%s", err.text);
	}
	tool_line_free (&line);
}

static void
ids_are_kept (void)
{
	TAP_EQ_INT (read_line ("{\"env\":5,\"id\":\"t\",\"exec_id\":\"e7\"}"),
		    LHK_EINVAL);
	TAP_EQ_STR (request.id, "t");
	TAP_EQ_STR (request.exec_id, "e7");
	/* The line is not JSON: nothing of it may be used. */
	TAP_EQ_INT (read_line ("{\"id\":\"t\",\"exec_id\":\"e7\",}"),
		    LHK_EINVAL);
	TAP_EQ_STR (request.id, "node");
	CU_ASSERT (request.exec_id == NULL);
	tool_line_free (&line);
}

static void
no_command (void)
{
	struct tool_request_opts none = defaults;

	none.argv = NULL;
	none.id = "tool";
	TAP_EQ_INT (read_by (&none, "{}", 2), LHK_EINVAL);
	CU_ASSERT (strstr (err.text, "'command' is missing") != NULL);
	tool_line_free (&line);
}

/* Decoded strings never need more room than the line has bytes. */
static void
worst_escapes (void)
{
	char text[4096] = "{\"command\":[";
	size_t len = strlen (text);
	size_t i;

	for (i = 0; i < 500; i++)
		len += (size_t) snprintf (text + len, sizeof text - len, "%s",
					  i == 0 ? "\"a\"" : ",\"\"");
	len += (size_t) snprintf (text + len, sizeof text - len,
				  ",\"\\ud800\\ud800\"]}");
	TAP_EQ_INT (read_by (&defaults, text, len), LHK_OK);
	TAP_EQ_STR (request.argv[499], "");
	TAP_EQ_STR (request.argv[500], "\xef\xbf\xbd\xef\xbf\xbd");
	CU_ASSERT (line.used <= len);
	tool_line_free (&line);
}

static void
ids_of_programs (void)
{
	static const struct {
		const char *program;
		const char *wanted;
	} table[] = {
		{ "node", "node" },	{ "/usr/bin/node", "node" },
		{ "./t.mjs", "t.mjs" }, { "dir/", "tool" },
		{ "", "tool" },		{ ".hidden", "-hidden" },
		{ "..", "-." },		{ "a..b", "a.-b" },
		{ "a b@c", "a-b-c" },	{ "\xc3\xa9", "--" },
	};
	char id[LHK_TOOL_ID_MAX + 1];
	char name[600];
	size_t i;

	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		tap_note ("%s", table[i].program);
		tool_id_of (table[i].program, id);
		TAP_EQ_STR (id, table[i].wanted);
	}
	memset (name, 'x', sizeof name);
	name[sizeof name - 1] = '\0';
	tool_id_of (name, id);
	TAP_EQ_INT (strlen (id), LHK_TOOL_ID_MAX);
}

static const struct tap_case cases[] = {
	{ "every_member_of_a_line_is_read", every_member },
	{ "absent_members_have_the_defaults", nothing_said },
	{ "env_of_a_line_is_added_to_the_defaults_and_wins", variables },
	{ "a_line_without_id_has_the_name_of_its_command", derived_id },
	{ "the_last_of_duplicate_members_counts", last_key_counts },
	{ "a_refused_line_gets_a_sentence", mistakes },
	{ "a_refused_line_keeps_its_ids", ids_are_kept },
	{ "a_line_without_any_command_is_a_mistake", no_command },
	{ "decoded_strings_fit_whatever_is_escaped", worst_escapes },
	{ "the_id_made_of_any_program_is_valid", ids_of_programs },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("cli_tool_jobs", cases);
}
