/* SPDX-License-Identifier: MIT */
/*
 * shape.c - lines like one that was read before, without reading them.
 *
 * A shape is a line that the reader accepted, without the strings in its
 * holes: N strings cut it into N + 1 parts.  Each part but the first begins
 * with a closing quote, each but the last ends with an opening one.  A line
 * of the same parts and of complete, valid strings in between brings the
 * reader into the same states, so that it would be accepted with the same
 * result but for the strings.  All parts are compared byte for byte.
 */
#include "config.h"

#include <stdalign.h>
#include <string.h>

#include "json/ops.h"

/* Bytes that may be read behind the bytes of a shape. */
#define PADDING 64

struct part {
	uint32_t start; /* in bytes */
	uint32_t len;
};

struct shape {
	uint32_t n_holes;		 /* 0: not in use */
	uint32_t len;			 /* of all parts */
	uint32_t holes[LHK_SHAPE_HOLES]; /* members, by their place */
	struct part parts[LHK_SHAPE_HOLES + 1];
	alignas (16) char result[LHK_SHAPE_STRUCT];
	char bytes[LHK_SHAPE_BYTES + PADDING];
};

struct lhk_shapes {
	const struct lhk_json_ops *ops;
	const struct lhk_fields *table;
	uint32_t holes[LHK_SHAPE_HOLES];
	uint32_t n_holes;
	uint32_t last; /* the entry that matched last */
	uint32_t next; /* the entry that is replaced next */
	struct shape entries[LHK_SHAPE_ENTRIES];
};

size_t
lhk_shapes_size (void)
{
	return sizeof (struct lhk_shapes);
}

void
lhk_shapes_init_ops (struct lhk_shapes *s, const struct lhk_json_ops *ops,
		     const struct lhk_fields *table, const uint32_t *holes,
		     size_t n_holes)
{
	if (n_holes > LHK_SHAPE_HOLES)
		n_holes = LHK_SHAPE_HOLES;
	memset (s, 0, sizeof (*s));
	s->ops = ops;
	s->table = table;
	s->n_holes = (uint32_t) n_holes;
	if (n_holes != 0)
		memcpy (s->holes, holes, n_holes * sizeof (*holes));
}

void
lhk_shapes_init (struct lhk_shapes *s, const struct lhk_fields *table,
		 const uint32_t *holes, size_t n_holes)
{
	lhk_shapes_init_ops (s, lhk_json_ops_here (), table, holes, n_holes);
}

/* Is the line of this shape?  1, and TEXTS gets its strings; or 0. */
static int
match_shape (const struct shape *e, const struct lhk_json_ops *ops,
	     const char *data, size_t len, struct lhk_text *texts)
{
	const struct part *part = e->parts;
	size_t left = len;
	const char *p = data;
	uint32_t i;

	if (len < e->len || memcmp (p, e->bytes, part->len) != 0)
		return 0;
	for (i = 0; i < e->n_holes; i++) {
		texts[i].ptr = p + part->len;
		p = ops->string (texts[i].ptr, &texts[i].form);
		if (p == NULL)
			return 0;
		texts[i].len = (size_t) (p - texts[i].ptr);
		texts[i].reserved = 0;
		part++;
		left = len - (size_t) (p - data);
		if (left < part->len
		    || memcmp (p, e->bytes + part->start, part->len) != 0)
			return 0;
	}
	return left == part->len;
}

/* Find the texts in the holes, in the order of the line.  Returns how many
 * there are. */
static uint32_t
find_holes (const struct lhk_shapes *s, const char *ret, uint32_t *holes,
	    struct lhk_text *texts)
{
	struct lhk_text text;
	uint32_t i, k, n = 0;

	for (i = 0; i < s->n_holes; i++) {
		memcpy (&text, ret + s->holes[i], sizeof (text));
		if (text.ptr == NULL)
			continue;
		for (k = n++; k > 0 && texts[k - 1].ptr > text.ptr; k--) {
			texts[k] = texts[k - 1];
			holes[k] = holes[k - 1];
		}
		texts[k] = text;
		holes[k] = s->holes[i];
	}
	return n;
}

/* Cut the line at its holes into the parts of E.  The parts must fit.  0 if
 * two holes hold the same string, else 1. */
static int
cut_at_holes (struct shape *e, const char *data, size_t len,
	      const struct lhk_text *texts, uint32_t n)
{
	const char *p = data;
	size_t used = 0, part;
	uint32_t i;

	for (i = 0; i <= n; i++) {
		if (i < n && texts[i].ptr <= p)
			return 0;
		part = (size_t) ((i < n ? texts[i].ptr : data + len) - p);
		memcpy (e->bytes + used, p, part);
		e->parts[i].start = (uint32_t) used;
		e->parts[i].len = (uint32_t) part;
		used += part;
		if (i < n)
			p = texts[i].ptr + texts[i].len;
	}
	memset (e->bytes + used, '\n', PADDING);
	e->len = (uint32_t) used;
	return 1;
}

/* Where in E the LEN bytes at PTR of the line are; NULL if they do not lie in
 * one part. */
static const char *
find_moved (const struct shape *e, const char *data, const char *ptr,
	    size_t len, const struct lhk_text *texts, uint32_t n)
{
	const char *start = data;
	uint32_t i;

	for (i = 0; i <= n; i++) {
		if (ptr >= start && ptr + len <= start + e->parts[i].len)
			return e->bytes + e->parts[i].start + (ptr - start);
		if (i < n)
			start = texts[i].ptr + texts[i].len;
	}
	return NULL;
}

/* Make all pointers of the result but those of the holes point into E.  0 if
 * one cannot, else 1. */
static int
move_members (struct shape *e, const struct lhk_fields *table, const char *data,
	      char *ret, const struct lhk_text *texts, uint32_t n)
{
	struct lhk_json_members members;
	const struct lhk_field *f;
	struct lhk_str str; /* the first members of a text and of a raw */
	size_t offset;
	char *member;
	uint32_t i;

	lhk_json_members (&members, table, ret);
	while ((f = lhk_json_member (&members, &member)) != NULL) {
		if (f->kind != LHK_FIELD_TEXT && f->kind != LHK_FIELD_RAW)
			continue;
		offset = (size_t) (member - ret);
		memcpy (&str, member, sizeof (str));
		for (i = 0; i < n && e->holes[i] != offset; i++)
			;
		if (i < n || str.ptr == NULL)
			continue;
		str.ptr = find_moved (e, data, str.ptr, str.len, texts, n);
		if (str.ptr == NULL)
			return 0;
		memcpy (e->result + offset, &str, sizeof (str));
	}
	return 1;
}

/* Remember the shape of a line that gave RET. */
static void
learn_shape (struct lhk_shapes *s, const char *data, size_t len, void *ret)
{
	struct lhk_text texts[LHK_SHAPE_HOLES];
	uint32_t holes[LHK_SHAPE_HOLES];
	size_t literal = len;
	struct shape *e;
	uint32_t i, n;

	n = find_holes (s, ret, holes, texts);
	for (i = 0; i < n; i++)
		literal -= texts[i].len;
	if (n == 0 || literal > LHK_SHAPE_BYTES
	    || s->table->size > LHK_SHAPE_STRUCT)
		return;
	if (s->next == s->last && s->entries[s->next].n_holes != 0)
		s->next = (s->next + 1) % LHK_SHAPE_ENTRIES;
	e = &s->entries[s->next];
	e->n_holes = 0;
	memcpy (e->holes, holes, sizeof (holes));
	if (!cut_at_holes (e, data, len, texts, n))
		return;
	memcpy (e->result, ret, s->table->size);
	if (!move_members (e, s->table, data, ret, texts, n))
		return;
	e->n_holes = n;
	s->next = (s->next + 1) % LHK_SHAPE_ENTRIES;
}

int
lhk_shape_line (struct lhk_shapes *s, const char *data, size_t len, void *ret)
{
	struct lhk_text texts[LHK_SHAPE_HOLES];
	const struct shape *e;
	uint32_t i, k, at = s->last;
	int r;

	for (i = 0; i < LHK_SHAPE_ENTRIES; i++) {
		e = &s->entries[at];
		if (e->n_holes != 0
		    && match_shape (e, s->ops, data, len, texts)) {
			memcpy (ret, e->result, s->table->size);
			for (k = 0; k < e->n_holes; k++)
				memcpy ((char *) ret + e->holes[k], &texts[k],
					sizeof (texts[k]));
			s->last = at;
			return 1;
		}
		at = (at + 1) % LHK_SHAPE_ENTRIES;
	}
	r = lhk_json_line_ops (s->ops, data, len, s->table, ret);
	if (r == LHK_OK)
		learn_shape (s, data, len, ret);
	return r;
}
