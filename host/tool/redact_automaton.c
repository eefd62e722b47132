/* SPDX-License-Identifier: MIT */
/*
 * redact_automaton.c - all fixed texts at once: Aho and Corasick's automaton.
 *
 * One step a byte, however many texts there are and however they overlap.  The
 * depth of a state tells how many of the last bytes may still become one of
 * the texts.
 */
#include "config.h"

#include <string.h>

#include "tool/redact_private.h"
#include "common/mem.h"

/* Append a node.  Returns its index, or -1: no memory. */
static int32_t
add_node (struct automaton *a, uint32_t depth, unsigned char byte)
{
	void *nodes = a->nodes;
	struct automaton_node *node;

	if (a->n >= INT32_MAX
	    || mem_grow (a->alloc, &nodes, &a->cap, a->n + 1, sizeof *a->nodes)
		       < 0)
		return -1;
	a->nodes = nodes;
	node = &a->nodes[a->n];
	memset (node, 0, sizeof *node);
	node->depth = depth;
	node->byte = byte;
	return (int32_t) a->n++;
}

int
redact_automaton_init (struct automaton *a, const struct lhk_alloc *alloc)
{
	memset (a, 0, sizeof *a);
	a->alloc = alloc;
	return add_node (a, 0, 0) < 0 ? LHK_ENOMEM : LHK_OK;
}

void
redact_automaton_free (struct automaton *a)
{
	mem_free (a->alloc, a->nodes, a->cap * sizeof *a->nodes);
	a->nodes = NULL;
	a->n = a->cap = 0;
}

/* The child of STATE for C, or 0. */
static int32_t
child_of (const struct automaton *a, int32_t state, unsigned char c)
{
	int32_t at;

	if (state == 0)
		return a->first[c];
	at = a->nodes[state].child;
	while (at != 0 && a->nodes[at].byte != c)
		at = a->nodes[at].sibling;
	return at;
}

int
redact_automaton_add (struct automaton *a, const char *text, size_t len,
		      int mark)
{
	int32_t at = 0, next;
	size_t i;

	for (i = 0; i < len; i++) {
		unsigned char c = (unsigned char) text[i];

		next = child_of (a, at, c);
		if (next == 0) {
			next = add_node (a, (uint32_t) i + 1, c);
			if (next < 0)
				return LHK_ENOMEM;
			a->nodes[next].sibling = a->nodes[at].child;
			a->nodes[at].child = next;
			if (at == 0)
				a->first[c] = next;
		}
		a->nodes[next].in_literal |= mark == 0;
		at = next;
	}
	if (mark == 0) {
		a->nodes[at].literal = (uint32_t) len;
	} else {
		a->nodes[at].mark = (uint8_t) mark;
		a->nodes[at].mark_len = (uint32_t) len;
	}
	return LHK_OK;
}

int32_t
redact_automaton_step (const struct automaton *a, int32_t state,
		       unsigned char c)
{
	int32_t next = child_of (a, state, c);

	while (next == 0 && state != 0) {
		state = a->nodes[state].fail;
		next = child_of (a, state, c);
	}
	return next;
}

/* The texts that end at the suffix of NODE end at NODE too. */
static void
inherit (struct automaton *a, struct automaton_node *node)
{
	const struct automaton_node *from = &a->nodes[node->fail];

	if (node->literal < from->literal)
		node->literal = from->literal;
	if (node->mark == 0) {
		node->mark = from->mark;
		node->mark_len = from->mark_len;
	}
}

/* Breadth first, so that all shorter suffixes are complete. */
void
redact_automaton_build (struct automaton *a)
{
	int32_t at = 0, tail = 0, child;

	for (;; at = a->nodes[at].queued) {
		for (child = a->nodes[at].child; child != 0;
		     child = a->nodes[child].sibling) {
			a->nodes[tail].queued = child;
			tail = child;
			if (at != 0)
				a->nodes[child].fail = redact_automaton_step (
					a, a->nodes[at].fail,
					a->nodes[child].byte);
			inherit (a, &a->nodes[child]);
		}
		if (at == tail)
			return;
	}
}
