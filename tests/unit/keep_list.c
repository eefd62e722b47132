/* SPDX-License-Identifier: MIT */
/* keep_list.c - the newest runs first, from an index that is never believed. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "keep/layout.h"
#include "lib/keep.h"
#include "lib/tap.h"

struct names {
	char text[1024];
	int n, most;
};

static int
take (void *user, const struct lhk_kept *kept)
{
	struct names *names = user;

	if (strlen (names->text) + strlen (kept->id) + 2 < sizeof names->text) {
		strcat (names->text, kept->id);
		strcat (names->text, " ");
	}
	names->n++;
	return names->most != 0 && names->n >= names->most;
}

static const char *
list (struct lhk_store *s, const struct lhk_kept_query *q, int most)
{
	static struct names names;
	struct lhk_error err = { 0, 0, "" };

	memset (&names, 0, sizeof names);
	names.most = most;
	if (lhk_store_each (s, q, take, &names, &err) < 0)
		tap_note ("%s", err.text);
	return names.text;
}

/* COUNT ended runs r0.. with an index of our own: each started a second after
 * the one before. */
static void
fill (const char *dir, int count)
{
	char id[16];
	struct keeper k;
	int i;

	for (i = 0; i < count; i++) {
		snprintf (id, sizeof id, "r%d", i);
		keep_record (&k, id);
		keep_finish (&k, i % 3 == 2 ? LHK_VERDICT_FAILED
			     : LHK_VERDICT_OK, 0);
	}
	(void) dir;
}

static void
newest_first (void)
{
	struct lhk_kept_query q = LHK_KEPT_QUERY_INIT;
	const char *dir = keep_place ();
	struct lhk_store *s = NULL;

	fill (dir, 5);
	TAP_EQ_INT (lhk_store_open (dir, NULL, &s, NULL), LHK_OK);
	TAP_EQ_STR (list (s, NULL, 0), "r4 r3 r2 r1 r0 ");
	TAP_EQ_STR (list (s, NULL, 2), "r4 r3 ");
	q.most = 3;
	TAP_EQ_STR (list (s, &q, 0), "r4 r3 r2 ");
	q.provider = "other";
	TAP_EQ_STR (list (s, &q, 0), "");
	q.provider = NULL;
	q.status = LHK_KEPT_RUNNING;
	TAP_EQ_STR (list (s, &q, 0), "");
	q.status = LHK_KEPT_ENDED;
	q.since_ms = 1001;
	TAP_EQ_STR (list (s, &q, 0), "");
	q.since_ms = 0;
	q.before_ms = 1000;
	TAP_EQ_STR (list (s, &q, 0), "");
	lhk_store_free (s);
	keep_clear ();
}

static void
removed_and_again (void)
{
	const char *dir = keep_place ();
	struct lhk_store *s = NULL;
	struct keeper k;

	fill (dir, 3);
	TAP_EQ_INT (lhk_store_open (dir, NULL, &s, NULL), LHK_OK);
	TAP_EQ_INT (lhk_store_remove (s, "r1", NULL), LHK_OK);
	TAP_EQ_STR (list (s, NULL, 0), "r2 r0 ");
	keep_record (&k, "r2x");
	TAP_EQ_STR (list (s, NULL, 0), "r2x r2 r0 ");
	keeper_close (&k);
	TAP_EQ_STR (list (s, NULL, 0), "r2x r2 r0 ");
	TAP_EQ_INT (lhk_store_tidy (s, NULL), LHK_OK);
	TAP_EQ_STR (list (s, NULL, 0), "r2x r2 r0 ");
	lhk_store_free (s);
	keep_clear ();
}

static void
damaged_index (void)
{
	static const char *const indexes[] = {
		NULL, "", "\n\n\n", "garbage", "1000 ../../etc\n1000 r0\n",
		"1000 r1\n1000 r0", "99999999999999999999999 r0\n",
		"1000 r0\n1000 r0\n1000 r0\n",
	};
	static const char *const wanted[] = {
		"r1 r0 ", "", "", "", "r0 ", "r0 r1 ", "", "r0 ",
	};
	const char *dir = keep_place ();
	struct lhk_store *s = NULL;
	char path[128], long_line[KEEP_INDEX_LINE * 3];
	size_t i;
	FILE *f;

	fill (dir, 2);
	snprintf (path, sizeof path, "%s/index", dir);
	TAP_EQ_INT (lhk_store_open (dir, NULL, &s, NULL), LHK_OK);
	for (i = 0; i < sizeof indexes / sizeof indexes[0]; i++) {
		unlink (path);
		if (indexes[i] != NULL) {
			f = fopen (path, "w");
			fputs (indexes[i], f);
			fclose (f);
		}
		TAP_EQ_STR (list (s, NULL, 0), wanted[i]);
	}
	memset (long_line, 'x', sizeof long_line);
	f = fopen (path, "w");
	fprintf (f, "1000 r0\n%.*s\n1000 r1\n", (int) sizeof long_line,
		 long_line);
	fclose (f);
	TAP_EQ_STR (list (s, NULL, 0), "r1 r0 ");
	lhk_store_free (s);
	keep_clear ();
}

/* Pieces of the index meet in the middle of lines. */
static void
long_index (void)
{
	const char *dir = keep_place ();
	struct lhk_store *s = NULL;
	char path[128];
	FILE *f;
	int i;

	fill (dir, 3);
	snprintf (path, sizeof path, "%s/index", dir);
	f = fopen (path, "w");
	fputs ("1000 r0\n", f);
	for (i = 0; i < 5000; i++)
		fprintf (f, "1000 gone-%d\n", i * i);
	fputs ("1000 r1\n", f);
	for (i = 0; i < 5000; i++)
		fprintf (f, "1000 gone-%d\n", i);
	fputs ("1000 r2\n", f);
	fclose (f);
	TAP_EQ_INT (lhk_store_open (dir, NULL, &s, NULL), LHK_OK);
	TAP_EQ_STR (list (s, NULL, 0), "r2 r1 r0 ");
	TAP_EQ_INT (lhk_store_tidy (s, NULL), LHK_OK);
	TAP_EQ_STR (list (s, NULL, 0), "r2 r1 r0 ");
	lhk_store_free (s);
	keep_clear ();
}

static void
half_removed (void)
{
	const char *dir = keep_place ();
	struct lhk_store *s = NULL;
	char from[128], to[160];

	fill (dir, 2);
	snprintf (from, sizeof from, "%s/r0", dir);
	snprintf (to, sizeof to, "%s/" KEEP_GONE "r0.1", dir);
	TAP_EQ_INT (rename (from, to), 0);
	TAP_EQ_INT (lhk_store_open (dir, NULL, &s, NULL), LHK_OK);
	TAP_EQ_STR (list (s, NULL, 0), "r1 ");
	TAP_EQ_INT (lhk_store_tidy (s, NULL), LHK_OK);
	TAP_EQ_INT (access (to, F_OK), -1);
	TAP_EQ_STR (list (s, NULL, 0), "r1 ");
	lhk_store_free (s);
	keep_clear ();
}

static void
nothing_there (void)
{
	const char *dir = keep_place ();
	struct lhk_store *s = NULL;
	struct keeper k;

	TAP_EQ_INT (lhk_store_open (dir, NULL, &s, NULL), LHK_OK);
	TAP_EQ_STR (list (s, NULL, 0), "");
	TAP_EQ_INT (lhk_store_tidy (s, NULL), LHK_OK);
	TAP_EQ_INT (access (dir, F_OK), -1);
	keep_record (&k, "r0");
	TAP_EQ_STR (list (s, NULL, 0), "r0 ");
	keep_finish (&k, LHK_VERDICT_OK, 0);
	lhk_store_free (s);
	keep_clear ();
}

static const struct tap_case cases[] = {
	{ "newest_first_and_by_what_is_asked", newest_first },
	{ "removed_runs_are_not_listed", removed_and_again },
	{ "a_damaged_index_costs_the_list_alone", damaged_index },
	{ "lines_over_two_pieces_are_whole", long_index },
	{ "what_a_crash_left_of_a_removal_goes", half_removed },
	{ "a_store_may_come_later", nothing_there },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("keep_list", cases);
}
