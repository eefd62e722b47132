/* SPDX-License-Identifier: MIT */
/* head_tail.c - both ends of a text are kept. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/tap.h"
#include "io/head_tail.h"
#include "common/mem.h"

static long held, held_most;
static int failing;

static void *
counting_resize (void *ctx, void *ptr, size_t old_size, size_t new_size)
{
	(void) ctx;
	if (failing && new_size != 0)
		return NULL;
	held += (long) new_size - (long) old_size;
	if (held > held_most)
		held_most = held;
	if (new_size == 0) {
		free (ptr);
		return NULL;
	}
	return realloc (ptr, new_size);
}

static const struct lhk_alloc counting = { NULL, counting_resize };

/* Feed TEXT in pieces of STEP; both ends as a plain copy says. */
static void
check (const char *text, size_t len, size_t keep, size_t step)
{
	struct lhk_str head, tail;
	struct head_tail r;
	size_t at, n, h, rest;

	head_tail_init (&r, &counting, keep);
	for (at = 0; at < len; at += n) {
		n = len - at < step ? len - at : step;
		head_tail_add (&r, text + at, n);
	}
	head_tail_ends (&r, &head, &tail);
	h = len < keep / 2 ? len : keep / 2;
	rest = len - h < keep - keep / 2 ? len - h : keep - keep / 2;
	TAP_EQ_MEM (head.ptr, head.len, text, h);
	TAP_EQ_MEM (tail.ptr, tail.len, text + len - rest, rest);
	TAP_EQ_INT (r.total, len);
	head_tail_free (&r);
}

static void
all_sizes (void)
{
	static const size_t keeps[] = { 0, 1, 2, 3, 10, 11, 700, 4096 };
	static const size_t steps[] = { 1, 7, 300, 10000 };
	static const size_t lens[] = {
		0, 1, 5, 10, 11, 12, 699, 701, 2000, 9000
	};
	static char text[9000];
	size_t i, j, k;

	for (i = 0; i < sizeof text; i++)
		text[i] = (char) ('a' + i * 7 % 26 + i / 1000);
	for (i = 0; i < sizeof keeps / sizeof *keeps; i++)
		for (j = 0; j < sizeof steps / sizeof *steps; j++)
			for (k = 0; k < sizeof lens / sizeof *lens; k++)
				check (text, lens[k], keeps[i], steps[j]);
	TAP_EQ_INT (held, 0);
}

static void
bounded (void)
{
	static char block[100000];
	struct head_tail r;
	int i;

	held_most = 0;
	head_tail_init (&r, &counting, 65536);
	head_tail_add (&r, block, 10);
	CU_ASSERT (held <= 1024);
	for (i = 0; i < 50; i++)
		head_tail_add (&r, block, sizeof block);
	CU_ASSERT (held_most <= 65536);
	TAP_EQ_INT (r.total, 10 + 50 * sizeof block);
	CU_ASSERT (!r.lost);
	head_tail_free (&r);
	TAP_EQ_INT (held, 0);
}

static void
without_memory (void)
{
	struct lhk_str head, tail;
	struct head_tail r;

	head_tail_init (&r, &counting, 1000);
	failing = 1;
	head_tail_add (&r, "lost", 4);
	head_tail_ends (&r, &head, &tail);
	TAP_EQ_INT (head.len + tail.len, 0);
	CU_ASSERT (r.lost);
	failing = 0;
	head_tail_add (&r, "kept", 4);
	head_tail_ends (&r, &head, &tail);
	TAP_EQ_MEM (head.ptr, head.len, "kept", 4);
	TAP_EQ_INT (r.total, 8);
	head_tail_free (&r);
	TAP_EQ_INT (held, 0);
}

static const struct tap_case cases[] = {
	{ "head_tail_keeps_both_ends_for_any_length_and_pieces", all_sizes },
	{ "head_tail_memory_grows_with_the_text_up_to_its_limit", bounded },
	{ "ring_without_memory_counts_and_goes_on", without_memory },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("head_tail", cases);
}
