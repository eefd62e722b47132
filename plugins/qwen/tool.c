/* SPDX-License-Identifier: MIT */
/*
 * tool.c - tool calls and their results.
 *
 * A result has only the id of its call, so names are stored.  A call that was
 * refused, or did not run for another reason, is known by the words of its error;
 * a result of the run also lists the calls that were refused.
 */
#include "config.h"

#include "common/plan.h"
#include "common/refused.h"
#include "common/shell_result.h"
#include "common/stream_json.h"
#include "qwen/qwen.h"

/* Names that only this program has; the rest is in tool_type_of. */
static const struct tool_type types[] = {
	{ "agent", LHK_TYPE_THINK },
	{ "enter_plan_mode", LHK_TYPE_THINK },
	{ "exit_plan_mode", LHK_TYPE_THINK },
	{ "get_goal", LHK_TYPE_THINK },
	{ "list_agents", LHK_TYPE_SEARCH },
	{ "monitor", LHK_TYPE_EXECUTE },
	{ "notebook_edit", LHK_TYPE_EDIT },
	{ "read_mcp_resource", LHK_TYPE_READ },
	{ "skill", LHK_TYPE_READ },
	{ "task_stop", LHK_TYPE_EXECUTE },
	{ "todo_write", LHK_TYPE_THINK },
	{ "tool_search", LHK_TYPE_SEARCH },
	{ "update_goal", LHK_TYPE_THINK },
	{ "zoom_image", LHK_TYPE_READ },
};

static int
type_of (const struct lhk_text *name)
{
	return tool_type_among (name, types, ARRAY_SIZE (types));
}

/* The tools by which this program asks its user. */
static int
is_question (const struct lhk_text *name)
{
	return LHK_TEXT_IS (name, "ask_user_question")
	       || LHK_TEXT_IS (name, "exit_plan_mode");
}

int
qwen_tool_use (struct qwen *q, const struct qwen_block *b,
	       const struct lhk_text *parent, int first)
{
	struct lhk_ev_tool e = {
		.ev = LHK_EV (struct lhk_ev_tool, LHK_EV_TOOL),
		.status = LHK_TOOL_RUNNING,
		.type = type_of (&b->name),
		.flags = first ? LHK_TOOL_NEXT_MESSAGE : 0,
		.id = b->id,
		.name = b->name,
		.input = str_of_raw (&b->input),
	};
	struct qwen_small input;
	int r;

	e.ev.parent = *parent;
	tool_mcp_split (&b->name, &e.server, &e.name);
	tool_brief_of (&b->input, &e.brief);
	r = tool_paths_of (&b->input, &q->arena, &e.paths, &e.n_paths);
	if (r < 0)
		return r;
	/* Without it only the name is missing in updates. */
	if (tool_table_add (&q->tools, &b->id, &e.name, &e.server, e.type,
			    LHK_TOOL_RUNNING)
	    == LHK_ENOMEM)
		return LHK_ENOMEM;
	r = emit (q->api, &e.ev);
	if (r == 0 && is_question (&b->name))
		r = emit_tool_question (q->api, &e);
	if (r < 0 || !LHK_TEXT_IS (&b->name, "todo_write"))
		return r;
	qwen_object (&b->input, QWEN_SMALL, &input);
	return emit_plan (q->api, &q->arena, &input.todos, parent);
}

/* Begin an update of a call, with what the stream does not repeat. */
static int
begin_update (struct qwen *q, const struct lhk_text *id,
	      struct tool_entry **ret_call, struct lhk_ev_tool *ret)
{
	const struct lhk_ev_tool e = {
		.ev = LHK_EV (struct lhk_ev_tool, LHK_EV_TOOL),
		.id = *id,
	};
	struct tool_entry *call = tool_table_find (&q->tools, id);

	*ret = e;
	*ret_call = call;
	if (call == NULL)
		return 0;
	ret->type = call->type;
	return tool_entry_texts (call, &q->arena, &ret->name, &ret->server);
}

/* How the errors of calls begin that did not run, or were broken off. */
static const struct {
	const char *words;
	int status;
} wordings[] = {
	{ "Qwen Code requires permission to use ", LHK_TOOL_DENIED },
	{ "Tool blocked by plan mode: ", LHK_TOOL_DENIED },
	{ "Skipped because the provider attempt was retried",
	  LHK_TOOL_CANCELED },
	{ "[Operation Cancelled] ", LHK_TOOL_CANCELED },
	{ "Command was cancelled by user ", LHK_TOOL_CANCELED },
};

static int
status_of (const struct qwen_block *b, const struct lhk_text *output)
{
	size_t i;

	if (b->is_error <= 0)
		return LHK_TOOL_DONE;
	for (i = 0; i < ARRAY_SIZE (wordings); i++)
		if (text_begins (output, wordings[i].words))
			return wordings[i].status;
	return LHK_TOOL_FAILED;
}

#define TAIL 4096 /* bytes that hold the sentence, with a long path */

/* The end of a long output names the file that has all of it. */
static int
is_cut (const struct lhk_text *output)
{
	static const char words[] = "Output too long and was saved to: ";
	size_t skip = output->len > TAIL ? output->len - TAIL : 0;

	return output->ptr != NULL
	       && memmem (output->ptr + skip, output->len - skip, words,
			  sizeof (words) - 1)
			  != NULL;
}

int
qwen_tool_result (struct qwen *q, const struct qwen_block *b,
		  const struct lhk_text *parent)
{
	struct lhk_ev_tool e;
	struct tool_entry *call;
	size_t others = 0;
	int r;

	r = begin_update (q, &b->tool_use_id, &call, &e);
	if (r == 0)
		r = content_text (&q->arena, &b->content, &e.output, &others);
	if (r < 0)
		return r;
	e.ev.parent = *parent;
	e.status = status_of (b, &e.output);
	if (e.output.ptr != NULL && e.type == LHK_TYPE_EXECUTE
	    && (e.status == LHK_TOOL_DONE || e.status == LHK_TOOL_FAILED)) {
		r = shell_result_read (&q->arena, &e);
		if (r < 0)
			return r;
	}
	if (others > 0 || is_cut (&e.output))
		e.flags |= LHK_TOOL_TRUNCATED;
	if (call != NULL)
		call->status = e.status;
	r = emit (q->api, &e.ev);
	if (r < 0 || e.status != LHK_TOOL_DENIED)
		return r;
	return emit_tool_refused (q->api, &e);
}

int
qwen_tool_update (struct qwen *q, const struct lhk_text *id, int status)
{
	struct lhk_ev_tool e;
	struct tool_entry *call;
	int r = begin_update (q, id, &call, &e);

	if (r < 0 || call == NULL)
		return r;
	e.status = status;
	return emit (q->api, &e.ev);
}

static int
denied (struct qwen *q, const struct qwen_small *d)
{
	struct lhk_ev_tool e;
	struct tool_entry *call;
	int r = begin_update (q, &d->tool_use_id, &call, &e);

	if (r < 0 || text_empty (&e.id)
	    || (call != NULL && call->status == LHK_TOOL_DENIED))
		return r;
	if (call == NULL) {
		e.name = d->tool_name;
		e.type = type_of (&d->tool_name);
		tool_mcp_split (&d->tool_name, &e.server, &e.name);
		e.input = str_of_raw (&d->tool_input);
		if (tool_table_add (&q->tools, &e.id, &e.name, &e.server,
				    e.type, 0)
		    == LHK_ENOMEM)
			return LHK_ENOMEM;
		call = tool_table_find (&q->tools, &e.id);
	}
	e.status = LHK_TOOL_DENIED;
	if (call != NULL)
		call->status = e.status;
	return emit (q->api, &e.ev);
}

int
qwen_denials (struct qwen *q, const struct lhk_raw *list)
{
	struct qwen_small d;
	struct lhk_json j;
	int r = 0;

	if (list->type != LHK_JSON_ARRAY)
		return 0;
	lhk_json_begin_raw (&j, list);
	lhk_json_enter (&j);
	while (r == 0 && qwen_next (&j, QWEN_SMALL, &d))
		r = denied (q, &d);
	return r;
}
