/* SPDX-License-Identifier: MIT */
/* nearest.c - the word that a mistyped one was probably meant to be. */
#include "config.h"

#include <string.h>

#include "cli/opt/opt.h"

#define WORD_MAX 24

static char
to_lower (char c)
{
	return c >= 'A' && c <= 'Z' ? (char) (c - 'A' + 'a') : c;
}

/* Letters to insert, remove or exchange, or two neighbours to swap, to get
 * from A to B; WORD_MAX if one is too long. */
static size_t
distance (const char *a, const char *b)
{
	size_t rows[3][WORD_MAX + 1];
	size_t n = strlen (a);
	size_t m = strlen (b);
	size_t i, j;

	if (n > WORD_MAX || m > WORD_MAX)
		return WORD_MAX;
	for (j = 0; j <= m; j++)
		rows[0][j] = j;
	for (i = 1; i <= n; i++) {
		size_t *now = rows[i % 3];
		const size_t *last = rows[(i + 2) % 3];

		now[0] = i;
		for (j = 1; j <= m; j++) {
			size_t d =
				last[j - 1]
				+ (to_lower (a[i - 1]) != to_lower (b[j - 1]));

			d = d < last[j] + 1 ? d : last[j] + 1;
			d = d < now[j - 1] + 1 ? d : now[j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2]
			    && a[i - 2] == b[j - 1]
			    && rows[(i + 1) % 3][j - 2] + 1 < d)
				d = rows[(i + 1) % 3][j - 2] + 1;
			now[j] = d;
		}
	}
	return rows[n % 3][m];
}

/* The only one of NAMES that begins with WORD, or NULL. */
static const char *
find_prefix (const char *word, const char *const *names)
{
	size_t len = strlen (word);
	const char *found = NULL;

	for (; *names != NULL; names++) {
		if (strncmp (word, *names, len) != 0)
			continue;
		if (found != NULL)
			return NULL;
		found = *names;
	}
	return len < 3 ? NULL : found;
}

/* The longest of NAMES with which WORD begins, as far as a letter does not
 * follow: "claude-code" begins with claude, "runner" not with run. */
static const char *
find_beginning (const char *word, const char *const *names)
{
	const char *found = NULL;
	size_t longest = 2;

	for (; *names != NULL; names++) {
		size_t len = strlen (*names);
		char next;

		if (len <= longest || strncmp (word, *names, len) != 0)
			continue;
		next = to_lower (word[len]);
		if (next >= 'a' && next <= 'z')
			continue;
		longest = len;
		found = *names;
	}
	return found;
}

const char *
opt_nearest (const char *word, const char *const *names)
{
	const char *best = NULL;
	size_t best_d = strlen (word) < 5 ? 2 : 3;
	size_t i;

	if (word[0] == '\0')
		return NULL;
	for (i = 0; names[i] != NULL; i++) {
		size_t d = distance (word, names[i]);

		if (d < best_d) {
			best_d = d;
			best = names[i];
		}
	}
	if (best == NULL)
		best = find_prefix (word, names);
	return best == NULL ? find_beginning (word, names) : best;
}
