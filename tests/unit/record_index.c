/* SPDX-License-Identifier: MIT */
/* record_index.c - an index of the runs that is damaged, or behind its
 * directory. */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/macros.h"
#include "lib/record_fixture.h"
#include "lib/tap.h"
#include "record/index.h"
#include "record/layout.h"

static void
damaged_index (void)
{
	static const char *const indexes[] = {
		"",
		"\n\n\n",
		"garbage",
		"1000 ../../etc\n1000 r0\n",
		"1000 r1\n1000 r0",
		"99999999999999999999999 r0\n",
		"1000 r0\n1000 r0\n1000 r0\n",
	};
	const char *dir = record_fixture_store ();
	struct lhk_store *s = NULL;
	char long_line[RECORD_INDEX_LINE * 4];
	size_t i;

	record_fixture_fill (2);
	TAP_EQ_INT (lhk_store_open (dir, NULL, &s, NULL), LHK_OK);
	for (i = 0; i < sizeof indexes / sizeof indexes[0]; i++) {
		record_fixture_index (RECORD_INDEX_WHOLE, indexes[i]);
		TAP_EQ_STR (record_fixture_list (s, NULL, 0), "r1 r0 ");
		/* One that does not say that all are in it is made anew. */
		record_fixture_index ("", indexes[i]);
		TAP_EQ_STR (record_fixture_list (s, NULL, 0), "r1 r0 ");
		TAP_EQ_STR (record_fixture_list (s, NULL, 0), "r1 r0 ");
	}
	snprintf (long_line, sizeof long_line, "1000 r0\n%0*d\n1000 r1\n",
		  RECORD_INDEX_LINE * 3, 0);
	record_fixture_index (RECORD_INDEX_WHOLE, long_line);
	TAP_EQ_STR (record_fixture_list (s, NULL, 0), "r1 r0 ");
	lhk_store_free (s);
	record_fixture_clear ();
}

/* Whatever was left of it, the next run has its line, and the others are
 * found. */
static void
torn_index (void)
{
	static const char whole[] = RECORD_INDEX_WHOLE "1000 r0\n1000 r1\n";
	const char *dir = record_fixture_store ();
	struct lhk_store *s = NULL;
	char cut[sizeof whole];
	struct record_writer k;
	size_t len;

	record_fixture_fill (2);
	TAP_EQ_INT (lhk_store_open (dir, NULL, &s, NULL), LHK_OK);
	for (len = 0; len < sizeof whole; len++) {
		snprintf (cut, len + 1, "%s", whole);
		record_fixture_index (cut, "");
		record_fixture_begin (&k, "new");
		record_fixture_finish (&k, LHK_VERDICT_OK, 0);
		/* All started at once: made anew it is in order of names. */
		TAP_EQ_STR (record_fixture_list (s, NULL, 0), "r1 r0 new ");
		TAP_EQ_INT (lhk_store_remove (s, "new", NULL), LHK_OK);
	}
	lhk_store_free (s);
	record_fixture_clear ();
}

/* Move the record ID out of the store, to where it is no record of it, or back
 * again. */
static void
move_record (const char *dir, const char *id, int out)
{
	char here[160], there[160];

	snprintf (here, sizeof here, "%s/%s", dir, id);
	snprintf (there, sizeof there, "%s/.other-%s", dir, id);
	TAP_EQ_INT (out ? rename (here, there) : rename (there, here), 0);
}

static void
set_changed (const char *dir, time_t when)
{
	const struct timespec times[2] = { { when, 1 }, { when, 1 } };

	TAP_EQ_INT (utimensat (AT_FDCWD, dir, times, 0), 0);
}

static void
copied_records (void)
{
	const char *dir = record_fixture_store ();
	struct lhk_store *s = NULL;
	char id[LHK_RECORD_ID_MAX + 1], path[128];

	record_fixture_fill (3);
	TAP_EQ_INT (lhk_store_open (dir, NULL, &s, NULL), LHK_OK);
	TAP_EQ_STR (record_fixture_list (s, NULL, 0), "r2 r1 r0 ");
	move_record (dir, "r1", 1);
	/* Its line goes too. */
	TAP_EQ_STR (record_fixture_list (s, NULL, 0), "r2 r0 ");
	move_record (dir, "r1", 0);
	TAP_EQ_INT (lhk_store_find (s, "r1", id, NULL), LHK_OK);
	TAP_EQ_STR (record_fixture_list (s, NULL, 0), "r2 r1 r0 ");
	/* Without an index, too. */
	snprintf (path, sizeof path, "%s/" RECORD_INDEX, dir);
	TAP_EQ_INT (unlink (path), 0);
	TAP_EQ_STR (record_fixture_list (s, NULL, 0), "r2 r1 r0 ");
	/* And where none can be written. */
	move_record (dir, "r0", 1);
	TAP_EQ_STR (record_fixture_list (s, NULL, 0), "r2 r1 ");
	snprintf (path, sizeof path, "%s/" RECORD_INDEX_DRAFT, dir);
	TAP_EQ_INT (mkdir (path, 0700), 0);
	move_record (dir, "r0", 0);
	TAP_EQ_STR (record_fixture_list (s, NULL, 0), "r2 r1 r0 ");
	TAP_EQ_STR (record_fixture_list (s, NULL, 0), "r2 r1 r0 ");
	lhk_store_free (s);
	record_fixture_clear ();
}

/* A copied record is the newest only if it started last, and `latest' too. */
static void
copied_in_order (void)
{
	const char *dir = record_fixture_store ();
	struct lhk_store *s = NULL;
	char id[LHK_RECORD_ID_MAX + 1];
	struct record_writer k;

	record_fixture_fill (2);
	record_fixture_begin (&k, "a");
	record_fixture_finish (&k, LHK_VERDICT_OK, 0);
	TAP_EQ_INT (lhk_store_open (dir, NULL, &s, NULL), LHK_OK);
	move_record (dir, "a", 1);
	TAP_EQ_STR (record_fixture_list (s, NULL, 0), "r1 r0 ");
	move_record (dir, "a", 0);
	TAP_EQ_STR (record_fixture_list (s, NULL, 0), "r1 r0 a ");
	TAP_EQ_INT (lhk_store_find (s, "latest", id, NULL), LHK_OK);
	TAP_EQ_STR (id, "r1");
	lhk_store_free (s);
	record_fixture_clear ();
}

/* The store of three runs, of which r1 was moved out and is not listed. */
static struct lhk_store *
open_without_r1 (const char *dir)
{
	struct lhk_store *s = NULL;

	record_fixture_fill (3);
	move_record (dir, "r1", 1);
	TAP_EQ_INT (lhk_store_open (dir, NULL, &s, NULL), LHK_OK);
	TAP_EQ_STR (record_fixture_list (s, NULL, 0), "r2 r0 ");
	return s;
}

static void
unchanged_directory (void)
{
	const time_t then = time (NULL) - 100;
	const char *dir = record_fixture_store ();
	struct lhk_store *s = open_without_r1 (dir);

	set_changed (dir, then);
	TAP_EQ_STR (record_fixture_list (s, NULL, 0), "r2 r0 ");
	move_record (dir, "r1", 0);
	set_changed (dir, then);
	/* It is not read: it was seen as it was then. */
	TAP_EQ_STR (record_fixture_list (s, NULL, 0), "r2 r0 ");
	set_changed (dir, then + 1);
	TAP_EQ_STR (record_fixture_list (s, NULL, 0), "r2 r1 r0 ");
	lhk_store_free (s);
	record_fixture_clear ();
}

/* A file system may count in seconds. */
static void
changed_just_now (void)
{
	const time_t now = time (NULL);
	const char *dir = record_fixture_store ();
	struct lhk_store *s = open_without_r1 (dir);

	set_changed (dir, now + 60);
	TAP_EQ_STR (record_fixture_list (s, NULL, 0), "r2 r0 ");
	move_record (dir, "r1", 0);
	set_changed (dir, now + 60);
	TAP_EQ_STR (record_fixture_list (s, NULL, 0), "r2 r1 r0 ");
	lhk_store_free (s);
	record_fixture_clear ();
}

/* Pieces of the index meet in the middle of lines. */
static void
long_index (void)
{
	const char *dir = record_fixture_store ();
	struct lhk_store *s = NULL;
	char path[128];
	FILE *f;
	int i;

	record_fixture_fill (3);
	snprintf (path, sizeof path, "%s/index", dir);
	f = fopen (path, "w");
	fputs (RECORD_INDEX_WHOLE "1000 r0\n", f);
	for (i = 0; i < 5000; i++)
		fprintf (f, "1000 gone-%d\n", i * i);
	fputs ("1000 r1\n", f);
	for (i = 0; i < 5000; i++)
		fprintf (f, "1000 gone-%d\n", i);
	fputs ("1000 r2\n", f);
	fclose (f);
	TAP_EQ_INT (lhk_store_open (dir, NULL, &s, NULL), LHK_OK);
	TAP_EQ_STR (record_fixture_list (s, NULL, 0), "r2 r1 r0 ");
	TAP_EQ_INT (lhk_store_repair (s, NULL), LHK_OK);
	TAP_EQ_STR (record_fixture_list (s, NULL, 0), "r2 r1 r0 ");
	lhk_store_free (s);
	record_fixture_clear ();
}

static const struct tap_case cases[] = {
	{ "a_damaged_index_hides_no_run", damaged_index },
	{ "a_torn_index_goes_on_with_a_line_of_its_own", torn_index },
	{ "a_record_without_a_line_is_listed", copied_records },
	{ "a_copied_record_is_listed_by_its_start", copied_in_order },
	{ "an_unchanged_directory_is_not_read", unchanged_directory },
	{ "a_change_of_this_moment_may_not_be_the_last", changed_just_now },
	{ "lines_over_two_pieces_are_whole", long_index },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("record_index", cases);
}
