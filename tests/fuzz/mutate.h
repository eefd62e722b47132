/* SPDX-License-Identifier: MIT */
/*
 * mutate.h - recordings that were damaged at random.
 *
 * A mutant is a recording to which a few changes were made: of bytes, of the
 * values of its JSON, and of whole lines, also by those of other recordings.
 */
#ifndef TESTS_MUTATE_H
#define TESTS_MUTATE_H

#include "lib/prng.h"

/* Bytes of a mutant; what would make it longer is not done. */
#define MUTANT_MAX ((size_t) 1 << 20)

struct recording {
	char name[256];
	char plugin[16]; /* that of its folder */
	char *data;
	size_t len;
};

struct recordings {
	struct recording *list;
	size_t n;
};

struct mutant {
	char *data; /* MUTANT_MAX bytes */
	size_t len;
	struct prng prng;
	const struct recordings *recordings;
};

/* Add the files *.ndjson below FOLDER, which are in folders with the name of
 * their plugin, in the order of their names.  Empty ones are left out, of long
 * ones the first MUTANT_MAX / 2 bytes are taken.  0, or -1 and a message. */
int recordings_add (struct recordings *r, const char *folder);
void recordings_free (struct recordings *r);

/* Make M, whose buffer and numbers are there, a damaged copy of FROM. */
void mutate (struct mutant *m, const struct recording *from);

#endif /* TESTS_MUTATE_H */
