/* SPDX-License-Identifier: MIT */
/* kept.c - some of the runs are kept: all of their records must be there. */
#include "config.h"

#include <stdio.h>

#include <linehook/record.h>

#include "torture/torture.h"

static const char *
store_path (const struct stage *s, char path[128])
{
	snprintf (path, 128, "%s/kept", s->files);
	return path;
}

void
job_take_store (struct job *j)
{
	if (j->stage->keeping && j->stage->begun++ % 3 == 0)
		j->opts.record_dir = store_path (j->stage, j->store);
}

static int
count_kept (void *user, const struct lhk_record_info *kept)
{
	long *counts = user;

	counts[kept->status == LHK_RECORD_ENDED && kept->verdict != 0]++;
	return 0;
}

int
play_kept_all (struct stage *s, char *why)
{
	struct lhk_error err = { 0, 0, "" };
	struct lhk_store *store = NULL;
	long counts[2] = { 0, 0 };
	char path[128];
	int r = lhk_store_open (store_path (s, path), NULL, &store, &err);

	if (r == LHK_OK)
		r = lhk_store_list (store, NULL, count_kept, counts, &err);
	lhk_store_free (store);
	if (r == LHK_OK && s->kept > 0 && counts[0] == 0
	    && counts[1] == s->kept)
		return 1;
	snprintf (why, WHY_MAX,
		  "%ld runs were kept, %ld of them are listed as"
		  " ended and %ld as not: %.100s",
		  s->kept, counts[1], counts[0], err.text);
	return 0;
}
