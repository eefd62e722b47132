/* SPDX-License-Identifier: MIT */
/* claude_wrong.c - the claude plugin against values of wrong types. */
#include "config.h"

#include "claude/parse.h"
#include "lib/tap.h"
#include "plugins/wrong.h"

/* One line for each table, with as many of its fields as a line can have. */
static const char *const messages[] = {
	"{\"type\":\"assistant\",\"session_id\":\"s\",\"uuid\":\"u\","
	"\"parent_tool_use_id\":\"p\",\"error\":\"e\",\"api_error_status\":4,"
	"\"api_error_type\":\"y\",\"message\":{\"id\":\"m\",\"model\":\"o\","
	"\"content\":[{\"type\":\"text\",\"text\":\"x\"},{\"type\":"
	"\"thinking\",\"thinking\":\"h\"},{\"type\":\"tool_use\",\"id\":\"t\","
	"\"name\":\"TodoWrite\",\"input\":{\"path\":\"p\",\"todos\":["
	"{\"content\":\"c\",\"status\":\"completed\"}]}}],\"usage\":{"
	"\"input_tokens\":1,\"output_tokens\":2}}}",
	"{\"type\":\"assistant\",\"message\":{\"id\":\"m\",\"model\":\"o\","
	"\"content\":[],\"usage\":{\"input_tokens\":1,\"output_tokens\":2,"
	"\"cache_read_input_tokens\":3,\"cache_creation_input_tokens\":4,"
	"\"output_tokens_details\":{\"thinking_tokens\":5}}}}",
	"{\"type\":\"user\",\"uuid\":\"u\",\"isSynthetic\":true,\"isMeta\":"
	"true,\"message\":{\"content\":[{\"type\":\"text\",\"text\":\"x\"},"
	"{\"type\":\"tool_result\",\"tool_use_id\":\"t\",\"is_error\":true,"
	"\"content\":[{\"type\":\"text\",\"text\":\"x\"}]}]},"
	"\"tool_use_result\":{\"exitCode\":3,\"interrupted\":true,\"status\":"
	"\"x\",\"persistedOutputPath\":\"p\"},\"tool_result_meta\":[{\"id\":"
	"\"t\",\"permission_decision\":{\"decision\":\"reject\"}}]}",
	NULL,
};
static const struct wrong_place in_messages[] = {
	{ "/message/content/0/type", LHK_FIELD_TEXT },
	{ "/message/content/0/text", LHK_FIELD_TEXT },
	{ "/message/content/1/thinking", LHK_FIELD_TEXT },
	{ "/message/content/1/tool_use_id", LHK_FIELD_TEXT },
	{ "/message/content/1/is_error", LHK_FIELD_BOOL },
	{ "/message/content/1/content", LHK_FIELD_RAW },
	{ "/message/content/1/content/0/text", LHK_FIELD_RAW },
	{ "/message/content/2/id", LHK_FIELD_TEXT },
	{ "/message/content/2/name", LHK_FIELD_TEXT },
	{ "/message/content/2/server_name", LHK_FIELD_TEXT },
	{ "/message/content/2/input", LHK_FIELD_RAW },
	{ "/message/content/2/input/path", LHK_FIELD_RAW },
	{ "/message/content/2/input/todos", LHK_FIELD_RAW },
	{ "/message/content/2/input/todos/0/content", LHK_FIELD_RAW },
	{ "/message/content/2/input/todos/0/status", LHK_FIELD_RAW },
	{ "/tool_use_result/exitCode", LHK_FIELD_INT },
	{ "/tool_use_result/interrupted", LHK_FIELD_BOOL },
	{ "/tool_use_result/status", LHK_FIELD_TEXT },
	{ "/tool_use_result/persistedOutputPath", LHK_FIELD_TEXT },
	{ "/tool_result_meta/0/id", LHK_FIELD_TEXT },
	{ "/tool_result_meta/0/permission_decision", LHK_FIELD_OBJECT },
	{ "/tool_result_meta/0/permission_decision/decision", LHK_FIELD_TEXT },
	{ NULL, 0 },
};

static const char *const streams[] = {
	"{\"type\":\"stream_event\",\"session_id\":\"s\",\"uuid\":\"u\","
	"\"parent_tool_use_id\":\"p\",\"api_message_id\":\"m\",\"event\":{"
	"\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":"
	"\"text_delta\",\"text\":\"x\"}}}",
	"{\"type\":\"stream_event\",\"event\":{\"type\":\"message_start\","
	"\"message\":{\"id\":\"m\",\"model\":\"o\",\"usage\":{"
	"\"input_tokens\":1,\"output_tokens\":2}}}}",
	NULL,
};

static const char *const systems[] = {
	"{\"type\":\"system\",\"subtype\":\"init\",\"session_id\":\"s\","
	"\"cwd\":\"c\",\"tools\":[\"t\"],\"model\":\"m\"}",
	"{\"type\":\"system\",\"subtype\":\"api_retry\",\"attempt\":1}",
	"{\"type\":\"system\",\"subtype\":\"permission_denied\"}",
	"{\"type\":\"system\",\"subtype\":\"task_started\",\"task_id\":\"k\","
	"\"is_backgrounded\":true}",
	"{\"type\":\"system\",\"subtype\":\"task_notification\",\"task_id\":"
	"\"k\",\"status\":\"x\"}",
	"{\"type\":\"system\",\"subtype\":\"background_tasks_changed\","
	"\"tasks\":[{\"task_id\":\"k\"}]}",
	"{\"type\":\"system\",\"subtype\":\"hook_response\",\"outcome\":"
	"\"error\"}",
	"{\"type\":\"system\",\"subtype\":\"status\",\"status\":"
	"\"compacting\"}",
	"{\"type\":\"system\",\"subtype\":\"mirror_error\"}",
	"{\"type\":\"system\",\"subtype\":\"informational\"}",
	"{\"type\":\"system\",\"subtype\":\"compact_boundary\"}",
	NULL,
};

static const char *const results[] = {
	"{\"type\":\"result\",\"uuid\":\"u\",\"usage\":{},"
	"\"total_cost_usd\":1.5,\"modelUsage\":{\"a\":{}},"
	"\"permission_denials\":[{\"tool_use_id\":\"t\"}],\"errors\":[\"e\"],"
	"\"model_usage_since_last_result\":{\"a\":{\"inputTokens\":1,"
	"\"costUSD\":1}},\"is_error\":true}",
	"{\"type\":\"result\",\"usage\":{\"input_tokens\":1,"
	"\"output_tokens_details\":{\"thinking_tokens\":5}}}",
	NULL,
};
static const struct wrong_place in_results[] = {
	{ "/permission_denials/0/tool_use_id", LHK_FIELD_TEXT },
	{ "/permission_denials/0/tool_name", LHK_FIELD_TEXT },
	{ "/permission_denials/0/tool_input", LHK_FIELD_RAW },
	{ "/errors/0", LHK_FIELD_RAW },
	{ "/model_usage_since_last_result/a", LHK_FIELD_RAW },
	{ "/model_usage_since_last_result/a/inputTokens", LHK_FIELD_INT },
	{ "/model_usage_since_last_result/a/outputTokens", LHK_FIELD_INT },
	{ "/model_usage_since_last_result/a/costUSD", LHK_FIELD_RAW },
	{ NULL, 0 },
};

static const char *const rest[] = {
	"{\"type\":\"control_request\",\"request_id\":\"q\",\"request\":{"
	"\"subtype\":\"can_use_tool\",\"input\":{\"url\":\"u\"}}}",
	"{\"type\":\"rate_limit_event\",\"rate_limit_info\":{\"status\":\"x\"}"
	"}",
	"{\"type\":\"conversation_reset\"}",
	"{\"type\":\"auth_status\"}",
	"{\"type\":\"control_cancel_request\"}",
	NULL,
};

static void
wrong_types_are_absent (void)
{
	static const struct {
		int table;
		const struct wrong_place *places;
		const char *const *lines;
	} families[] = {
		{ CLAUDE_MESSAGE, in_messages, messages },
		{ CLAUDE_STREAM, NULL, streams },
		{ CLAUDE_SYSTEM, NULL, systems },
		{ CLAUDE_RESULT, in_results, results },
		{ CLAUDE_OTHER, NULL, rest },
	};
	size_t i;
	int n = 0;

	for (i = 0; i < sizeof (families) / sizeof (families[0]); i++)
		n += wrong_types (&linehook_plugin_1,
				  claude_table (families[i].table),
				  families[i].places, families[i].lines);
	tap_note ("%d lines tried", n);
	CU_ASSERT (n > 3000);
}

static const struct tap_case cases[] = {
	{ "a_wrong_type_in_any_field_is_as_good_as_absent",
	  wrong_types_are_absent },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("claude_wrong", cases);
}
