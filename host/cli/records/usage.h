/* SPDX-License-Identifier: MIT */
/*
 * usage.h - tokens and money of any number of runs, each counted once.
 *
 * There is a sum for each model, provider, day (UTC, of the start), value of a
 * label, or for some of them together, and one of all.  Beside the sums stands
 * how much of the cost is an estimate, how many runs did not report all of their
 * usage, and how many tokens are those of whole sessions, which other runs may
 * have counted too.
 */
#ifndef CLI_RECORDS_USAGE_H
#define CLI_RECORDS_USAGE_H

#include "cli/records/row.h"
#include "common/label.h"

enum { BY_MODEL = 0, BY_PROVIDER = 1, BY_DAY = 2, BY_LABEL = 3, BY_MAX = 4 };
enum { AS_TABLE = 0, AS_JSON = 1, AS_CSV = 2 };

#define USAGE_LABEL "label:"

/* The keys of the sums, in the order in which they were given; N 0: one sum of
 * all. */
struct usage_keys {
	size_t n;
	int keys[BY_MAX];				/* BY_* */
	char label[sizeof USAGE_LABEL + LABEL_KEY_MAX]; /* "label:KEY", or "" */
};

/* From "model,day", "label:KEY" or "all".  0, or -1: TEXT is not such a list. */
int usage_keys_parse (const char *text, struct usage_keys *ret);

struct usage_table;

/* NULL for no memory; free with usage_table_free. */
struct usage_table *usage_table_new (const struct usage_keys *by);
void usage_table_free (struct usage_table *t);

/* 0, or -1 for no memory. */
int usage_table_add (struct usage_table *t, const struct runs_row *row);

/* To stdout, the lines in order of their keys; a table is cut to COLUMNS of a
 * terminal, 0: it is as wide as it is. */
void usage_table_print (struct usage_table *t, int as, unsigned int columns);

#endif /* CLI_RECORDS_USAGE_H */
