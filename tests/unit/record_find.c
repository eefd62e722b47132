/* SPDX-License-Identifier: MIT */
/* record_find.c - which run a word names. */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/macros.h"
#include "lib/record_fixture.h"
#include "lib/tap.h"
#include "record/layout.h"

/* Ended runs of these names, the oldest first. */
static struct lhk_store *
store_of (const char *const *ids, size_t n)
{
	const char *dir = record_fixture_store ();
	struct record_writer k;
	struct lhk_store *s = NULL;
	size_t i;

	for (i = 0; i < n; i++) {
		record_fixture_begin (&k, ids[i]);
		record_fixture_finish (&k, LHK_VERDICT_OK, 0);
	}
	TAP_EQ_INT (lhk_store_open (dir, NULL, &s, NULL), LHK_OK);
	return s;
}

/* The run that WORD names; if there is none, "CODE SENTENCE". */
static const char *
found (struct lhk_store *s, const char *word)
{
	static char text[300];
	char id[LHK_RECORD_ID_MAX + 1] = "";
	struct lhk_error err = { 0, 0, "" };
	int r = lhk_store_find (s, word, id, &err);

	if (r == LHK_OK)
		snprintf (text, sizeof text, "%s", id);
	else
		snprintf (text, sizeof text, "%d %s", r, err.text);
	return text;
}

/* The code alone. */
static int
code (struct lhk_store *s, const char *word)
{
	char id[LHK_RECORD_ID_MAX + 1];

	return lhk_store_find (s, word, id, NULL);
}

static void
end (struct lhk_store *s)
{
	lhk_store_free (s);
	record_fixture_clear ();
}

static void
by_prefix (void)
{
	static const char *const ids[] = { "apple", "banana", "apricot" };
	struct lhk_store *s = store_of (ids, ARRAY_SIZE (ids));

	TAP_EQ_STR (found (s, "apple"), "apple");
	TAP_EQ_STR (found (s, "b"), "banana");
	TAP_EQ_STR (found (s, "apr"), "apricot");
	TAP_EQ_INT (code (s, "anana"), LHK_ENOTFOUND);
	TAP_EQ_INT (code (s, "apples"), LHK_ENOTFOUND);
	end (s);
}

static void
exact_wins (void)
{
	static const char *const ids[] = { "job", "job-1", "job-2" };
	struct lhk_store *s = store_of (ids, ARRAY_SIZE (ids));

	TAP_EQ_STR (found (s, "job"), "job");
	TAP_EQ_STR (found (s, "job-1"), "job-1");
	end (s);
}

static void
ambiguous (void)
{
	static const char *const ids[] = { "r1", "r2", "r3", "r4", "r5", "q" };
	struct lhk_store *s = store_of (ids, ARRAY_SIZE (ids));
	char wanted[200];

	snprintf (wanted, sizeof wanted,
		  "%d 'r' is the beginning of several runs, r5, r4, r3 and"
		  " others; type more of the id",
		  LHK_EINVAL);
	TAP_EQ_STR (found (s, "r"), wanted);
	TAP_EQ_INT (lhk_store_remove (s, "r5", NULL), LHK_OK);
	TAP_EQ_INT (lhk_store_remove (s, "r4", NULL), LHK_OK);
	TAP_EQ_INT (lhk_store_remove (s, "r3", NULL), LHK_OK);
	snprintf (wanted, sizeof wanted,
		  "%d 'r' is the beginning of several runs, r2 and r1; type"
		  " more of the id",
		  LHK_EINVAL);
	TAP_EQ_STR (found (s, "r"), wanted);
	TAP_EQ_INT (lhk_store_remove (s, "r2", NULL), LHK_OK);
	TAP_EQ_STR (found (s, "r"), "r1");
	end (s);
}

static void
newest (void)
{
	static const char *const ids[] = { "a", "b", "c" };
	struct lhk_store *s = store_of (ids, ARRAY_SIZE (ids));

	TAP_EQ_STR (found (s, "latest"), "c");
	TAP_EQ_INT (lhk_store_remove (s, "c", NULL), LHK_OK);
	TAP_EQ_STR (found (s, "latest"), "b");
	TAP_EQ_INT (lhk_store_remove (s, "b", NULL), LHK_OK);
	TAP_EQ_INT (lhk_store_remove (s, "a", NULL), LHK_OK);
	TAP_EQ_INT (code (s, "latest"), LHK_ENOTFOUND);
	end (s);
}

static void
used_again (void)
{
	static const char *const ids[] = { "again", "other" };
	struct lhk_store *s = store_of (ids, ARRAY_SIZE (ids));
	struct record_writer k;

	TAP_EQ_INT (lhk_store_remove (s, "again", NULL), LHK_OK);
	record_fixture_begin (&k, "again");
	record_fixture_finish (&k, LHK_VERDICT_OK, 0);
	TAP_EQ_STR (found (s, "ag"), "again");
	end (s);
}

static void
no_index (void)
{
	static const char *const ids[] = { "one", "two" };
	struct lhk_store *s = store_of (ids, ARRAY_SIZE (ids));
	char path[160];

	snprintf (path, sizeof path, "%s/" RECORD_INDEX, record_fixture_dir ());
	TAP_EQ_INT (unlink (path), 0);
	TAP_EQ_STR (found (s, "o"), "one");
	end (s);
}

static void
no_words (void)
{
	static const char *const ids[] = { "run" };
	static const char *const bad[] = { "",	    "/",     "../run",
					   "run/",  "./run", "r n",
					   "index", ".r",    "r\x1b[2J" };
	struct lhk_store *s = store_of (ids, ARRAY_SIZE (ids));
	char id[LHK_RECORD_ID_MAX + 1], dir[160];
	size_t i;

	for (i = 0; i < ARRAY_SIZE (bad); i++)
		TAP_EQ_INT (code (s, bad[i]), LHK_EINVAL);
	TAP_EQ_INT (code (s, NULL), LHK_EINVAL);
	TAP_EQ_INT (lhk_store_find (NULL, "run", id, NULL), LHK_EINVAL);
	CU_ASSERT (strstr (found (s, "./run"), "is a path") != NULL);
	/* A directory is no record by its name alone. */
	snprintf (dir, sizeof dir, "%s/notes", record_fixture_dir ());
	TAP_EQ_INT (mkdir (dir, 0700), 0);
	TAP_EQ_INT (code (s, "notes"), LHK_ENOTFOUND);
	TAP_EQ_INT (code (s, "n"), LHK_ENOTFOUND);
	end (s);
}

static void
no_store (void)
{
	struct lhk_store *s = NULL;

	TAP_EQ_INT (lhk_store_open (record_fixture_store (), NULL, &s, NULL),
		    LHK_OK);
	TAP_EQ_INT (code (s, "run"), LHK_ENOTFOUND);
	TAP_EQ_INT (code (s, "latest"), LHK_ENOTFOUND);
	end (s);
}

static const struct tap_case cases[] = {
	{ "the_beginning_of_an_id_names_its_run", by_prefix },
	{ "a_whole_id_wins_over_a_beginning", exact_wins },
	{ "a_beginning_of_several_ids_names_some_of_them", ambiguous },
	{ "latest_is_the_newest_run_that_is_there", newest },
	{ "an_id_that_was_used_again_is_one_run", used_again },
	{ "a_run_is_found_without_an_index", no_index },
	{ "what_cannot_be_an_id_is_refused", no_words },
	{ "a_store_that_is_not_there_has_no_run", no_store },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("record_find", cases);
}
