/* SPDX-License-Identifier: MIT */
/*
 * head_tail.h - both ends of a text of any length, in bounded memory.
 *
 * Of SIZE bytes, one half holds the beginning of the text and the other half
 * its end.  The bytes between are counted and dropped.  Memory grows with the
 * text, up to SIZE; if it cannot grow, bytes of the ends are dropped too, and
 * `lost' is set.
 */
#ifndef IO_HEAD_TAIL_H
#define IO_HEAD_TAIL_H

#include <linehook/host.h>

struct head_tail {
	const struct lhk_alloc *alloc;
	char *head;
	char *tail;
	size_t head_max, head_cap, head_len;
	size_t tail_max, tail_cap, tail_len;
	size_t tail_at; /* index of the oldest byte of a full tail */
	uint64_t total; /* bytes that were added */
	int lost;	/* 1: bytes were dropped because memory ran out */
};

void head_tail_init (struct head_tail *ends, const struct lhk_alloc *alloc,
		     size_t size);
void head_tail_add (struct head_tail *ends, const char *data, size_t len);

/* Get both ends, each in the order of the text.  They are borrowed until the
 * next call; an empty one is a NULL ptr. */
void head_tail_ends (struct head_tail *ends, struct lhk_str *ret_head,
		     struct lhk_str *ret_tail);

void head_tail_free (struct head_tail *ends);

#endif /* IO_HEAD_TAIL_H */
