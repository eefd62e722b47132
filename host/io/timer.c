/* SPDX-License-Identifier: MIT */
/* timer.c - timers by deadline: a pairing heap whose nodes are the timers. */
#include "config.h"

#include <stddef.h>

#include "io/timer.h"

/* Meld two heaps: the one with the later root becomes a child of the other. */
static struct timer *
meld (struct timer *a, struct timer *b)
{
	struct timer *t;

	if (a == NULL)
		return b;
	if (b == NULL)
		return a;
	if (b->deadline_ms < a->deadline_ms) {
		t = a;
		a = b;
		b = t;
	}
	b->prev = a;
	b->next = a->child;
	if (b->next != NULL)
		b->next->prev = b;
	a->child = b;
	return a;
}

/* Meld neighbours from left to right, then the results from right to left. */
static struct timer *
meld_siblings (struct timer *t)
{
	struct timer *pairs = NULL;
	struct timer *heap = NULL;
	struct timer *a, *b, *rest;

	for (; t != NULL; t = rest) {
		a = t;
		b = t->next;
		rest = b == NULL ? NULL : b->next;
		a->next = a->prev = NULL;
		if (b != NULL)
			b->next = b->prev = NULL;
		a = meld (a, b);
		a->next = pairs;
		pairs = a;
	}
	for (; pairs != NULL; pairs = rest) {
		rest = pairs->next;
		pairs->next = NULL;
		heap = meld (heap, pairs);
	}
	return heap;
}

void
timer_clear (struct timers *all, struct timer *t)
{
	struct timer *below;

	if (!t->armed)
		return;
	t->armed = 0;
	below = meld_siblings (t->child);
	t->child = NULL;
	if (all->first == t) {
		all->first = below;
	} else {
		if (t->prev->child == t)
			t->prev->child = t->next;
		else
			t->prev->next = t->next;
		if (t->next != NULL)
			t->next->prev = t->prev;
		all->first = meld (all->first, below);
	}
	t->next = t->prev = NULL;
	if (all->first != NULL)
		all->first->prev = NULL;
}

void
timer_set (struct timers *all, struct timer *t, int64_t deadline_ms)
{
	timer_clear (all, t);
	t->child = t->next = t->prev = NULL;
	t->deadline_ms = deadline_ms;
	t->armed = 1;
	all->first = meld (all->first, t);
}
