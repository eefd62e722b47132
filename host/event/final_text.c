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
final_text_init (struct final_text *a, const struct lhk_alloc *alloc,
		 size_t max)
{
	memset (a, 0, sizeof *a);
	a->alloc = alloc;
	a->max = max;
}

void
final_text_free (struct final_text *a)
{
	mem_free (a->alloc, a->ptr, a->cap);
	final_text_init (a, a->alloc, a->max);
}

static void
restart (struct final_text *a, int rank)
{
	a->len = 0;
	a->form = LHK_TEXT_CLEAN;
	a->rank = rank;
	a->cut = 0;
	a->ended = 0;
}

/* Make room for NEED bytes of a text that begins anew.  What was there need
 * not be moved, so it is freed first. */
static int
make_room (struct final_text *a, size_t need)
{
	size_t cap = need < CAP_MIN ? CAP_MIN : need;

	if (need <= a->cap)
		return LHK_OK;
	if (cap > a->max)
		cap = a->max;
	mem_free (a->alloc, a->ptr, a->cap);
	a->cap = 0;
	a->ptr = mem_new (a->alloc, cap);
	if (a->ptr == NULL)
		return LHK_ENOMEM;
	a->cap = cap;
	return LHK_OK;
}

static void
replace (struct final_text *a, const struct lhk_text *text)
{
	size_t len = text_reader_prefix (text, a->max);

	restart (a, RANK_WHOLE);
	a->form = text->form <= LHK_TEXT_RAW ? text->form : LHK_TEXT_PLAIN;
	a->cut = len < text->len;
	if (make_room (a, len) < 0) {
		a->cut = 1;
		return;
	}
	if (len > 0)
		memcpy (a->ptr, text->ptr, len);
	a->len = len;
}

/* Make room for MORE bytes behind those that are there, by doubling.  MORE
 * must fit below the maximum.  1, or 0 if there is no memory. */
static int
grow (struct final_text *a, size_t more)
{
	size_t cap = a->cap < CAP_MIN ? CAP_MIN : a->cap;
	char *p;

	if (more <= a->cap - a->len)
		return 1;
	while (cap < a->max && cap - a->len < more)
		cap = cap > a->max / 2 ? a->max : 2 * cap;
	if (cap > a->max)
		cap = a->max;
	p = mem_resize (a->alloc, a->ptr, a->cap, cap);
	if (p == NULL)
		return 0;
	a->ptr = p;
	a->cap = cap;
	return 1;
}

static void
append_body (struct final_text *a, const struct lhk_text *text)
{
	struct lhk_text t = *text;

	if (t.len > a->max - a->len) {
		a->cut = 1;
		t.len = text_reader_prefix (text, a->max - a->len);
	}
	if (!grow (a, t.len)) {
		a->cut = 1;
		t.len = text_reader_prefix (text, a->cap - a->len);
	}
	if (t.len > 0)
		memcpy (a->ptr + a->len, t.ptr, t.len);
	a->len += t.len;
	if (t.form > a->form)
		a->form = t.form;
}

/* Append plain text as a JSON body.  A control byte in it gives an escape,
 * which makes the body a RAW one. */
static void
append_plain (struct final_text *a, const struct lhk_text *text)
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
		append_body (a, &piece);
	} while (piece.len > 0 && !a->cut);
}

void
final_text_whole (struct final_text *a, const struct lhk_text *text)
{
	if (text->ptr != NULL)
		replace (a, text);
}

void
final_text_claim (struct final_text *a, const struct lhk_text *text)
{
	if (text->ptr != NULL)
		replace (a, text);
	a->ended = 1;
}

void
final_text_delta (struct final_text *a, const struct lhk_text *text)
{
	if (text->len == 0)
		return;
	if (a->ended || a->rank == RANK_NONE)
		restart (a, RANK_DELTA);
	if (a->rank != RANK_DELTA || a->cut)
		return;
	if (text->form == LHK_TEXT_PLAIN || text->form > LHK_TEXT_RAW)
		append_plain (a, text);
	else
		append_body (a, text);
}

void
final_text_tool (struct final_text *a)
{
	if (a->rank == RANK_DELTA && !a->ended)
		restart (a, RANK_NONE);
}

struct lhk_text
final_text_get (const struct final_text *a)
{
	struct lhk_text t = { NULL, 0, LHK_TEXT_PLAIN, 0 };

	if (a->rank == RANK_NONE || (a->len == 0 && a->cut))
		return t;
	t.ptr = a->len > 0 ? a->ptr : "";
	t.len = a->len;
	t.form = a->form;
	return t;
}
