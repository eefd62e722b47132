/* SPDX-License-Identifier: MIT */
/*
 * surrogate_join.c - surrogate pairs that were split over two deltas.
 *
 * A half is found again by the id, the role and the parent of its delta, since
 * some providers give their deltas no id.
 */
#include "config.h"

#include <string.h>

#include "event/idmap.h"
#include "event/surrogate_join.h"
#include "json/text_reader.h"
#include "common/limits.h"
#include "common/mem.h"

/* Bytes of \uXXXX. */
#define HALF 6

/* A delta of up to this many bytes is copied and stays one event; before a
 * longer one the pair is delivered as a delta of its own. */
#define COPY_MAX 4096

/* A half that is held back. */
struct held {
	struct idmap_key key;
	struct idmap_key parent;
	struct lhk_ev_text event; /* its texts point to the copies below */
	struct text_copy id;
	struct text_copy parent_id;
	char half[HALF];
};

struct surrogate_join {
	const struct lhk_alloc *alloc;
	struct held *held; /* SURROGATE_JOIN_MAX entries, the oldest first */
	size_t n;
	char *copy;
};

struct surrogate_join *
surrogate_join_new (const struct lhk_alloc *alloc)
{
	struct surrogate_join *j = mem_zero (alloc, sizeof *j);

	if (j != NULL)
		j->alloc = alloc;
	return j;
}

void
surrogate_join_free (struct surrogate_join *j)
{
	size_t i;

	if (j == NULL)
		return;
	for (i = 0; j->held != NULL && i < SURROGATE_JOIN_MAX; i++) {
		text_copy_free (j->alloc, &j->held[i].id);
		text_copy_free (j->alloc, &j->held[i].parent_id);
	}
	mem_free (j->alloc, j->held, SURROGATE_JOIN_MAX * sizeof *j->held);
	mem_free (j->alloc, j->copy, COPY_MAX + HALF);
	mem_free (j->alloc, j, sizeof *j);
}

enum surrogate { NO_SURROGATE, HIGH_SURROGATE, LOW_SURROGATE };

/* What the escape at P, 6 bytes, stands for. */
static enum surrogate
surrogate_at (const char *p)
{
	int third = p[3] | 0x20;

	if (p[0] != '\\' || p[1] != 'u' || (p[2] | 0x20) != 'd')
		return NO_SURROGATE;
	if (third == '8' || third == '9' || third == 'a' || third == 'b')
		return HIGH_SURROGATE;
	return third >= 'c' && third <= 'f' ? LOW_SURROGATE : NO_SURROGATE;
}

static int
ends_in_half (const struct lhk_text *t)
{
	const char *p;
	size_t i;

	if (t->form != LHK_TEXT_RAW || t->len < HALF)
		return 0;
	p = t->ptr + t->len - HALF;
	if (surrogate_at (p) != HIGH_SURROGATE)
		return 0;
	/* The backslash may itself be escaped by an odd number before it. */
	for (i = 0; i < t->len - HALF && p[-1 - (ptrdiff_t) i] == '\\'; i++)
		;
	return i % 2 == 0;
}

static int
begins_in_half (const struct lhk_text *t)
{
	return t->form == LHK_TEXT_RAW && t->len >= HALF
	       && surrogate_at (t->ptr) == LOW_SURROGATE;
}

static void
key_of (const struct lhk_ev_text *e, struct held *ret)
{
	idmap_key_of (&e->ev.parent, &ret->parent);
	idmap_key_of (&e->id, &ret->key);
	idmap_key_mix (&ret->key, (uint64_t) e->role);
	idmap_key_mix (&ret->key, ret->parent.a);
}

/* Take entry I out.  Its memory moves to the end, for the next half. */
static void
remove_half (struct surrogate_join *j, size_t i)
{
	struct held h = j->held[i];

	j->n--;
	memmove (&j->held[i], &j->held[i + 1], (j->n - i) * sizeof *j->held);
	j->held[j->n] = h;
}

/* The half of entry I is a lone one: deliver U+FFFD for it. */
static void
deliver_lone (struct surrogate_join *j, size_t i, surrogate_join_fn *next,
	      void *user)
{
	static const struct lhk_text lone = LHK_TEXT_INIT ("\xef\xbf\xbd");
	struct lhk_ev_text e = j->held[i].event;

	e.text = lone;
	next (user, &e.ev);
	remove_half (j, i);
}

/* Hold back the half at the end of E.  1, or 0 if there is no memory and the
 * half stays where it is. */
static int
hold_half (struct surrogate_join *j, const struct lhk_ev_text *e,
	   surrogate_join_fn *next, void *user)
{
	struct held *h;

	if (j->held == NULL)
		j->held = mem_zero (j->alloc,
				    SURROGATE_JOIN_MAX * sizeof *j->held);
	if (j->held == NULL)
		return 0;
	if (j->n == SURROGATE_JOIN_MAX)
		deliver_lone (j, 0, next, user);
	h = &j->held[j->n];
	if (text_copy_set (j->alloc, &h->id, &e->id, LIMIT_ID) < 0
	    || text_copy_set (j->alloc, &h->parent_id, &e->ev.parent, LIMIT_ID)
		       < 0)
		return 0;
	key_of (e, h);
	h->event = *e;
	h->event.id = text_copy_get (&h->id);
	h->event.ev.parent = text_copy_get (&h->parent_id);
	memcpy (h->half, e->text.ptr + e->text.len - HALF, HALF);
	j->n++;
	return 1;
}

/* Put HALF bytes in front of the text of E.  If E is not copied, the pair is
 * delivered first, as a delta of its own, and taken off E. */
static void
put_in_front (struct surrogate_join *j, struct lhk_ev_text *e, const char *half,
	      surrogate_join_fn *next, void *user)
{
	char pair[2 * HALF];
	struct lhk_ev_text front = *e;

	if (j->copy == NULL && e->text.len <= COPY_MAX)
		j->copy = mem_new (j->alloc, COPY_MAX + HALF);
	if (j->copy != NULL && e->text.len <= COPY_MAX) {
		memcpy (j->copy, half, HALF);
		memcpy (j->copy + HALF, e->text.ptr, e->text.len);
		e->text.ptr = j->copy;
		e->text.len += HALF;
		return;
	}
	memcpy (pair, half, HALF);
	memcpy (pair + HALF, e->text.ptr, HALF);
	front.text.ptr = pair;
	front.text.len = sizeof pair;
	next (user, &front.ev);
	e->text.ptr += HALF;
	e->text.len -= HALF;
}

static void
pass_text (struct surrogate_join *j, const struct lhk_ev_text *event,
	   surrogate_join_fn *next, void *user)
{
	struct lhk_ev_text e = *event;
	struct held now;
	char half[HALF];
	size_t i;

	memset (&now, 0, sizeof now);
	if (j->n > 0)
		key_of (&e, &now);
	for (i = 0; i < j->n; i++)
		if (idmap_key_same (&j->held[i].key, &now.key))
			break;
	if (i < j->n && e.delta && e.text.len == 0) {
		next (user, &event->ev);
		return;
	}
	if (i < j->n && e.delta && begins_in_half (&e.text)) {
		memcpy (half, j->held[i].half, HALF);
		remove_half (j, i);
		put_in_front (j, &e, half, next, user);
		if (e.text.len == 0)
			return;
	} else if (i < j->n) {
		deliver_lone (j, i, next, user);
	}
	if (e.delta && ends_in_half (&e.text)
	    && hold_half (j, &e, next, user)) {
		e.text.len -= HALF;
		if (e.text.len == 0)
			return;
	}
	next (user, &e.ev);
}

void
surrogate_join_event (struct surrogate_join *j, const struct lhk_event *event,
		      surrogate_join_fn *next, void *user)
{
	const struct lhk_ev_text *e = (const struct lhk_ev_text *) event;
	struct idmap_key parent;
	size_t i = 0;

	if (event->kind == LHK_EV_TEXT
	    && (j->n > 0 || (e->delta && ends_in_half (&e->text)))) {
		pass_text (j, e, next, user);
		return;
	}
	if (j->n > 0 && event->kind == LHK_EV_RESULT)
		surrogate_join_flush (j, next, user);
	if (j->n > 0 && event->kind == LHK_EV_TOOL) {
		idmap_key_of (&event->parent, &parent);
		while (i < j->n) {
			if (idmap_key_same (&j->held[i].parent, &parent))
				deliver_lone (j, i, next, user);
			else
				i++;
		}
	}
	next (user, event);
}

void
surrogate_join_flush (struct surrogate_join *j, surrogate_join_fn *next,
		      void *user)
{
	while (j->n > 0)
		deliver_lone (j, 0, next, user);
}
