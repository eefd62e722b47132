/* SPDX-License-Identifier: MIT */
/* head_tail.c - both ends of a text of any length, in bounded memory. */
#include "config.h"

#include <string.h>

#include "io/head_tail.h"
#include "common/mem.h"

void
head_tail_init (struct head_tail *r, const struct lhk_alloc *alloc, size_t keep)
{
	memset (r, 0, sizeof *r);
	r->alloc = alloc;
	r->head_max = keep / 2;
	r->tail_max = keep - keep / 2;
}

/* Room for NEED bytes, at most MAX; the room there is. */
static size_t
grow (struct head_tail *r, char **buf, size_t *cap, size_t need, size_t max)
{
	size_t size = *cap < 256 ? 256 : *cap;
	char *p;

	if (need > max)
		need = max;
	while (size < need)
		size *= 2;
	if (size > max)
		size = max;
	if (size > *cap) {
		p = mem_resize (r->alloc, *buf, *cap, size);
		if (p == NULL) {
			r->lost = 1;
			return *cap;
		}
		*buf = p;
		*cap = size;
	}
	return *cap;
}

static void
add_tail (struct head_tail *r, const char *data, size_t len)
{
	size_t room, part;

	if (len > r->tail_max) {
		data += len - r->tail_max;
		len = r->tail_max;
	}
	room = r->tail_at != 0 ? r->tail_len
			       : grow (r, &r->tail, &r->tail_cap,
				       r->tail_len + len, r->tail_max);
	part = room - r->tail_len < len ? room - r->tail_len : len;
	if (part != 0)
		memcpy (r->tail + r->tail_len, data, part);
	r->tail_len += part;
	data += part;
	len -= part;
	/* From here on the oldest bytes give way. */
	while (len != 0 && r->tail_len != 0) {
		part = r->tail_len - r->tail_at;
		if (part > len)
			part = len;
		memcpy (r->tail + r->tail_at, data, part);
		r->tail_at = (r->tail_at + part) % r->tail_len;
		data += part;
		len -= part;
	}
}

void
head_tail_add (struct head_tail *r, const char *data, size_t len)
{
	size_t room, part;

	r->total += len;
	if (r->head_len < r->head_max && r->tail_len == 0) {
		room = grow (r, &r->head, &r->head_cap, r->head_len + len,
			     r->head_max);
		part = room - r->head_len < len ? room - r->head_len : len;
		if (part != 0)
			memcpy (r->head + r->head_len, data, part);
		r->head_len += part;
		data += part;
		len -= part;
	}
	if (len != 0)
		add_tail (r, data, len);
}

static void
reverse (char *p, size_t len)
{
	size_t i;
	char c;

	for (i = 0; i < len / 2; i++) {
		c = p[i];
		p[i] = p[len - 1 - i];
		p[len - 1 - i] = c;
	}
}

void
head_tail_ends (struct head_tail *r, struct lhk_str *ret_head,
		struct lhk_str *ret_tail)
{
	if (r->tail_at != 0) {
		reverse (r->tail, r->tail_at);
		reverse (r->tail + r->tail_at, r->tail_len - r->tail_at);
		reverse (r->tail, r->tail_len);
		r->tail_at = 0;
	}
	ret_head->ptr = r->head_len == 0 ? NULL : r->head;
	ret_head->len = r->head_len;
	ret_tail->ptr = r->tail_len == 0 ? NULL : r->tail;
	ret_tail->len = r->tail_len;
}

void
head_tail_free (struct head_tail *r)
{
	mem_free (r->alloc, r->head, r->head_cap);
	mem_free (r->alloc, r->tail, r->tail_cap);
	head_tail_init (r, r->alloc, 0);
}
