/* SPDX-License-Identifier: MIT */
/*
 * result_meta.c - tool_result_meta: why the calls of a line did not run.
 *
 * A line may have many results and many of these entries, so they are sorted by
 * id once.
 */
#include "config.h"

#include <stdlib.h>

#include "claude/claude.h"

/* The next entry of the list that says something. */
static int
next_meta (struct lhk_json *j, struct lhk_raw *ret_raw,
	   struct claude_result_meta *ret)
{
	while (lhk_json_element (j) && lhk_json_raw (j, ret_raw)) {
		if (ret_raw->type == LHK_JSON_OBJECT
		    && lhk_json_raw_object (
			       ret_raw, claude_table (CLAUDE_RESULT_META), ret)
			       == LHK_OK
		    && !text_empty (&ret->id)
		    && !(text_empty (&ret->kind)
			 && text_empty (&ret->permission.decision)))
			return 1;
	}
	return 0;
}

static int
compare_ids (const struct lhk_text *a, const struct lhk_text *b)
{
	size_t n = a->len < b->len ? a->len : b->len;
	int r = memcmp (a->ptr, b->ptr, n);

	return r != 0 ? r : (a->len > b->len) - (a->len < b->len);
}

/* Of entries with the same id the first of the line comes first. */
static int
compare (const void *p, const void *q)
{
	const struct claude_meta *a = p, *b = q;
	int r = compare_ids (&a->id, &b->id);

	return r != 0 ? r
		      : (a->raw.ptr > b->raw.ptr) - (a->raw.ptr < b->raw.ptr);
}

int
claude_metas_read (struct claude *c, const struct lhk_raw *list,
		   struct claude_metas *ret)
{
	struct claude_result_meta meta;
	struct claude_meta *m;
	struct lhk_raw raw;
	struct lhk_json j;
	size_t n = 0;

	memset (ret, 0, sizeof (*ret));
	if (list->type != LHK_JSON_ARRAY)
		return 0;
	lhk_json_begin_raw (&j, list);
	lhk_json_enter (&j);
	while (next_meta (&j, &raw, &meta))
		n++;
	if (n == 0)
		return 0;
	m = arena_alloc (&c->arena, n * sizeof (*m));
	if (m == NULL)
		return LHK_ENOMEM;
	ret->list = m;
	lhk_json_begin_raw (&j, list);
	lhk_json_enter (&j);
	for (; ret->n < n && next_meta (&j, &raw, &meta); ret->n++, m++) {
		if (text_decoded (&c->arena, &meta.id, &m->id) < 0)
			return LHK_ENOMEM;
		m->raw = raw;
	}
	qsort (ret->list, ret->n, sizeof (*m), compare);
	return 0;
}

int
claude_metas_find (struct claude *c, const struct claude_metas *metas,
		   const struct lhk_text *id, struct claude_result_meta *ret)
{
	size_t low = 0, high = metas->n, mid;
	struct lhk_text plain;

	memset (ret, 0, sizeof (*ret));
	if (metas->n == 0 || text_empty (id))
		return 0;
	if (text_decoded (&c->arena, id, &plain) < 0)
		return LHK_ENOMEM;
	while (low < high) {
		mid = low + (high - low) / 2;
		if (compare_ids (&metas->list[mid].id, &plain) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	if (low < metas->n && compare_ids (&metas->list[low].id, &plain) == 0)
		lhk_json_raw_object (&metas->list[low].raw,
				     claude_table (CLAUDE_RESULT_META), ret);
	return 0;
}
