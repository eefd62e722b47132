/* SPDX-License-Identifier: MIT */
/* head_tail.c - both ends of a text of any length, in bounded memory. */
#include "config.h"

#include <string.h>

#include "io/head_tail.h"
#include "common/mem.h"

void
head_tail_init (struct head_tail *ends, const struct lhk_alloc *alloc,
		size_t size)
{
	memset (ends, 0, sizeof *ends);
	ends->alloc = alloc;
	ends->head_max = size / 2;
	ends->tail_max = size - size / 2;
}

/* Enlarge BUF to hold NEED bytes, but no more than MAX.  Returns how many it
 * holds, which are fewer than NEED if memory ran out. */
static size_t
grow (struct head_tail *ends, char **buf, size_t *cap, size_t need, size_t max)
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
		p = mem_resize (ends->alloc, *buf, *cap, size);
		if (p == NULL) {
			ends->lost = 1;
			return *cap;
		}
		*buf = p;
		*cap = size;
	}
	return *cap;
}

static void
add_tail (struct head_tail *ends, const char *data, size_t len)
{
	size_t room, part;

	if (len > ends->tail_max) {
		data += len - ends->tail_max;
		len = ends->tail_max;
	}
	room = ends->tail_at != 0 ? ends->tail_len
				  : grow (ends, &ends->tail, &ends->tail_cap,
					  ends->tail_len + len, ends->tail_max);
	part = room - ends->tail_len < len ? room - ends->tail_len : len;
	if (part != 0)
		memcpy (ends->tail + ends->tail_len, data, part);
	ends->tail_len += part;
	data += part;
	len -= part;
	/* The tail is full: overwrite its oldest bytes. */
	while (len != 0 && ends->tail_len != 0) {
		part = ends->tail_len - ends->tail_at;
		if (part > len)
			part = len;
		memcpy (ends->tail + ends->tail_at, data, part);
		ends->tail_at = (ends->tail_at + part) % ends->tail_len;
		data += part;
		len -= part;
	}
}

void
head_tail_add (struct head_tail *ends, const char *data, size_t len)
{
	size_t room, part;

	ends->total += len;
	if (ends->head_len < ends->head_max && ends->tail_len == 0) {
		room = grow (ends, &ends->head, &ends->head_cap,
			     ends->head_len + len, ends->head_max);
		part = room - ends->head_len < len ? room - ends->head_len
						   : len;
		if (part != 0)
			memcpy (ends->head + ends->head_len, data, part);
		ends->head_len += part;
		data += part;
		len -= part;
	}
	if (len != 0)
		add_tail (ends, data, len);
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
head_tail_ends (struct head_tail *ends, struct lhk_str *ret_head,
		struct lhk_str *ret_tail)
{
	if (ends->tail_at != 0) {
		reverse (ends->tail, ends->tail_at);
		reverse (ends->tail + ends->tail_at,
			 ends->tail_len - ends->tail_at);
		reverse (ends->tail, ends->tail_len);
		ends->tail_at = 0;
	}
	ret_head->ptr = ends->head_len == 0 ? NULL : ends->head;
	ret_head->len = ends->head_len;
	ret_tail->ptr = ends->tail_len == 0 ? NULL : ends->tail;
	ret_tail->len = ends->tail_len;
}

void
head_tail_free (struct head_tail *ends)
{
	mem_free (ends->alloc, ends->head, ends->head_cap);
	mem_free (ends->alloc, ends->tail, ends->tail_cap);
	head_tail_init (ends, ends->alloc, 0);
}
