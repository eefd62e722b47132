/* SPDX-License-Identifier: MIT */
/* samples.c - lines as many programs print them, with short values. */
#include "config.h"

#include <stddef.h>

#include "cli/check/samples.h"

/* clang-format off: a table */
const struct sample samples[] = {
	{ "claude", "{\"type\":\"system\",\"subtype\":\"init\",\"cwd\":\"/w\""
		    ",\"session_id\":\"5f1c\",\"tools\":[\"Bash\"],\"mcp_serv"
		    "ers\":[],\"model\":\"claude-sonnet-4-5\",\"permissionMod"
		    "e\":\"default\",\"apiKeySource\":\"none\",\"claude_code_"
		    "version\":\"2.1.329\",\"uuid\":\"u1\"}" },
	{ "claude", "{\"type\":\"system\",\"subtype\":\"init\",\"cwd\":\"/w\""
		    ",\"session_id\":\"5f1c\",\"tools\":[\"Bash\"],\"mcp_serv"
		    "ers\":[],\"model\":\"claude-3\",\"permissionMode\":\"def"
		    "ault\",\"apiKeySource\":\"none\"}" },
	{ "claude", "{\"type\":\"assistant\",\"message\":{\"id\":\"msg_01A\","
		    "\"type\":\"message\",\"role\":\"assistant\",\"model\":\""
		    "claude-sonnet-4-5\",\"content\":[{\"type\":\"text\",\"te"
		    "xt\":\"hi\"}]},\"parent_tool_use_id\":null,\"session_id\""
		    ":\"5f1c\",\"uuid\":\"u2\"}" },
	{ "claude", "{\"type\":\"user\",\"message\":{\"role\":\"user\",\"cont"
		    "ent\":[{\"tool_use_id\":\"toolu_1\",\"type\":\"tool_resu"
		    "lt\",\"content\":\"hello\"}]},\"parent_tool_use_id\":nul"
		    "l,\"session_id\":\"5f1c\",\"uuid\":\"u3\",\"tool_use_res"
		    "ult\":{\"stdout\":\"hello\"}}" },
	{ "claude", "{\"duration_api_ms\":90,\"session_id\":\"5f1c\",\"total_"
		    "cost_usd\":0.01,\"usage\":{\"input_tokens\":1,\"output_t"
		    "okens\":1},\"is_error\":false,\"num_turns\":1,\"subtype\""
		    ":\"success\",\"result\":\"hi\",\"type\":\"result\"}" },
	{ "claude", "{\"type\":\"stream_event\",\"event\":{\"type\":\"message"
		    "_start\",\"message\":{\"id\":\"msg_01A\",\"role\":\"assi"
		    "stant\"}},\"session_id\":\"5f1c\",\"parent_tool_use_id\""
		    ":null,\"uuid\":\"u4\"}" },
	{ "claude", "{\"type\":\"system\",\"subtype\":\"status\",\"status\":\""
		    "requesting\",\"session_id\":\"5f1c\",\"uuid\":\"u5\"}" },
	{ "claude", "{\"type\":\"system\",\"subtype\":\"api_retry\",\"attempt"
		    "\":1,\"max_retries\":2,\"retry_delay_ms\":525,\"error_st"
		    "atus\":401,\"error\":\"authentication_failed\",\"session"
		    "_id\":\"5f1c\",\"uuid\":\"u6\"}" },
	{ "claude", "[{\"type\":\"system\",\"subtype\":\"init\",\"cwd\":\"/w\""
		    ",\"session_id\":\"5f1c\",\"tools\":[],\"model\":\"m\",\""
		    "claude_code_version\":\"2.1.329\"},{\"type\":\"result\","
		    "\"subtype\":\"success\",\"is_error\":false,\"result\":\""
		    "hi\",\"total_cost_usd\":0.01,\"session_id\":\"5f1c\"}]" },
	{ "codex", "{\"type\":\"thread.started\",\"thread_id\":\"01a1fb0c\"}" },
	{ "codex", "{\"type\":\"turn.started\"}" },
	{ "codex", "{\"type\":\"item.completed\",\"item\":{\"id\":\"item_0\""
		   ",\"type\":\"agent_message\",\"text\":\"hi\"}}" },
	{ "codex", "{\"type\":\"turn.completed\",\"usage\":{\"input_tokens\""
		   ":1234,\"cached_input_tokens\":1000,\"output_tokens\":78}"
		   "}" },
	{ "codex", "{\"type\":\"error\",\"message\":\"Reconnecting... 1/1\"}" },
	{ "codex", "{\"type\":\"turn.failed\",\"error\":{\"message\":\"unexp"
		   "ected status 401\"}}" },
	{ "gemini", "{\"type\":\"init\",\"timestamp\":\"2026-11-27T10:00:00.0"
		    "00Z\",\"session_id\":\"f0f3\",\"model\":\"gemini-2.5-fla"
		    "sh\"}" },
	{ "gemini", "{\"type\":\"message\",\"timestamp\":\"2026-11-27T10:00:0"
		    "0.000Z\",\"role\":\"assistant\",\"content\":\"hi\",\"del"
		    "ta\":true}" },
	{ "gemini", "{\"type\":\"tool_use\",\"timestamp\":\"2026-11-27T10:00:"
		    "00.000Z\",\"tool_name\":\"run_shell_command\",\"tool_id\""
		    ":\"t1\",\"parameters\":{}}" },
	{ "gemini", "{\"type\":\"result\",\"timestamp\":\"2026-11-27T10:00:00"
		    ".000Z\",\"status\":\"success\",\"stats\":{\"total_tokens"
		    "\":10,\"input_tokens\":5,\"output_tokens\":5}}" },
	{ "opencode", "{\"type\":\"step_start\",\"timestamp\":1795991763578,\"s"
		      "essionID\":\"ses_1\",\"part\":{\"id\":\"prt_1\",\"messag"
		      "eID\":\"msg_1\",\"sessionID\":\"ses_1\",\"type\":\"step-"
		      "start\"}}" },
	{ "opencode", "{\"type\":\"error\",\"timestamp\":1795991763578,\"sessio"
		      "nID\":\"ses_1\",\"error\":{\"name\":\"UnknownError\",\"d"
		      "ata\":{\"message\":\"m\"}}}" },
	{ "opencode",
	  "{\"type\":\"step_finish\",\"timestamp\":1795991763578,\""
	  "sessionID\":\"ses_1\",\"part\":{\"id\":\"prt_2\",\"messa"
	  "geID\":\"msg_1\",\"type\":\"step-finish\",\"reason\":\"s"
	  "top\",\"cost\":0,\"tokens\":{\"input\":1,\"output\":1},\""
	  "metrics\":{\"generation\":5,\"source\":\"x\"},\"time\":{"
	  "\"start\":1,\"end\":2}}}" },
	{ "qwen", "{\"type\":\"system\",\"subtype\":\"init\",\"uuid\":\"653"
		  "a\",\"session_id\":\"653a\",\"cwd\":\"/w\",\"tools\":[\""
		  "edit\"],\"mcp_servers\":[],\"model\":\"m\",\"permission_"
		  "mode\":\"yolo\",\"slash_commands\":[\"init\"],\"qwen_cod"
		  "e_version\":\"0.24.4\",\"agents\":[\"claude-code\",\"cod"
		  "ex\"]}" },
	{ "qwen", "{\"type\":\"stream_event\",\"uuid\":\"653a\",\"session_i"
		  "d\":\"653a\",\"parent_tool_use_id\":null,\"event\":{\"ty"
		  "pe\":\"goal_state\",\"goal_state\":{\"v\":2}}}" },
	{ "qwen", "{\"type\":\"stream_event\",\"uuid\":\"653a\",\"session_i"
		  "d\":\"653a\",\"parent_tool_use_id\":null,\"event\":{\"ty"
		  "pe\":\"message_start\",\"message\":{\"id\":\"5f\",\"role"
		  "\":\"assistant\",\"model\":\"m\",\"content\":[]}}}" },
	{ "droid", "{\"type\":\"system\",\"subtype\":\"init\",\"cwd\":\"/w\""
		   ",\"session_id\":\"fdef\",\"tools\":[\"Read\"],\"model\":"
		   "\"custom:Fake-0\",\"reasoning_effort\":\"none\"}" },
	{ "droid", "{\"type\":\"message\",\"role\":\"assistant\",\"id\":\"3f"
		   "\",\"text\":\"hi\",\"timestamp\":1795991763998,\"session"
		   "_id\":\"fdef\"}" },
	{ "droid", "{\"type\":\"tool_call\",\"id\":\"t1\",\"messageId\":\"m1"
		   "\",\"toolId\":\"Read\",\"toolName\":\"Read\",\"parameter"
		   "s\":{},\"timestamp\":1795991763998,\"session_id\":\"fdef"
		   "\"}" },
	{ "cursor", "{\"type\":\"system\",\"subtype\":\"init\",\"apiKeySource"
		    "\":\"login\",\"cwd\":\"/w\",\"session_id\":\"c1\",\"mode"
		    "l\":\"Claude 4 Sonnet\",\"permissionMode\":\"default\"}" },
	{ "cursor", "{\"type\":\"user\",\"message\":{\"role\":\"user\",\"cont"
		    "ent\":[{\"type\":\"text\",\"text\":\"hi\"}]},\"session_i"
		    "d\":\"c1\"}" },
	{ "cursor", "{\"type\":\"assistant\",\"message\":{\"role\":\"assistan"
		    "t\",\"content\":[{\"type\":\"text\",\"text\":\"hi\"}]},\""
		    "session_id\":\"c1\"}" },
	{ "amp", "{\"type\":\"system\",\"subtype\":\"init\",\"cwd\":\"/w\""
		 ",\"session_id\":\"T-1\",\"tools\":[\"Bash\"],\"mcp_serve"
		 "rs\":[]}" },
	{ "amp", "{\"type\":\"assistant\",\"message\":{\"type\":\"message\""
		 ",\"role\":\"assistant\",\"content\":[{\"type\":\"text\","
		 "\"text\":\"hi\"}],\"stop_reason\":\"end_turn\"},\"parent"
		 "_tool_use_id\":null,\"session_id\":\"T-1\"}" },
	{ "amp", "{\"type\":\"result\",\"subtype\":\"success\",\"duration_"
		 "ms\":1,\"is_error\":false,\"num_turns\":1,\"result\":\"h"
		 "i\",\"session_id\":\"T-1\"}" },
	{ "pi", "{\"type\":\"session\",\"version\":3,\"id\":\"i\",\"times"
		"tamp\":\"2026-11-27T10:00:00.000Z\",\"cwd\":\"/w\"}" },
	{ "pi", "{\"type\":\"agent_start\"}" },
	{ "pi", "{\"type\":\"turn_start\"}" },
	{ "copilot", "{\"type\":\"session.tools_updated\",\"data\":{\"model\":"
		     "\"m\"},\"id\":\"i\",\"timestamp\":\"2026-11-27T10:00:00."
		     "000Z\",\"parentId\":null}" },
	{ "copilot", "{\"type\":\"assistant.message\",\"data\":{\"messageId\":"
		     "\"m\",\"content\":\"hi\"},\"id\":\"i\",\"timestamp\":\"2"
		     "026-11-27T10:00:00.000Z\",\"parentId\":\"p\"}" },
	{ "copilot",
	  "{\"type\":\"result\",\"timestamp\":\"2026-11-27T10:00:00"
	  ".000Z\",\"sessionId\":\"s\",\"exitCode\":0,\"usage\":{}}" },
	{ "cline", "{\"ts\":\"2026-11-27T10:00:00.000Z\",\"type\":\"agent_ev"
		   "ent\",\"event\":{\"type\":\"content_start\",\"text\":\"h"
		   "i\"}}" },
	{ "cline", "{\"ts\":\"x\",\"type\":\"run_result\",\"finishReason\":\""
		   "completed\",\"usage\":{\"inputTokens\":1},\"text\":\"hi\""
		   "}" },
	{ "goose", "{\"type\":\"message\",\"message\":{\"id\":\"m\",\"role\""
		   ":\"assistant\",\"content\":[]}}" },
	{ "goose", "{\"type\":\"complete\",\"total_tokens\":5}" },
	{ "acp", "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"stopReason\""
		 ":\"end_turn\"}}" },
	{ "no provider",
	  "{\"type\":\"error\",\"timestamp\":\"2026-11-27T10:00:00."
	  "000Z\",\"severity\":\"error\",\"message\":\"a log\"}" },
	{ "no provider", "{\"type\":\"turn.started\"}" },
	{ "no provider",
	  "{\"type\":\"item.started\",\"data\":{\"item\":{\"item_id"
	  "\":\"i\"}}}" },
	{ "no provider", "{\"a\":1}" },
	{ "no provider", "plain words" },
	{ "no provider", "npm warn deprecated package@1.0.0" },
	{ "no provider", "{}" },
	{ "no provider", "[]" },
	{ "no provider", "null" },
	{ "no provider", "7" },
	{ "no provider", "\"text\"" },
	{ "no provider", "{\"type\":\"text\"}" },
	{ "no provider", "{\"type\":7}" },
	{ "no provider",
	  "{\"level\":\"info\",\"msg\":\"started\",\"time\":1795991"
	  "763}" },
	{ "no provider", "<html>" },
	{ "no provider", "event: message" },
	{ "no provider", "data: {\"type\":\"message\"}" },
	{ NULL, NULL },
};
/* clang-format on */
