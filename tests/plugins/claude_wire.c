/* SPDX-License-Identifier: MIT */
/*
 * claude_wire.c - the claude plugin: memory, limits, probe, real streams.
 *
 * The transcripts are whole streams of the program, recorded against a
 * scripted model.
 */
#include "config.h"

#include <stdio.h>

#include "plugins/gives.h"

static void LHK_PRINTF (3, 4)
	ignore (void *ctx, int level, const char *fmt, ...)
{
	(void) ctx;
	(void) level;
	(void) fmt;
}

/* All lines of TEXT, which has room behind it; what the last one said. */
static int
feed (void *handle, const char *text)
{
	struct lhk_line line = { .size = sizeof (line) };
	const char *end;
	int r = LHK_EINVAL;

	for (; *text; text = end + 1) {
		end = strchr (text, '\n');
		line.data = text;
		line.len = (size_t) (end - text);
		line.full_len = line.len;
		line.number++;
		r = linehook_plugin_1.line_hook (handle, &line);
	}
	return r;
}

#define ROUND                                                                  \
	"{\"type\":\"stream_event\",\"event\":{\"type\":\"message_start\","    \
	"\"message\":{\"id\":\"m\",\"usage\":{\"input_tokens\":1}}}}\n"        \
	"{\"type\":\"stream_event\",\"event\":{\"type\":"                      \
	"\"content_block_delta\",\"index\":0,\"delta\":{\"type\":"             \
	"\"text_delta\",\"text\":\"x\"}},\"uuid\":\"1\"}\n"                    \
	"{\"type\":\"assistant\",\"message\":{\"id\":\"m\",\"content\":["      \
	"{\"type\":\"text\",\"text\":\"x\"},{\"type\":\"tool_use\","           \
	"\"id\":\"t\",\"name\":\"TodoWrite\",\"input\":{\"file_path\":\"f\","  \
	"\"todos\":[{\"content\":\"c\"}]}}]}}\n"                               \
	"{\"type\":\"user\",\"message\":{\"content\":[{\"type\":"              \
	"\"tool_result\",\"tool_use_id\":\"t\",\"content\":[{\"text\":\"a\"}," \
	"{\"text\":\"b\"}]}]}}\n"                                              \
	"{\"type\":\"result\",\"errors\":[\"a\",\"b\"],\"is_error\":true}\n"

static const char rounds[sizeof (ROUND) + LHK_LINE_PADDING] = ROUND;

/* The last emit that failed is what the hook says. */
static int
refuse (void *ctx, const struct lhk_event *event)
{
	(void) event;
	return --*(long *) ctx >= 0 ? LHK_OK : LHK_ENOMEM;
}

static void
emit_fails (void)
{
	long left;
	struct lhk_api api = {
		.size = sizeof (api),
		.abi_major = 1,
		.ctx = &left,
		.emit = refuse,
		.log = ignore,
	};
	void *handle;
	long n;

	for (n = 0; n < 7; n++) {
		left = n;
		CU_ASSERT_FATAL (linehook_plugin_1.open (&api, NULL, 0, &handle)
				 == LHK_OK);
		TAP_EQ_INT (feed (handle, rounds), LHK_ENOMEM);
		left = 9;
		TAP_EQ_INT (feed (handle, rounds), LHK_OK);
		linehook_plugin_1.close (handle);
	}
}

/* N calls with the ids t0, t1, ... as lines at IN.  Returns their length. */
static size_t
put_calls (char *in, size_t size, int n)
{
	size_t len = 0;
	int i;

	for (i = 0; i < n; i++)
		len += (size_t) snprintf (
			in + len, size - len,
			"{\"type\":\"assistant\","
			"\"message\":{\"id\":\"m%d\",\"content\":[{\"type\":"
			"\"tool_use\",\"id\":\"t%d\",\"name\":\"Bash\"}]}}\n",
			i, i);
	return len;
}

/* Calls, and tasks, that are remembered at once. */
#define REMEMBERED 4096

/* Bytes of the lines of as many calls, and some. */
#define LINES_ROOM (REMEMBERED * 256)

static int
count (const char *text, const char *part)
{
	int n = 0;

	for (; (text = strstr (text, part)) != NULL; text += strlen (part))
		n++;
	return n;
}

/* More calls and messages than are remembered, and ids that are too long. */
static void
tables_are_bounded (void)
{
	static char in[LINES_ROOM];
	char id[2000];
	size_t len = put_calls (in, sizeof (in), REMEMBERED + 1);
	char *found;

	memset (id, 'x', sizeof (id) - 1);
	id[sizeof (id) - 1] = '\0';
	snprintf (in + len, sizeof (in) - len,
		  "{\"type\":\"assistant\","
		  "\"message\":{\"id\":\"%s\",\"content\":[{\"type\":\"text\","
		  "\"text\":\"x\"},{\"type\":\"tool_use\",\"id\":\"%s\","
		  "\"name\":\"%s\"}]},\"session_id\":\"%s\","
		  "\"parent_tool_use_id\":\"%s\"}\n"
		  "{\"type\":\"user\",\"message\":{\"content\":["
		  "{\"type\":\"tool_result\",\"tool_use_id\":\"t0\"},"
		  "{\"type\":\"tool_result\",\"tool_use_id\":\"t4096\"}]}}\n",
		  id, id, id, id, id);
	found = collect_text (&linehook_plugin_1, in, strlen (in), NULL);
	CU_ASSERT_PTR_NOT_NULL (strstr (found, "completed type=other"
					       " id=\"t0\"\n"));
	CU_ASSERT_PTR_NOT_NULL (strstr (found,
					"completed type=execute"
					" id=\"t4096\" name=\"Bash\"\n"));
	TAP_EQ_INT (count (found, "code=\"gap\""), 1);
	free (found);
}

/* A call that stays open while more end than are remembered. */
static void
open_call_is_remembered (void)
{
	static char in[LINES_ROOM];
	size_t len = put_calls (in, sizeof (in), 1);
	char *found;
	int i;

	for (i = 1; i < REMEMBERED + 300; i++)
		len += (size_t) snprintf (
			in + len, sizeof (in) - len,
			"{\"type\":\"user\",\"message\":{\"content\":[{\"type\":"
			"\"tool_use\",\"id\":\"e%d\",\"name\":\"Read\"},"
			"{\"type\":\"tool_result\",\"tool_use_id\":\"e%d\"}]}}\n",
			i, i);
	snprintf (in + len, sizeof (in) - len,
		  "{\"type\":\"user\",\"message\":{\"content\":["
		  "{\"type\":\"tool_result\",\"tool_use_id\":\"t0\"}]}}\n");
	found = collect_text (&linehook_plugin_1, in, strlen (in), NULL);
	CU_ASSERT_PTR_NOT_NULL (strstr (found, "completed type=execute"
					       " id=\"t0\" name=\"Bash\"\n"));
	TAP_EQ_INT (count (found, "code=\"gap\""), 0);
	free (found);
}

/* Tasks that the return of their calls ends, and nothing else. */
static void
many_tasks (void)
{
	static char in[LINES_ROOM];
	const int n = 1000;
	size_t len = put_calls (in, sizeof (in), n);
	char *found;
	int i;

	for (i = 0; i < n; i++)
		len += (size_t) snprintf (
			in + len, sizeof (in) - len,
			"{\"type\":\"system\",\"subtype\":\"task_started\","
			"\"task_id\":\"a%d\",\"tool_use_id\":\"t%d\"}\n",
			i, i);
	for (i = 0; i < n; i++)
		len += (size_t) snprintf (
			in + len, sizeof (in) - len,
			"{\"type\":\"user\",\"message\":{\"content\":[{\"type\":"
			"\"tool_result\",\"tool_use_id\":\"t%d\"}]}}\n",
			i);
	found = collect_text (&linehook_plugin_1, in, len, NULL);
	TAP_EQ_INT (count (found, "code=\"task_started\""), n);
	TAP_EQ_INT (count (found, "code=\"task_ended\""), n);
	TAP_EQ_INT (count (found, "completed type=execute"), n);
	TAP_EQ_INT (count (found, "code=\"gap\""), 0);
	free (found);
}

/* A to-do list that is longer than is shown. */
static void
many_todos (void)
{
	static char in[LINES_ROOM];
	size_t len = 0;
	char *found;
	int i;

	for (i = 0; i < 257; i++)
		len += (size_t) snprintf (
			in + len, sizeof (in) - len,
			"{\"type\":\"user\",\"message\":{\"content\":[{\"type\":"
			"\"tool_use\",\"id\":\"c%d\",\"name\":\"TaskCreate\"}]}}\n"
			"{\"type\":\"user\",\"message\":{\"content\":[{\"type\":"
			"\"tool_result\",\"tool_use_id\":\"c%d\"}]},"
			"\"tool_use_result\":{\"task\":{\"id\":\"%d\","
			"\"subject\":\"step %d\"}}}\n",
			i, i, i, i);
	found = collect_text (&linehook_plugin_1, in, len, NULL);
	TAP_EQ_INT (count (found, "plan "), 257);
	TAP_EQ_INT (count (found, "code=\"gap\" text=\"the to-do list has more"
				  " entries than linehook shows\""),
		    1);
	free (found);
}

/* The host copies what events point to when the whole line is done. */
static void
events_outlive_their_line (void)
{
	gives ("{\"type\":\"assistant\",\"message\":{\"content\":["
	       "{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"Bash\"},"
	       "{\"type\":\"x_tool_result\",\"tool_use_id\":\"t\"},"
	       "{\"type\":\"x_tool_result\",\"tool_use_id\":\"t\"},"
	       "{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"a name that is"
	       " a good deal longer than any name that a tool of the program"
	       " has or ever had, so that room for it must be found anew"
	       "\"},"
	       "{\"type\":\"x_tool_result\",\"tool_use_id\":\"t\"}]}}\n",
	       "tool status=in_progress type=execute id=\"t\""
	       " name=\"Bash\"\n"
	       "tool status=completed type=execute id=\"t\" name=\"Bash\"\n"
	       "tool status=completed type=execute id=\"t\" name=\"Bash\"\n"
	       "tool status=in_progress type=other id=\"t\" name=\"a name"
	       " that is a good deal longer than any name that a tool of the"
	       " program has or ever had, so that room for it must be found"
	       " anew\"\n"
	       "tool status=completed type=other id=\"t\" name=\"a name"
	       " that is a good deal longer than any name that a tool of the"
	       " program has or ever had, so that room for it must be found"
	       " anew\"\n");
}

/* Lines of the program, one of each kind that has a mark; the first three begin
 * the streams of versions 2.1, 2.0 and 1.0. */
static const char *const ours[] = {
	"{\"type\":\"system\",\"subtype\":\"init\",\"session_id\":\"s\","
	"\"tools\":[],\"mcp_servers\":[],\"model\":\"m\",\"permissionMode\":"
	"\"default\",\"apiKeySource\":\"none\",\"claude_code_version\":\"2.1\","
	"\"uuid\":\"u\"}",
	"{\"type\":\"system\",\"subtype\":\"init\",\"cwd\":\"/w\","
	"\"session_id\":\"s\",\"tools\":[\"Bash\"],\"mcp_servers\":[],"
	"\"model\":\"m\",\"permissionMode\":\"default\",\"apiKeySource\":"
	"\"none\",\"uuid\":\"u\"}",
	"{\"type\":\"system\",\"subtype\":\"init\",\"session_id\":\"s\","
	"\"tools\":[],\"mcp_servers\":[],\"apiKeySource\":\"none\"}",
	"{\"session_id\":\"s\",\"message\":{\"id\":\"msg_1\",\"model\":\"m\","
	"\"content\":[]},\"type\":\"assistant\"}",
	"{\"type\":\"assistant\",\"message\":{\"id\":\"5f\",\"model\":"
	"\"<synthetic>\"},\"session_id\":\"s\"}",
	"{\"type\":\"user\",\"message\":{},\"tool_use_result\":\"Error\"}",
	"{\"type\":\"stream_event\",\"event\":{\"type\":\"message_start\","
	"\"message\":{\"id\":\"msg_1\"}}}",
	"{\"type\":\"stream_event\",\"event\":{\"type\":\"message_delta\"}}",
	"{\"is_error\":true,\"total_cost_usd\":0,\"type\":\"result\"}",
	"{\"type\":\"system\",\"subtype\":\"api_retry\",\"retry_delay_ms\":5}",
	"{\"type\":\"rate_limit_event\",\"rate_limit_info\":{}}",
	"[{\"type\":\"system\",\"subtype\":\"init\"},{\"type\":\"result\","
	"\"total_cost_usd\":1}]",
};

/* Lines of other programs, most of all of those that print the same types:
 * Qwen Code, Droid, Cursor, Amp. */
static const char *const others[] = {
	"{\"type\":\"system\",\"subtype\":\"init\",\"uuid\":\"u\","
	"\"session_id\":\"u\",\"cwd\":\"/w\",\"tools\":[],\"mcp_servers\":[],"
	"\"model\":\"m\",\"permission_mode\":\"yolo\",\"qwen_code_version\":"
	"\"0.24\"}",
	"{\"type\":\"assistant\",\"uuid\":\"5f\",\"session_id\":\"s\","
	"\"parent_tool_use_id\":null,\"message\":{\"id\":\"5f\",\"model\":\"m\","
	"\"content\":[]}}",
	"{\"type\":\"user\",\"uuid\":\"u\",\"session_id\":\"s\","
	"\"parent_tool_use_id\":null,\"message\":{\"role\":\"user\"}}",
	"{\"type\":\"stream_event\",\"uuid\":\"u\",\"event\":{\"type\":"
	"\"goal_state\"}}",
	"{\"type\":\"stream_event\",\"event\":{\"type\":\"message_start\","
	"\"message\":{\"id\":\"5f\",\"model\":\"m\"}}}",
	"{\"type\":\"result\",\"subtype\":\"success\",\"uuid\":\"u\","
	"\"session_id\":\"s\",\"is_error\":false,\"duration_ms\":1,"
	"\"duration_api_ms\":1,\"num_turns\":1,\"result\":\"x\",\"usage\":{},"
	"\"permission_denials\":[]}",
	"{\"type\":\"system\",\"subtype\":\"retry\",\"data\":{\"attempt\":1}}",
	"{\"type\":\"system\",\"subtype\":\"init\",\"cwd\":\"/w\","
	"\"session_id\":\"s\",\"tools\":[],\"model\":\"m\","
	"\"reasoning_effort\":\"none\"}",
	"{\"type\":\"message\",\"role\":\"assistant\",\"id\":\"i\",\"text\":"
	"\"x\",\"timestamp\":1,\"session_id\":\"s\"}",
	"{\"type\":\"system\",\"subtype\":\"init\",\"apiKeySource\":\"login\","
	"\"cwd\":\"/w\",\"session_id\":\"s\",\"model\":\"m\","
	"\"permissionMode\":\"default\"}",
	"{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":false,"
	"\"result\":\"x\",\"duration_ms\":1,\"duration_api_ms\":1,"
	"\"session_id\":\"s\",\"request_id\":\"r\"}",
	"{\"type\":\"system\",\"subtype\":\"init\",\"cwd\":\"/w\","
	"\"session_id\":\"T-1\",\"tools\":[],\"mcp_servers\":[]}",
	"{\"type\":\"assistant\",\"message\":{\"type\":\"message\",\"role\":"
	"\"assistant\",\"content\":[]},\"parent_tool_use_id\":null,"
	"\"session_id\":\"T-1\"}",
	"{\"type\":\"thread.started\",\"thread_id\":\"x\"}",
	"{\"type\":\"init\",\"session_id\":\"s\",\"model\":\"g\"}",
	"{\"type\":\"result\",\"status\":\"success\",\"stats\":{}}",
	"{\"type\":\"text\",\"sessionID\":\"s\",\"part\":{}}",
	"{\"type\":\"result\",\"total_cost_usd\":\"none\"}",
	"{\"type\":\"result\",\"total_cost_usd\":1",
	"[]",
	"[[]]",
	"[7]",
	"7",
	"",
	"{}",
	"hello",
};

static void
probe_knows_its_own (void)
{
	size_t i;

	for (i = 0; i < sizeof (ours) / sizeof (ours[0]); i++) {
		if (probe (ours[i]) != 1)
			tap_note ("%s", ours[i]);
		TAP_EQ_INT (probe (ours[i]), 1);
	}
	for (i = 0; i < sizeof (others) / sizeof (others[0]); i++) {
		if (probe (others[i]) != 0)
			tap_note ("%s", others[i]);
		TAP_EQ_INT (probe (others[i]), 0);
	}
}

static void
transcripts (void)
{
	goldens ("claude", 30);
}

static const struct tap_case cases[] = {
	{ "a_host_that_refuses_an_event_is_obeyed", emit_fails },
	{ "what_is_remembered_is_bounded_and_a_loss_is_told",
	  tables_are_bounded },
	{ "an_open_call_is_remembered_longer_than_those_that_ended",
	  open_call_is_remembered },
	{ "a_thousand_tasks_end_with_their_calls", many_tasks },
	{ "a_list_that_is_longer_than_is_shown_is_told", many_todos },
	{ "events_outlive_the_rest_of_their_line", events_outlive_their_line },
	{ "probe_accepts_only_what_no_other_program_prints",
	  probe_knows_its_own },
	{ "transcripts_give_the_events_on_file", transcripts },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("claude_wire", cases);
}
