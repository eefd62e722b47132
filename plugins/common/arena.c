/* SPDX-License-Identifier: MIT */
/*
 * arena.c - memory for the length of one line, and texts made in it.
 *
 * Chunks stay for the next line up to ARENA_KEEP bytes in all, so the steady
 * state allocates nothing and one huge line does not stay for ever.
 */
#include "config.h"

#include <stdlib.h>

#include "common/common.h"

#define CHUNK 4096u

struct arena_chunk {
	struct arena_chunk *next;
	size_t size; /* bytes behind the header */
	union {
		long long i;
		long double d;
		void *p;
	} align; /* the header ends aligned for any type */
};

void
arena_init (struct arena *a)
{
	memset (a, 0, sizeof (*a));
}

void
arena_reset (struct arena *a)
{
	struct arena_chunk **at = &a->first;
	struct arena_chunk *c;
	size_t kept = 0;

	while ((c = *at) != NULL) {
		if (c->size > ARENA_KEEP - kept) {
			*at = c->next;
			free (c);
			continue;
		}
		kept += c->size;
		at = &c->next;
	}
	a->now = a->first;
	a->used = 0;
	a->lines++;
}

void
arena_free (struct arena *a)
{
	struct arena_chunk *c;

	while ((c = a->first) != NULL) {
		a->first = c->next;
		free (c);
	}
	arena_init (a);
}

static void *
take_chunk (struct arena *a, size_t size)
{
	struct arena_chunk *c;

	while (a->now != NULL && a->now->next != NULL) {
		a->now = a->now->next;
		a->used = 0;
		if (a->now->size >= size)
			return a->now;
	}
	if (size < CHUNK)
		size = CHUNK;
	c = malloc (sizeof (*c) + size);
	if (c == NULL)
		return NULL;
	c->next = NULL;
	c->size = size;
	if (a->now == NULL)
		a->first = c;
	else
		a->now->next = c;
	a->now = c;
	a->used = 0;
	return c;
}

void *
arena_alloc (struct arena *a, size_t size)
{
	char *p;

	if (size > SIZE_MAX / 2)
		return NULL;
	size = (size + 15) & ~(size_t) 15;
	if ((a->now == NULL || a->now->size - a->used < size)
	    && take_chunk (a, size) == NULL)
		return NULL;
	p = (char *) (a->now + 1) + a->used;
	a->used += size;
	return p;
}

int
texts_reserve (struct texts *t, struct arena *a, size_t n)
{
	struct lhk_text *list;

	if (n <= t->cap)
		return 0;
	list = arena_alloc (a, n * sizeof (*list));
	if (list == NULL)
		return LHK_ENOMEM;
	if (t->n)
		memcpy (list, t->list, t->n * sizeof (*list));
	t->list = list;
	t->cap = n;
	return 0;
}

int
texts_add (struct texts *t, struct arena *a, const struct lhk_text *text)
{
	if (t->n == t->cap && texts_reserve (t, a, t->cap ? t->cap * 2 : 8) < 0)
		return LHK_ENOMEM;
	t->list[t->n++] = *text;
	return 0;
}

size_t
raw_count (const struct lhk_raw *list)
{
	struct lhk_json j;
	size_t n = 0;

	if (list->type != LHK_JSON_ARRAY)
		return 0;
	lhk_json_begin_raw (&j, list);
	lhk_json_enter (&j);
	while (lhk_json_element (&j) && lhk_json_skip (&j))
		n++;
	return n;
}

int
texts_add_list (struct texts *t, struct arena *a, const struct lhk_raw *list)
{
	size_t n = raw_count (list);
	struct lhk_text text;
	struct lhk_json j;

	if (n > TEXTS_MAX)
		n = TEXTS_MAX;
	if (n == 0)
		return 0;
	if (texts_reserve (t, a, t->n + n) < 0)
		return LHK_ENOMEM;
	lhk_json_begin_raw (&j, list);
	lhk_json_enter (&j);
	while (t->n < t->cap && lhk_json_element (&j)) {
		if (!lhk_json_string (&j, &text))
			lhk_json_skip (&j);
		else if (text.len > 0)
			t->list[t->n++] = text;
	}
	return 0;
}

int
text_decoded (struct arena *a, const struct lhk_text *text,
	      struct lhk_text *ret)
{
	char *p;

	if (text->ptr == NULL || text->form == LHK_TEXT_PLAIN
	    || text->form == LHK_TEXT_CLEAN) {
		*ret = *text;
		return 0;
	}
	/* A JSON string body never grows when it is decoded. */
	p = arena_alloc (a, text->len);
	if (p == NULL)
		return LHK_ENOMEM;
	*ret = text_of (p, lhk_text_decode (text, p, text->len, NULL));
	return 0;
}

struct lhk_text
text_head (const struct lhk_text *text, size_t max)
{
	struct lhk_text head = *text;
	size_t at = 0;
	size_t n;

	if (text->len <= max)
		return head;
	if (text->form == LHK_TEXT_PLAIN || text->form == LHK_TEXT_CLEAN) {
		head.len = max;
		return head;
	}
	for (head.len = 0; at < max; head.len = at) {
		n = 1;
		if (text->ptr[at] == '\\')
			n = text->ptr[at + 1] == 'u' ? 6 : 2;
		if (n > max - at)
			break;
		at += n;
	}
	return head;
}

int
text_contains (const struct lhk_text *text, const char *words)
{
	char bytes[512];
	struct lhk_text head = text_head (text, sizeof (bytes));
	size_t len;

	if (text->ptr == NULL)
		return 0;
	len = lhk_text_decode (&head, bytes, sizeof (bytes), NULL);
	return memmem (bytes, len, words, strlen (words)) != NULL;
}

int
text_begins (const struct lhk_text *text, const char *prefix)
{
	char bytes[64];
	size_t len = strlen (prefix);
	/* An escape is at most six times as long as what it means. */
	struct lhk_text head = text_head (text, 6 * len);

	if (text->ptr == NULL || text->len < len || len > sizeof (bytes))
		return 0;
	return lhk_text_decode (&head, bytes, len, NULL) == len
	       && memcmp (bytes, prefix, len) == 0;
}

int
text_copy (struct arena *a, const struct lhk_text *text, struct lhk_text *ret)
{
	char *p;

	*ret = *text;
	if (text->ptr == NULL)
		return 0;
	p = arena_alloc (a, text->len);
	if (p == NULL)
		return LHK_ENOMEM;
	memcpy (p, text->ptr, text->len);
	ret->ptr = p;
	return 0;
}

/* The parts, decoded, with SEPARATOR between them. */
static void
put_parts (struct lhk_text_buf *b, const struct texts *parts,
	   const char *separator)
{
	size_t i;

	for (i = 0; i < parts->n; i++) {
		if (i > 0)
			lhk_text_put (b, separator, strlen (separator));
		lhk_text_put_text (b, &parts->list[i]);
	}
}

int
text_join_by (struct arena *a, const struct texts *parts, const char *separator,
	      struct lhk_text *ret)
{
	struct lhk_text_buf b;
	size_t need;
	char *p;

	memset (ret, 0, sizeof (*ret));
	if (parts->n == 0)
		return 0;
	if (parts->n == 1) {
		*ret = parts->list[0];
		return 0;
	}
	lhk_text_begin (&b, NULL, 0);
	put_parts (&b, parts, separator);
	need = b.need;
	p = arena_alloc (a, need);
	if (p == NULL)
		return LHK_ENOMEM;
	lhk_text_begin (&b, p, need);
	put_parts (&b, parts, separator);
	*ret = lhk_text_end (&b);
	return 0;
}

int
text_quoted (struct arena *a, const struct lhk_text *text, struct lhk_str *ret)
{
	struct lhk_text_buf b;
	size_t need;
	char *p;

	memset (ret, 0, sizeof (*ret));
	if (text->ptr == NULL)
		return 0;
	lhk_text_begin (&b, NULL, 0);
	lhk_text_put_json (&b, text);
	need = b.need;
	p = arena_alloc (a, need);
	if (p == NULL)
		return LHK_ENOMEM;
	lhk_text_begin (&b, p, need);
	lhk_text_put_json (&b, text);
	*ret = lhk_text_end_json (&b);
	return 0;
}

int
raw_from_text (struct arena *a, const struct lhk_text *text,
	       struct lhk_raw *ret)
{
	struct lhk_json j;
	size_t len;
	char *p;

	if (text->ptr == NULL)
		return 0;
	lhk_text_decode (text, NULL, 0, &len);
	p = arena_alloc (a, len + LHK_LINE_PADDING);
	if (p == NULL)
		return LHK_ENOMEM;
	lhk_text_decode (text, p, len, NULL);
	memset (p + len, 0, LHK_LINE_PADDING);
	p[len] = '\n';
	lhk_json_begin (&j, p, len);
	return lhk_json_raw (&j, ret) && lhk_json_end (&j) == LHK_OK;
}
