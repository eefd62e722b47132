/* SPDX-License-Identifier: MIT */
/*
 * text.c - texts: each is printed once and whole, when it is complete.
 *
 * The texts of a message have its id in common, so they are numbered.
 *
 * Reasoning is printed twice, word for word: all that a message has of it, and
 * then its parts, each where it stands among the words of the message.  Only
 * the first is told.
 */
#include "config.h"

#include <stdio.h>

#include "droid/droid.h"

/* A sum by which two equal texts are known.  It takes eight bytes at once. */
static uint64_t
sum_of (const struct lhk_text *text)
{
	const uint64_t prime = 0x9e3779b97f4a7c15u;
	uint64_t sum = text->len, word;
	size_t i = 0;

	for (; text->len - i >= sizeof (word); i += sizeof (word)) {
		memcpy (&word, text->ptr + i, sizeof (word));
		sum = (sum ^ word) * prime;
		sum ^= sum >> 29;
	}
	for (; i < text->len; i++)
		sum = (sum ^ (unsigned char) text->ptr[i]) * prime;
	return sum;
}

/* The message that a line is of: its texts are counted anew if it is another
 * one than that of the line before. */
static void
begin_message (struct droid *d, const struct lhk_text *id)
{
	if (id_copy_is (&d->message, id))
		return;
	id_copy_set (&d->message, id);
	d->n_parts = 0;
	d->thought.len = d->thought.at = d->thought.kept = 0;
}

/* The id of the next text: "MESSAGE:N". */
static int
part_id (struct droid *d, const struct lhk_text *id, struct lhk_text *ret)
{
	const size_t size = sizeof (d->message.text) + sizeof (":4294967295");
	struct lhk_text message = id_copy_text (&d->message);
	char *p;
	int n;

	*ret = *id;
	if (text_empty (&message))
		return LHK_OK;
	p = arena_alloc (&d->arena, size);
	if (p == NULL)
		return LHK_ENOMEM;
	memcpy (p, message.ptr, message.len);
	n = snprintf (p + message.len, size - message.len, ":%u",
		      (unsigned int) d->n_parts++);
	*ret = text_of (p, message.len + (size_t) n);
	return LHK_OK;
}

/* A message prints its words before its calls: behind them they are late. */
static int
emit_part (struct droid *d, int role, const struct droid_line *line)
{
	struct lhk_ev_text e = {
		.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT),
		.role = role,
		.text = line->text,
	};
	int r;

	if (role != LHK_ROLE_USER && d->calls.len
	    && id_copy_is (&d->calls, &line->id))
		e.flags |= LHK_TEXT_SAME_MESSAGE;
	if (role == LHK_ROLE_ASSISTANT
	    && text_begins (&line->text, DROID_ENDED_EARLY))
		e.flags |= LHK_TEXT_SYNTHETIC;
	r = part_id (d, &line->id, &e.id);
	return r < 0 ? r : emit (d->api, &e.ev);
}

int
droid_message (struct droid *d, const struct droid_line *line,
	       uint32_t line_flags)
{
	int role = LHK_TEXT_IS (&line->role, "assistant") ? LHK_ROLE_ASSISTANT
							  : LHK_ROLE_USER;

	if (role == LHK_ROLE_USER && !LHK_TEXT_IS (&line->role, "user"))
		return LHK_SKIP;
	/* The words were lost with the rest of the line. */
	if (line->text.ptr == NULL)
		return line_flags & LHK_LINE_SALVAGED ? LHK_OK : LHK_SKIP;
	/* An error before a new prompt does not belong to it. */
	if (role == LHK_ROLE_USER)
		d->error_len = 0;
	begin_message (d, &line->id);
	/* The first part of a reasoning comes right behind all of it. */
	if (d->thought.at == 0)
		d->thought.kept = 0;
	return emit_part (d, role, line);
}

static void
keep_thought (struct droid_thought *t, const struct lhk_text *text)
{
	t->len = text->len;
	t->sum = sum_of (text);
	t->at = 0;
	t->kept = text->len < sizeof (t->text) ? text->len : sizeof (t->text);
	if (t->kept > 0)
		memcpy (t->text, text->ptr, t->kept);
}

/* Does TEXT repeat the last reasoning, or the next part of it? */
static int
repeats (struct droid_thought *t, const struct lhk_text *text)
{
	if (text->len == 0 || text->len > t->len - t->at)
		return 0;
	if (text->len == t->len
		    ? t->sum != sum_of (text)
		    : (text->len > t->kept - t->at
		       || memcmp (t->text + t->at, text->ptr, text->len) != 0))
		return 0;
	t->at += text->len;
	if (t->at == t->len)
		t->len = t->at = t->kept = 0;
	return 1;
}

int
droid_reasoning (struct droid *d, const struct droid_line *line,
		 uint32_t line_flags)
{
	if (line->text.ptr == NULL)
		return line_flags & LHK_LINE_SALVAGED ? LHK_OK : LHK_SKIP;
	begin_message (d, &line->id);
	if (repeats (&d->thought, &line->text))
		return LHK_OK;
	keep_thought (&d->thought, &line->text);
	return emit_part (d, LHK_ROLE_THOUGHT, line);
}
