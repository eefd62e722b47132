/* SPDX-License-Identifier: MIT */
/*
 * event_record.c - an event as one piece of bytes, for another process.
 *
 *	record = head, struct of the kind, elements of its array, bytes
 *
 * A place stands where the pointer stood: 0 for NULL; an odd number for the
 * line, an even one for the record, each twice the offset.  Texts of the record
 * lie behind the elements, so that no text shows what has become of a place.
 */
#include "config.h"

#include <string.h>

#include "event/event_record.h"
#include "event/members.h"

struct head {
	uint32_t len; /* of the record, with this head */
	uint32_t kind;
};

static size_t
align (size_t n)
{
	return (n + EVENT_RECORD_ALIGNMENT - 1)
	       & ~(size_t) (EVENT_RECORD_ALIGNMENT - 1);
}

/* Where the struct of a kind ends, in a record. */
static size_t
struct_end (const struct event_members *k)
{
	return sizeof (struct head) + align (k->size);
}

/* ---- write ---- */

struct writing {
	struct strbuf *out;
	size_t start; /* of the record in OUT */
	const char *line;
	size_t len;
};

static void
pad (struct writing *w)
{
	static const char zeros[EVENT_RECORD_ALIGNMENT];

	strbuf_add (w->out, zeros, align (w->out->len) - w->out->len);
}

/* Make the pointer at offset AT of the record, to LEN bytes, a place. */
static void
put_place (struct writing *w, size_t at, size_t len)
{
	char *slot = w->out->data + w->start + at;
	uintptr_t place;
	const char *p;

	memcpy (&p, slot, sizeof p);
	if (p == NULL)
		return;
	place = (uintptr_t) p - (uintptr_t) w->line;
	if (w->line != NULL && place <= w->len && len <= w->len - place) {
		place = place << 1 | 1;
	} else {
		place = (uintptr_t) (w->out->len - w->start) << 1;
		strbuf_add (w->out, p, len);
		if (strbuf_failed (w->out) < 0)
			return;
		slot = w->out->data + w->start + at;
	}
	memcpy (slot, &place, sizeof place);
}

static void
put_text (struct writing *w, size_t at)
{
	struct lhk_text t;

	if (strbuf_failed (w->out) < 0)
		return;
	memcpy (&t, w->out->data + w->start + at, sizeof t);
	put_place (w, at + offsetof (struct lhk_text, ptr), t.len);
}

static void
put_array (struct writing *w, const struct event_members *k)
{
	const size_t at = sizeof (struct head) + k->array.offset;
	struct event_array a;
	size_t end, i;

	memcpy (&a, w->out->data + w->start + at, sizeof a);
	if (a.n == 0)
		return;
	end = w->out->len - w->start;
	strbuf_add (w->out, a.elements, a.n * k->element);
	if (strbuf_failed (w->out) < 0)
		return;
	a.elements = (const void *) ((uintptr_t) end << 1);
	memcpy (w->out->data + w->start + at, &a, sizeof a);
	for (i = 0; i < a.n; i++)
		put_text (w, end + i * k->element);
}

void
event_record_write (struct strbuf *out, const union event_union *event,
		    const char *line, size_t len)
{
	const struct event_members *k = &event_members[event->ev.kind];
	struct head head = { 0, event->ev.kind };
	struct writing w = { out, out->len, line, len };
	const struct event_member *m;

	strbuf_add (out, &head, sizeof head);
	strbuf_add (out, event, k->size);
	pad (&w);
	if (strbuf_failed (out) < 0)
		return;
	if (k->array.name != NULL)
		put_array (&w, k);
	put_text (&w, sizeof head + offsetof (struct lhk_event, parent));
	for (m = k->texts; m->name != NULL; m++)
		put_text (&w, sizeof head + m->offset);
	if (k->json.name != NULL && strbuf_failed (out) == LHK_OK) {
		struct lhk_str s;

		memcpy (&s, out->data + w.start + sizeof head + k->json.offset,
			sizeof s);
		put_place (&w, sizeof head + k->json.offset, s.len);
	}
	pad (&w);
	if (strbuf_failed (out) < 0)
		return;
	head.len = (uint32_t) (out->len - w.start);
	memcpy (out->data + w.start, &head, sizeof head);
}

/* ---- read ---- */

struct reading {
	char *record;
	size_t len;
	size_t bytes; /* where its bytes begin */
	const char *line;
	size_t line_len;
};

/* Make the place at SLOT, of LEN bytes, a pointer.  1, or 0 if it is bad. */
static int
take_place (const struct reading *r, char *slot, size_t len)
{
	uintptr_t place;
	const char *p;
	size_t off;

	memcpy (&place, slot, sizeof place);
	if (place == 0)
		return len == 0;
	off = place >> 1;
	if (place & 1) {
		if (r->line == NULL || off > r->line_len
		    || len > r->line_len - off)
			return 0;
		p = r->line + off;
	} else {
		if (off < r->bytes || off > r->len || len > r->len - off)
			return 0;
		p = r->record + off;
	}
	memcpy (slot, &p, sizeof p);
	return 1;
}

static int
take_text (const struct reading *r, char *slot)
{
	struct lhk_text t;

	memcpy (&t, slot, sizeof t);
	return take_place (r, slot + offsetof (struct lhk_text, ptr), t.len);
}

static int
take_array (struct reading *r, const struct event_members *k)
{
	char *slot = r->record + sizeof (struct head) + k->array.offset;
	struct event_array a;
	size_t i;

	memcpy (&a, slot, sizeof a);
	if (a.n == 0)
		return a.elements == NULL;
	if ((uintptr_t) a.elements != (uintptr_t) r->bytes << 1
	    || a.n > (r->len - r->bytes) / k->element)
		return 0;
	a.elements = r->record + r->bytes;
	memcpy (slot, &a, sizeof a);
	r->bytes += a.n * k->element;
	for (i = 0; i < a.n; i++)
		if (!take_text (r, r->record + struct_end (k) + i * k->element))
			return 0;
	return 1;
}

static int
take_members (struct reading *r, const struct event_members *k)
{
	char *base = r->record + sizeof (struct head);
	const struct event_member *m;
	struct lhk_str s;

	if (k->array.name != NULL && !take_array (r, k))
		return 0;
	if (!take_text (r, base + offsetof (struct lhk_event, parent)))
		return 0;
	for (m = k->texts; m->name != NULL; m++)
		if (!take_text (r, base + m->offset))
			return 0;
	if (k->json.name == NULL)
		return 1;
	memcpy (&s, base + k->json.offset, sizeof s);
	return take_place (r, base + k->json.offset, s.len);
}

struct lhk_event *
event_record_read (char *data, size_t len, const char *line, size_t line_len,
		   size_t *ret_len)
{
	struct reading r = { data, 0, 0, line, line_len };
	const struct event_members *k;
	struct lhk_ev_result *result;
	struct lhk_event *event;
	struct head head;

	if (len < sizeof head)
		return NULL;
	memcpy (&head, data, sizeof head);
	if (head.len > len || head.len % EVENT_RECORD_ALIGNMENT != 0
	    || !event_has_members (head.kind))
		return NULL;
	k = &event_members[head.kind];
	r.len = head.len;
	r.bytes = struct_end (k);
	if (r.bytes > r.len || !take_members (&r, k))
		return NULL;
	event = (struct lhk_event *) (void *) (data + sizeof head);
	event->size = (uint32_t) k->size;
	event->kind = head.kind;
	if (head.kind == LHK_EV_RESULT) {
		result = (struct lhk_ev_result *) (void *) event;
		result->final = NULL;
	}
	*ret_len = head.len;
	return event;
}
