/* SPDX-License-Identifier: MIT */
/* nearest.c - the word that a mistyped one was meant to be. */
#include "config.h"

#include <stddef.h>

#include "cli/opt/option.h"
#include "lib/tap.h"

static void
the_nearest_word (void)
{
	static const char *const names[] = { "run", "filter", "plugins",
					     "check", NULL };
	static const struct {
		const char *word;
		const char *wanted;
	} table[] = {
		{ "filter", "filter" },
		{ "fliter", "filter" },
		{ "filtr", "filter" },
		{ "filterr", "filter" },
		{ "rnu", "run" },
		{ "plugin", "plugins" },
		{ "cehck", "check" },
		{ "fil", "filter" },
		{ "plug", "plugins" },
		{ "pl", NULL },
		{ "FILTER", "filter" },
		{ "doctor", NULL },
		{ "gc", NULL },
		{ "", NULL },
		{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", NULL },
	};
	size_t i;

	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		const char *found = opt_nearest (table[i].word, names);

		tap_note ("'%s'", table[i].word);
		TAP_EQ_STR (found == NULL ? "none" : found,
			    table[i].wanted == NULL ? "none" : table[i].wanted);
	}
}

static const struct tap_case cases[] = {
	{ "opt_nearest_word_is_near_or_none", the_nearest_word },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("nearest", cases);
}
