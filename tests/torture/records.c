/* SPDX-License-Identifier: MIT */
/* records.c - every third run has a record, and all records must be
 * complete. */
#include "config.h"

#include <stdio.h>

#include <linehook/record.h>

#include "torture/torture.h"

static const char *
store_path (const struct sandbox *s, char path[128])
{
	snprintf (path, 128, "%s/records", s->files);
	return path;
}

void
records_choose_store (struct job *j)
{
	if (j->sandbox->with_records && j->sandbox->n_begun++ % 3 == 0)
		j->opts.record_dir = store_path (j->sandbox, j->store);
}

static int
count_record (void *user, const struct lhk_record_info *info)
{
	long *counts = user;

	counts[info->status == LHK_RECORD_ENDED && info->verdict != 0]++;
	return 0;
}

int
records_check (struct sandbox *s, char *why)
{
	struct lhk_error err = { 0, 0, "" };
	struct lhk_store *store = NULL;
	long counts[2] = { 0, 0 };
	char path[128];
	int r = lhk_store_open (store_path (s, path), NULL, &store, &err);

	if (r == LHK_OK)
		r = lhk_store_list (store, NULL, count_record, counts, &err);
	lhk_store_free (store);
	if (r == LHK_OK && s->n_records > 0 && counts[0] == 0
	    && counts[1] == s->n_records)
		return 1;
	snprintf (why, WHY_MAX,
		  "%ld runs had a record, %ld of them are listed as"
		  " ended and %ld as not: %.100s",
		  s->n_records, counts[1], counts[0], err.text);
	return 0;
}
