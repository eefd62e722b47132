/* SPDX-License-Identifier: MIT */
/*
 * event_reader.c - one line of the JSON of events back into an event.
 *
 * The kind is found first, then the line is read into a struct by the table of
 * the kind, then the members become those of the event.
 */
#include "config.h"

#include <string.h>

#include "common/mem.h"
#include "format/event_reader_private.h"
#include "format/event_words.h"
#include "json/slice.h"

/* ---- values ---- */

int
event_reader_i32 (const struct lhk_num *n, int32_t min, int32_t max,
		  int32_t *ret)
{
	*ret = 0;
	if (n->has != 1 || n->value < min || n->value > max)
		return 0;
	*ret = (int32_t) n->value;
	return 1;
}

uint64_t
event_reader_u64 (const struct lhk_num *n)
{
	return n->has == 1 && n->value > 0 ? (uint64_t) n->value : 0;
}

int64_t
event_reader_count (const struct lhk_num *n, uint32_t bit, uint32_t *has)
{
	if (n->has != 1 || n->value < 0)
		return 0;
	*has |= bit;
	return n->value;
}

struct event_reader_counts
event_reader_counts (const struct event_counts *c)
{
	struct event_reader_counts t = { .has = 0 };

	t.input = event_reader_count (&c->input, LHK_USAGE_INPUT, &t.has);
	t.output = event_reader_count (&c->output, LHK_USAGE_OUTPUT, &t.has);
	t.cache_read = event_reader_count (&c->cache_read, LHK_USAGE_CACHE_READ,
					   &t.has);
	t.cache_write = event_reader_count (&c->cache_write,
					    LHK_USAGE_CACHE_WRITE, &t.has);
	t.reasoning =
		event_reader_count (&c->reasoning, LHK_USAGE_REASONING, &t.has);
	if (lhk_raw_nano (&c->cost, &t.cost_nano_usd) && t.cost_nano_usd >= 0)
		t.has |= LHK_USAGE_COST;
	else
		t.cost_nano_usd = 0;
	return t;
}

void *
event_reader_append (struct event_reader *r, struct event_reader_array *a,
		     size_t size)
{
	char *item;

	if (mem_grow (r->alloc, &a->items, &a->cap, a->n + 1, size) < 0)
		return NULL;
	item = (char *) a->items + a->n++ * size;
	memset (item, 0, size);
	return item;
}

/* ---- lines ---- */

/* The first `kind' of the line, LHK_EV_*; 0: an unknown one; LHK_EPARSE: there is
 * none.  It is the second member of the lines that linehook writes, so little is
 * read twice; what stands behind it is not checked here. */
static int
find_kind (const char *line, size_t len)
{
	struct lhk_text key, kind;
	struct lhk_json j;

	lhk_json_begin (&j, line, len);
	if (!lhk_json_enter (&j))
		return LHK_EPARSE;
	while (lhk_json_key (&j, &key))
		if (LHK_TEXT_IS (&key, "kind"))
			return lhk_json_string (&j, &kind) ? event_words_find (
				       &event_words_kinds, &kind)
							   : LHK_EPARSE;
	return LHK_EPARSE;
}

static void
fill_meta (struct lhk_meta *meta, const struct event_common *c)
{
	int32_t turn;

	memset (meta, 0, sizeof *meta);
	meta->size = sizeof *meta;
	meta->turn = event_reader_i32 (&c->turn, 1, INT32_MAX, &turn)
			     ? (uint32_t) turn
			     : 1;
	meta->seq = event_reader_u64 (&c->seq);
	meta->time_ms = c->t.has == 1 && c->t.value >= 0 ? c->t.value : -1;
	meta->line_no = event_reader_u64 (&c->line);
	meta->line_off = event_reader_u64 (&c->off);
	meta->line_len = event_reader_u64 (&c->len);
	meta->raw.ptr = c->raw.ptr;
	meta->raw.len = c->raw.len;
}

int
event_reader_read (struct event_reader *r, const char *line, size_t len,
		   struct lhk_meta *ret_meta,
		   const struct lhk_event **ret_event)
{
	struct event_common common;
	int kind = find_kind (line, len);
	int code;

	if (kind <= 0)
		return kind < 0 || !json_slice_is_padded_value (line, len)
			       ? LHK_EPARSE
			       : LHK_SKIP;
	code = event_reader_fill_event (r, kind, line, len, &common);
	if (code != LHK_OK)
		return code;
	fill_meta (ret_meta, &common);
	*ret_event = &r->event.ev;
	return LHK_OK;
}

int
event_reader_result (struct event_reader *r, const char *line, size_t len,
		     const struct lhk_result **ret)
{
	struct event_result_members m;

	if (lhk_json_line (line, len, &event_result_table, &m) < 0)
		return LHK_EPARSE;
	*ret = &r->result;
	return event_reader_fill_result (r, &m);
}

/* ---- life ---- */

void
event_reader_init (struct event_reader *r, const struct lhk_alloc *alloc)
{
	memset (r, 0, sizeof *r);
	r->alloc = alloc;
	strbuf_init (&r->plain, alloc);
}

static void
free_array (struct event_reader *r, struct event_reader_array *a, size_t size)
{
	mem_free (r->alloc, a->items, a->cap * size);
}

void
event_reader_free (struct event_reader *r)
{
	free_array (r, &r->texts, sizeof (struct lhk_text));
	free_array (r, &r->entries, sizeof (struct lhk_plan_entry));
	free_array (r, &r->totals, sizeof (struct lhk_usage_total));
	free_array (r, &r->pids, sizeof (int32_t));
	strbuf_free (&r->plain);
}
