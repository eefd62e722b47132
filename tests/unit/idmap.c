/* SPDX-License-Identifier: MIT */
/* idmap.c - fingerprints of ids, and a map whose keys they are. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "event/idmap.h"
#include "lib/failing.h"
#include "lib/tap.h"
#include "common/limits.h"
#include "common/macros.h"

#define S(literal) "" literal, sizeof (literal) - 1

static void
same_id_in_any_form (void)
{
	static const struct lhk_text same[] = {
		{ S ("toolu_A/1"), LHK_TEXT_PLAIN, 0 },
		{ S ("toolu_A/1"), LHK_TEXT_CLEAN, 0 },
		{ S ("toolu_\\u0041\\/1"), LHK_TEXT_RAW, 0 },
	};
	static const struct lhk_text other[] = {
		{ S ("toolu_A/2"), LHK_TEXT_PLAIN, 0 },
		{ S ("toolu_A/1\0"), LHK_TEXT_PLAIN, 0 },
		{ S (""), LHK_TEXT_PLAIN, 0 },
		{ NULL, 0, 0, 0 },
	};
	struct idmap_key first, id;
	size_t i;

	idmap_key_of (&same[0], &first);
	CU_ASSERT (!idmap_key_absent (&first));
	for (i = 1; i < ARRAY_SIZE (same); i++) {
		idmap_key_of (&same[i], &id);
		CU_ASSERT (idmap_key_same (&first, &id));
	}
	for (i = 0; i < ARRAY_SIZE (other); i++) {
		idmap_key_of (&other[i], &id);
		CU_ASSERT (!idmap_key_same (&first, &id));
		TAP_EQ_INT (idmap_key_absent (&id), other[i].ptr == NULL);
	}
}

static void
long_ids_are_cut (void)
{
	static char long_id[LIMIT_ID + 100];
	struct lhk_text a = { long_id, sizeof long_id, LHK_TEXT_CLEAN, 0 };
	struct lhk_text b = { long_id, LIMIT_ID, LHK_TEXT_CLEAN, 0 };
	struct lhk_text c = { long_id, LIMIT_ID - 1, LHK_TEXT_CLEAN, 0 };
	struct idmap_key x, y, z;

	memset (long_id, 'i', sizeof long_id);
	idmap_key_of (&a, &x);
	idmap_key_of (&b, &y);
	idmap_key_of (&c, &z);
	CU_ASSERT (idmap_key_same (&x, &y));
	CU_ASSERT (!idmap_key_same (&x, &z));
}

static void
number_key (uint64_t n, struct idmap_key *ret)
{
	struct lhk_text t = { (const char *) &n, sizeof n, LHK_TEXT_PLAIN, 0 };

	t.form = LHK_TEXT_CLEAN;
	idmap_key_of (&t, ret);
}

static int
is_odd (void *user, void *value)
{
	(void) user;
	return *(uint64_t *) value % 2 == 1;
}

static void
map_holds_its_limit (void)
{
	struct failing f;
	struct idmap m;
	struct idmap_key id;
	uint64_t i, *v;

	failing_init (&f);
	idmap_init (&m, &f.alloc, sizeof (uint64_t), LIMIT_TRACKED);
	number_key (1, &id);
	CU_ASSERT_PTR_NULL (idmap_find (&m, &id));
	TAP_EQ_INT (f.calls, 0);
	for (i = 0; i < LIMIT_TRACKED; i++) {
		number_key (i, &id);
		CU_ASSERT_PTR_NULL (idmap_find (&m, &id));
		v = idmap_add (&m, &id);
		CU_ASSERT_PTR_NOT_NULL_FATAL (v);
		TAP_EQ_INT (*v, 0);
		*v = i;
	}
	number_key (i, &id);
	CU_ASSERT_PTR_NULL (idmap_add (&m, &id));
	idmap_sweep (&m, is_odd, NULL);
	TAP_EQ_INT (m.n, LIMIT_TRACKED / 2);
	for (i = 0; i < LIMIT_TRACKED; i++) {
		number_key (i, &id);
		v = idmap_find (&m, &id);
		TAP_EQ_INT (v != NULL, i % 2);
		if (v != NULL)
			TAP_EQ_INT (*v, i);
	}
	idmap_free (&m);
	CU_ASSERT (failing_clean (&f));
}

static void
map_without_memory (void)
{
	struct failing f;
	struct idmap m;
	struct idmap_key id;
	uint64_t at, i, added;

	for (at = 1; at < 12; at++) {
		failing_init (&f);
		f.fail_at = at;
		idmap_init (&m, &f.alloc, sizeof (uint64_t), LIMIT_TRACKED);
		for (i = added = 0; i < 100; i++) {
			number_key (i, &id);
			added += idmap_add (&m, &id) != NULL;
		}
		TAP_EQ_INT (added, 100 - f.failed);
		TAP_EQ_INT (m.n, added);
		idmap_free (&m);
		CU_ASSERT (failing_clean (&f));
	}
}

/* ---- ids that an agent has chosen for one slot ---- */

#define CHOSEN 200
#define SLOTS 1024

/* The slot of ID without a seed, which anybody can compute. */
static uint64_t
known_slot (const char id[16])
{
	const uint64_t odd_1 = 0x9e3779b97f4a7c15u, odd_2 = 0xc2b2ae3d27d4eb4fu;
	uint64_t words[4] = { 0, 0, 0, 0 }, b = odd_1 + 16;
	size_t i;

	memcpy (words, id, 16);
	for (i = 0; i < ARRAY_SIZE (words); i++) {
		b = (b + words[i]) * odd_2;
		b ^= b >> 32;
	}
	return b % SLOTS;
}

static void
chosen_ids (void)
{
	struct lhk_text text = { NULL, 16, LHK_TEXT_CLEAN, 0 };
	struct idmap_key key;
	char id[17];
	int found = 0, most = 0, in[SLOTS] = { 0 };
	unsigned long n;

	for (n = 0; found < CHOSEN; n++) {
		snprintf (id, sizeof id, "%016lx", n);
		if (known_slot (id) != 7)
			continue;
		found++;
		text.ptr = id;
		idmap_key_of (&text, &key);
		if (++in[key.b % SLOTS] > most)
			most = in[key.b % SLOTS];
	}
	CU_ASSERT (most < CHOSEN / 4);
}

static const struct tap_case cases[] = {
	{ "key_is_the_same_in_any_form_of_the_text", same_id_in_any_form },
	{ "key_sees_the_first_bytes_up_to_the_limit_only", long_ids_are_cut },
	{ "idmap_holds_its_limit_and_keeps_what_a_sweep_leaves",
	  map_holds_its_limit },
	{ "idmap_stays_whole_when_memory_fails", map_without_memory },
	{ "ids_that_were_chosen_for_one_slot_have_many", chosen_ids },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("idmap", cases);
}
