/* SPDX-License-Identifier: MIT */
/*
 * message.c - messages: texts, reasoning, and where they end.
 *
 * Messages have no id: a block of one is known by its place.  Its id is "mN.B",
 * the number of the assistant's message in the stream and that of the block in
 * it.  A block comes in deltas, and once more as a whole: at its end, or with
 * the end of its message.  Further repetitions are left out.
 */
#include "config.h"

#include <stdio.h>

#include "common/stream_json.h"
#include "pi/pi.h"

static uint64_t
bit_of (uint32_t block)
{
	return (uint64_t) 1 << (block < PI_BLOCKS ? block : PI_BLOCKS - 1);
}

static struct lhk_text
name_block (const struct pi *p, uint32_t block, char buf[PI_NAME_MAX])
{
	snprintf (buf, PI_NAME_MAX, "m%u.%u", (unsigned int) p->n_messages,
		  (unsigned int) block);
	return text_str (buf);
}

/* The id of a block, in the arena.  0 or LHK_ENOMEM. */
static int
block_id (struct pi *p, uint32_t block, struct lhk_text *ret)
{
	char *buf = arena_alloc (&p->arena, PI_NAME_MAX);

	if (buf == NULL)
		return LHK_ENOMEM;
	*ret = name_block (p, block, buf);
	return 0;
}

static void
begin_message (struct pi *p)
{
	p->n_messages++;
	p->open = 1;
	p->had_call = 0;
	p->streamed = p->told = p->thoughts = 0;
	p->named = 0;
}

/* The number of a block; 1, or 0 if the line has none. */
static int
block_of (const struct pi_piece *piece, uint32_t *ret)
{
	if (piece->index.has != 1 || piece->index.value < 0
	    || piece->index.value >= INT32_MAX)
		return 0;
	*ret = (uint32_t) piece->index.value;
	return 1;
}

static int
on_delta (struct pi *p, const struct pi_piece *piece, int role)
{
	uint32_t block;
	struct lhk_text id;

	if (piece->delta.len == 0 || !block_of (piece, &block))
		return LHK_OK;
	if (p->named == block + 1) {
		id = text_str (p->name);
	} else {
		id = name_block (p, block, p->name);
		p->named = block + 1;
	}
	p->streamed |= bit_of (block);
	if (role == LHK_ROLE_THOUGHT)
		p->thoughts |= bit_of (block);
	return emit_text (p->api, role, 1, &id, &piece->delta, NULL);
}

/* Emit a whole block, if it is not empty. */
static int
tell_block (struct pi *p, uint32_t block, int role, const struct lhk_text *text)
{
	struct lhk_text id;

	p->told |= bit_of (block);
	if (role == LHK_ROLE_THOUGHT)
		p->thoughts |= bit_of (block);
	if (text_empty (text))
		return LHK_OK;
	if (block_id (p, block, &id) < 0)
		return LHK_ENOMEM;
	return emit_text (p->api, role, 0, &id, text, NULL);
}

static int
on_block_end (struct pi *p, const struct pi_piece *piece, int role)
{
	uint32_t block;

	if (piece->content.ptr == NULL || !block_of (piece, &block))
		return LHK_OK;
	return tell_block (p, block, role, &piece->content);
}

static const struct {
	const char *type;
	int (*fn) (struct pi *p, const struct pi_piece *piece, int role);
	int role;
} pieces[] = {
	{ "text_delta", on_delta, LHK_ROLE_ASSISTANT },
	{ "thinking_delta", on_delta, LHK_ROLE_THOUGHT },
	{ "text_end", on_block_end, LHK_ROLE_ASSISTANT },
	{ "thinking_end", on_block_end, LHK_ROLE_THOUGHT },
};

/* The usage of a message stands in each of its lines, and at last in its end. */
static int
usage_of_message (struct pi *p, const struct pi_usage *usage,
		  const struct lhk_text *model, int silent)
{
	char *buf = arena_alloc (&p->arena, PI_NAME_MAX);
	struct lhk_text id;

	if (buf == NULL)
		return LHK_ENOMEM;
	snprintf (buf, PI_NAME_MAX, "m%u", (unsigned int) p->n_messages);
	id = text_str (buf);
	return pi_emit_usage (p, usage, &id, model, silent);
}

int
pi_message_update (struct pi *p, const struct pi_line *line, uint32_t flags)
{
	struct lhk_text model;
	size_t i;

	if (!p->open)
		begin_message (p);
	for (i = 0; i < ARRAY_SIZE (pieces); i++) {
		if (lhk_text_is (&line->piece.type, pieces[i].type,
				 strlen (pieces[i].type)))
			return pieces[i].fn (p, &line->piece, pieces[i].role);
	}
	/* The end of the message may be too long, too. */
	if (!(flags & LHK_LINE_SALVAGED))
		return LHK_OK;
	model = id_copy_text (&p->model);
	return usage_of_message (p, &line->usage, &model, 0);
}

int
pi_message_start (struct pi *p, const struct pi_line *line, uint32_t flags)
{
	const struct pi_message *m = &line->message;

	(void) flags;
	if (!LHK_TEXT_IS (&m->role, "assistant"))
		return LHK_OK;
	begin_message (p);
	if (text_empty (&m->model) || id_copy_is (&p->model, &m->model))
		return LHK_OK;
	id_copy_set (&p->model, &m->model);
	return pi_session_again (p);
}

/* A block of a message of the assistant. */
struct block {
	struct lhk_text type;
	struct lhk_text text;
	struct lhk_text thinking;
};

static const struct lhk_field block_fields[] = {
	LHK_FIELD ("type", LHK_FIELD_TEXT, struct block, type),
	LHK_FIELD ("text", LHK_FIELD_TEXT, struct block, text),
	LHK_FIELD ("thinking", LHK_FIELD_TEXT, struct block, thinking),
};
LHK_FIELDS (block_table, struct block, block_fields);

/* Emit the blocks of a message that were not told: DONE are those that were, a
 * bit each. */
static int
tell_rest (struct pi *p, const struct lhk_raw *content, uint64_t done)
{
	struct block block;
	struct lhk_json j;
	uint32_t n = 0;
	int r = LHK_OK;

	if (content->type != LHK_JSON_ARRAY)
		return LHK_OK;
	lhk_json_begin_raw (&j, content);
	lhk_json_enter (&j);
	for (; r >= 0 && n < INT32_MAX && lhk_json_element (&j); n++) {
		if ((done & bit_of (n)) != 0
		    || !lhk_json_object (&j, &block_table, &block))
			continue;
		if (LHK_TEXT_IS (&block.type, "text"))
			r = tell_block (p, n, LHK_ROLE_ASSISTANT, &block.text);
		else if (LHK_TEXT_IS (&block.type, "thinking"))
			r = tell_block (p, n, LHK_ROLE_THOUGHT,
					&block.thinking);
	}
	return r;
}

/* What a broken message said may be said again, so it does not count as a whole:
 * its deltas stand alone. */
static int
on_assistant (struct pi *p, const struct pi_message *m)
{
	uint64_t done;
	int silent, r;

	if (!p->open)
		begin_message (p);
	pi_note_end (p, m);
	done = p->told;
	if (p->verdict == LHK_VERDICT_FAILED
	    || p->verdict == LHK_VERDICT_CANCELED)
		done |= p->streamed;
	r = tell_rest (p, &m->content, done);
	p->open = 0;
	if (r < 0)
		return r;
	silent = (p->streamed | p->told) == 0 && raw_count (&m->content) == 0;
	return usage_of_message (p, &m->usage, &m->model, silent);
}

/* The words of an extension of the program. */
static int
on_custom (struct pi *p, const struct pi_message *m)
{
	struct lhk_ev_text e = {
		.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT),
		.role = LHK_ROLE_SYSTEM,
		.flags = LHK_TEXT_SYNTHETIC,
	};

	if (m->display < 0)
		return LHK_OK;
	if (content_text (&p->arena, &m->content, &e.text, NULL) < 0)
		return LHK_ENOMEM;
	return text_empty (&e.text) ? LHK_OK : emit (p->api, &e.ev);
}

static int
on_user (struct pi *p, const struct pi_message *m)
{
	struct lhk_text text;

	if (content_text (&p->arena, &m->content, &text, NULL) < 0)
		return LHK_ENOMEM;
	return text.ptr == NULL ? LHK_OK
				: emit_text (p->api, LHK_ROLE_USER, 0, NULL,
					     &text, NULL);
}

/* The tool has told its result; it may have asked models. */
static int
on_tool_result (struct pi *p, const struct pi_message *m)
{
	return pi_emit_usage (p, &m->usage, NULL, NULL, 0);
}

static const struct {
	const char *role;
	int (*fn) (struct pi *p, const struct pi_message *m);
} roles[] = {
	{ "assistant", on_assistant },
	{ "user", on_user },
	{ "toolResult", on_tool_result },
	{ "custom", on_custom },
};

int
pi_message_end (struct pi *p, const struct pi_line *line, uint32_t flags)
{
	const struct pi_message *m = &line->message;
	size_t i;

	for (i = 0; i < ARRAY_SIZE (roles); i++) {
		if (lhk_text_is (&m->role, roles[i].role,
				 strlen (roles[i].role)))
			return roles[i].fn (p, m);
	}
	/* Too long a message: it is the one that has begun. */
	if ((flags & LHK_LINE_SALVAGED) && m->role.ptr == NULL && p->open) {
		pi_note_end (p, NULL);
		p->open = 0;
	}
	return LHK_OK;
}

int
pi_withdraw (struct pi *p)
{
	uint64_t said = p->streamed | p->told;
	struct lhk_text id;
	uint32_t block;
	int role, r = LHK_OK;

	for (block = 0; r >= 0 && block < PI_BLOCKS; block++) {
		if ((said & bit_of (block)) == 0)
			continue;
		role = (p->thoughts & bit_of (block)) != 0 ? LHK_ROLE_THOUGHT
							   : LHK_ROLE_ASSISTANT;
		if (block_id (p, block, &id) < 0)
			return LHK_ENOMEM;
		r = emit_text (p->api, role, 0, &id, &LIT (""), NULL);
	}
	p->streamed = p->told = 0;
	return r;
}
