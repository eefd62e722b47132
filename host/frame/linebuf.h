/* SPDX-License-Identifier: MIT */
/*
 * linebuf.h - the one buffer of a stream: a line that is not yet whole.
 *
 * LINEBUF_BASE bytes are there from the start, so ordinary lines never wait
 * for memory.  A line of more than LINEBUF_STEP bytes gets the whole of
 * line_max at once: pages that are not touched cost nothing, and growing step
 * by step would copy, and for a moment hold, the same line twice.  The budget
 * counts what was touched.  After a large line the buffer shrinks to
 * LINEBUF_BASE, which gives its pages back to the system.
 *
 * The buffer never has more than line_max + LHK_STREAM_SLACK bytes.
 */
#ifndef FRAME_LINEBUF_H
#define FRAME_LINEBUF_H

#include <linehook/host.h>

#include "frame/budget.h"

/* Sizes of the buffer, in bytes. */
#define LINEBUF_BASE BUDGET_FREE
#define LINEBUF_STEP (256u << 10)

/* After a line of more bytes the buffer shrinks. */
#define LINEBUF_KEEP (1u << 20)

enum { LINEBUF_OK = 0, LINEBUF_NO_MEMORY = 1, LINEBUF_NO_BUDGET = 2 };

struct linebuf {
	const struct lhk_alloc *alloc;
	struct budget *budget;
	char *data;
	size_t size;   /* bytes at DATA */
	size_t full;   /* the largest size */
	size_t leased; /* bytes leased from the budget */
	size_t used;   /* most bytes reserved since linebuf_release */
};

/* ALLOC and BUDGET are borrowed until linebuf_done.  LINE_MAX is in bytes of
 * content.  LHK_OK or LHK_ENOMEM. */
int linebuf_init (struct linebuf *b, const struct lhk_alloc *alloc,
		  struct budget *budget, size_t line_max);

/* Another LINE_MAX, from the next line on. */
void linebuf_set_full (struct linebuf *b, size_t line_max);

/*
 * Make room for LEN bytes of a line (at most line_max + 1, for its CR) and the
 * padding behind them; what is in the buffer stays.  LINEBUF_OK, or why not.
 */
int linebuf_reserve (struct linebuf *b, size_t len);

/* The line is over and its bytes are no longer needed: give back what a large
 * line took. */
void linebuf_release (struct linebuf *b);

void linebuf_done (struct linebuf *b);

#endif /* FRAME_LINEBUF_H */
