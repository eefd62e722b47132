/* SPDX-License-Identifier: MIT */
/*
 * stream.c - the events of the model API as they come, with partial messages.
 *
 * A preview: the whole block follows in an "assistant" line under the same
 * id.  A broken message is begun again from its start, under its old id.
 */
#include "config.h"

#include "claude/claude.h"

static int32_t
index_of (const struct claude_event *e)
{
	if (!e->index.has || e->index.value < 0)
		return 0;
	return e->index.value < CLAUDE_BLOCK_MAX ? (int32_t) e->index.value
						 : CLAUDE_BLOCK_MAX;
}

static void
note_streamed (struct claude_message_state *msg, int32_t block, int role)
{
	if ((uint32_t) block < msg->n_streamed)
		return;
	msg->n_streamed = (uint32_t) block + 1;
	if (block < 64)
		msg->streamed[role == LHK_ROLE_THOUGHT] |= (uint64_t) 1
							   << block;
}

static int
on_delta (struct claude *c, struct claude_message_state *msg,
	  const struct claude_stream_line *line)
{
	const struct claude_delta *d = &line->event.delta;
	const struct lhk_text *text = NULL;
	int role = LHK_ROLE_ASSISTANT;
	struct lhk_text id;

	if (LHK_TEXT_IS (&d->type, "text_delta")) {
		text = &d->text;
	} else if (LHK_TEXT_IS (&d->type, "thinking_delta")) {
		text = &d->thinking;
		role = LHK_ROLE_THOUGHT;
	}
	if (text == NULL || text_empty (text))
		return LHK_OK;
	id = claude_delta_id (msg, index_of (&line->event));
	if (msg == NULL)
		return emit_text (c->api, role, 1, &id, text,
				  &line->head.parent);
	msg->label_role = role;
	note_streamed (msg, index_of (&line->event), role);
	return emit_message_text (c->api, role, 1, &id, text,
				  &line->head.parent, msg->has_call);
}

static int
on_block_start (struct claude *c, struct claude_message_state *msg,
		const struct claude_stream_line *line)
{
	(void) c;
	if (msg != NULL)
		msg->open_block = index_of (&line->event);
	return LHK_OK;
}

static int
on_block_stop (struct claude *c, struct claude_message_state *msg,
	       const struct claude_stream_line *line)
{
	(void) c;
	(void) line;
	if (msg != NULL)
		msg->open_block = -1;
	return LHK_OK;
}

/* Another message begins: one that has streamed and whose whole lines never came
 * was broken off, and what it said is said again. */
static int
withdraw (struct claude *c, const struct claude_stream_line *line)
{
	struct claude_message_state *msg =
		claude_unfinished (c, &line->head.parent);
	struct lhk_text id;
	int r;

	if (msg == NULL)
		return 0;
	msg->n_streamed = msg->n_blocks;
	if (msg->label_block < (int32_t) msg->n_blocks || msg->label_role == 0)
		return 0;
	id = id_copy_text (&msg->label);
	r = text_copy (&c->arena, &id, &id);
	return r < 0 ? r
		     : emit_text (c->api, msg->label_role, 0, &id, &LIT (""),
				  &line->head.parent);
}

static int
on_message_start (struct claude *c, struct claude_message_state *msg,
		  const struct claude_stream_line *line)
{
	const struct claude_start *m = &line->event.message;
	int r;

	r = withdraw (c, line);
	if (r < 0)
		return r;
	if (!text_empty (&m->id))
		msg = claude_message (c, &m->id, &line->head.parent);
	if (msg == NULL)
		return LHK_OK;
	msg->n_blocks = msg->n_streamed = 0;
	msg->streamed[0] = msg->streamed[1] = 0;
	msg->open_block = -1;
	msg->has_call = 0;
	msg->has = 0;
	msg->input = msg->output = msg->cache_read = msg->cache_write = 0;
	id_copy_set (&msg->model, &m->model);
	r = claude_message_begun (c, &line->head.parent);
	if (r < 0)
		return r;
	return claude_call_usage (c, msg, &m->usage, &m->model,
				  &line->head.parent);
}

static int
on_message_delta (struct claude *c, struct claude_message_state *msg,
		  const struct claude_stream_line *line)
{
	struct lhk_text model;
	int r;

	claude_stopped (c, &line->head.parent, &line->event.delta.stop_reason);
	if (msg == NULL)
		return LHK_OK;
	model = id_copy_text (&msg->model);
	r = text_copy (&c->arena, &model, &model);
	return r < 0 ? r
		     : claude_call_usage (c, msg, &line->event.usage, &model,
					  &line->head.parent);
}

/* The stream broke; what follows is another attempt, or the end. */
static int
on_error (struct claude *c, struct claude_message_state *msg,
	  const struct claude_stream_line *line)
{
	const struct claude_api_error *e = &line->event.error;
	const struct lhk_text *text = &e->message;

	(void) msg;
	if (text_empty (text))
		text = &e->type;
	return text_empty (text) ? LHK_OK
				 : emit_notice (c->api, LHK_LOG_WARN,
						LHK_CODE_RETRY, text, NULL);
}

static int
on_nothing (struct claude *c, struct claude_message_state *msg,
	    const struct claude_stream_line *line)
{
	(void) c;
	(void) msg;
	(void) line;
	return LHK_OK;
}

static int
on_ping (struct claude *c, struct claude_message_state *msg,
	 const struct claude_stream_line *line)
{
	(void) c;
	(void) msg;
	(void) line;
	return LHK_HEARTBEAT;
}

static const struct {
	const char *type;
	int (*fn) (struct claude *c, struct claude_message_state *msg,
		   const struct claude_stream_line *line);
} events[] = {
	{ "content_block_delta", on_delta },
	{ "content_block_start", on_block_start },
	{ "content_block_stop", on_block_stop },
	{ "message_start", on_message_start },
	{ "message_delta", on_message_delta },
	{ "message_stop", on_nothing },
	{ "ping", on_ping },
	{ "error", on_error },
};

int
claude_stream (struct claude *c, const union claude_line *line)
{
	const struct claude_stream_line *s = &line->stream;
	size_t i;

	for (i = 0; i < ARRAY_SIZE (events); i++) {
		if (lhk_text_is (&s->event.type, events[i].type,
				 strlen (events[i].type)))
			return events[i].fn (c,
					     claude_streaming (c,
							       &s->message_id,
							       &s->head.parent),
					     s);
	}
	return LHK_SKIP;
}
