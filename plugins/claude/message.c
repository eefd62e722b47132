/* SPDX-License-Identifier: MIT */
/*
 * message.c - "assistant" and "user" lines: blocks one after the other.
 *
 * The program writes one line per block; older ones wrote several blocks in
 * a line, or a string.  A block of unknown kind or form costs itself alone.
 */
#include "config.h"

#include "claude/claude.h"

struct walk {
	const struct claude_message_line *line;
	struct claude_message_state *state; /* or NULL */
	struct lhk_text base;		    /* of the ids of texts */
	int32_t block;
	int32_t past; /* the number behind the last block that was told */
	int synthetic;
	int role;
	int n_results;
	int has_call;		   /* the message has called a tool */
	int n_events;		   /* blocks that gave an event */
	struct claude_metas metas; /* of the results */
};

/* The block that a whole text is, if it would be AT by its order: one that has
 * streamed such a text.  Some blocks have no whole line. */
static int32_t
block_of (struct claude_message_state *msg, int role, int32_t at)
{
	uint64_t *streamed;

	if (msg == NULL || at >= 64)
		return at;
	streamed = &msg->streamed[role == LHK_ROLE_THOUGHT];
	if (*streamed == 0)
		return at;
	if ((*streamed >> at & 1) == 0)
		at = __builtin_ctzll (*streamed);
	*streamed &= ~((uint64_t) 1 << at);
	return at;
}

static int
emit_whole (struct claude *c, struct walk *w, int role,
	    const struct lhk_text *text)
{
	struct lhk_ev_text e = {
		.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT),
		.role = role,
		.text = *text,
	};
	int interrupted = role == LHK_ROLE_USER
			  && text_begins (text, "[Request interrupted by");
	int32_t block;
	int r;

	if (text_empty (text))
		return 0;
	block = block_of (w->synthetic ? NULL : w->state, role, w->block);
	if (block >= w->past)
		w->past = block + 1;
	if (w->has_call)
		e.flags = LHK_TEXT_SAME_MESSAGE;
	if (w->synthetic || interrupted)
		e.flags |= LHK_TEXT_SYNTHETIC;
	e.ev.parent = w->line->head.parent;
	r = claude_text_id (c, &w->base, block, &e.id);
	if (r == 0)
		r = emit (c->api, &e.ev);
	return r == 0 && interrupted && text_empty (&e.ev.parent)
		       ? claude_tools_ended (c)
		       : r;
}

static int
ends_with (const struct lhk_text *text, const char *tail)
{
	size_t len = strlen (tail);

	return text->ptr != NULL && text->len > len
	       && memcmp (text->ptr + text->len - len, tail, len) == 0;
}

int
claude_message_begun (struct claude *c, const struct lhk_text *parent)
{
	static const struct lhk_text absent;

	if (!c->turn_over && !claude_tool_runs (c, parent))
		return 0;
	c->turn_over = 0;
	return emit_text (c->api, LHK_ROLE_THOUGHT, 1, &absent, &LIT (""),
			  parent);
}

/* What was thought is not told. */
static int
on_redacted (struct claude *c, const struct walk *w)
{
	if (w->has_call || w->synthetic || w->role != LHK_ROLE_ASSISTANT)
		return 0;
	return claude_message_begun (c, &w->line->head.parent);
}

static int
on_call (struct claude *c, struct walk *w, const struct claude_block *b)
{
	int first = !w->has_call;

	w->has_call = 1;
	return claude_tool_use (c, b, &w->line->head.parent, first);
}

static int
on_block (struct claude *c, struct walk *w, const struct claude_block *b)
{
	w->n_events++;
	if (LHK_TEXT_IS (&b->type, "text"))
		return emit_whole (c, w, w->role, &b->text);
	if (LHK_TEXT_IS (&b->type, "thinking"))
		return emit_whole (c, w, LHK_ROLE_THOUGHT, &b->thinking);
	if (LHK_TEXT_IS (&b->type, "redacted_thinking"))
		return on_redacted (c, w);
	if (LHK_TEXT_IS (&b->type, "tool_use")
	    || ends_with (&b->type, "_tool_use"))
		return on_call (c, w, b);
	if (LHK_TEXT_IS (&b->type, "tool_result")
	    || ends_with (&b->type, "_tool_result"))
		return claude_tool_result (c, b, w->line, &w->metas,
					   w->n_results == 1);
	w->n_events--;
	return 0;
}

/* The next object of an array of blocks; other elements are skipped. */
static int
next_block (struct lhk_json *j, struct claude_block *b, int32_t *at)
{
	struct lhk_raw raw;

	while (lhk_json_element (j) && lhk_json_raw (j, &raw)) {
		++*at;
		if (raw.type == LHK_JSON_OBJECT
		    && lhk_json_raw_object (&raw, claude_table (CLAUDE_BLOCK),
					    b)
			       == LHK_OK)
			return 1;
	}
	return 0;
}

static int
count_results (const struct lhk_raw *content)
{
	struct claude_block b;
	struct lhk_json j;
	int32_t at = -1;
	int n = 0;

	lhk_json_begin_raw (&j, content);
	lhk_json_enter (&j);
	while (next_block (&j, &b, &at))
		n += LHK_TEXT_IS (&b.type, "tool_result");
	return n;
}

static int
walk_blocks (struct claude *c, struct walk *w)
{
	const struct lhk_raw *content = &w->line->message.content;
	int32_t first = w->block;
	struct claude_block b;
	struct lhk_text text;
	struct lhk_json j;
	int32_t at = -1;
	int r;

	if (lhk_raw_text (content, &text)) {
		w->n_events++;
		r = emit_whole (c, w, w->role, &text);
		w->block++;
		return r;
	}
	if (content->type != LHK_JSON_ARRAY)
		return 0;
	w->n_results = w->role == LHK_ROLE_USER ? count_results (content) : 0;
	r = claude_metas_read (c, &w->line->result_meta, &w->metas);
	if (r < 0)
		return r;
	lhk_json_begin_raw (&j, content);
	lhk_json_enter (&j);
	while (next_block (&j, &b, &at)) {
		w->block = first + at;
		r = on_block (c, w, &b);
		if (r < 0)
			return r;
	}
	w->block = first + at + 1;
	return 0;
}

/* Did the program write the answer itself, because the model could not?  Its
 * text is the reason, else the kind of the error. */
static int
emit_error (struct claude *c, const struct claude_message_line *line)
{
	const struct json_member members[] = {
		{ "error", str_of_raw (&line->error) },
		{ "status", str_of_raw (&line->error_status) },
		{ "type", str_of_raw (&line->error_type) },
	};
	struct lhk_text text;
	struct lhk_raw data;
	int r;

	r = content_text (&c->arena, &line->message.content, &text, NULL);
	if (r < 0)
		return r;
	if (text_empty (&text))
		r = claude_error_text (c, &line->error, &line->error_status,
				       &line->error_type, &text);
	if (r < 0)
		return r;
	r = json_object_of (&c->arena, members, ARRAY_SIZE (members), &data);
	if (r < 0)
		return r;
	return emit_notice (c->api, LHK_LOG_ERROR, LHK_CODE_PROVIDER_ERROR,
			    &text, &data);
}

/* Where the texts of a whole line belong. */
static void
find_message (struct claude *c, struct walk *w)
{
	const struct claude_message_line *m = w->line;

	w->base = m->message.id;
	w->state = w->synthetic
			   ? claude_message (c, &m->message.id, &m->head.parent)
			   : claude_whole (c, &m->message.id, &m->head.parent);
	w->has_call = c->nameless_call;
	if (w->state == NULL)
		return;
	w->has_call = w->state->has_call;
	w->block = w->state->open_block >= 0 ? w->state->open_block
					     : (int32_t) w->state->n_blocks;
}

static void
remember_message (struct claude *c, const struct walk *w)
{
	int32_t n = w->block > w->past ? w->block : w->past;

	if (w->state == NULL) {
		c->nameless_call = w->has_call;
		return;
	}
	w->state->has_call = w->has_call;
	w->state->n_blocks =
		n < CLAUDE_BLOCK_MAX ? (uint32_t) n : CLAUDE_BLOCK_MAX;
}

/* The base of the ids of texts, if it is not the line's own. */
static int
use_other_base (struct claude *c, struct walk *w)
{
	struct lhk_text id;

	if (w->state == NULL || id_copy_is (&w->state->id, &w->base))
		return 0;
	id = id_copy_text (&w->state->id);
	return text_copy (&c->arena, &id, &w->base);
}

int
claude_assistant (struct claude *c, const union claude_line *line)
{
	const struct claude_message_line *m = &line->message;
	struct walk w = { .line = m, .role = LHK_ROLE_ASSISTANT };
	int is_error = m->error.type == LHK_JSON_STRING
		       || m->error_status.type == LHK_JSON_NUMBER;
	struct claude_message_state *own;
	int r;

	w.synthetic = is_error || m->synthetic > 0
		      || LHK_TEXT_IS (&m->message.model, "<synthetic>");
	claude_stopped (c, &m->head.parent, &m->message.stop_reason);
	find_message (c, &w);
	r = use_other_base (c, &w);
	if (r == 0 && !w.synthetic && text_empty (&m->head.parent))
		r = claude_model (c, &m->message.model);
	if (r == 0)
		r = walk_blocks (c, &w);
	if (r < 0)
		return r;
	remember_message (c, &w);
	c->turn_over &= w.synthetic;
	if (is_error) {
		r = emit_error (c, m);
		return r < 0 ? r : LHK_OK;
	}
	own = claude_message (c, &m->message.id, &m->head.parent);
	if (w.synthetic || own == NULL)
		return w.n_events > 0 ? LHK_OK : LHK_SKIP;
	r = claude_call_usage (c, own, &m->message.usage, &m->message.model,
			       &m->head.parent);
	return r < 0 || w.n_events > 0 || m->message.usage.input.has ? r
								     : LHK_SKIP;
}

int
claude_user (struct claude *c, const union claude_line *line)
{
	const struct claude_message_line *m = &line->message;
	struct walk w = { .line = m, .role = LHK_ROLE_USER };
	int r;

	c->nameless_call = 0;
	w.synthetic = m->synthetic > 0 || m->meta > 0;
	w.base = m->head.uuid;
	r = walk_blocks (c, &w);
	return r < 0 || w.n_events > 0 ? r : LHK_SKIP;
}
