/* SPDX-License-Identifier: MIT */
/*
 * redact_literals.c - all fixed texts at once: Aho and Corasick's automaton.
 *
 * One step a byte, however many texts there are and however they overlap; the
 * depth of the state is how much of the end of what was read may still become
 * one of them.
 */
#include "config.h"

#include <string.h>

#include "tool/redact_parts.h"
#include "common/mem.h"

/* A node behind all others; its number, or -1. */
static int32_t
add_node (struct find *f, uint32_t depth, unsigned char byte)
{
	void *nodes = f->nodes;
	struct find_node *node;

	if (f->n >= INT32_MAX
	    || mem_grow (f->alloc, &nodes, &f->cap, f->n + 1, sizeof *f->nodes)
		       < 0)
		return -1;
	f->nodes = nodes;
	node = &f->nodes[f->n];
	memset (node, 0, sizeof *node);
	node->depth = depth;
	node->byte = byte;
	return (int32_t) f->n++;
}

int
redact_literals_init (struct find *f, const struct lhk_alloc *alloc)
{
	memset (f, 0, sizeof *f);
	f->alloc = alloc;
	return add_node (f, 0, 0) < 0 ? LHK_ENOMEM : LHK_OK;
}

void
redact_literals_free (struct find *f)
{
	mem_free (f->alloc, f->nodes, f->cap * sizeof *f->nodes);
	f->nodes = NULL;
	f->n = f->cap = 0;
}

/* The child of STATE for C; 0: there is none. */
static int32_t
child_of (const struct find *f, int32_t state, unsigned char c)
{
	int32_t at;

	if (state == 0)
		return f->first[c];
	at = f->nodes[state].child;
	while (at != 0 && f->nodes[at].byte != c)
		at = f->nodes[at].sibling;
	return at;
}

int
redact_literals_add (struct find *f, const char *text, size_t len, int mark)
{
	int32_t at = 0, next;
	size_t i;

	for (i = 0; i < len; i++) {
		unsigned char c = (unsigned char) text[i];

		next = child_of (f, at, c);
		if (next == 0) {
			next = add_node (f, (uint32_t) i + 1, c);
			if (next < 0)
				return LHK_ENOMEM;
			f->nodes[next].sibling = f->nodes[at].child;
			f->nodes[at].child = next;
			if (at == 0)
				f->first[c] = next;
		}
		f->nodes[next].in_literal |= mark == 0;
		at = next;
	}
	if (mark == 0) {
		f->nodes[at].literal = (uint32_t) len;
	} else {
		f->nodes[at].mark = (uint8_t) mark;
		f->nodes[at].mark_len = (uint32_t) len;
	}
	return LHK_OK;
}

int32_t
redact_literals_step (const struct find *f, int32_t state, unsigned char c)
{
	int32_t next = child_of (f, state, c);

	while (next == 0 && state != 0) {
		state = f->nodes[state].fail;
		next = child_of (f, state, c);
	}
	return next;
}

/* What ends at the state that NODE fails to, ends at NODE too. */
static void
inherit (struct find *f, struct find_node *node)
{
	const struct find_node *from = &f->nodes[node->fail];

	if (node->literal < from->literal)
		node->literal = from->literal;
	if (node->mark == 0) {
		node->mark = from->mark;
		node->mark_len = from->mark_len;
	}
}

/* By depth, so that all shorter ones are done. */
void
redact_literals_build (struct find *f)
{
	int32_t at = 0, tail = 0, child;

	for (;; at = f->nodes[at].queued) {
		for (child = f->nodes[at].child; child != 0;
		     child = f->nodes[child].sibling) {
			f->nodes[tail].queued = child;
			tail = child;
			if (at != 0)
				f->nodes[child].fail = redact_literals_step (
					f, f->nodes[at].fail,
					f->nodes[child].byte);
			inherit (f, &f->nodes[child]);
		}
		if (at == tail)
			return;
	}
}
