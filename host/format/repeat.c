/* SPDX-License-Identifier: MIT */
/* repeat.c - a text that is sent again after a broken stream. */
#include "config.h"

#include <string.h>

#include "common/mem.h"
#include "format/repeat.h"

void
repeat_init (struct repeat *r, const struct lhk_alloc *alloc)
{
	memset (r, 0, sizeof *r);
	r->alloc = alloc;
}

void
repeat_free (struct repeat *r)
{
	mem_free (r->alloc, r->ptr, r->cap);
	repeat_init (r, r->alloc);
}

void
repeat_begin (struct repeat *r, const struct idmap_key *id)
{
	int same = idmap_key_same (&r->id, id);

	r->id = *id;
	if (r->expected)
		r->broken |= !same;
	else if (!same)
		repeat_forget (r);
}

static int
grow (struct repeat *r, size_t need)
{
	size_t cap = r->cap == 0 ? 256 : r->cap;
	char *p;

	if (need > REPEAT_MAX)
		return 0;
	while (cap < need)
		cap *= 2;
	if (cap == r->cap)
		return 1;
	p = mem_resize (r->alloc, r->ptr, r->cap, cap);
	if (p == NULL)
		return 0;
	r->ptr = p;
	r->cap = cap;
	return 1;
}

void
repeat_shown (struct repeat *r, const char *p, size_t n)
{
	if (r->too_long || n == 0)
		return;
	if (!grow (r, r->len + n)) {
		r->too_long = 1;
		return;
	}
	memcpy (r->ptr + r->len, p, n);
	r->len += n;
}

void
repeat_expect (struct repeat *r, int withdrawn)
{
	r->expected = r->len > 0 && !r->too_long;
	r->broken = withdrawn;
	r->same = 0;
}

void
repeat_forget (struct repeat *r)
{
	r->len = r->same = 0;
	r->expected = r->broken = r->too_long = 0;
}

static size_t
common_prefix (const char *a, const char *b, size_t n)
{
	size_t i = 0;

	while (i < n && a[i] == b[i])
		i++;
	return i;
}

size_t
repeat_compare (struct repeat *r, const char *p, size_t n, size_t *ret_held)
{
	size_t left, known, same;

	*ret_held = 0;
	if (!r->expected)
		return 0;
	left = r->len - r->same;
	known = n < left ? n : left;
	same = common_prefix (r->ptr + r->same, p, known);
	if (same == known) {
		r->same += same;
		r->expected = r->same < r->len;
		return same;
	}
	/* Another text: what it has in common with the last one is its own. */
	r->expected = 0;
	if (r->broken || r->same > 0) {
		*ret_held = r->same;
		r->len = r->same;
		r->broken = 1;
	}
	return 0;
}
