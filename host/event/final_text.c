/* SPDX-License-Identifier: MIT */
/* final_text.c - the text that will be the final answer, in one buffer. */
#include "config.h"

#include <string.h>

#include "event/final_text.h"
#include "json/text_reader.h"
#include "common/mem.h"

/* What the answer is made of: a whole text counts more than deltas. */
enum { RANK_NONE, RANK_DELTA, RANK_WHOLE };

/* Bytes of the first buffer: most answers fit and are never moved. */
#define CAP_MIN 4096

void
final_text_init (struct final_text *f, const struct lhk_alloc *alloc,
		 size_t max)
{
	memset (f, 0, sizeof *f);
	f->alloc = alloc;
	f->max = max;
}

void
final_text_free (struct final_text *f)
{
	mem_free (f->alloc, f->ptr, f->cap);
	final_text_init (f, f->alloc, f->max);
}

static void
restart (struct final_text *f, int rank)
{
	f->len = 0;
	f->form = LHK_TEXT_CLEAN;
	f->rank = rank;
	f->cut = 0;
	f->ended = 0;
}

/* Make room for NEED bytes of a text that begins anew.  What was there need
 * not be moved, so it is freed first. */
static int
make_room (struct final_text *f, size_t need)
{
	size_t cap = need < CAP_MIN ? CAP_MIN : need;

	if (need <= f->cap)
		return LHK_OK;
	if (cap > f->max)
		cap = f->max;
	mem_free (f->alloc, f->ptr, f->cap);
	f->cap = 0;
	f->ptr = mem_new (f->alloc, cap);
	if (f->ptr == NULL)
		return LHK_ENOMEM;
	f->cap = cap;
	return LHK_OK;
}

static void
replace (struct final_text *f, const struct lhk_text *text)
{
	size_t len = text_reader_prefix (text, f->max);

	restart (f, RANK_WHOLE);
	f->form = text->form <= LHK_TEXT_RAW ? text->form : LHK_TEXT_PLAIN;
	f->cut = len < text->len;
	if (make_room (f, len) < 0) {
		f->cut = 1;
		return;
	}
	if (len > 0)
		memcpy (f->ptr, text->ptr, len);
	f->len = len;
}

/* Make room for MORE bytes behind those that are there, by doubling.  MORE
 * must fit below the maximum.  1, or 0 if there is no memory. */
static int
grow (struct final_text *f, size_t more)
{
	size_t cap = f->cap < CAP_MIN ? CAP_MIN : f->cap;
	char *p;

	if (more <= f->cap - f->len)
		return 1;
	while (cap < f->max && cap - f->len < more)
		cap = cap > f->max / 2 ? f->max : 2 * cap;
	if (cap > f->max)
		cap = f->max;
	p = mem_resize (f->alloc, f->ptr, f->cap, cap);
	if (p == NULL)
		return 0;
	f->ptr = p;
	f->cap = cap;
	return 1;
}

static void
append_body (struct final_text *f, const struct lhk_text *text)
{
	struct lhk_text t = *text;

	if (t.len > f->max - f->len) {
		f->cut = 1;
		t.len = text_reader_prefix (text, f->max - f->len);
	}
	if (!grow (f, t.len)) {
		f->cut = 1;
		t.len = text_reader_prefix (text, f->cap - f->len);
	}
	if (t.len > 0)
		memcpy (f->ptr + f->len, t.ptr, t.len);
	f->len += t.len;
	if (t.form > f->form)
		f->form = t.form;
}

/* Append plain text as a JSON body.  A control byte in it gives an escape,
 * which makes the body a RAW one. */
static void
append_plain (struct final_text *f, const struct lhk_text *text)
{
	struct text_reader r;
	struct lhk_text piece;
	char buf[1024];

	text_reader_init (&r, text);
	do {
		piece.ptr = buf;
		piece.len = text_reader_body (&r, buf, sizeof buf);
		piece.form = LHK_TEXT_RAW;
		if (memchr (buf, '\\', piece.len) == NULL)
			piece.form = LHK_TEXT_CLEAN;
		append_body (f, &piece);
	} while (piece.len > 0 && !f->cut);
}

/* A blank text wipes no answer; where there is none it is one. */
void
final_text_whole (struct final_text *f, const struct lhk_text *text)
{
	if (text->ptr != NULL && (f->len == 0 || !text_reader_is_blank (text)))
		replace (f, text);
}

void
final_text_claim (struct final_text *f, const struct lhk_text *text)
{
	final_text_whole (f, text);
	f->ended = 1;
}

void
final_text_delta (struct final_text *f, const struct lhk_text *text)
{
	if (text->len == 0
	    || (f->ended && f->len > 0 && text_reader_is_blank (text)))
		return;
	if (f->ended || f->rank == RANK_NONE)
		restart (f, RANK_DELTA);
	if (f->rank != RANK_DELTA || f->cut)
		return;
	if (text->form == LHK_TEXT_PLAIN || text->form > LHK_TEXT_RAW)
		append_plain (f, text);
	else
		append_body (f, text);
}

void
final_text_tool (struct final_text *f)
{
	if (f->rank == RANK_DELTA)
		f->ended = 1;
}

void
final_text_id (struct final_text *f, const struct lhk_text *id)
{
	size_t len = id->len < sizeof f->id ? id->len : sizeof f->id;

	if (id->len == 0
	    || (id->len == f->id_len && memcmp (id->ptr, f->id, len) == 0))
		return;
	if (f->id_len > 0)
		final_text_tool (f);
	memcpy (f->id, id->ptr, len);
	f->id_len = id->len;
}

struct lhk_text
final_text_get (const struct final_text *f)
{
	struct lhk_text t = { NULL, 0, LHK_TEXT_PLAIN, 0 };

	if (f->rank == RANK_NONE || (f->len == 0 && f->cut))
		return t;
	t.ptr = f->len > 0 ? f->ptr : "";
	t.len = f->len;
	t.form = f->form;
	return t;
}
