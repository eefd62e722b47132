/* SPDX-License-Identifier: MIT */
/*
 * run_disk.c - runs on a full disk: the verdict of the record is that of the run,
 * and what was lost is told.
 */
#include "config.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linehook/record.h>

#include "lib/child.h"
#include "lib/small_disk.h"
#include "lib/tempdir.h"
#include "lib/trial.h"

/* A file system of our own, of this size. */
struct disk {
	char dir[SMALL_DISK_PATH], store[SMALL_DISK_PATH + 16];
	int other; /* a file that fills it */
};

static void
disk_begin (struct disk *d, const char *options)
{
	d->other = -1;
	CU_ASSERT_EQUAL_FATAL (small_disk_mount (d->dir, options), 0);
	snprintf (d->store, sizeof d->store, "%s/runs", d->dir);
}

static void
disk_end (struct disk *d)
{
	if (d->other >= 0)
		close (d->other);
	small_disk_unmount (d->dir);
}

static void
disk_fill (struct disk *d)
{
	static const char block[4096];
	char path[SMALL_DISK_PATH + 8];

	snprintf (path, sizeof path, "%s/other", d->dir);
	if (d->other < 0)
		d->other = open (path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	while (write (d->other, block, sizeof block) > 0)
		;
}

/* What `show' and `wait' say of the run is what the run said. */
static void
check_verdict (const struct trial *t, const char *store)
{
	char wanted[64];
	struct lhk_store *s = NULL;
	struct lhk_str text;
	int status = 0;

	TAP_EQ_INT (lhk_store_open (store, NULL, &s, NULL), LHK_OK);
	TAP_EQ_INT (lhk_store_show (s, "demo", 0, &text, &status, NULL),
		    LHK_OK);
	TAP_EQ_INT (status, LHK_RECORD_ENDED);
	snprintf (wanted, sizeof wanted, "\"verdict\":\"%s\"",
		  lhk_verdict_name (t->result->verdict));
	CU_ASSERT_PTR_NOT_NULL (strstr (text.ptr, wanted));
	TAP_EQ_INT (lhk_store_status (s), lhk_result_status (t->result, 0));
	TAP_EQ_INT (lhk_store_wait (s, "demo", NULL, &text, NULL, NULL),
		    LHK_OK);
	TAP_EQ_INT (lhk_store_status (s), lhk_result_status (t->result, 0));
	lhk_store_free (s);
}

static void
record_to (struct trial *t, const struct disk *d)
{
	t->opts.record_dir = d->store;
	t->opts.run_id = "demo";
}

/* Returns 1 if the full disk was told. */
static int
is_told (const struct trial *t)
{
	int is = strstr (t->notices, "disk: the record") != NULL
		 && (t->result->outcome.flags & LHK_FLAG_DEGRADED) != 0;

	if (!is)
		tap_note ("notices: %s", t->notices);
	return is;
}

/* ---- every size of disk ---- */

static void
disk_of_pages (int pages)
{
	char options[32];
	struct disk d;
	struct stat st;
	struct trial t;

	snprintf (options, sizeof options, "size=%dk", pages * 4);
	disk_begin (&d, options);
	trial_begin (&t, 0);
	record_to (&t, &d);
	if (trial_run (&t, AGENT ("errbytes", "3000", "lines", "40000", "out",
				  "last", "exit", pages % 2 ? "0" : "3"))) {
		TAP_EQ_INT (t.result->verdict,
			    pages % 2 ? LHK_VERDICT_OK : LHK_VERDICT_FAILED);
		TAP_EQ_INT (t.result->stats.lines, 40001);
		CU_ASSERT (is_told (&t));
		strcat (d.store, "/demo");
		/* On the smallest disks there is none, and that is told. */
		if (stat (d.store, &st) == 0) {
			*strrchr (d.store, '/') = '\0';
			check_verdict (&t, d.store);
		} else {
			CU_ASSERT (pages < 8);
			CU_ASSERT_PTR_NOT_NULL (
				strstr (t.notices, "cannot be made"));
		}
	}
	trial_end (&t);
	disk_end (&d);
}

static void
as_root (void (*fn) (int arg), int arg)
{
	if (small_disk_or_skip ())
		child_run_as (fn, arg, 0, NULL);
}

static void
all_sizes (void)
{
	static const int pages[] = { 1,	 2,  3,	 4,  5,	 6,  7,	  8,  9,
				     11, 16, 20, 24, 32, 64, 100, 256 };
	size_t i;

	for (i = 0; i < sizeof pages / sizeof *pages; i++)
		as_root (disk_of_pages, pages[i]);
}

/* ---- every moment ---- */

static struct disk *filled;

static int
fill_at (struct trial *t, const char *text, size_t len)
{
	(void) t;
	if (len == 3 && memcmp (text, "now", 3) == 0)
		disk_fill (filled);
	return 0;
}

enum { FILL_FIRST, FILL_LAST, FILL_LONG_RESULT, FILL_HUGE_RESULT };

static off_t
size_of (const struct disk *d, const char *name)
{
	char path[SMALL_DISK_PATH + 64];
	struct stat st;

	snprintf (path, sizeof path, "%s/demo/%s", d->store, name);
	return stat (path, &st) == 0 ? st.st_size : -1;
}

static void
fill_moment (int moment)
{
	static const char *const words[][12] = {
		[FILL_FIRST] = { "out", "now", "lines", "3000", "exit", "0" },
		[FILL_LAST] = { "lines", "3000", "out", "now", "exit", "0" },
		/* Longer than what is reserved, and the events are too short
		 * to make room for it: it is shortened. */
		[FILL_LONG_RESULT] = { "errbytes", "200000", "sleep", "100",
				       "out", "now", "exit", "7" },
		/* stderr comes when the disk is full, and is in no file. */
		[FILL_HUGE_RESULT] = { "out", "now", "sleep", "100", "errbytes",
				       "200000", "exit", "7" },
	};
	const char *argv[14] = { trial_agent () };
	struct disk d;
	struct trial t;

	memcpy (argv + 1, words[moment], sizeof words[moment]);
	disk_begin (&d, "size=4m");
	filled = &d;
	trial_begin (&t, 0);
	record_to (&t, &d);
	t.opts.stderr_keep = 150000;
	t.on_text = fill_at;
	if (trial_run (&t, argv)) {
		TAP_EQ_INT (t.result->verdict, moment < FILL_LONG_RESULT
						       ? LHK_VERDICT_OK
						       : LHK_VERDICT_FAILED);
		check_verdict (&t, d.store);
		if (moment != FILL_LAST)
			CU_ASSERT (is_told (&t));
		/* No file is cut for a text that can be left out. */
		if (moment == FILL_LONG_RESULT)
			TAP_EQ_INT (size_of (&d, "stderr.raw"), 200000);
		if (moment >= FILL_LONG_RESULT)
			TAP_EQ_INT (size_of (&d, "stdout.raw"), 4);
	}
	trial_end (&t);
	disk_end (&d);
}

static void
all_moments (void)
{
	int i;

	for (i = FILL_FIRST; i <= FILL_HUGE_RESULT; i++)
		as_root (fill_moment, i);
}

/* ---- other limits ---- */

static void
no_inodes (int arg)
{
	struct disk d;
	struct trial t;

	(void) arg;
	/* One inode less than a record has files. */
	disk_begin (&d, "size=4m,nr_inodes=8");
	trial_begin (&t, 0);
	record_to (&t, &d);
	if (trial_run (&t, AGENT ("out", "x", "exit", "0"))) {
		TAP_EQ_INT (t.result->verdict, LHK_VERDICT_OK);
		CU_ASSERT (is_told (&t));
	}
	trial_end (&t);
	disk_end (&d);
}

static void
inodes (void)
{
	as_root (no_inodes, 0);
}

static void
file_limit (int kib)
{
	const struct rlimit limit = { (rlim_t) kib << 10, (rlim_t) kib << 10 };
	char dir[TEMPDIR_PATH], store[TEMPDIR_PATH + 8];
	char path[TEMPDIR_PATH + 16];
	struct lhk_store *s = NULL;
	struct trial t;

	tempdir_template (dir, "linehook-limit");
	CU_ASSERT_PTR_NOT_NULL_FATAL (mkdtemp (dir));
	snprintf (store, sizeof store, "%s/runs", dir);
	trial_begin (&t, 0);
	t.opts.record_dir = store;
	t.opts.run_id = "demo";
	setrlimit (RLIMIT_FSIZE, &limit);
	if (trial_run (&t, AGENT ("lines", "20000", "exit", "0"))) {
		TAP_EQ_INT (t.result->verdict, LHK_VERDICT_OK);
		CU_ASSERT (is_told (&t));
		check_verdict (&t, store);
	}
	trial_end (&t);
	if (lhk_store_open (store, NULL, &s, NULL) == LHK_OK)
		TAP_EQ_INT (lhk_store_remove (s, "demo", NULL), LHK_OK);
	lhk_store_free (s);
	snprintf (path, sizeof path, "%s/index", store);
	unlink (path);
	rmdir (store);
	rmdir (dir);
}

static void
file_limits (void)
{
	child_run_as (file_limit, 4, 0, NULL);
	child_run_as (file_limit, 16, 0, NULL);
	child_run_as (file_limit, 100, 0, NULL);
}

/* ---- what makes room ---- */

static void
cancel_and_remove (int arg)
{
	struct lhk_store *s = NULL;
	struct lhk_error err = { 0, 0, "" };
	struct disk d;
	struct trial t;

	(void) arg;
	disk_begin (&d, "size=1m");
	trial_begin (&t, 0);
	record_to (&t, &d);
	if (trial_start (&t, AGENT ("out", "ready", "ignore", "15", "pause"))
	    == LHK_OK) {
		trial_await_text (&t, 6);
		disk_fill (&d);
		TAP_EQ_INT (lhk_store_open (d.store, NULL, &s, NULL), LHK_OK);
		TAP_EQ_INT (lhk_store_cancel (s, "demo", 0, &err), LHK_OK);
		TAP_EQ_INT (lhk_store_cancel (s, "demo", 0, &err), LHK_OK);
		if (trial_wait (&t)) {
			TAP_EQ_INT (t.result->verdict, LHK_VERDICT_CANCELED);
			check_verdict (&t, d.store);
		}
		disk_fill (&d);
		TAP_EQ_INT (lhk_store_remove (s, "demo", &err), LHK_OK);
		TAP_EQ_INT (lhk_store_repair (s, &err), LHK_OK);
	}
	lhk_store_free (s);
	trial_end (&t);
	disk_end (&d);
}

static void
making_room (void)
{
	as_root (cancel_and_remove, 0);
}

static const struct tap_case cases[] = {
	{ "a_record_on_a_disk_of_any_size_has_the_verdict_of_its_run",
	  all_sizes },
	{ "a_disk_that_is_filled_at_any_moment_keeps_the_verdict",
	  all_moments },
	{ "a_disk_without_inodes_ends_the_record_not_the_run", inodes },
	{ "a_limit_of_file_sizes_keeps_the_verdict", file_limits },
	{ "a_run_is_canceled_and_its_record_removed_on_a_full_disk",
	  making_room },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("run_disk", cases);
}
