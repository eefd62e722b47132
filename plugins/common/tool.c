/* SPDX-License-Identifier: MIT */
/*
 * tool.c - what people and tables want to know of a tool call.
 *
 * The names are those that the agent programs give their own tools.
 */
#include "config.h"

#include "common/common.h"

struct input {
	struct lhk_text file_path, command, cmd, query, pattern;
	struct lhk_text file_path_camel, path, notebook_path, absolute_path;
	struct lhk_text dir_path, url, uri, description, subject, prompt;
	struct lhk_text message, skill, name, plan;
	struct lhk_raw paths;
};

/* In the order of precedence: the first one that is a string is the brief. */
static const struct lhk_field input_fields[] = {
	LHK_FIELD ("file_path", LHK_FIELD_TEXT, struct input, file_path),
	LHK_FIELD ("command", LHK_FIELD_TEXT, struct input, command),
	LHK_FIELD ("cmd", LHK_FIELD_TEXT, struct input, cmd),
	LHK_FIELD ("query", LHK_FIELD_TEXT, struct input, query),
	LHK_FIELD ("pattern", LHK_FIELD_TEXT, struct input, pattern),
	LHK_FIELD ("filePath", LHK_FIELD_TEXT, struct input, file_path_camel),
	LHK_FIELD ("path", LHK_FIELD_TEXT, struct input, path),
	LHK_FIELD ("notebook_path", LHK_FIELD_TEXT, struct input,
		   notebook_path),
	LHK_FIELD ("absolute_path", LHK_FIELD_TEXT, struct input,
		   absolute_path),
	LHK_FIELD ("dir_path", LHK_FIELD_TEXT, struct input, dir_path),
	LHK_FIELD ("url", LHK_FIELD_TEXT, struct input, url),
	LHK_FIELD ("uri", LHK_FIELD_TEXT, struct input, uri),
	LHK_FIELD ("subject", LHK_FIELD_TEXT, struct input, subject),
	LHK_FIELD ("description", LHK_FIELD_TEXT, struct input, description),
	LHK_FIELD ("prompt", LHK_FIELD_TEXT, struct input, prompt),
	LHK_FIELD ("message", LHK_FIELD_TEXT, struct input, message),
	LHK_FIELD ("skill", LHK_FIELD_TEXT, struct input, skill),
	LHK_FIELD ("name", LHK_FIELD_TEXT, struct input, name),
	LHK_FIELD ("plan", LHK_FIELD_TEXT, struct input, plan),
	LHK_FIELD ("paths", LHK_FIELD_RAW, struct input, paths),
};
LHK_FIELDS (input_table, struct input, input_fields);

#define N_INPUT ARRAY_SIZE (input_fields)

static const struct lhk_text *
input_text (const struct input *in, size_t field)
{
	return (const struct lhk_text *) (const void *) ((const char *) in
							 + input_fields[field]
								   .offset);
}

void
tool_brief_of (const struct lhk_raw *input, struct lhk_text *ret)
{
	struct input in;
	size_t i;

	memset (ret, 0, sizeof (*ret));
	if (input->type != LHK_JSON_OBJECT
	    || lhk_json_raw_object (input, &input_table, &in) != LHK_OK)
		return;
	for (i = 0; i < N_INPUT; i++) {
		if (input_fields[i].kind != LHK_FIELD_TEXT)
			continue;
		if (!text_empty (input_text (&in, i))) {
			*ret = *input_text (&in, i);
			return;
		}
	}
}

int
tool_paths_of (const struct lhk_raw *input, struct arena *a,
	       const struct lhk_text **ret_paths, size_t *ret_n)
{
	struct texts list = { NULL, 0, 0 };
	const struct lhk_text *keys[6];
	struct input in;
	size_t i;
	int r;

	*ret_paths = NULL;
	*ret_n = 0;
	if (input->type != LHK_JSON_OBJECT
	    || lhk_json_raw_object (input, &input_table, &in) != LHK_OK)
		return 0;
	keys[0] = &in.file_path;
	keys[1] = &in.file_path_camel;
	keys[2] = &in.path;
	keys[3] = &in.notebook_path;
	keys[4] = &in.absolute_path;
	keys[5] = &in.dir_path;
	for (i = 0; i < ARRAY_SIZE (keys); i++) {
		if (text_empty (keys[i]))
			continue;
		r = texts_add (&list, a, keys[i]);
		if (r < 0)
			return r;
	}
	r = texts_add_list (&list, a, &in.paths);
	if (r < 0)
		return r;
	*ret_paths = list.list;
	*ret_n = list.n;
	return 0;
}

static const struct tool_type tool_types[] = {
	{ "Agent", LHK_TYPE_THINK },
	{ "AskUserQuestion", LHK_TYPE_OTHER },
	{ "Bash", LHK_TYPE_EXECUTE },
	{ "BashOutput", LHK_TYPE_READ },
	{ "Edit", LHK_TYPE_EDIT },
	{ "EnterPlanMode", LHK_TYPE_THINK },
	{ "ExitPlanMode", LHK_TYPE_THINK },
	{ "Glob", LHK_TYPE_SEARCH },
	{ "Grep", LHK_TYPE_SEARCH },
	{ "KillBash", LHK_TYPE_EXECUTE },
	{ "KillShell", LHK_TYPE_EXECUTE },
	{ "LS", LHK_TYPE_SEARCH },
	{ "ListMcpResourcesTool", LHK_TYPE_SEARCH },
	{ "Monitor", LHK_TYPE_EXECUTE },
	{ "MultiEdit", LHK_TYPE_EDIT },
	{ "NotebookEdit", LHK_TYPE_EDIT },
	{ "NotebookRead", LHK_TYPE_READ },
	{ "Read", LHK_TYPE_READ },
	{ "ReadMcpResourceTool", LHK_TYPE_READ },
	{ "Task", LHK_TYPE_THINK },
	{ "TaskCreate", LHK_TYPE_THINK },
	{ "TaskGet", LHK_TYPE_THINK },
	{ "TaskList", LHK_TYPE_THINK },
	{ "TaskOutput", LHK_TYPE_READ },
	{ "TaskStop", LHK_TYPE_EXECUTE },
	{ "TaskUpdate", LHK_TYPE_THINK },
	{ "TodoWrite", LHK_TYPE_THINK },
	{ "ToolSearch", LHK_TYPE_SEARCH },
	{ "WebFetch", LHK_TYPE_FETCH },
	{ "WebSearch", LHK_TYPE_FETCH },
	{ "Write", LHK_TYPE_EDIT },
	{ "apply_patch", LHK_TYPE_EDIT },
	{ "bash", LHK_TYPE_EXECUTE },
	{ "bash_code_execution", LHK_TYPE_EXECUTE },
	{ "code_execution", LHK_TYPE_EXECUTE },
	{ "codebase_investigator", LHK_TYPE_THINK },
	{ "codebase_search", LHK_TYPE_SEARCH },
	{ "codesearch", LHK_TYPE_SEARCH },
	{ "command_execution", LHK_TYPE_EXECUTE },
	{ "edit", LHK_TYPE_EDIT },
	{ "file_change", LHK_TYPE_EDIT },
	{ "glob", LHK_TYPE_SEARCH },
	{ "google_web_search", LHK_TYPE_FETCH },
	{ "grep", LHK_TYPE_SEARCH },
	{ "grep_search", LHK_TYPE_SEARCH },
	{ "list", LHK_TYPE_SEARCH },
	{ "list_directory", LHK_TYPE_SEARCH },
	{ "local_shell", LHK_TYPE_EXECUTE },
	{ "lsp", LHK_TYPE_SEARCH },
	{ "multiedit", LHK_TYPE_EDIT },
	{ "patch", LHK_TYPE_EDIT },
	{ "read", LHK_TYPE_READ },
	{ "read_file", LHK_TYPE_READ },
	{ "read_many_files", LHK_TYPE_READ },
	{ "replace", LHK_TYPE_EDIT },
	{ "run_shell_command", LHK_TYPE_EXECUTE },
	{ "save_memory", LHK_TYPE_THINK },
	{ "search_file_content", LHK_TYPE_SEARCH },
	{ "shell", LHK_TYPE_EXECUTE },
	{ "spawn_agent", LHK_TYPE_THINK },
	{ "task", LHK_TYPE_THINK },
	{ "text_editor_code_execution", LHK_TYPE_EDIT },
	{ "todoread", LHK_TYPE_THINK },
	{ "todowrite", LHK_TYPE_THINK },
	{ "update_plan", LHK_TYPE_THINK },
	{ "view_image", LHK_TYPE_READ },
	{ "web_fetch", LHK_TYPE_FETCH },
	{ "web_search", LHK_TYPE_FETCH },
	{ "webfetch", LHK_TYPE_FETCH },
	{ "websearch", LHK_TYPE_FETCH },
	{ "write", LHK_TYPE_EDIT },
	{ "write_file", LHK_TYPE_EDIT },
	{ "write_todos", LHK_TYPE_THINK },
};

/* The type that TYPES has for NAME; -1: none. */
static int
find_type (const struct lhk_text *name, const struct tool_type *types, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (lhk_text_is (name, types[i].name, strlen (types[i].name)))
			return types[i].type;
	return -1;
}

int
tool_type_of (const struct lhk_text *name)
{
	int type = text_empty (name) ? -1
				     : find_type (name, tool_types,
						  ARRAY_SIZE (tool_types));

	return type < 0 ? LHK_TYPE_OTHER : type;
}

int
tool_type_among (const struct lhk_text *name, const struct tool_type *types,
		 size_t n)
{
	int type = find_type (name, types, n);

	return type < 0 ? tool_type_of (name) : type;
}

/* The tools by which programs ask their user. */
static const char *const questions[] = {
	"AskUserQuestion", "ExitPlanMode",	 "ask_user",
	"question",	   "request_user_input",
};

int
tool_is_question (const struct lhk_text *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE (questions); i++)
		if (lhk_text_is (name, questions[i], strlen (questions[i])))
			return 1;
	return 0;
}

int
tool_mcp_split (const struct lhk_text *name, struct lhk_text *ret_server,
		struct lhk_text *ret_tool)
{
	static const char prefix[] = "mcp__";
	size_t skip = sizeof (prefix) - 1;
	size_t i;

	if (name->ptr == NULL || name->len <= skip
	    || memcmp (name->ptr, prefix, skip) != 0)
		return 0;
	/* A server's name may end in '_': of three the last two separate.
	 * A cut beside a '_' never falls into an escape. */
	for (i = skip + 1; i + 2 < name->len; i++) {
		if (name->ptr[i] != '_' || name->ptr[i + 1] != '_'
		    || name->ptr[i + 2] == '_')
			continue;
		*ret_server = *name;
		ret_server->ptr += skip;
		ret_server->len = i - skip;
		*ret_tool = *name;
		ret_tool->ptr += i + 2;
		ret_tool->len -= i + 2;
		return 1;
	}
	return 0;
}
