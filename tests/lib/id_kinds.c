/* SPDX-License-Identifier: MIT */
/* id_kinds.c - streams in which every line has ids that were never seen. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "lib/id_kinds.h"

/* clang-format off */
#define CALL(id)								\
	"{\"type\":\"assistant\",\"message\":{\"id\":\"msg_@\",\"content\":"	\
	"[{\"type\":\"tool_use\",\"id\":\"" id "\",\"name\":\"Bash\","		\
	"\"input\":{\"command\":\"ls @\"}}]},\"session_id\":\"s\","		\
	"\"uuid\":\"u@\"}"
#define RESULT(id, more)							\
	"{\"type\":\"user\",\"message\":{\"role\":\"user\",\"content\":"	\
	"[{\"type\":\"tool_result\",\"tool_use_id\":\"" id "\","		\
	"\"content\":\"done\"}]}" more ",\"session_id\":\"s\",\"uuid\":\"v@\"}"
#define TOKENS "\"usage\":{\"input_tokens\":3,\"output_tokens\":4}"
#define TASK(type, more)							\
	"{\"type\":\"system\",\"subtype\":\"" type "\",\"task_id\":\"t@\","	\
	"\"tool_use_id\":\"call_@\"" more ",\"session_id\":\"s\","		\
	"\"uuid\":\"" type "@\"}"
#define BLOCK(event)								\
	"{\"type\":\"stream_event\",\"event\":{" event "},"			\
	"\"session_id\":\"s\",\"parent_tool_use_id\":null,\"uuid\":\"w@\"}"
#define ITEM(phase, item)							\
	"{\"type\":\"item." phase "\",\"item\":{\"id\":\"item_@\"," item "}}"
#define COMMAND(status)								\
	"\"type\":\"command_execution\",\"command\":\"ls @\","			\
	"\"aggregated_output\":\"\",\"status\":\"" status "\""
#define TIME "\"timestamp\":\"2026-11-20T22:27:16.641Z\""
#define USE(name, parameters)							\
	"{\"type\":\"tool_use\"," TIME ",\"tool_name\":\"" name "\","		\
	"\"tool_id\":\"call_@\",\"parameters\":{" parameters "}}"
#define PART(type, session, part)						\
	"{\"type\":\"" type "\",\"timestamp\":1795213829026,"			\
	"\"sessionID\":\"" session "\",\"part\":{\"id\":\"prt_@\"," part "}}"
#define DROID(type, more)						\
	"{\"type\":\"" type "\"," more ",\"timestamp\":1795993629330,"	\
	"\"session_id\":\"s\"}"
#define STATE(tool, status, more)						\
	"\"tool\":\"" tool "\",\"callID\":\"call_@\",\"state\":"		\
	"{\"status\":\"" status "\",\"input\":{\"command\":\"ls\"" more "},"	\
	"\"output\":\"done\"}"
#define QWEN_TASK(type)								\
	"{\"type\":\"system\",\"subtype\":\"task_" type "\",\"data\":"	\
	"{\"task_id\":\"t@\",\"tool_use_id\":\"call_@\"},"			\
	"\"session_id\":\"s\"}"

#define COPILOT(type, data, more)						\
	"{\"type\":\"" type "\",\"data\":{" data "},\"id\":\"e@\","		\
	TIME ",\"parentId\":\"d@\"" more "}"
#define COPILOT_CALL(when, id, more)						\
	COPILOT ("tool.execution_" when, "\"toolCallId\":\"" id "\"," more, "")

#define PI_CALL(when, id, rest) "{\"type\":\"tool_execution_" when "\",\"toolCallId\":\"" id "\",\"toolName\":\"bash\"," rest "}"
#define PI_END(rest) "{\"type\":\"message_end\",\"message\":{\"role\":\"assistant\"," rest "}}"

const struct id_kind id_kinds[] = {
	{ "claude", "calls", CALL ("call_@") "\n" RESULT ("call_@", ""), NULL,
	  0 },
	{ "claude", "open calls", CALL ("call_@"), NULL, 1 },
	{ "claude", "calls beside open ones",
	  CALL ("call_@") "\n" RESULT ("call_@", ""), CALL ("open_@"), 1 },
	{ "claude", "messages",
	  "{\"type\":\"assistant\",\"message\":{\"id\":\"msg_@\","
	  "\"model\":\"m\",\"content\":[{\"type\":\"text\",\"text\":"
	  "\"word @\"}]," TOKENS "},\"session_id\":\"s\",\"uuid\":\"u@\"}",
	  NULL, 0 },
	{ "claude", "streamed messages",
	  BLOCK ("\"type\":\"message_start\",\"message\":{\"id\":\"msg_@\","
		 "\"model\":\"m\"," TOKENS "}") "\n"
	  BLOCK ("\"type\":\"content_block_delta\",\"index\":0,\"delta\":"
		 "{\"type\":\"text_delta\",\"text\":\"word @\"}"),
	  NULL, 0 },
	{ "claude", "halves of characters",
	  BLOCK ("\"type\":\"message_start\",\"message\":{\"id\":\"msg_@\","
		 "\"model\":\"m\"," TOKENS "}") "\n"
	  BLOCK ("\"type\":\"content_block_delta\",\"index\":0,\"delta\":"
		 "{\"type\":\"text_delta\",\"text\":\"word\\ud83d\"}"),
	  NULL, 0 },
	{ "claude", "models",
	  "{\"type\":\"assistant\",\"message\":{\"id\":\"msg_@\","
	  "\"model\":\"model_@\",\"content\":[]," TOKENS "},"
	  "\"session_id\":\"s\",\"uuid\":\"u@\"}",
	  NULL, 1 },
	{ "claude", "models of turns",
	  "{\"type\":\"result\",\"subtype\":\"success\",\"uuid\":\"u@\","
	  "\"result\":\"done\",\"session_id\":\"s\","
	  "\"model_usage_since_last_result\":{\"model_@\":{\"inputTokens\":3,"
	  "\"outputTokens\":4,\"costUSD\":0.001}}}",
	  NULL, 1 },
	{ "claude", "turns",
	  "{\"type\":\"result\",\"subtype\":\"success\",\"uuid\":\"u@\","
	  "\"result\":\"done @\",\"session_id\":\"s\",\"total_cost_usd\":0.1,"
	  TOKENS "}",
	  NULL, 0 },
	{ "claude", "tasks",
	  TASK ("task_started", "") "\n"
	  TASK ("task_notification", ",\"status\":\"completed\""), NULL, 0 },
	{ "claude", "open tasks", TASK ("task_started", ""), NULL, 1 },
	{ "claude", "tasks beside open ones",
	  TASK ("task_started", "") "\n"
	  TASK ("task_notification", ",\"status\":\"completed\""),
	  "{\"type\":\"system\",\"subtype\":\"task_started\",\"task_id\":"
	  "\"open_@\",\"tool_use_id\":\"call_@\"}", 1 },
	{ "claude", "tasks of calls",
	  CALL ("call_@") "\n" TASK ("task_started", "") "\n"
	  RESULT ("call_@", ""), NULL, 0 },
	{ "claude", "to-dos",
	  "{\"type\":\"assistant\",\"message\":{\"id\":\"msg_@\",\"content\":"
	  "[{\"type\":\"tool_use\",\"id\":\"call_@\",\"name\":\"TaskCreate\","
	  "\"input\":{\"subject\":\"s\"}}]},\"session_id\":\"s\","
	  "\"uuid\":\"u@\"}\n"
	  RESULT ("call_@", ",\"tool_use_result\":{\"task\":{\"id\":\"@\","
		  "\"subject\":\"step @\"}}"),
	  NULL, 0 },
	{ "claude", "plans",
	  "{\"type\":\"assistant\",\"message\":{\"id\":\"msg_@\",\"content\":"
	  "[{\"type\":\"tool_use\",\"id\":\"call_@\",\"name\":\"TodoWrite\","
	  "\"input\":{\"todos\":[{\"content\":\"step @\",\"status\":"
	  "\"pending\"}]}}]},\"session_id\":\"s\",\"uuid\":\"u@\"}\n"
	  RESULT ("call_@", ""), NULL, 0 },
	{ "claude", "sessions",
	  "{\"type\":\"system\",\"subtype\":\"init\",\"session_id\":\"s@\","
	  "\"model\":\"m@\",\"tools\":[\"a\"]}",
	  NULL, 0 },
	{ "claude", "questions",
	  "{\"type\":\"control_request\",\"request_id\":\"r@\",\"request\":"
	  "{\"subtype\":\"can_use_tool\",\"tool_name\":\"Bash\","
	  "\"tool_use_id\":\"call_@\",\"input\":{\"command\":\"ls\"}}}",
	  NULL, 0 },
	{ "claude", "refusals",
	  "{\"type\":\"system\",\"subtype\":\"permission_denied\","
	  "\"tool_use_id\":\"call_@\",\"tool_name\":\"Bash\",\"message\":\"no\","
	  "\"session_id\":\"s\",\"uuid\":\"u@\"}",
	  NULL, 0 },
	{ "claude", "refusals of turns",
	  "{\"type\":\"result\",\"subtype\":\"success\",\"uuid\":\"u@\","
	  "\"result\":\"done\",\"session_id\":\"s\",\"permission_denials\":"
	  "[{\"tool_name\":\"Bash\",\"tool_use_id\":\"call_@\","
	  "\"tool_input\":{}}]}",
	  NULL, 0 },
	{ "claude", "questions about calls",
	  CALL ("call_@") "\n"
	  "{\"type\":\"control_request\",\"request_id\":\"r@\",\"request\":"
	  "{\"subtype\":\"can_use_tool\",\"tool_name\":\"Bash\","
	  "\"tool_use_id\":\"call_@\",\"input\":{\"command\":\"ls\"}}}",
	  NULL, 1 },
	{ "claude", "subagents",
	  CALL ("agent_@") "\n"
	  "{\"type\":\"assistant\",\"message\":{\"id\":\"sub_@\",\"content\":"
	  "[{\"type\":\"tool_use\",\"id\":\"call_@\",\"name\":\"Bash\","
	  "\"input\":{\"command\":\"ls\"}}]},\"parent_tool_use_id\":\"agent_@\","
	  "\"session_id\":\"s\",\"uuid\":\"w@\"}\n"
	  RESULT ("agent_@", ""), NULL, 1 },

	{ "codex", "calls",
	  ITEM ("started", COMMAND ("in_progress")) "\n"
	  ITEM ("completed", COMMAND ("completed")), NULL, 0 },
	{ "codex", "open calls", ITEM ("started", COMMAND ("in_progress")),
	  NULL, 1 },
	{ "codex", "calls beside open ones",
	  ITEM ("started", COMMAND ("in_progress")) "\n"
	  ITEM ("completed", COMMAND ("completed")),
	  "{\"type\":\"item.started\",\"item\":{\"id\":\"open_@\","
	  COMMAND ("in_progress") "}}", 1 },
	{ "codex", "messages",
	  ITEM ("completed", "\"type\":\"agent_message\",\"text\":\"word @\""),
	  NULL, 0 },
	{ "codex", "plans",
	  ITEM ("updated", "\"type\":\"todo_list\",\"items\":[{\"text\":"
		"\"step @\",\"completed\":false}]"), NULL, 0 },
	{ "codex", "sessions",
	  "{\"type\":\"thread.started\",\"thread_id\":\"thread_@\"}", NULL, 0 },
	{ "codex", "turns",
	  "{\"type\":\"turn.started\"}\n"
	  "{\"type\":\"turn.completed\",\"usage\":{\"input_tokens\":3,"
	  "\"cached_input_tokens\":1,\"output_tokens\":2}}", NULL, 0 },
	{ "codex", "questions",
	  "{\"type\":\"request_user_input\",\"call_id\":\"call_@\",\"questions\":"
	  "[{\"id\":\"q@\",\"question\":\"which?\",\"options\":[]}]}", NULL, 0 },
	{ "codex", "subagents",
	  ITEM ("completed", "\"type\":\"collab_tool_call\",\"tool\":"
		"\"spawn_agent\",\"sender_thread_id\":\"thread_@\","
		"\"receiver_thread_ids\":[\"sub_@\"],\"status\":\"completed\"")
	  "\n{\"type\":\"item.started\",\"item\":{\"id\":\"w@\",\"type\":"
	  "\"collab_tool_call\",\"tool\":\"wait\",\"sender_thread_id\":\"sub_@\","
	  "\"receiver_thread_ids\":[],\"status\":\"in_progress\"}}", NULL, 1 },

	{ "gemini", "calls",
	  USE ("run_shell_command", "\"command\":\"ls @\"") "\n"
	  "{\"type\":\"tool_result\"," TIME ",\"tool_id\":\"call_@\","
	  "\"status\":\"success\",\"output\":\"done\"}", NULL, 0 },
	{ "gemini", "open calls",
	  USE ("run_shell_command", "\"command\":\"ls @\""), NULL, 1 },
	{ "gemini", "calls beside open ones",
	  USE ("run_shell_command", "\"command\":\"ls @\"") "\n"
	  "{\"type\":\"tool_result\"," TIME ",\"tool_id\":\"call_@\","
	  "\"status\":\"success\",\"output\":\"done\"}",
	  "{\"type\":\"tool_use\"," TIME ",\"tool_name\":\"ls\","
	  "\"tool_id\":\"open_@\",\"parameters\":{}}", 1 },
	{ "gemini", "messages",
	  "{\"type\":\"message\"," TIME ",\"role\":\"assistant\","
	  "\"content\":\"word @\",\"delta\":true}\n"
	  "{\"type\":\"message\"," TIME ",\"role\":\"user\",\"content\":\"go\"}",
	  NULL, 0 },
	{ "gemini", "models",
	  "{\"type\":\"result\"," TIME ",\"status\":\"success\",\"stats\":"
	  "{\"total_tokens\":5,\"input_tokens\":3,\"output_tokens\":2,"
	  "\"models\":{\"model_@\":{\"total_tokens\":5,\"input_tokens\":3,"
	  "\"output_tokens\":2}}}}", NULL, 1 },
	{ "gemini", "plans",
	  USE ("write_todos", "\"todos\":[{\"description\":\"step @\","
	       "\"status\":\"pending\"}]"), NULL, 1 },
	{ "gemini", "questions",
	  USE ("ask_user", "\"question\":\"which? @\""), NULL, 1 },
	{ "gemini", "sessions",
	  "{\"type\":\"init\"," TIME ",\"session_id\":\"s@\","
	  "\"model\":\"m@\"}", NULL, 0 },
	{ "gemini", "calls of older messages",
	  "{\"type\":\"message\"," TIME ",\"role\":\"assistant\",\"content\":"
	  "\"\",\"toolCalls\":[{\"name\":\"ls\",\"arguments\":{\"path\":\"@\"}}]}",
	  NULL, 0 },

	{ "opencode", "calls",
	  PART ("tool_use", "s", STATE ("bash", "completed", "")), NULL, 0 },
	{ "opencode", "open calls",
	  PART ("tool_use", "s", STATE ("bash", "running", "")), NULL, 1 },
	{ "opencode", "calls beside open ones",
	  PART ("tool_use", "s", STATE ("bash", "completed", "")),
	  "{\"type\":\"tool_use\",\"timestamp\":1795213829026,\"sessionID\":"
	  "\"s\",\"part\":{\"id\":\"prt_@\",\"tool\":\"bash\",\"callID\":"
	  "\"open_@\",\"state\":{\"status\":\"running\"}}}", 1 },
	{ "opencode", "messages", PART ("text", "s", "\"text\":\"word @\""),
	  NULL, 0 },
	{ "opencode", "steps",
	  PART ("step_finish", "s", "\"reason\":\"tool-calls\",\"tokens\":"
		"{\"input\":3,\"output\":2,\"reasoning\":0,\"cache\":"
		"{\"read\":1,\"write\":0}},\"cost\":0.001"), NULL, 0 },
	{ "opencode", "turns",
	  PART ("step_start", "s", "\"type\":\"step-start\"") "\n"
	  PART ("step_finish", "s", "\"reason\":\"stop\",\"tokens\":"
		"{\"input\":3,\"output\":2,\"reasoning\":0,\"cache\":"
		"{\"read\":1,\"write\":0}},\"cost\":0.001"), NULL, 0 },
	{ "opencode", "plans",
	  PART ("tool_use", "s", STATE ("todowrite", "completed",
		",\"todos\":[{\"content\":\"step @\",\"status\":\"pending\"}]")),
	  NULL, 0 },
	{ "opencode", "sessions",
	  PART ("step_start", "ses_@", "\"type\":\"step-start\"") "\n"
	  PART ("step_finish", "ses_@", "\"reason\":\"stop\",\"tokens\":"
		"{\"input\":3,\"output\":2}"), NULL, 0 },
	{ "opencode", "refusals",
	  PART ("tool_use", "s", "\"tool\":\"bash\",\"callID\":\"call_@\","
		"\"state\":{\"status\":\"error\",\"input\":{},\"error\":"
		"\"The user rejected permission to use this\"}"), NULL, 0 },

	{ "droid", "calls",
	  DROID ("tool_call", "\"id\":\"call_@\",\"messageId\":\"m@\","
		 "\"toolName\":\"Read\",\"parameters\":{}") "\n"
	  DROID ("tool_result", "\"id\":\"call_@\",\"toolId\":\"Read\","
		 "\"isError\":false,\"value\":\"v\""), NULL, 0 },
	{ "droid", "open calls",
	  DROID ("tool_call", "\"id\":\"call_@\",\"messageId\":\"m\","
		 "\"toolName\":\"Execute\",\"parameters\":{}"), NULL, 1 },
	{ "droid", "messages",
	  DROID ("reasoning", "\"id\":\"m@\",\"text\":\"thought @\"") "\n"
	  DROID ("message", "\"role\":\"assistant\",\"id\":\"m@\","
		 "\"text\":\"word @\""), NULL, 0 },
	{ "droid", "turns",
	  DROID ("completion", "\"finalText\":\"@\",\"usage\":"
		 "{\"input_tokens\":3,\"output_tokens\":2,"
		 "\"cache_read_input_tokens\":0,"
		 "\"cache_creation_input_tokens\":0}"), NULL, 0 },
	{ "droid", "plans",
	  DROID ("tool_call", "\"id\":\"call\",\"messageId\":\"m\","
		 "\"toolName\":\"TodoWrite\",\"parameters\":{\"todos\":"
		 "\"1. [pending] step @\"}"), NULL, 0 },
	{ "droid", "sessions",
	  "{\"type\":\"system\",\"subtype\":\"init\",\"session_id\":"
	  "\"s@\",\"model\":\"m@\"}", NULL, 0 },
	{ "droid", "refusals",
	  DROID ("tool_result", "\"id\":\"call_@\",\"toolId\":\"Create\","
		 "\"isError\":true,\"error\":{\"message\":\"Error: Tool "
		 "Create is not permitted in this exec session\"}"), NULL, 0 },
	{ "qwen", "calls", CALL ("call_@") "\n" RESULT ("call_@", ""), NULL, 0 },
	{ "qwen", "open calls", CALL ("call_@"), NULL, 1 },
	{ "qwen", "calls beside open ones",
	  CALL ("call_@") "\n" RESULT ("call_@", ""), CALL ("open_@"), 1 },
	{ "qwen", "streamed messages",
	  BLOCK ("\"type\":\"content_block_delta\",\"delta\":{\"type\":"
		 "\"text_delta\",\"text\":\"word @\"}") "\n"
	  "{\"type\":\"assistant\",\"uuid\":\"u@\",\"message\":{\"id\":"
	  "\"u@\",\"content\":[{\"type\":\"text\",\"text\":\"word @\"}],"
	  TOKENS "},\"session_id\":\"s\"}", NULL, 0 },
	{ "qwen", "threads",
	  "{\"type\":\"assistant\",\"uuid\":\"u@\",\"parent_tool_use_id\":"
	  "\"call_@\",\"message\":{\"id\":\"u@\",\"content\":[{\"type\":"
	  "\"text\",\"text\":\"word @\"}]},\"session_id\":\"s\"}", NULL, 0 },
	{ "qwen", "turns",
	  "{\"type\":\"result\",\"subtype\":\"success\",\"uuid\":\"r@\","
	  "\"is_error\":false,\"session_id\":\"s\"," TOKENS ","
	  "\"permission_denials\":[{\"tool_name\":\"edit\",\"tool_use_id\":"
	  "\"call_@\"}]}", NULL, 0 },
	{ "qwen", "sessions",
	  "{\"type\":\"system\",\"subtype\":\"init\",\"session_id\":\"s@\","
	  "\"model\":\"m@\",\"tools\":[\"t@\"]}", NULL, 0 },
	{ "qwen", "models",
	  "{\"type\":\"assistant\",\"uuid\":\"u@\",\"message\":{\"id\":"
	  "\"u@\",\"model\":\"model_@\",\"content\":[]," TOKENS "},"
	  "\"session_id\":\"s\"}", NULL, 1 },
	{ "qwen", "tasks",
	  QWEN_TASK ("started") "\n" QWEN_TASK ("notification"), NULL, 0 },
	{ "qwen", "open tasks", QWEN_TASK ("started"), NULL, 1 },
	{ "qwen", "questions",
	  "{\"type\":\"control_request\",\"request_id\":\"q@\",\"request\":"
	  "{\"subtype\":\"can_use_tool\",\"tool_name\":\"edit\","
	  "\"tool_use_id\":\"call_@\"}}", NULL, 0 },
	{ "copilot", "calls",
	  COPILOT_CALL ("start", "call_@", "\"toolName\":\"bash\"") "\n"
	  COPILOT_CALL ("complete", "call_@", "\"success\":true"), NULL, 0 },
	{ "copilot", "open calls",
	  COPILOT_CALL ("start", "call_@", "\"toolName\":\"bash\""), NULL, 1 },
	{ "copilot", "calls beside open ones",
	  COPILOT_CALL ("start", "call_@", "\"toolName\":\"bash\"") "\n"
	  COPILOT_CALL ("complete", "call_@", "\"success\":true"),
	  COPILOT_CALL ("start", "open_@", "\"toolName\":\"bash\""), 1 },
	{ "copilot", "refusals",
	  COPILOT_CALL ("complete", "call_@", "\"success\":false,\"error\":"
			"{\"message\":\"no\",\"code\":\"denied\"}"), NULL, 0 },
	{ "copilot", "messages",
	  COPILOT ("assistant.message_delta", "\"messageId\":\"m@\","
		   "\"deltaContent\":\"word @\"", "") "\n"
	  COPILOT ("assistant.message", "\"messageId\":\"m@\","
		   "\"content\":\"word @\"", ""), NULL, 0 },
	{ "copilot", "broken messages",
	  COPILOT ("model.call_start", "", "") "\n"
	  COPILOT ("assistant.message_delta", "\"messageId\":\"m@\","
		   "\"deltaContent\":\"word @\"", ""), NULL, 0 },
	{ "copilot", "subagents",
	  COPILOT ("subagent.started", "\"toolCallId\":\"call_@\"",
		   ",\"agentId\":\"a@\"") "\n"
	  COPILOT ("assistant.message_delta", "\"messageId\":\"m@\","
		   "\"deltaContent\":\"word @\"", ",\"agentId\":\"a@\""),
	  NULL, 0 },
	{ "copilot", "tasks",
	  COPILOT ("subagent.started", "\"toolCallId\":\"call_@\","
		   "\"executionMode\":\"background\"",
		   ",\"agentId\":\"a@\""), NULL, 1 },
	{ "copilot", "sessions",
	  COPILOT ("session.tools_updated", "\"model\":\"m@\"", "") "\n"
	  "{\"type\":\"result\"," TIME ",\"sessionId\":\"s@\","
	  "\"exitCode\":0}", NULL, 0 },
	{ "pi", "calls",
	  PI_CALL ("start", "call_@", "\"args\":{\"command\":\"ls @\"}") "\n"
	  PI_CALL ("end", "call_@", "\"isError\":false"), NULL, 0 },
	{ "pi", "open calls",
	  PI_CALL ("start", "call_@", "\"args\":{\"command\":\"ls @\"}"),
	  NULL, 1 },
	{ "pi", "calls beside open ones",
	  PI_CALL ("start", "call_@", "\"args\":{}") "\n"
	  PI_CALL ("end", "call_@", "\"isError\":false"),
	  PI_CALL ("start", "open_@", "\"args\":{}"), 1 },
	{ "pi", "messages",
	  "{\"type\":\"message_start\",\"message\":{\"role\":\"assistant\"}}\n"
	  "{\"type\":\"message_update\",\"assistantMessageEvent\":{\"type\":"
	  "\"text_delta\",\"contentIndex\":0,\"delta\":\"word @\"}}\n"
	  PI_END ("\"content\":[{\"type\":\"text\",\"text\":\"word @\"}]"),
	  NULL, 0 },
	{ "pi", "models",
	  PI_END ("\"model\":\"model_@\",\"usage\":{\"input\":3,\"output\":2,"
		  "\"cacheRead\":1,\"cacheWrite\":0}"), NULL, 1 },
	{ "pi", "sessions",
	  "{\"type\":\"session\",\"id\":\"s@\",\"cwd\":\"/w\"}", NULL, 0 },
	{ "pi", "turns",
	  PI_END ("\"stopReason\":\"stop\"") "\n"
	  "{\"type\":\"agent_settled\",\"aborted\":false}", NULL, 0 },

	{ "raw", "lines", "line @", NULL, 0 },
	{ NULL, NULL, NULL, NULL, 0 },
};
/* clang-format on */

size_t
id_kind_write (const char *lines, unsigned long n, char out[ID_KIND_ROOM])
{
	char number[32];
	size_t len = 0;
	int digits = snprintf (number, sizeof number, "%012lu", n);

	for (; *lines != '\0' && len + sizeof number < ID_KIND_ROOM; lines++) {
		if (*lines != '@') {
			out[len++] = *lines;
			continue;
		}
		memcpy (out + len, number, (size_t) digits);
		len += (size_t) digits;
	}
	out[len++] = '\n';
	return len;
}
