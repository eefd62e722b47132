/* SPDX-License-Identifier: MIT */
/* copies.c - copies of what events point to outside of their line. */
#include "config.h"

#include <string.h>

#include "common/limits.h"
#include "common/mem.h"
#include "event/copies.h"

/* Bytes of chunks: the first has the ids, names and words of a usual line; one
 * is kept from callback to callback, unless it is larger than that. */
#define CHUNK_MIN ((size_t) 4096)
#define CHUNK_KEEP ((size_t) 64 << 10)
#define CHUNK_MAX ((size_t) 1 << 20)

/* Alignment of the members of events. */
#define ALIGNMENT ((size_t) 8)

/* Its bytes follow it, and it keeps them aligned. */
struct copies_chunk {
	struct copies_chunk *before;
	size_t size; /* with this header */
};

void
copies_init (struct copies *c, const struct lhk_alloc *alloc)
{
	memset (c, 0, sizeof *c);
	c->alloc = alloc;
	c->max = LIMIT_COPIES;
}

/* CHUNK, which is empty or NULL, gets the next copies. */
static void
use (struct copies *c, struct copies_chunk *chunk)
{
	c->now = chunk;
	c->at = chunk == NULL ? NULL : (char *) (chunk + 1);
	c->end = chunk == NULL ? NULL : (char *) chunk + chunk->size;
}

/* Free all chunks but the newest of those that are no larger than KEEP bytes. */
static void
drop (struct copies *c, size_t keep)
{
	struct copies_chunk *chunk = c->now, *before, *kept = NULL;

	while (chunk != NULL) {
		before = chunk->before;
		if (kept == NULL && chunk->size <= keep)
			kept = chunk;
		else
			mem_free (c->alloc, chunk, chunk->size);
		chunk = before;
	}
	if (kept != NULL)
		kept->before = NULL;
	use (c, kept);
}

void
copies_done (struct copies *c)
{
	drop (c, 0);
}

void
copies_begin (struct copies *c, size_t line_len)
{
	c->max = line_len > (SIZE_MAX - LIMIT_COPIES) / 2
			 ? SIZE_MAX
			 : LIMIT_COPIES + 2 * line_len;
}

void
copies_clear (struct copies *c)
{
	if (c->total == 0)
		return;
	c->total = 0;
	memset (c->last, 0, sizeof c->last);
	drop (c, CHUNK_KEEP);
}

/* A new chunk with room for LEN bytes. */
static int
grow (struct copies *c, size_t len)
{
	size_t size = c->now == NULL ? CHUNK_MIN : 2 * c->now->size;
	struct copies_chunk *chunk;

	if (size > CHUNK_MAX)
		size = CHUNK_MAX;
	if (size - sizeof *chunk < len)
		size = sizeof *chunk + len;
	chunk = mem_new (c->alloc, size);
	if (chunk == NULL)
		return LHK_ENOMEM;
	chunk->before = c->now;
	chunk->size = size;
	use (c, chunk);
	return LHK_OK;
}

int
copies_add (struct copies *c, unsigned int member, const char **p, size_t len)
{
	struct lhk_str *last = &c->last[member % COPIES_MEMBERS];
	size_t room;

	if (last->ptr != NULL && last->len == len
	    && memcmp (last->ptr, *p, len) == 0) {
		*p = last->ptr;
		return LHK_OK;
	}
	/* It does not wrap, for LEN bytes lie in memory; and no copy takes
	 * none, so that an empty text has an address of its own. */
	room = (len + ALIGNMENT) & ~(ALIGNMENT - 1);
	if (c->total > c->max || room > c->max - c->total)
		return LHK_ELIMIT;
	if ((c->now == NULL || (size_t) (c->end - c->at) < room)
	    && grow (c, room) < 0)
		return LHK_ENOMEM;
	if (len > 0)
		memcpy (c->at, *p, len);
	*last = (struct lhk_str){ c->at, len };
	*p = c->at;
	c->at += room;
	c->total += room;
	return LHK_OK;
}
