/* SPDX-License-Identifier: MIT */
/* idmap.c - fingerprints of ids, and a map whose keys they are. */
#include "config.h"

#include <string.h>

#include "event/idmap.h"
#include "json/text_reader.h"
#include "common/limits.h"
#include "common/mem.h"

/* Two odd multipliers with well mixed bits. */
#define ODD_1 0x9e3779b97f4a7c15u
#define ODD_2 0xc2b2ae3d27d4eb4fu

static void
mix_word (struct idmap_key *h, uint64_t w)
{
	h->a = (h->a ^ w) * ODD_1;
	h->a ^= h->a >> 29;
	h->b = (h->b + w) * ODD_2;
	h->b ^= h->b >> 32;
}

/* Where it lies differs from process to process, so an agent cannot choose ids of
 * one key. */
static const char seed_object;

/* The key of LEN bytes; never that of an absent id. */
static void
hash_bytes (const char *p, size_t len, struct idmap_key *ret)
{
	const uint64_t seed = (uint64_t) (uintptr_t) &seed_object * ODD_2;
	struct idmap_key h = { seed ^ len, seed + len };
	uint64_t w;

	for (; len >= sizeof w; p += sizeof w, len -= sizeof w) {
		memcpy (&w, p, sizeof w);
		mix_word (&h, w);
	}
	w = 0;
	memcpy (&w, p, len);
	mix_word (&h, w);
	mix_word (&h, 0);
	h.a |= 1;
	*ret = h;
}

void
idmap_key_of (const struct lhk_text *text, struct idmap_key *ret)
{
	char buf[LIMIT_ID];
	struct text_reader r;

	if (text->ptr == NULL) {
		memset (ret, 0, sizeof *ret);
	} else if (text->form == LHK_TEXT_CLEAN && text->len <= sizeof buf) {
		hash_bytes (text->ptr, text->len, ret);
	} else {
		text_reader_init (&r, text);
		hash_bytes (buf, text_reader_plain (&r, buf, sizeof buf), ret);
	}
}

void
idmap_key_mix (struct idmap_key *id, uint64_t number)
{
	mix_word (id, number);
	id->a |= 1;
}

void
idmap_init (struct idmap *m, const struct lhk_alloc *alloc, size_t value_size,
	    size_t max)
{
	memset (m, 0, sizeof *m);
	m->alloc = alloc;
	m->value_size = value_size;
	m->max = max;
}

void
idmap_free (struct idmap *m)
{
	mem_free (m->alloc, m->ids, m->cap * sizeof *m->ids);
	mem_free (m->alloc, m->values, m->cap * m->value_size);
	mem_free (m->alloc, m->slots, 2 * m->cap * sizeof *m->slots);
	idmap_init (m, m->alloc, m->value_size, m->max);
}

/* The slot of ID, or the free slot where it belongs. */
static uint32_t *
find_slot (const struct idmap *m, const struct idmap_key *id)
{
	size_t mask = 2 * m->cap - 1, i = id->b & mask;

	while (m->slots[i] != 0
	       && !idmap_key_same (&m->ids[m->slots[i] - 1], id))
		i = (i + 1) & mask;
	return &m->slots[i];
}

static void
fill_slots (struct idmap *m)
{
	size_t i;

	memset (m->slots, 0, 2 * m->cap * sizeof *m->slots);
	for (i = 0; i < m->n; i++)
		*find_slot (m, &m->ids[i]) = (uint32_t) i + 1;
}

static int
grow (struct idmap *m)
{
	struct idmap big = *m;

	big.cap = m->cap == 0 ? 16 : 2 * m->cap;
	big.ids = mem_new (m->alloc, big.cap * sizeof *big.ids);
	big.values = mem_new (m->alloc, big.cap * big.value_size);
	big.slots = mem_new (m->alloc, 2 * big.cap * sizeof *big.slots);
	if (big.ids == NULL || big.values == NULL || big.slots == NULL) {
		idmap_free (&big);
		return LHK_ENOMEM;
	}
	if (m->n > 0) {
		memcpy (big.ids, m->ids, m->n * sizeof *m->ids);
		memcpy (big.values, m->values, m->n * m->value_size);
	}
	fill_slots (&big);
	idmap_free (m);
	*m = big;
	return LHK_OK;
}

void *
idmap_find (const struct idmap *m, const struct idmap_key *id)
{
	uint32_t slot = m->cap > 0 ? *find_slot (m, id) : 0;

	return slot > 0 ? idmap_value (m, slot - 1) : NULL;
}

void *
idmap_add (struct idmap *m, const struct idmap_key *id)
{
	void *value;

	if (m->n == m->max)
		return NULL;
	if (m->n == m->cap && grow (m) < 0)
		return NULL;
	m->ids[m->n] = *id;
	value = idmap_value (m, m->n);
	memset (value, 0, m->value_size);
	*find_slot (m, id) = (uint32_t) m->n + 1;
	m->n++;
	return value;
}

void
idmap_sweep (struct idmap *m, idmap_keep_fn *keep, void *user)
{
	size_t i, n = 0;

	for (i = 0; i < m->n; i++) {
		if (!keep (user, idmap_value (m, i)))
			continue;
		if (n < i) {
			m->ids[n] = m->ids[i];
			memcpy (idmap_value (m, n), idmap_value (m, i),
				m->value_size);
		}
		n++;
	}
	if (n == m->n)
		return;
	m->n = n;
	fill_slots (m);
}
