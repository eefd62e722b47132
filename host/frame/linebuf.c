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
linebuf_init (struct linebuf *s, const struct lhk_alloc *alloc,
	      struct budget *budget, size_t line_max)
{
	s->alloc = alloc;
	s->budget = budget;
	s->full = line_max + 2 + LHK_LINE_PADDING;
	s->size = smaller (LINEBUF_BASE, s->full);
	s->leased = 0;
	s->used = 0;
	s->data = mem_new (alloc, s->size);
	return s->data == NULL ? LHK_ENOMEM : LHK_OK;
}

/* Lease what NEED bytes of buffer need.  The lease doubles, so that it is
 * rare; near the limit of the budget it is what is needed and no more.  1, or
 * 0 if the budget is used up. */
static int
lease (struct linebuf *s, size_t need)
{
	size_t want = LINEBUF_BASE;

	if (need <= LINEBUF_BASE + s->leased)
		return 1;
	while (want < need)
		want *= 2;
	want = smaller (want, s->full) - LINEBUF_BASE - s->leased;
	if (!budget_lease (s->budget, want)) {
		want = need - LINEBUF_BASE - s->leased;
		if (!budget_lease (s->budget, want))
			return 0;
	}
	s->leased += want;
	return 1;
}

/* Make the buffer as large as the longest line; if there is no memory for that,
 * half as large, and so on as long as NEED bytes fit.  1, or 0 if there is no
 * memory. */
static int
grow (struct linebuf *s, size_t need)
{
	size_t want = need <= LINEBUF_STEP ? smaller (LINEBUF_STEP, s->full)
					   : s->full;
	char *p;

	for (; want >= need; want /= 2) {
		p = mem_resize (s->alloc, s->data, s->size, want);
		if (p == NULL)
			continue;
		s->data = p;
		s->size = want;
		return 1;
	}
	return 0;
}

int
linebuf_reserve (struct linebuf *s, size_t len)
{
	size_t need = len + LHK_LINE_PADDING;

	if (s->used < len)
		s->used = len;
	if (!lease (s, need))
		return LINEBUF_NO_BUDGET;
	if (need > s->size && !grow (s, need))
		return LINEBUF_NO_MEMORY;
	return LINEBUF_OK;
}

void
linebuf_release (struct linebuf *s)
{
	size_t base = smaller (LINEBUF_BASE, s->size);
	size_t used = s->used;
	char *p;

	s->used = 0;
	if (s->leased == 0 || (used <= LINEBUF_KEEP && s->budget->limit == 0))
		return;
	if (s->size > base) {
		p = mem_resize (s->alloc, s->data, s->size, base);
		if (p == NULL)
			return;
		s->data = p;
		s->size = base;
	}
	budget_return (s->budget, s->leased);
	s->leased = 0;
}

void
linebuf_done (struct linebuf *s)
{
	mem_free (s->alloc, s->data, s->size);
	budget_return (s->budget, s->leased);
	s->data = NULL;
	s->leased = 0;
}
