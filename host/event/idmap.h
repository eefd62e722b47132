/* SPDX-License-Identifier: MIT */
/*
 * idmap.h - fingerprints of ids, and a map whose keys they are.
 *
 * Ids of tools, texts and usage are only ever compared, so 128 bits stand for
 * each and its bytes need not be kept.  An agent that forged two ids with one
 * fingerprint would only miscount its own calls.  The form of a text does not
 * matter: "a" and "\u0061" are one id.  Of an id longer than LIMIT_ID only
 * the first bytes count.
 */
#ifndef EVENT_IDMAP_H
#define EVENT_IDMAP_H

#include <linehook/host.h>

struct idmap_key {
	uint64_t a, b; /* both 0: the id is absent */
};

void idmap_key_of (const struct lhk_text *text, struct idmap_key *ret);

/* Make the key differ by a number, such as that of a scope or a model. */
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
 * Entries in the order in which they were added, at most MAX, each with a value
 * of VALUE_SIZE bytes (a multiple of 8).  A pointer to a value is
 * valid until the next idmap_add or idmap_sweep.
 */
struct idmap {
	const struct lhk_alloc *alloc;
	size_t value_size;
	size_t max;
	struct idmap_key *ids;
	char *values;
	uint32_t *slots; /* 2 * cap of them: the entry's number + 1, or 0 */
	size_t n;
	size_t cap;
};

/* ALLOC is borrowed until idmap_free.  Memory is taken by the first add. */
void idmap_init (struct idmap *m, const struct lhk_alloc *alloc,
		 size_t value_size, size_t max);
void idmap_free (struct idmap *m);

/* The value of ID, or NULL if it is not in the map. */
void *idmap_find (const struct idmap *m, const struct idmap_key *id);

/* Add ID, which must not be in the map, with a zeroed value.  NULL if the map
 * is full or there is no memory. */
void *idmap_add (struct idmap *m, const struct idmap_key *id);

/* Ask KEEP for each entry, the oldest first; an answer of 0 takes it out. */
typedef int idmap_keep_fn (void *user, void *value);
void idmap_sweep (struct idmap *m, idmap_keep_fn *keep, void *user);

/* The value of entry I, which is below m->n. */
static inline void *
idmap_value (const struct idmap *m, size_t i)
{
	return m->values + i * m->value_size;
}

#endif /* EVENT_IDMAP_H */
