/* SPDX-License-Identifier: MIT */
/*
 * collab.c - calls that start subagents, wait for them and talk to them.
 *
 * The stream shows of a subagent only these calls.  Thread ids show who called;
 * the thread of a subagent belongs to the call that spawned it.
 */
#include "config.h"

#include "codex/codex.h"

int
codex_id_set (const struct lhk_text *text, struct codex_id *ret)
{
	size_t need = 0;

	if (text_empty (text))
		return 0;
	ret->len = lhk_text_decode (text, ret->buf, sizeof (ret->buf), &need);
	return need <= sizeof (ret->buf);
}

static struct codex_agent *
find_agent (struct codex *c, const struct codex_id *thread)
{
	size_t i;

	for (i = 0; i < CODEX_AGENTS; i++) {
		if (thread->len == c->agents[i].thread.len
		    && memcmp (thread->buf, c->agents[i].thread.buf,
			       thread->len)
			       == 0)
			return &c->agents[i];
	}
	return NULL;
}

int
codex_is_subagent (struct codex *c, const struct codex_id *thread)
{
	return find_agent (c, thread) != NULL;
}

static void
remember_agent (struct codex *c, const struct codex_agent *agent)
{
	struct codex_agent *known = find_agent (c, &agent->thread);

	if (known == NULL) {
		known = &c->agents[c->next_agent];
		c->next_agent = (c->next_agent + 1) % CODEX_AGENTS;
	}
	*known = *agent;
}

int
codex_adopt_subagent (struct codex *c, const struct lhk_text *thread)
{
	struct codex_agent agent = { .item = c->spawning };

	if (c->spawning.len == 0 || !codex_id_set (thread, &agent.thread))
		return 0;
	remember_agent (c, &agent);
	return 1;
}

/* Remember that the threads this call started belong to it. */
static void
remember_agents (struct codex *c, const struct codex_item *item)
{
	struct codex_agent agent;
	struct lhk_text id;
	struct lhk_json j;

	if (item->receiver_thread_ids.type != LHK_JSON_ARRAY
	    || !codex_id_set (&item->id, &agent.item))
		return;
	lhk_json_begin_raw (&j, &item->receiver_thread_ids);
	lhk_json_enter (&j);
	while (lhk_json_element (&j)) {
		if (!lhk_json_string (&j, &id)) {
			lhk_json_skip (&j);
			continue;
		}
		if (codex_id_set (&id, &agent.thread))
			remember_agent (c, &agent);
	}
}

static void
note_spawning (struct codex *c, const struct codex_item *item, int is_open)
{
	struct codex_id id;

	if (!codex_id_set (&item->id, &id))
		return;
	if (is_open && raw_count (&item->receiver_thread_ids) == 0)
		c->spawning = id;
	else if (id.len == c->spawning.len
		 && memcmp (id.buf, c->spawning.buf, id.len) == 0)
		c->spawning.len = 0;
}

struct agent_state {
	struct lhk_text message;
};

static const struct lhk_field state_fields[] = {
	LHK_FIELD ("message", LHK_FIELD_TEXT, struct agent_state, message),
};
LHK_FIELDS (state_table, struct agent_state, state_fields);

/* What the agents said last is the output: a text if there is one agent with
 * a message, else the states as they are. */
static void
agents_output (const struct codex_item *item, struct lhk_ev_tool *e)
{
	struct agent_state state = { .message = { NULL, 0, 0, 0 } };
	struct lhk_text key;
	struct lhk_raw raw;
	struct lhk_json j;
	size_t n = 0;

	if (item->agents_states.type != LHK_JSON_OBJECT)
		return;
	lhk_json_begin_raw (&j, &item->agents_states);
	lhk_json_enter (&j);
	while (lhk_json_key (&j, &key) && lhk_json_raw (&j, &raw)) {
		n++;
		if (raw.type == LHK_JSON_OBJECT)
			lhk_json_raw_object (&raw, &state_table, &state);
	}
	if (n == 0)
		return;
	if (n == 1 && state.message.ptr != NULL) {
		e->output = state.message;
		return;
	}
	e->output = text_of (item->agents_states.ptr, item->agents_states.len);
	e->flags |= LHK_TOOL_OUTPUT_JSON;
}

/* The call whose subagent made this one.  The table may change before the
 * event is delivered, so the id is copied. */
static int
fill_parent (struct codex *c, const struct codex_item *item,
	     struct lhk_ev_tool *e)
{
	const struct codex_agent *agent;
	struct codex_id sender;
	char *copy;

	if (!codex_id_set (&item->sender_thread_id, &sender))
		return LHK_OK;
	agent = find_agent (c, &sender);
	if (agent == NULL)
		return LHK_OK;
	copy = arena_alloc (&c->arena, agent->item.len);
	if (copy == NULL)
		return LHK_ENOMEM;
	memcpy (copy, agent->item.buf, agent->item.len);
	e->ev.parent = text_of (copy, agent->item.len);
	return LHK_OK;
}

int
codex_fill_collab (struct codex *c, const struct codex_item *item,
		   struct lhk_ev_tool *e)
{
	int r;

	e->type = LHK_TYPE_THINK;
	e->name = item->tool;
	e->brief = item->prompt;
	agents_output (item, e);
	r = fill_parent (c, item, e);
	if (r < 0)
		return r;
	if (LHK_TEXT_IS (&item->tool, "spawn_agent")) {
		remember_agents (c, item);
		note_spawning (c, item, e->status == LHK_TOOL_RUNNING);
	}
	return codex_wrap_text (c, "prompt", &item->prompt, &e->input);
}
