/* SPDX-License-Identifier: MIT */
/*
 * idmap.h - 128 bits that stand for an id, and a bounded map by them.
 *
 * Ids of tools, texts and usage are only ever compared, so their bytes need
 * not be kept.  An agent that forged two ids of one fingerprint would only
 * miscount its own calls.  The form of a text does not matter: "a" and
 * "\u0061" are one id.  Ids longer than LIMIT_ID are cut.
 */
#ifndef EVENT_IDMAP_H
#define EVENT_IDMAP_H

#include <linehook/host.h>

struct idmap_key {
	uint64_t a, b; /* both 0: absent */
};

void idmap_key_of (const struct lhk_text *text, struct idmap_key *ret);

/* Make it differ by a number (a scope, a model). */
void idmap_key_mix (struct idmap_key *id, uint64_t number);

static inline int
idmap_key_same (const struct idmap_key *x, const struct idmap_key *y)
{
	return x->a == y->a && x->b == y->b;
}

static inline int
idmap_key_absent (const struct idmap_key *x)
{
	return (x->a | x->b) == 0;
}

/*
 * Entries in order of age, each a value of VALUE_SIZE bytes (a multiple of
 * 8); at most LIMIT_TRACKED.  Pointers to values die with the next add or
 * sweep.  Memory comes with the first add.
 */
struct idmap {
	const struct lhk_alloc *alloc;
	size_t value_size;
	struct idmap_key *ids;
	char *values;
	uint32_t *slots; /* 2 * cap: number of the entry + 1, or 0 */
	size_t n;
	size_t cap;
};

void idmap_init (struct idmap *m, const struct lhk_alloc *alloc,
		 size_t value_size);
void idmap_free (struct idmap *m);

/* NULL: not there. */
void *idmap_find (const struct idmap *m, const struct idmap_key *id);

/* Add an id that is not there; its value is zeroed.  NULL: full, or no
 * memory. */
void *idmap_add (struct idmap *m, const struct idmap_key *id);

/* Ask KEEP for each entry, the oldest first; 0 takes it out. */
typedef int idmap_keep_fn (void *user, void *value);
void idmap_sweep (struct idmap *m, idmap_keep_fn *keep, void *user);

static inline void *
idmap_value (const struct idmap *m, size_t i)
{
	return m->values + i * m->value_size;
}

#endif /* EVENT_IDMAP_H */
