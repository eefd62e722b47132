/* SPDX-License-Identifier: MIT */
/*
 * linebuf.h - the one buffer of a stream: a line that is not yet whole.
 *
 * Two sizes.  LINEBUF_BASE is there from the start, so ordinary lines never
 * wait for memory.  A line beyond LINEBUF_STEP gets the whole of line_max at
 * once: pages that are not touched cost nothing, and growing step by step
 * would copy, and for a moment hold, the same line twice.  What was touched
 * is counted in the budget, by doubling; and after a large line the buffer
 * shrinks to LINEBUF_BASE, which gives the pages back.
 *
 * Bound: never more than line_max + LHK_STREAM_SLACK bytes.
 */
#ifndef FRAME_LINEBUF_H
#define FRAME_LINEBUF_H

#include <linehook/host.h>

#include "frame/budget.h"

#define LINEBUF_BASE BUDGET_FREE
#define LINEBUF_STEP (256u << 10)

/* A line larger than this gives its pages back. */
#define LINEBUF_KEEP (1u << 20)

enum { LINEBUF_OK = 0, LINEBUF_NO_MEMORY = 1, LINEBUF_NO_BUDGET = 2 };

struct linebuf {
	const struct lhk_alloc *alloc;
	struct budget *budget;
	char *data;
	size_t size;   /* bytes at DATA */
	size_t full;   /* the most there may be */
	size_t leased; /* bytes of the budget */
	size_t used;   /* most bytes asked for since linebuf_rest */
};

/* BUDGET is borrowed until linebuf_done.  LHK_OK or LHK_ENOMEM. */
int linebuf_init (struct linebuf *s, const struct lhk_alloc *alloc,
		  struct budget *budget, size_t line_max);

/*
 * Room for LEN bytes of a line (at most line_max + 1, for its CR) and the
 * padding behind them; what is in the buffer stays.  STORE_*.
 */
int linebuf_need (struct linebuf *s, size_t len);

/* The line is over, its bytes are not needed any more. */
void linebuf_rest (struct linebuf *s);

void linebuf_done (struct linebuf *s);

#endif /* FRAME_LINEBUF_H */
