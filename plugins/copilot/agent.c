/* SPDX-License-Identifier: MIT */
/*
 * agent.c - subagents.
 *
 * Their lines have the id of the subagent; some also name the call that started
 * it.  One that works in the background outlives that call: it is a task.
 */
#include "config.h"

#include "common/stream_json.h"
#include "copilot/copilot.h"

static int
emit_task (struct copilot *o, const struct copilot_line *line, const char *code,
	   const struct lhk_text *text, const struct json_member *last)
{
	struct json_member members[] = {
		{ "id", { NULL, 0 } },
		{ "tool", { NULL, 0 } },
		*last,
	};
	struct lhk_raw data;
	int r;

	r = text_quoted (&o->arena, &line->agent_id, &members[0].value);
	if (r == 0)
		r = text_quoted (&o->arena, &line->data.call_id,
				 &members[1].value);
	if (r == 0)
		r = json_object_of (&o->arena, members, ARRAY_SIZE (members),
				    &data);
	return r < 0 ? r
		     : emit_notice (o->api, LHK_LOG_INFO, code, text, &data);
}

int
copilot_subagent_started (struct copilot *o, const struct copilot_line *line)
{
	const struct copilot_data *d = &line->data;
	int task = !text_empty (&d->execution_mode)
		   && !LHK_TEXT_IS (&d->execution_mode, "sync");
	struct json_member type = { "type", { NULL, 0 } };
	struct tool_entry *agent;
	int r;

	if (text_empty (&line->agent_id) || text_empty (&d->call_id))
		return LHK_SKIP;
	r = tool_table_add (&o->agents, &line->agent_id, &d->call_id, &LIT (""),
			    0, task ? LHK_TOOL_RUNNING : LHK_TOOL_DONE);
	if (r == LHK_ENOMEM)
		return r;
	agent = tool_table_find (&o->agents, &line->agent_id);
	if (!task || agent == NULL)
		return LHK_OK;
	agent->note = THREAD_TASK;
	r = text_quoted (&o->arena, &d->agent_name, &type.value);
	return r < 0 ? r
		     : emit_task (o, line, LHK_CODE_TASK_STARTED,
				  &d->agent_description, &type);
}

/* How a subagent ends. */
static const struct {
	const char *type;
	struct lhk_str status;
	struct lhk_text words;
} ends[] = {
	{ "subagent.completed", LHK_STR_INIT ("\"completed\""),
	  LHK_TEXT_INIT ("the subagent has finished") },
	{ "subagent.failed", LHK_STR_INIT ("\"failed\""),
	  LHK_TEXT_INIT ("the subagent has failed") },
};

int
copilot_subagent_ended (struct copilot *o, const struct copilot_line *line)
{
	struct tool_entry *agent =
		tool_table_find (&o->agents, &line->agent_id);
	struct json_member status = { "status", { NULL, 0 } };
	struct copilot_error error;
	size_t i = 0;

	if (agent == NULL || !(agent->note & THREAD_TASK))
		return LHK_OK;
	agent->note &= ~THREAD_TASK;
	agent->status = LHK_TOOL_DONE;
	while (i + 1 < ARRAY_SIZE (ends)
	       && !lhk_text_is (&line->type, ends[i].type,
				strlen (ends[i].type)))
		i++;
	status.value = ends[i].status;
	copilot_error (&line->data.error, &error);
	return emit_task (o, line, LHK_CODE_TASK_ENDED,
			  text_empty (&error.message) ? &ends[i].words
						      : &error.message,
			  &status);
}
