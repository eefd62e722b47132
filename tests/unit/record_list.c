/* SPDX-License-Identifier: MIT */
/* record_list.c - the newest runs first, from an index that is never
 * believed. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "record/index.h"
#include "record/layout.h"
#include "lib/record_fixture.h"
#include "lib/tap.h"
#include "common/macros.h"

/* Write TEXT in place of run.json of the run ID. */
static void
forge (const char *dir, const char *id, const char *text)
{
	char path[160];
	FILE *f;

	snprintf (path, sizeof path, "%s/%s/" RECORD_RUN, dir, id);
	f = fopen (path, "w");
	if (!TAP_EQ_INT (f != NULL, 1))
		return;
	fputs (text, f);
	fclose (f);
}

static struct lhk_store *
open_five (void)
{
	const char *dir = record_fixture_store ();
	struct lhk_store *s = NULL;

	record_fixture_fill (5);
	TAP_EQ_INT (lhk_store_open (dir, NULL, &s, NULL), LHK_OK);
	return s;
}

static void
newest_first (void)
{
	struct lhk_store *s = open_five ();

	TAP_EQ_STR (record_fixture_list (s, NULL, 0), "r4 r3 r2 r1 r0 ");
	lhk_store_free (s);
	record_fixture_clear ();
}

static void
callback_stops (void)
{
	struct lhk_store *s = open_five ();

	TAP_EQ_STR (record_fixture_list (s, NULL, 2), "r4 r3 ");
	lhk_store_free (s);
	record_fixture_clear ();
}

static void
query_max (void)
{
	struct lhk_record_query q = LHK_RECORD_QUERY_INIT;
	struct lhk_store *s = open_five ();

	q.max = 3;
	TAP_EQ_STR (record_fixture_list (s, &q, 0), "r4 r3 r2 ");
	lhk_store_free (s);
	record_fixture_clear ();
}

static void
query_provider (void)
{
	struct lhk_record_query q = LHK_RECORD_QUERY_INIT;
	struct lhk_store *s = open_five ();

	q.max = 3;
	q.provider = "other";
	TAP_EQ_STR (record_fixture_list (s, &q, 0), "");
	lhk_store_free (s);
	record_fixture_clear ();
}

static void
query_status (void)
{
	struct lhk_record_query q = LHK_RECORD_QUERY_INIT;
	struct lhk_store *s = open_five ();

	q.max = 3;
	q.status = LHK_RECORD_RUNNING;
	TAP_EQ_STR (record_fixture_list (s, &q, 0), "");
	q.status = LHK_RECORD_ENDED;
	TAP_EQ_STR (record_fixture_list (s, &q, 0), "r4 r3 r2 ");
	lhk_store_free (s);
	record_fixture_clear ();
}

static void
query_verdict (void)
{
	struct lhk_record_query q = LHK_RECORD_QUERY_INIT;
	struct lhk_store *s = open_five ();
	struct record_writer lost, running;

	record_fixture_begin (&lost, "s-lost");
	record_writer_close (&lost);
	record_fixture_begin (&running, "t-running");
	q.status = LHK_RECORD_FAILED;
	TAP_EQ_STR (record_fixture_list (s, &q, 0), "s-lost r2 ");
	q.status = 0;
	q.verdict = LHK_VERDICT_FAILED;
	TAP_EQ_STR (record_fixture_list (s, &q, 0), "r2 ");
	q.verdict = LHK_VERDICT_HOST_ERROR;
	TAP_EQ_STR (record_fixture_list (s, &q, 0), "s-lost ");
	q.verdict = LHK_VERDICT_LIMIT;
	TAP_EQ_STR (record_fixture_list (s, &q, 0), "");
	record_writer_close (&running);
	lhk_store_free (s);
	record_fixture_clear ();
}

static const char *
labeled (struct lhk_store *s, const char *label)
{
	struct lhk_record_query q = LHK_RECORD_QUERY_INIT;

	q.label = label;
	return record_fixture_list (s, &q, 0);
}

static void
query_label (void)
{
	static const char *const a[] = { "job=nightly", "n=1", NULL };
	static const char *const b[] = { "job=x", "n=2", "job=a \"b\"\n\\",
					 NULL };
	static const char *const c[] = { "job=nightly", "n=", NULL };
	struct record_writer k;
	struct lhk_store *s = NULL;

	TAP_EQ_INT (lhk_store_open (record_fixture_store (), NULL, &s, NULL),
		    LHK_OK);
	record_fixture_begin_labeled (&k, "a", a, "\"labels\":{\"job\":\"p\"}");
	record_fixture_finish (&k, LHK_VERDICT_OK, 0);
	record_fixture_begin_labeled (&k, "b", b, NULL);
	record_fixture_finish (&k, LHK_VERDICT_OK, 0);
	record_fixture_begin_labeled (&k, "c", c, NULL);
	TAP_EQ_STR (labeled (s, "job=nightly"), "c a ");
	TAP_EQ_STR (labeled (s, "job"), "c b a ");
	TAP_EQ_STR (labeled (s, "n="), "c ");
	TAP_EQ_STR (labeled (s, "n=2"), "b ");
	/* The last one of a key counts. */
	TAP_EQ_STR (labeled (s, "job=x"), "");
	TAP_EQ_STR (labeled (s, "job=a \"b\"\n\\"), "b ");
	TAP_EQ_STR (labeled (s, "job=p"), "");
	TAP_EQ_STR (labeled (s, "jo"), "");
	TAP_EQ_STR (labeled (s, "job=night"), "");
	record_fixture_finish (&k, LHK_VERDICT_OK, 0);
	/* Labels of another type are none. */
	forge (record_fixture_dir (), "a",
	       "{\"run\":\"a\",\"labels\":[\"job\",\"nightly\"]}\n");
	forge (record_fixture_dir (), "c", "{\"labels\":{\"job\":1}}\n");
	TAP_EQ_STR (labeled (s, "job"), "b ");
	lhk_store_free (s);
	record_fixture_clear ();
}

static void
query_time (void)
{
	struct lhk_record_query q = LHK_RECORD_QUERY_INIT;
	struct lhk_store *s = open_five ();

	q.max = 3;
	q.since_ms = 1001;
	TAP_EQ_STR (record_fixture_list (s, &q, 0), "");
	q.since_ms = 0;
	q.before_ms = 1000;
	TAP_EQ_STR (record_fixture_list (s, &q, 0), "");
	lhk_store_free (s);
	record_fixture_clear ();
}

static void
removed_and_again (void)
{
	const char *dir = record_fixture_store ();
	struct lhk_store *s = NULL;
	struct record_writer k;

	record_fixture_fill (3);
	TAP_EQ_INT (lhk_store_open (dir, NULL, &s, NULL), LHK_OK);
	TAP_EQ_INT (lhk_store_remove (s, "r1", NULL), LHK_OK);
	TAP_EQ_STR (record_fixture_list (s, NULL, 0), "r2 r0 ");
	record_fixture_begin (&k, "r2x");
	TAP_EQ_STR (record_fixture_list (s, NULL, 0), "r2x r2 r0 ");
	record_writer_close (&k);
	TAP_EQ_STR (record_fixture_list (s, NULL, 0), "r2x r2 r0 ");
	TAP_EQ_INT (lhk_store_repair (s, NULL), LHK_OK);
	TAP_EQ_STR (record_fixture_list (s, NULL, 0), "r2x r2 r0 ");
	lhk_store_free (s);
	record_fixture_clear ();
}

#define BEGUN 40

/* In a process of its own: begins runs, or tidies. */
static void
play (const char *dir, int who)
{
	struct lhk_store *s = NULL;
	char id[32];
	struct record_writer k;
	int i, bad = lhk_store_open (dir, NULL, &s, NULL) < 0;

	for (i = 0; i < BEGUN && !bad; i++) {
		snprintf (id, sizeof id, "w%d-%d", who, i);
		if (who < 2) {
			record_fixture_begin (&k, id);
			record_writer_close (&k);
		} else {
			bad = lhk_store_repair (s, NULL) < 0;
		}
	}
	lhk_store_free (s);
	_exit (bad);
}

static void
at_once (void)
{
	const char *dir = record_fixture_store ();
	struct lhk_store *s = NULL;
	const char *ids;
	int i, status;

	record_fixture_make_dir ();
	for (i = 0; i < 4; i++)
		if (fork () == 0)
			play (dir, i);
	for (i = 0; i < 4; i++) {
		wait (&status);
		TAP_EQ_INT (status, 0);
	}
	TAP_EQ_INT (lhk_store_open (dir, NULL, &s, NULL), LHK_OK);
	ids = record_fixture_list (s, NULL, 0);
	for (i = 0; ids[0] != '\0'; ids += strcspn (ids, " ") + 1)
		i++;
	TAP_EQ_INT (i, 2 * BEGUN);
	lhk_store_free (s);
	record_fixture_clear ();
}

/* In the place of its result. */
static void
one_bad (void)
{
	const char *dir = record_fixture_store ();
	struct lhk_record_query q = LHK_RECORD_QUERY_INIT;
	struct lhk_store *s = NULL;
	char path[128];
	int i;

	record_fixture_fill (3);
	snprintf (path, sizeof path, "%s/r1/result.json", dir);
	unlink (path);
	TAP_EQ_INT (lhk_store_open (dir, NULL, &s, NULL), LHK_OK);
	for (i = 0; i < 3; i++) {
		TAP_EQ_INT (i == 0   ? symlink ("elsewhere", path)
			    : i == 1 ? mkfifo (path, 0600)
				     : mkdir (path, 0700),
			    0);
		TAP_EQ_STR (record_fixture_list (s, NULL, 0), "r2 r1 r0 ");
		q.status = LHK_RECORD_LOST;
		TAP_EQ_STR (record_fixture_list (s, &q, 0), "r1 ");
		remove (path);
	}
	lhk_store_free (s);
	record_fixture_clear ();
}

/* A name that is a directory of its own, not of a record. */
static void
put (const char *dir, const char *name, const char *file, const char *text)
{
	char path[256];
	FILE *f;

	snprintf (path, sizeof path, "%s/%s", dir, name);
	(void) mkdir (path, 0700);
	snprintf (path, sizeof path, "%s/%s/%s", dir, name, file);
	f = fopen (path, "w");
	CU_ASSERT_PTR_NOT_NULL_FATAL (f);
	fputs (text, f);
	fclose (f);
}

static int
is_there (const char *dir, const char *name)
{
	char path[256];

	snprintf (path, sizeof path, "%s/%s", dir, name);
	return access (path, F_OK) == 0;
}

static int
holds (const char *dir, const char *name, const char *text)
{
	char path[256], buf[64];
	ssize_t n;
	int fd;

	snprintf (path, sizeof path, "%s/%s", dir, name);
	fd = open (path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read (fd, buf, sizeof buf);
	if (fd >= 0)
		close (fd);
	return n == (ssize_t) strlen (text)
	       && memcmp (buf, text, strlen (text)) == 0;
}

/* What a user keeps in a directory, and a file in it that stays with it. */
static const struct {
	const char *name, *file, *text;
} foreign[] = {
	{ "docs", "precious", "x" },
	{ "locked", "lock", "" },
	{ "archive", "lock", "" },
	{ "archive", "packages", "x" },
	{ "other", "run.json", "{\"run\":\"another\"}\n" },
	{ "copy", "result.json", "{\"v\":1,\"run\":\"copy\"}\n" },
	{ "copy", "notes", "x" },
	{ "raw", "stdout.raw", "x" },
	{ ".new-ideas", "list", "x" },
	{ ".new-a.1-0", "list", "x" },
	{ ".removed-later", "list", "x" },
	{ ".removed-a.1-0", "list", "x" },
};

static void
no_store (void)
{
	const char *dir = record_fixture_store ();
	struct lhk_error err = { 0, 0, "" };
	struct lhk_store *s = NULL;
	struct lhk_str text;
	char path[128];
	size_t i;

	record_fixture_make_dir ();
	for (i = 0; i < ARRAY_SIZE (foreign); i++)
		put (dir, foreign[i].name, foreign[i].file, foreign[i].text);
	snprintf (path, sizeof path, "%s/empty", dir);
	TAP_EQ_INT (mkdir (path, 0700), 0);
	TAP_EQ_INT (lhk_store_open (dir, NULL, &s, NULL), LHK_OK);
	TAP_EQ_INT (lhk_store_repair (s, NULL), LHK_OK);
	TAP_EQ_STR (record_fixture_list (s, NULL, 0), "");
	CU_ASSERT (!is_there (dir, RECORD_INDEX));
	record_fixture_index ("a user's own\n", "");
	TAP_EQ_INT (lhk_store_repair (s, NULL), LHK_OK);
	TAP_EQ_STR (record_fixture_list (s, NULL, 0), "");
	CU_ASSERT (holds (dir, RECORD_INDEX, "a user's own\n"));
	record_fixture_fill (1);
	TAP_EQ_INT (lhk_store_repair (s, NULL), LHK_OK);
	TAP_EQ_STR (record_fixture_list (s, NULL, 0), "r0 ");
	/* An index may name them all the same. */
	record_fixture_index (RECORD_INDEX_WHOLE, "0 docs\n0 empty\n0 copy\n");
	TAP_EQ_STR (record_fixture_list (s, NULL, 0), "r0 ");
	for (i = 0; i < ARRAY_SIZE (foreign); i++)
		if (foreign[i].name[0] != '.') {
			TAP_EQ_INT (lhk_store_show (s, foreign[i].name, 0,
						    &text, NULL, &err),
				    LHK_ENOTFOUND);
			TAP_EQ_INT (lhk_store_remove (s, foreign[i].name, &err),
				    LHK_ENOTFOUND);
		}
	TAP_EQ_INT (lhk_store_repair (s, NULL), LHK_OK);
	TAP_EQ_STR (record_fixture_list (s, NULL, 0), "r0 ");
	for (i = 0; i < ARRAY_SIZE (foreign); i++) {
		snprintf (path, sizeof path, "%s/%s", foreign[i].name,
			  foreign[i].file);
		CU_ASSERT (is_there (dir, path));
	}
	CU_ASSERT (is_there (dir, "empty"));
	lhk_store_free (s);
	record_fixture_clear ();
}

/* So many directories in each other, below DIR/NAME. */
#define DEEP 3000

static void
put_deep (const char *dir, const char *name)
{
	char path[256];
	int i, next, fd;

	snprintf (path, sizeof path, "%s/%s", dir, name);
	TAP_EQ_INT (mkdir (path, 0700), 0);
	fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (i = 0; i < DEEP && fd >= 0; i++) {
		next = mkdirat (fd, "d", 0700) < 0
			       ? -1
			       : openat (fd, "d",
					 O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		close (fd);
		fd = next;
	}
	CU_ASSERT (fd >= 0);
	close (fd);
}

/* Put a directory in the place of DIR/NAME. */
static void
block (const char *dir, const char *name)
{
	char path[256];

	snprintf (path, sizeof path, "%s/%s", dir, name);
	(void) unlink (path);
	put (dir, name, "file", "x");
}

/* What a link leads to stays. */
static void
full_of_others (void)
{
	const char *dir = record_fixture_store ();
	struct lhk_store *s = NULL;
	char path[256];

	record_fixture_fill (1);
	TAP_EQ_INT (lhk_store_open (dir, NULL, &s, NULL), LHK_OK);
	put (dir, "outside", "precious", "x");
	put_deep (dir, "r0/deep");
	put (dir, "r0/shut", "file", "x");
	snprintf (path, sizeof path, "%s/r0/shut", dir);
	TAP_EQ_INT (chmod (path, 0), 0);
	put (dir, "r0/" RECORD_BLOCKED "0", "file", "x");
	snprintf (path, sizeof path, "%s/r0/link", dir);
	TAP_EQ_INT (symlink ("../outside", path), 0);
	snprintf (path, sizeof path, "%s/r0/pipe", dir);
	TAP_EQ_INT (mkfifo (path, 0600), 0);
	TAP_EQ_INT (lhk_store_remove (s, "r0", NULL), LHK_OK);
	CU_ASSERT (!is_there (dir, "r0"));
	TAP_EQ_INT (lhk_store_repair (s, NULL), LHK_OK);
	CU_ASSERT (holds (dir, "outside/precious", "x"));
	lhk_store_free (s);
	record_fixture_clear ();
}

/* Two of its files are directories. */
static void
blocked_files (void)
{
	static const char *const files[][2] = {
		{ "lock", "run.json" },
		{ "lock", "result.json" },
		{ "run.json", "result.json" },
		{ "stdout.raw", "events.ndjson" },
	};
	const char *dir = record_fixture_store ();
	struct lhk_store *s = NULL;
	char path[64];
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE (files); i++) {
		record_fixture_fill (1);
		TAP_EQ_INT (lhk_store_open (dir, NULL, &s, NULL), LHK_OK);
		for (j = 0; j < 2; j++) {
			snprintf (path, sizeof path, "r0/%s", files[i][j]);
			block (dir, path);
		}
		TAP_EQ_STR (record_fixture_list (s, NULL, 0), "r0 ");
		TAP_EQ_INT (lhk_store_remove (s, "r0", NULL), LHK_OK);
		CU_ASSERT (!is_there (dir, "r0"));
		TAP_EQ_STR (record_fixture_list (s, NULL, 0), "");
		lhk_store_free (s);
	}
	record_fixture_clear ();
}

static void
half_removed (void)
{
	const char *dir = record_fixture_store ();
	struct lhk_store *s = NULL;
	char from[128], to[160];

	record_fixture_fill (2);
	snprintf (from, sizeof from, "%s/r0", dir);
	snprintf (to, sizeof to, "%s/" RECORD_REMOVED "r0.1-0", dir);
	TAP_EQ_INT (rename (from, to), 0);
	TAP_EQ_INT (lhk_store_open (dir, NULL, &s, NULL), LHK_OK);
	TAP_EQ_STR (record_fixture_list (s, NULL, 0), "r1 ");
	TAP_EQ_INT (lhk_store_repair (s, NULL), LHK_OK);
	TAP_EQ_INT (access (to, F_OK), -1);
	TAP_EQ_STR (record_fixture_list (s, NULL, 0), "r1 ");
	lhk_store_free (s);
	record_fixture_clear ();
}

static void
nothing_there (void)
{
	const char *dir = record_fixture_store ();
	struct lhk_store *s = NULL;
	struct record_writer k;

	TAP_EQ_INT (lhk_store_open (dir, NULL, &s, NULL), LHK_OK);
	TAP_EQ_STR (record_fixture_list (s, NULL, 0), "");
	TAP_EQ_INT (lhk_store_repair (s, NULL), LHK_OK);
	TAP_EQ_INT (access (dir, F_OK), -1);
	record_fixture_begin (&k, "r0");
	TAP_EQ_STR (record_fixture_list (s, NULL, 0), "r0 ");
	record_fixture_finish (&k, LHK_VERDICT_OK, 0);
	lhk_store_free (s);
	record_fixture_clear ();
}

static const struct tap_case cases[] = {
	{ "the_newest_run_is_listed_first", newest_first },
	{ "a_callback_can_stop_the_list", callback_stops },
	{ "a_query_can_limit_the_number_of_runs", query_max },
	{ "a_query_can_ask_for_a_provider", query_provider },
	{ "a_query_can_ask_for_a_status", query_status },
	{ "a_query_can_ask_for_a_verdict_or_for_what_failed", query_verdict },
	{ "a_query_can_ask_for_a_label", query_label },
	{ "a_query_can_ask_for_a_time", query_time },
	{ "removed_runs_are_not_listed", removed_and_again },
	{ "repairs_and_starts_at_the_same_time_lose_no_run", at_once },
	{ "a_result_that_is_no_file_is_that_of_a_lost_run", one_bad },
	{ "what_is_no_record_is_neither_listed_nor_removed", no_store },
	{ "a_record_is_removed_whatever_is_in_it", full_of_others },
	{ "directories_in_the_place_of_its_files_stop_no_removal",
	  blocked_files },
	{ "a_removal_that_a_crash_interrupted_is_finished", half_removed },
	{ "a_store_that_is_not_there_has_no_runs_and_may_come_later",
	  nothing_there },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("record_list", cases);
}
