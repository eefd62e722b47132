/* SPDX-License-Identifier: MIT */
/* linebuf.c - the one buffer of a stream: a line that is not yet whole. */
#include "config.h"

#include <linehook/plugin.h>

#include "frame/linebuf.h"
#include "common/mem.h"

static size_t
smaller (size_t a, size_t b)
{
	return a < b ? a : b;
}

int
linebuf_init (struct linebuf *b, const struct lhk_alloc *alloc,
	      struct budget *budget, size_t line_max)
{
	b->alloc = alloc;
	b->budget = budget;
	b->full = line_max + 2 + LHK_LINE_PADDING;
	b->size = smaller (LINEBUF_BASE, b->full);
	b->leased = 0;
	b->used = 0;
	b->data = mem_new (alloc, b->size);
	return b->data == NULL ? LHK_ENOMEM : LHK_OK;
}

void
linebuf_set_full (struct linebuf *b, size_t line_max)
{
	size_t full = line_max + 2 + LHK_LINE_PADDING;

	/* What is leased was reckoned by the old one. */
	b->full = full > LINEBUF_BASE + b->leased ? full
						  : LINEBUF_BASE + b->leased;
}

/* Lease what NEED bytes of buffer need.  The lease doubles, so that it is
 * rare; near the limit of the budget it is what is needed and no more.  1, or
 * 0 if the budget is used up. */
static int
lease (struct linebuf *b, size_t need)
{
	size_t want = LINEBUF_BASE;

	if (need <= LINEBUF_BASE + b->leased)
		return 1;
	while (want < need)
		want *= 2;
	want = smaller (want, b->full) - LINEBUF_BASE - b->leased;
	if (!budget_lease (b->budget, want)) {
		want = need - LINEBUF_BASE - b->leased;
		if (!budget_lease (b->budget, want))
			return 0;
	}
	b->leased += want;
	return 1;
}

/* Make the buffer as large as the longest line; if there is no memory for that,
 * half as large, and so on as long as NEED bytes fit.  1, or 0 if there is no
 * memory. */
static int
grow (struct linebuf *b, size_t need)
{
	size_t want = need <= LINEBUF_STEP ? smaller (LINEBUF_STEP, b->full)
					   : b->full;
	char *p;

	for (; want >= need; want /= 2) {
		p = mem_resize (b->alloc, b->data, b->size, want);
		if (p == NULL)
			continue;
		b->data = p;
		b->size = want;
		return 1;
	}
	return 0;
}

int
linebuf_reserve (struct linebuf *b, size_t len)
{
	size_t need = len + LHK_LINE_PADDING;

	if (b->used < len)
		b->used = len;
	if (!lease (b, need))
		return LINEBUF_NO_BUDGET;
	if (need > b->size && !grow (b, need))
		return LINEBUF_NO_MEMORY;
	return LINEBUF_OK;
}

void
linebuf_release (struct linebuf *b)
{
	size_t base = smaller (LINEBUF_BASE, b->size);
	size_t used = b->used;
	char *p;

	b->used = 0;
	if (b->leased == 0 || (used <= LINEBUF_KEEP && b->budget->limit == 0))
		return;
	if (b->size > base) {
		p = mem_resize (b->alloc, b->data, b->size, base);
		if (p == NULL)
			return;
		b->data = p;
		b->size = base;
	}
	budget_return (b->budget, b->leased);
	b->leased = 0;
}

void
linebuf_done (struct linebuf *b)
{
	mem_free (b->alloc, b->data, b->size);
	budget_return (b->budget, b->leased);
	b->data = NULL;
	b->leased = 0;
}
