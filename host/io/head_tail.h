/* SPDX-License-Identifier: MIT */
/*
 * head_tail.h - both ends of a text of any length: KEEP bytes, the first half
 * of them from its beginning and the other half from its end.
 *
 * The bytes between are counted and dropped.  Memory grows with the text, up to
 * KEEP; without memory, bytes are dropped that should have been kept.
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
	size_t tail_at; /* oldest byte of a full tail */
	uint64_t total; /* bytes of the text */
	int lost;	/* 1: some were dropped for want of memory */
};

void head_tail_init (struct head_tail *ends, const struct lhk_alloc *alloc,
		     size_t keep);
void head_tail_add (struct head_tail *ends, const char *data, size_t len);

/* Both ends, in order; borrowed until the next call. */
void head_tail_ends (struct head_tail *ends, struct lhk_str *ret_head,
		     struct lhk_str *ret_tail);

void head_tail_free (struct head_tail *ends);

#endif /* IO_HEAD_TAIL_H */
