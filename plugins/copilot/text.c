/* SPDX-License-Identifier: MIT */
/*
 * text.c - threads, and the words that are said in them.
 *
 * A text comes in deltas, and then as a whole under the same id; a thought is
 * whole only after the message that it led to.  If a request to the model breaks,
 * the next one of the same turn says everything again under new ids, and the
 * texts of the broken one never become whole.
 */
#include "config.h"

#include "copilot/copilot.h"

/* A subagent that nothing has introduced: it is remembered by what the line
 * says. */
static struct tool_entry *
meet_agent (struct copilot *o, const struct lhk_text *call)
{
	if (tool_table_add (&o->agents, &o->now.key, call, &LIT (""), 0,
			    LHK_TOOL_DONE)
	    < 0)
		return NULL;
	return tool_table_find (&o->agents, &o->now.key);
}

int
copilot_thread (struct copilot *o, const struct copilot_line *line)
{
	static const struct lhk_text absent;
	const struct lhk_text *call = &line->data.parent_call;
	struct tool_entry *agent;

	o->now.parent = absent;
	o->now.note = &o->note;
	o->now.key = text_empty (&line->agent_id) ? *call : line->agent_id;
	if (text_empty (&o->now.key)) {
		o->now.key = absent;
		return LHK_OK;
	}
	if (text_empty (call))
		call = &o->now.key;
	agent = tool_table_find (&o->agents, &o->now.key);
	if (agent == NULL)
		agent = meet_agent (o, call);
	o->now.parent = agent != NULL ? agent->name : *call;
	o->now.note = agent != NULL ? &agent->note : &o->lost_note;
	return LHK_OK;
}

int
copilot_is_main (const struct copilot *o)
{
	return o->now.key.ptr == NULL;
}

static struct copilot_open *
find_open (struct copilot *o, const struct lhk_text *id)
{
	uint32_t i = o->last;
	uint32_t n;

	for (n = 0; n < COPILOT_OPEN; n++) {
		if ((o->open >> i & 1) && id_copy_is (&o->opens[i].id, id)) {
			o->last = i;
			return &o->opens[i];
		}
		i = (i + 1) % COPILOT_OPEN;
	}
	return NULL;
}

static void
close_open (struct copilot *o, uint32_t i)
{
	o->open &= ~(1u << i);
	o->broken &= ~(1u << i);
}

/* The deltas of a text begin.  One whose id is too long to be remembered cannot
 * be taken back. */
static void
add_open (struct copilot *o, int role, const struct lhk_text *id)
{
	struct copilot_open *open = &o->opens[o->next];

	close_open (o, o->next);
	id_copy_set (&open->id, id);
	id_copy_set (&open->thread, &o->now.key);
	open->role = role;
	if (open->id.len == 0 || !id_copy_is (&open->thread, &o->now.key))
		return;
	o->open |= 1u << o->next;
	o->last = o->next;
	o->next = (o->next + 1) % COPILOT_OPEN;
}

/* The texts of the thread that are open, as bits. */
static uint32_t
open_here (const struct copilot *o)
{
	uint32_t bits = 0;
	uint32_t i;

	for (i = 0; i < COPILOT_OPEN; i++)
		if ((o->open >> i & 1)
		    && id_copy_is (&o->opens[i].thread, &o->now.key))
			bits |= 1u << i;
	return bits;
}

void
copilot_broken (struct copilot *o)
{
	if (o->open)
		o->broken |= open_here (o);
}

/* Take back what the broken request has said in this thread. */
static int
withdraw (struct copilot *o)
{
	uint32_t bits = o->broken & open_here (o);
	struct lhk_text id;
	uint32_t i;
	int r;

	for (i = 0; i < COPILOT_OPEN; i++) {
		if (!(bits >> i & 1))
			continue;
		close_open (o, i);
		id = id_copy_text (&o->opens[i].id);
		r = text_copy (&o->arena, &id, &id);
		if (r == 0)
			r = emit_text (o->api, o->opens[i].role, 0, &id,
				       &LIT (""), &o->now.parent);
		if (r < 0)
			return r;
	}
	return LHK_OK;
}

static int
message_begun (struct copilot *o)
{
	*o->now.note &= ~THREAD_CALLED;
	return o->broken ? withdraw (o) : LHK_OK;
}

static int
delta (struct copilot *o, int role, const struct lhk_text *id,
       const struct lhk_text *text)
{
	int r;

	if (text_empty (text))
		return LHK_OK;
	r = message_begun (o);
	if (r < 0)
		return r;
	if (!text_empty (id) && find_open (o, id) == NULL)
		add_open (o, role, id);
	return emit_text (o->api, role, 1, id, text, &o->now.parent);
}

int
copilot_message_delta (struct copilot *o, const struct copilot_line *line)
{
	return delta (o, LHK_ROLE_ASSISTANT, &line->data.message_id,
		      &line->data.delta);
}

int
copilot_reasoning_delta (struct copilot *o, const struct copilot_line *line)
{
	return delta (o, LHK_ROLE_THOUGHT, &line->data.reasoning_id,
		      &line->data.delta);
}

/* SAME: its message has called tools before this line. */
static int
whole (struct copilot *o, int role, const struct lhk_text *id,
       const struct lhk_text *text, int same)
{
	struct copilot_open *open = find_open (o, id);

	if (open != NULL)
		close_open (o, o->last);
	if (text_empty (text))
		return LHK_OK;
	return emit_message_text (o->api, role, 0, id, text, &o->now.parent,
				  same);
}

/* A thought that has not streamed is told with its message: not all programs of
 * this format have a line for it. */
static int
thought_of (struct copilot *o, const struct lhk_text *text)
{
	uint32_t bits = o->open ? open_here (o) : 0;
	uint32_t i;

	*o->now.note &= ~THREAD_THOUGHT;
	for (i = 0; i < COPILOT_OPEN; i++)
		if ((bits >> i & 1) && o->opens[i].role == LHK_ROLE_THOUGHT)
			return LHK_OK;
	if (text_empty (text))
		return LHK_OK;
	*o->now.note |= THREAD_THOUGHT;
	return emit_text (o->api, LHK_ROLE_THOUGHT, 0, NULL, text,
			  &o->now.parent);
}

/* A message that says nothing and calls nothing was work of the model, too. */
static int
emit_silence (struct copilot *o, const struct copilot_data *d)
{
	if (!text_empty (&d->content) || !text_empty (&d->reasoning)
	    || d->content.ptr == NULL || raw_count (&d->requests) > 0)
		return LHK_OK;
	return emit_text (o->api, LHK_ROLE_THOUGHT, 1, NULL, &LIT (""),
			  &o->now.parent);
}

int
copilot_message (struct copilot *o, const struct copilot_line *line)
{
	const struct copilot_data *d = &line->data;
	int r = LHK_OK;

	if (copilot_is_main (o) && o->model.len == 0)
		r = copilot_session (o, &d->session_id, &d->model, d);
	if (r == LHK_OK)
		r = message_begun (o);
	if (r == LHK_OK)
		r = thought_of (o, &d->reasoning);
	if (r == LHK_OK)
		r = emit_silence (o, d);
	return r < 0 ? r
		     : whole (o, LHK_ROLE_ASSISTANT, &d->message_id,
			      &d->content, 0);
}

int
copilot_reasoning (struct copilot *o, const struct copilot_line *line)
{
	const struct copilot_data *d = &line->data;

	if ((*o->now.note & THREAD_THOUGHT)
	    && find_open (o, &d->reasoning_id) == NULL)
		return LHK_OK;
	return whole (o, LHK_ROLE_THOUGHT, &d->reasoning_id, &d->content,
		      *o->now.note & THREAD_CALLED);
}

int
copilot_call_start (struct copilot *o, const struct copilot_line *line)
{
	(void) line;
	copilot_broken (o);
	return LHK_OK;
}

/* What is open now stays as it is. */
int
copilot_turn_end (struct copilot *o, const struct copilot_line *line)
{
	uint32_t bits = o->open ? open_here (o) : 0;

	(void) line;
	o->open &= ~bits;
	o->broken &= ~bits;
	return LHK_OK;
}
