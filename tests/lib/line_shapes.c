/* SPDX-License-Identifier: MIT */
/* line_shapes.c - one long line, in the shapes that give a plugin most to do. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/line_shapes.h"

/* clang-format off */
#define ASSISTANT "{\"type\":\"assistant\",\"message\":{\"id\":\"m\",\"content\":["
#define USER "{\"type\":\"user\",\"message\":{\"role\":\"user\",\"content\":["
#define END "]},\"session_id\":\"s\"}"
#define CALL(name) ASSISTANT "{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"" name "\",\"input\":{"
#define RESULT USER "{\"type\":\"tool_result\",\"tool_use_id\":\"t\",\"content\":"
#define CLAIM "{\"type\":\"result\",\"subtype\":\"success\",\"result\":\"a\","
#define MODEL "\"model_@\":{\"inputTokens\":3,\"outputTokens\":4}"
#define ITEM "{\"type\":\"item.completed\",\"item\":{\"id\":\"i\",\"type\":"
#define TIME "\"timestamp\":\"2026-11-20T22:27:16.641Z\""
#define USE(name) "{\"type\":\"tool_use\"," TIME ",\"tool_name\":\"" name "\",\"tool_id\":\"t\",\"parameters\":{"
#define PART "{\"type\":\"tool_use\",\"timestamp\":1,\"sessionID\":\"s\",\"part\":{\"id\":\"p\",\"callID\":\"c\",\"tool\":"
#define DROID(name) "{\"type\":\"tool_call\",\"id\":\"c\",\"messageId\":\"m\",\"toolName\":\"" name "\",\"parameters\":{"
#define STATE ",\"state\":{\"status\":\"completed\",\"input\":{"
#define PI_END "{\"type\":\"message_end\",\"message\":{\"role\":\"assistant\",\"content\":"
#define PI_CALL(when) "{\"type\":\"tool_execution_" when "\",\"toolCallId\":\"c\",\"toolName\":\"a\","

#define COPILOT(type) "{\"type\":\"" type "\",\"id\":\"e\"," TIME ",\"parentId\":null,\"data\":{"

const struct line_shape line_shapes[] = {
	{ "claude", "text blocks", ASSISTANT,
	  "{\"type\":\"text\",\"text\":\"a\"}", ",", END, NULL, NULL },
	{ "claude", "empty blocks", ASSISTANT, "{}", ",", END, NULL, NULL },
	{ "claude", "no blocks", ASSISTANT, "1", ",", END, NULL, NULL },
	{ "claude", "calls", ASSISTANT,
	  "{\"type\":\"tool_use\",\"id\":\"@\",\"name\":\"a\",\"input\":{}}",
	  ",", END, NULL, NULL },
	{ "claude", "to-do calls", ASSISTANT,
	  "{\"type\":\"tool_use\",\"id\":\"@\",\"name\":\"TodoWrite\","
	  "\"input\":{\"todos\":[]}}", ",", END, NULL, NULL },
	{ "claude", "results", USER,
	  "{\"type\":\"tool_result\",\"tool_use_id\":\"@\",\"content\":\"\"}",
	  ",", END, NULL, NULL },
	{ "claude", "blocks of a result", RESULT "[",
	  "{\"type\":\"text\",\"text\":\"a\"}", ",", "]}" END, NULL, NULL },
	{ "claude", "texts of a long parent",
	  "{\"type\":\"assistant\",\"parent_tool_use_id\":\"#\","
	  "\"message\":{\"id\":\"m\",\"content\":[",
	  "{\"type\":\"text\",\"text\":\"a\"}", ",", END, NULL, NULL },
	{ "claude", "models of a long id", "{\"type\":\"result\","
	  "\"subtype\":\"success\",\"uuid\":\"#\","
	  "\"model_usage_since_last_result\":{", MODEL, ",", "}}", NULL, NULL },
	{ "claude", "results of a long name", USER,
	  "{\"type\":\"tool_result\",\"tool_use_id\":\"t\"}", ",", END, NULL,
	  CALL ("mcp__#__#") "}}" END "\n" },
	{ "claude", "steps of a long list", "[", "{\"type\":\"user\","
	  "\"message\":{\"content\":[{\"type\":\"tool_result\","
	  "\"tool_use_id\":\"t\"}]},\"tool_use_result\":{\"task\":{"
	  "\"id\":\"@\"}}}", ",", "]", NULL,
	  CALL ("TaskCreate") "}}" END "\n" },
	{ "claude", "paths", CALL ("a") "\"paths\":[", "\"p\"", ",",
	  "]}}" END, NULL, NULL },
	{ "claude", "to-dos", CALL ("TodoWrite") "\"todos\":[",
	  "{\"content\":\"a\"}", ",", "]}}" END, NULL, NULL },
	{ "claude", "tasks of a list", "{\"type\":\"system\",\"subtype\":"
	  "\"background_tasks_changed\",\"session_id\":\"s\",\"tasks\":[",
	  "{\"task_id\":\"@\"}", ",", "]}", NULL, NULL },
	{ "claude", "names of tools", "{\"type\":\"system\",\"subtype\":"
	  "\"init\",\"session_id\":\"s\",\"tools\":[", "\"a\"", ",", "]}",
	  NULL, NULL },
	{ "claude", "refusals", CLAIM "\"permission_denials\":[",
	  "{\"tool_use_id\":\"@\"}", ",", "]}", NULL, NULL },
	{ "claude", "models", CLAIM "\"model_usage_since_last_result\":{",
	  MODEL, ",", "}}", NULL, NULL },
	{ "claude", "models of the session", CLAIM "\"total_cost_usd\":1,"
	  "\"usage\":{\"input_tokens\":1,\"output_tokens\":1},\"modelUsage\":{",
	  MODEL, ",", "}}", NULL, NULL },
	{ "claude", "errors", "{\"type\":\"result\",\"subtype\":\"error\","
	  "\"is_error\":true,\"errors\":[", "\"e\"", ",", "]}", NULL, NULL },
	{ "claude", "lines of an array", "[",
	  "{\"type\":\"user\",\"message\":{\"content\":\"a\"}}", ",", "]",
	  NULL, NULL },
	{ "claude", "deltas of an array", "[",
	  "{\"type\":\"stream_event\",\"event\":{\"type\":"
	  "\"content_block_delta\",\"delta\":{\"type\":\"text_delta\","
	  "\"text\":\"a\"}}}", ",", "]", NULL, NULL },
	{ "claude", "results of an array", "[",
	  "{\"type\":\"result\",\"subtype\":\"success\",\"result\":\"a\"}",
	  ",", "]", NULL, NULL },
	{ "claude", "equal keys", "{\"type\":\"user\"", ",\"type\":\"user\"",
	  "", ",\"message\":{\"content\":\"a\"}}", NULL, NULL },
	{ "claude", "keys of a call", CALL ("a") "\"a\":1", ",\"@\":1", "",
	  "}}" END, NULL, NULL },
	{ "claude", "nested input", CALL ("a") "\"a\":", "[", "", "}}" END,
	  "]", NULL },
	{ "claude", "nested content", RESULT, "[", "", "}" END, "]",
	  NULL },
	{ "claude", "escapes of a text", ASSISTANT
	  "{\"type\":\"text\",\"text\":\"", "\\u0001", "", "\"}" END, NULL, NULL },
	{ "claude", "halves of a text", ASSISTANT
	  "{\"type\":\"text\",\"text\":\"", "\\ud83d", "", "\"}" END, NULL, NULL },
	{ "claude", "control bytes", ASSISTANT
	  "{\"type\":\"text\",\"text\":\"", "\001", "", "\"}" END, NULL, NULL },
	{ "claude", "bad UTF-8", ASSISTANT
	  "{\"type\":\"text\",\"text\":\"", "\xff", "", "\"}" END, NULL, NULL },
	{ "claude", "objects of a line", "", "{\"type\":\"keep_alive\"}", "",
	  "", NULL, NULL },
	{ "claude", "braces", "", "{", "", "", NULL, NULL },
	{ "claude", "brackets", "", "[", "", "", NULL, NULL },
	{ "claude", "quotes", "", "{\"", "", "", NULL, NULL },

	{ "codex", "to-dos", ITEM "\"todo_list\",\"items\":[",
	  "{\"text\":\"a\"}", ",", "]}}", NULL, NULL },
	{ "codex", "changes", ITEM "\"file_change\",\"changes\":[",
	  "{\"path\":\"a\"}", ",", "]}}", NULL, NULL },
	{ "codex", "agents", ITEM "\"collab_tool_call\",\"tool\":"
	  "\"spawn_agent\",\"receiver_thread_ids\":[", "\"@\"", ",", "]}}",
	  NULL, NULL },
	{ "codex", "states of agents", ITEM "\"collab_tool_call\",\"tool\":"
	  "\"wait\",\"agents_states\":{", "\"@\":{\"message\":\"a\"}", ",",
	  "}}}", NULL, NULL },
	{ "codex", "blocks of a result", ITEM "\"mcp_tool_call\",\"tool\":\"a\","
	  "\"result\":{\"content\":[", "{\"type\":\"text\",\"text\":\"a\"}",
	  ",", "]}}}", NULL, NULL },
	{ "codex", "paths", ITEM "\"function_call\",\"name\":\"a\","
	  "\"arguments\":\"{\\\"paths\\\":[", "\\\"p\\\"", ",", "]}\"}}",
	  NULL, NULL },
	{ "codex", "questions", "{\"type\":\"request_user_input\",\"call_id\":"
	  "\"c\",\"questions\":[", "{\"id\":\"@\"}", ",", "]}", NULL, NULL },
	{ "codex", "questions of a long call", "{\"type\":"
	  "\"request_user_input\",\"call_id\":\"#\",\"questions\":[",
	  "{\"id\":\"@\"}", ",", "]}", NULL, NULL },
	{ "codex", "options", "{\"type\":\"request_user_input\",\"call_id\":"
	  "\"c\",\"questions\":[{\"options\":[", "{\"label\":\"a\"}", ",",
	  "]}]}", NULL, NULL },
	{ "codex", "nested input", ITEM "\"mcp_tool_call\",\"arguments\":", "[",
	  "", "}}", "]", NULL },
	{ "codex", "escapes of a text", ITEM "\"agent_message\",\"text\":\"",
	  "\\u0001", "", "\"}}", NULL, NULL },
	{ "codex", "bad UTF-8", ITEM "\"agent_message\",\"text\":\"", "\xff",
	  "", "\"}}", NULL, NULL },

	{ "gemini", "to-dos", USE ("write_todos") "\"todos\":[",
	  "{\"description\":\"a\"}", ",", "]}}", NULL, NULL },
	{ "gemini", "paths", USE ("a") "\"paths\":[", "\"p\"", ",", "]}}",
	  NULL, NULL },
	{ "gemini", "calls of older messages", "{\"type\":\"message\"," TIME
	  ",\"role\":\"assistant\",\"toolCalls\":[", "{\"name\":\"a\"}", ",",
	  "]}", NULL, NULL },
	{ "gemini", "models", "{\"type\":\"result\"," TIME ",\"status\":"
	  "\"success\",\"stats\":{\"input_tokens\":1,\"output_tokens\":1,"
	  "\"models\":{", "\"@\":{\"input_tokens\":1,\"output_tokens\":1}", ",",
	  "}}}", NULL, NULL },
	{ "gemini", "nested input", USE ("a") "\"a\":", "[", "", "}}", "]", NULL },
	{ "gemini", "debug output", "{\"type\":\"tool_result\"," TIME
	  ",\"tool_id\":\"t\",\"status\":\"success\",\"output\":\"Output: ",
	  "\\nExit Code: 1", "", "\"}", NULL, NULL },

	{ "opencode", "to-dos", PART "\"todowrite\"" STATE "\"todos\":[",
	  "{\"content\":\"a\"}", ",", "]}}}}", NULL, NULL },
	{ "opencode", "paths", PART "\"a\"" STATE "\"paths\":[", "\"p\"", ",",
	  "]}}}}", NULL, NULL },
	{ "opencode", "refusals", "{\"type\":\"done\",\"sessionID\":\"s\","
	  "\"rejected\":[", "\"@\"", ",", "]}", NULL, NULL },
	{ "opencode", "nested input", PART "\"a\"" STATE "\"a\":", "[", "",
	  "}}}}", "]", NULL },

	{ "droid", "to-dos", DROID ("TodoWrite") "\"todos\":[",
	  "{\"content\":\"a\"}", ",", "]}}", NULL, NULL },
	{ "droid", "lines of to-dos", DROID ("TodoWrite") "\"todos\":\"",
	  "[pending]a", "\\n", "\"}}", NULL, NULL },
	{ "droid", "paths", DROID ("a") "\"paths\":[", "\"p\"", ",", "]}}",
	  NULL, NULL },
	{ "droid", "nested input", DROID ("a") "\"a\":", "[", "", "}}", "]",
	  NULL },
	{ "droid", "names of tools", "{\"type\":\"system\",\"subtype\":"
	  "\"init\",\"session_id\":\"s\",\"tools\":[", "\"@\"", ",",
	  "]}", NULL, NULL },
	{ "droid", "a name", "{\"type\":\"tool_result\",\"id\":\"c\","
	  "\"toolId\":\"", "_", "", "\"}", NULL, NULL },
	{ "droid", "digits", "{\"type\":\"tool_result\",\"id\":\"c\","
	  "\"toolId\":\"Execute\",\"value\":\"[Process exited with code ",
	  "1", "", "]\"}", NULL, NULL },
	{ "qwen", "text blocks", ASSISTANT,
	  "{\"type\":\"text\",\"text\":\"a\"}", ",", END, NULL, NULL },
	{ "qwen", "empty blocks", ASSISTANT, "{}", ",", END, NULL, NULL },
	{ "qwen", "calls", ASSISTANT,
	  "{\"type\":\"tool_use\",\"id\":\"@\",\"name\":\"a\",\"input\":{}}",
	  ",", END, NULL, NULL },
	{ "qwen", "results", USER,
	  "{\"type\":\"tool_result\",\"tool_use_id\":\"@\",\"content\":\"\"}",
	  ",", END, NULL, NULL },
	{ "qwen", "blocks of a result", RESULT "[",
	  "{\"type\":\"text\",\"text\":\"a\"}", ",", "]}" END, NULL, NULL },
	{ "qwen", "to-dos", CALL ("todo_write") "\"todos\":[",
	  "{\"content\":\"a\"}", ",", "]}}" END, NULL, NULL },
	{ "qwen", "paths", CALL ("a") "\"paths\":[", "\"p\"", ",", "]}}" END,
	  NULL, NULL },
	{ "qwen", "denials", CLAIM "\"permission_denials\":[",
	  "{\"tool_name\":\"a\",\"tool_use_id\":\"@\"}", ",", "]}", NULL,
	  NULL },
	{ "qwen", "tools of a session", "{\"type\":\"system\",\"subtype\":"
	  "\"init\",\"session_id\":\"s\",\"tools\":[", "\"a\"", ",", "]}",
	  NULL, NULL },
	{ "qwen", "nested input", CALL ("a") "\"a\":", "[", "", "}}" END, "]",
	  NULL },
	{ "qwen", "escapes of a text", ASSISTANT "{\"type\":\"text\",\"text\":\"",
	  "\\u0001", "", "\"}" END, NULL, NULL },
	{ "copilot", "edits", COPILOT ("tool.execution_complete")
	  "\"toolCallId\":\"c\",\"success\":true,\"fileEdits\":[",
	  "{\"path\":\"a\"}", ",", "]}}", NULL, NULL },
	{ "copilot", "edits without a path", COPILOT ("tool.execution_complete")
	  "\"toolCallId\":\"c\",\"success\":true,\"fileEdits\":[", "{}", ",",
	  "]}}", NULL, NULL },
	{ "copilot", "paths", COPILOT ("tool.execution_start")
	  "\"toolCallId\":\"c\",\"arguments\":{\"paths\":[", "\"p\"", ",",
	  "]}}}", NULL, NULL },
	{ "copilot", "nested input", COPILOT ("tool.execution_start")
	  "\"toolCallId\":\"c\",\"arguments\":", "[", "", "}}", "]", NULL },
	{ "copilot", "calls of a message", COPILOT ("assistant.message")
	  "\"content\":\"\",\"toolRequests\":[", "{\"name\":\"a\"}", ",",
	  "]}}", NULL, NULL },
	{ "copilot", "nested failure", COPILOT ("model.call_failure")
	  "\"errorMessage\":\"", "[", "", "\"}}", "]", NULL },
	{ "copilot", "escapes of a failure", COPILOT ("model.call_failure")
	  "\"errorMessage\":\"", "\\u0001", "", "\"}}", NULL, NULL },
	{ "copilot", "words of an error", COPILOT ("session.error")
	  "\"message\":\"", "word @ ", "", "\"}}", NULL, NULL },
	{ "copilot", "output so far", COPILOT ("tool.execution_complete")
	  "\"toolCallId\":\"#\",\"success\":false,\"error\":{\"message\":\"",
	  "word @ ", "", "\",\"code\":\"denied\"}}}", NULL, NULL },
	{ "pi", "blocks of a message", PI_END "[",
	  "{\"type\":\"text\",\"text\":\"a\"}", ",", "]}}", NULL, NULL },
	{ "pi", "texts of a user", "{\"type\":\"message_end\",\"message\":"
	  "{\"role\":\"user\",\"content\":[",
	  "{\"type\":\"text\",\"text\":\"a\"}", ",", "]}}", NULL, NULL },
	{ "pi", "no blocks", PI_END "[", "1", ",", "]}}", NULL, NULL },
	{ "pi", "texts of a result", PI_CALL ("end") "\"result\":{\"content\":[",
	  "{\"type\":\"text\",\"text\":\"a\"}", ",", "]}}", NULL, NULL },
	{ "pi", "texts printed so far", PI_CALL ("update") "\"partialResult\":"
	  "{\"content\":[", "{\"type\":\"text\",\"text\":\"a\"}", ",",
	  "]}}", NULL, NULL },
	{ "pi", "paths", PI_CALL ("start") "\"args\":{\"paths\":[", "\"p\"",
	  ",", "]}}", NULL, NULL },
	{ "pi", "messages of a run", "{\"type\":\"agent_end\",\"messages\":[",
	  "{\"role\":\"user\"}", ",", "]}", NULL, NULL },
	{ "pi", "nested input", PI_CALL ("start") "\"args\":", "[", "", "}",
	  "]", NULL },
	{ "pi", "escapes of a text", PI_END "[{\"type\":\"text\",\"text\":\"",
	  "\\u0001", "", "\"}]}}", NULL, NULL },
	{ "pi", "escapes of an error", "{\"type\":\"auto_retry_start\","
	  "\"errorMessage\":\"", "\\u0001", "", "\"}", NULL, NULL },

	{ "raw", "words", "", "word @ ", "", "", NULL, NULL },
	{ "raw", "bad UTF-8", "", "\xff", "", "", NULL, NULL },
	{ "raw", "control bytes", "", "\033", "", "", NULL, NULL },
	{ NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL },
};
/* clang-format on */

/* Append TEXT with the number N for each '@' and WORD bytes for each '#'. */
static size_t
append (char *out, size_t len, const char *text, unsigned long n, size_t word)
{
	for (; *text != '\0'; text++) {
		if (*text == '@') {
			len += (size_t) sprintf (out + len, "%012lu", n);
		} else if (*text == '#') {
			memset (out + len, 'x', word);
			len += word;
		} else {
			out[len++] = *text;
		}
	}
	return len;
}

static char *
new_line (size_t size)
{
	char *line = malloc (size);

	if (line == NULL)
		abort ();
	return line;
}

char *
line_shape_make (const struct line_shape *shape, size_t size, size_t *ret_len)
{
	size_t closer = shape->closer == NULL ? 0 : strlen (shape->closer);
	char *line = new_line (size + 4096);
	size_t i, n = 0, len = append (line, 0, shape->head, 0, size / 2);

	while (len + n * closer < size) {
		if (n > 0)
			len = append (line, len, shape->separator, 0, 0);
		len = append (line, len, shape->unit, n++, 0);
	}
	for (i = 0; closer > 0 && i < n; i++)
		len = append (line, len, shape->closer, 0, 0);
	len = append (line, len, shape->tail, 0, 0);
	line[len++] = '\n';
	*ret_len = len;
	return line;
}

char *
line_shape_before (const struct line_shape *shape, size_t *ret_len)
{
	char *line = new_line (8192);
	const char *text = shape->before == NULL ? "" : shape->before;

	*ret_len = append (line, 0, text, 0, 1000);
	return line;
}
