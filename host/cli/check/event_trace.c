/* SPDX-License-Identifier: MIT */
/*
 * event_trace.c - hash events, to compare two ways to read the same bytes.
 *
 * The events of two ways to read the same bytes are compared.  If they differ
 * the bytes are read once more for the text of the first event that does.
 */
#include "config.h"

#include <string.h>

#include "cli/check/event_trace.h"
#include "format/event_json.h"
#include "common/mem.h"

/* FNV-1a: good enough to compare, and a handful of lines. */
#define HASH_START UINT64_C (0xcbf29ce484222325)
#define HASH_PRIME UINT64_C (0x100000001b3)

static void
take_json (void *user, const char *data, size_t len)
{
	struct event_trace *t = user;
	uint64_t hash = t->hash;
	size_t room = sizeof t->shown - 1 - t->shown_len;
	size_t i;

	for (i = 0; i < len; i++)
		hash = (hash ^ (unsigned char) data[i]) * HASH_PRIME;
	t->hash = hash;
	if (t->n != t->want)
		return;
	for (i = 0; i < len && i < room && data[i] != '\n'; i++)
		t->shown[t->shown_len++] = data[i];
	t->shown[t->shown_len] = '\0';
}

int
event_trace_init (struct event_trace *t)
{
	memset (t, 0, sizeof *t);
	t->out = mem_new (&mem_system, sizeof *t->out);
	if (t->out == NULL)
		return LHK_ENOMEM;
	outbuf_init (t->out, take_json, t);
	event_trace_reset (t, SIZE_MAX);
	return LHK_OK;
}

void
event_trace_free (struct event_trace *t)
{
	mem_free (&mem_system, t->out, sizeof *t->out);
	mem_free (&mem_system, t->hashes, t->cap * sizeof t->hashes[0]);
	memset (t, 0, sizeof *t);
}

void
event_trace_reset (struct event_trace *t, size_t want)
{
	t->n = 0;
	t->want = want;
	t->shown_len = 0;
	t->shown[0] = '\0';
}

void
event_trace_add (struct event_trace *t, const struct lhk_meta *meta,
		 const struct lhk_event *event)
{
	void *hashes = t->hashes;

	t->hash = HASH_START;
	format_json_event (t->out, meta, event, FORMAT_JSON_SOURCE);
	outbuf_flush (t->out);
	/* Out of memory: the traces differ in length, which is reported. */
	if (mem_grow (&mem_system, &hashes, &t->cap, t->n + 1,
		      sizeof t->hashes[0])
	    < 0)
		return;
	t->hashes = hashes;
	t->hashes[t->n++] = t->hash;
}

size_t
event_trace_differs (const struct event_trace *a, const struct event_trace *b,
		     size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (i >= a->n && i >= b->n)
			return SIZE_MAX;
		if (i >= a->n || i >= b->n || a->hashes[i] != b->hashes[i])
			return i;
	}
	return SIZE_MAX;
}
