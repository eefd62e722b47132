/* SPDX-License-Identifier: MIT */
/* delta_progress.c - how much of which text a person has seen. */
#include "config.h"

#include <string.h>

#include "format/delta_progress.h"

/* FNV-1a: byte by byte, so that pieces may be cut anywhere. */
#define HASH_START 0xcbf29ce484222325u
#define HASH_PRIME 0x100000001b3u

static uint64_t
hash_more (uint64_t hash, const char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		hash = (hash ^ (unsigned char) p[i]) * HASH_PRIME;
	return hash;
}

struct shown_text *
delta_progress_get (struct delta_progress *s, const struct idmap_key *id)
{
	struct shown_text *t, *oldest = s->texts;

	for (t = s->texts; t < s->texts + DELTA_PROGRESS_MAX; t++) {
		if (t->len > 0 && idmap_key_same (&t->id, id))
			break;
		if (t->age < oldest->age)
			oldest = t;
	}
	if (t == s->texts + DELTA_PROGRESS_MAX) {
		t = oldest;
		t->id = *id;
		delta_progress_forget (t);
	}
	t->age = ++s->clock;
	return t;
}

void
delta_progress_add (struct shown_text *t, const char *p, size_t n)
{
	t->hash = hash_more (t->hash, p, n);
	t->len += n;
}

void
delta_progress_forget (struct shown_text *t)
{
	t->len = 0;
	t->hash = HASH_START;
}

int
delta_progress_skip (const struct shown_text *t, struct text_reader *r)
{
	uint64_t hash = HASH_START, left = t->len;
	char piece[4096];
	size_t n;

	while (left > 0) {
		n = left < sizeof piece ? (size_t) left : sizeof piece;
		n = text_reader_plain (r, piece, n);
		if (n == 0)
			return 0;
		hash = hash_more (hash, piece, n);
		left -= n;
	}
	return hash == t->hash;
}
