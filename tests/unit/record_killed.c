/* SPDX-License-Identifier: MIT */
/*
 * record_killed.c - a host killed at any byte leaves a record that is explained.
 *
 * Whole records of several shapes are cut: each file at each of its bytes
 * (large ones around each line, and here and there), and the directory after
 * each file that was made.  See lib/record_check.h for what must hold.
 */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "record/index.h"
#include "record/layout.h"
#include "lib/record_fixture.h"
#include "lib/record_check.h"
#include "lib/tap.h"

/* In the order in which they are made. */
static const char *const names[] = {
	RECORD_LOCK,   RECORD_OUT, RECORD_ERR,
	RECORD_EVENTS, RECORD_RUN, RECORD_RESULT,
};

#define N_FILES (sizeof names / sizeof names[0])
#define FILE_EVENTS 3
#define FILE_RUN 4
#define FILE_RESULT 5

/* Files to this size are cut at each byte. */
#define SMALL 1500u
#define STEP 997u

/* In `make check' so many cuts of one file, evenly. */
#define CUTS 60u

struct record {
	const char *dir;
	struct {
		char *data;
		size_t len;
	} files[N_FILES];
};

static void
file_path (const struct record *r, const char *id, size_t file, char path[256])
{
	snprintf (path, 256, "%s/%s/%s", r->dir, id, names[file]);
}

/* Take the files of a whole record, which is removed. */
static void
slurp (struct record *r)
{
	char path[256];
	struct stat st;
	size_t i;
	int fd;

	for (i = 0; i < N_FILES; i++) {
		file_path (r, "cut", i, path);
		fd = open (path, O_RDONLY | O_CLOEXEC);
		CU_ASSERT_FATAL (fd >= 0 && fstat (fd, &st) == 0);
		r->files[i].data = malloc ((size_t) st.st_size + 1);
		CU_ASSERT_PTR_NOT_NULL_FATAL (r->files[i].data);
		r->files[i].len = (size_t) st.st_size;
		TAP_EQ_INT (read (fd, r->files[i].data, (size_t) st.st_size),
			    st.st_size);
		close (fd);
		unlink (path);
	}
	snprintf (path, sizeof path, "%s/cut", r->dir);
	TAP_EQ_INT (rmdir (path), 0);
}

static void
put_file (const struct record *r, const char *id, size_t file, size_t len)
{
	char path[256];
	int fd;

	file_path (r, id, file, path);
	fd = open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || write (fd, r->files[file].data, len) != (ssize_t) len)
		CU_FAIL ("a file cannot be written");
	close (fd);
}

/* By hand, its line in the index too. */
static void
make_run (const struct record *r, const char *id)
{
	char path[200];
	FILE *f;

	snprintf (path, sizeof path, "%s/" RECORD_INDEX, r->dir);
	f = fopen (path, "w");
	CU_ASSERT_PTR_NOT_NULL_FATAL (f);
	fputs (RECORD_INDEX_WHOLE "1000 cut\n", f);
	fclose (f);

	snprintf (path, sizeof path, "%s/%s", r->dir, id);
	if (mkdir (path, 0700) < 0)
		CU_FAIL ("a directory cannot be made");
}

static void
complain (const char *what, size_t file, size_t len, const char *fault)
{
	tap_note ("%s %s %zu: %s", what, file < N_FILES ? names[file] : "", len,
		  fault);
	/* What is left now would be in the way of the next. */
	CU_FAIL_FATAL ("see the comment");
}

/* One file cut to LEN, the others whole; without a result where that is not
 * the one, for it comes last. */
static void
cut (const struct record *r, size_t file, size_t len)
{
	int ended = file == FILE_RESULT && len == r->files[file].len;
	struct record_found found;
	const char *fault;
	size_t i;

	make_run (r, "cut");
	for (i = 0; i < N_FILES; i++)
		if (i == file || i != FILE_RESULT)
			put_file (r, "cut", i,
				  i == file ? len : r->files[i].len);
	fault = record_check (r->dir, "cut", &found);
	if (fault == NULL
	    && found.status != (ended ? LHK_RECORD_ENDED : LHK_RECORD_LOST))
		fault = "its status is wrong";
	if (fault == NULL && !ended
	    && strstr (found.why,
		       file == FILE_RESULT ? "cut short" : "ended without")
		       == NULL
	    && (file != FILE_RUN || strstr (found.why, "run.json") == NULL))
		fault = found.why;
	if (fault != NULL)
		complain ("cut", file, len, fault);
}

/* Is there a border of lines within two bytes? */
static int
at_border (const char *data, size_t len, size_t at)
{
	size_t i = at < 3 ? 0 : at - 3;

	for (; i < len && i < at + 2; i++)
		if (data[i] == '\n')
			return 1;
	return at < 3 || at + 3 > len;
}

static void
cut_everywhere (const struct record *r)
{
	uint64_t n = 0;
	size_t i, len, size, step;

	for (i = 0; i < N_FILES; i++) {
		size = r->files[i].len;
		step = size <= SMALL ? 1 : STEP;
		if (!tap_is_exhaustive () && step < size / CUTS)
			step = size / CUTS;
		for (len = 0; len <= size; len++)
			if (len % step == 0
			    || ((tap_is_exhaustive () || size <= SMALL * 4)
				&& at_border (r->files[i].data, size, len))) {
				cut (r, i, len);
				n++;
			}
	}
	tap_note ("%llu cuts", (unsigned long long) n);
}

/* The first N files are there, in a directory of this name. */
static void
some_files (const struct record *r, const char *id, size_t n)
{
	size_t i;

	make_run (r, id);
	for (i = 0; i < n; i++)
		put_file (r, id, i, r->files[i].len);
}

static void
files_in_order (const struct record *r)
{
	struct record_found found;
	const char *fault;
	struct record_writer k;
	size_t n;

	for (n = 0; n <= N_FILES; n++) {
		/* As a kill leaves it: nobody sees it, and the id is free. */
		some_files (r, RECORD_NEW "cut.1-0", n);
		record_fixture_begin (&k, "cut");
		record_fixture_finish (&k, LHK_VERDICT_OK, 0);
		fault = record_check (r->dir, "cut", &found);
		if (fault == NULL && found.status != LHK_RECORD_ENDED)
			fault = "a draft stands in the way";
		if (fault != NULL)
			complain ("draft of files", N_FILES, n, fault);
	}
}

/* Do these files of one record tell that it is one: by its name, or by its lock
 * beside another? */
static int
is_known (size_t set)
{
	return (set >> FILE_RUN) != 0 || ((set & 1) != 0 && set > 1);
}

/* Any of them, whoever took the others away.  (What is no record any more stays,
 * and is in the way of the next.) */
static void
any_files (const struct record *r)
{
	struct record_found found;
	const char *fault;
	size_t set, i;

	for (set = 0; set < (1u << N_FILES); set++) {
		if (!is_known (set))
			continue;
		make_run (r, "cut");
		for (i = 0; i < N_FILES; i++)
			if ((set & (1u << i)) != 0)
				put_file (r, "cut", i, r->files[i].len);
		fault = record_check (r->dir, "cut", &found);
		if (fault == NULL
		    && found.status
			       != (set >> FILE_RESULT != 0 ? LHK_RECORD_ENDED
							   : LHK_RECORD_LOST))
			fault = "its status is wrong";
		if (fault != NULL)
			complain ("set", N_FILES, set, fault);
	}
}

/* ---- shapes ---- */

static void
put_text (struct record_writer *k, uint64_t seq, size_t len)
{
	struct lhk_ev_text ev = { .ev = LHK_EV (struct lhk_ev_text,
						LHK_EV_TEXT) };
	struct lhk_meta meta = {
		.size = sizeof meta, .seq = seq, .line_no = seq, .line_len = len
	};
	char *text = malloc (len + 1);

	CU_ASSERT_PTR_NOT_NULL_FATAL (text);
	memset (text, 'x', len);
	text[len] = '\n';
	record_writer_stdout (k, text, len + 1);
	ev.role = LHK_ROLE_ASSISTANT;
	ev.text = (struct lhk_text){ text, len, LHK_TEXT_PLAIN, 0 };
	record_writer_event (k, &meta, &ev.ev);
	record_writer_flush (k);
	free (text);
}

static void
put_tool (struct record_writer *k, uint64_t seq, int status)
{
	struct lhk_ev_tool ev = { .ev = LHK_EV (struct lhk_ev_tool,
						LHK_EV_TOOL) };
	struct lhk_meta meta = { .size = sizeof meta, .seq = seq };

	ev.status = status;
	ev.id = (struct lhk_text) LHK_TEXT_INIT ("call-1");
	ev.name = (struct lhk_text) LHK_TEXT_INIT ("shell");
	ev.brief = (struct lhk_text) LHK_TEXT_INIT ("echo \"\n{}\"");
	record_writer_stdout (k, "tool\n", 5);
	record_writer_stderr (k, "why\n", 4);
	record_writer_event (k, &meta, &ev.ev);
}

static void
put_usage (struct record_writer *k, uint64_t seq)
{
	struct lhk_ev_usage ev = { .ev = LHK_EV (struct lhk_ev_usage,
						 LHK_EV_USAGE) };
	struct lhk_meta meta = { .size = sizeof meta, .seq = seq };

	ev.scope = LHK_SCOPE_RUN;
	ev.has = LHK_USAGE_INPUT | LHK_USAGE_OUTPUT;
	ev.input = (int64_t) seq * 1000;
	ev.output = 17;
	record_writer_event (k, &meta, &ev.ev);
}

static void
make_short (struct record_writer *k)
{
	record_fixture_events (k, 1, 3);
}

static void
make_long (struct record_writer *k)
{
	put_text (k, 1, 10);
	put_text (k, 2, 150000);
	put_text (k, 3, 70000);
	put_text (k, 4, 1);
}

static void
make_tools (struct record_writer *k)
{
	uint64_t i;

	for (i = 1; i < 10; i += 2) {
		put_tool (k, i, LHK_TOOL_RUNNING);
		put_tool (k, i + 1, LHK_TOOL_DONE);
	}
	put_tool (k, 11, LHK_TOOL_RUNNING);
	record_writer_flush (k);
}

static void
make_usage (struct record_writer *k)
{
	uint64_t i;

	for (i = 1; i <= 12; i++)
		put_usage (k, i);
	record_writer_flush (k);
}

/* The disk was full in the middle of a line. */
static void
make_degraded (struct record_writer *k)
{
	put_text (k, 1, 10);
	put_text (k, 2, 20);
	record_fixture_tail (k, "{\"seq\":3,\"kind\":\"te", 19);
	k->sys_errno = 28;
	k->what = RECORD_EVENTS;
}

static void
shape (void (*make) (struct record_writer *k))
{
	struct record r = { .dir = record_fixture_store () };
	struct record_writer k;
	size_t i;

	record_fixture_begin (&k, "cut");
	make (&k);
	record_fixture_finish (&k, LHK_VERDICT_OK, 0);
	slurp (&r);
	cut_everywhere (&r);
	any_files (&r);
	files_in_order (&r);
	for (i = 0; i < N_FILES; i++)
		free (r.files[i].data);
	record_fixture_clear ();
}

#define CASE(name)                                                             \
	static void cut_##name (void)                                          \
	{                                                                      \
		shape (make_##name);                                           \
	}

CASE (short)
CASE (long)
CASE (tools)
CASE (usage)
CASE (degraded)

static const struct tap_case cases[] = {
	{ "a_short_record_cut_anywhere_is_explained_and_removed", cut_short },
	{ "a_record_of_long_lines_cut_anywhere_is_explained_and_removed",
	  cut_long },
	{ "a_record_with_tools_cut_anywhere_is_explained_and_removed",
	  cut_tools },
	{ "a_record_with_usage_cut_anywhere_is_explained_and_removed",
	  cut_usage },
	{ "a_record_that_ended_early_cut_anywhere_is_explained_and_removed",
	  cut_degraded },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("record_killed", cases);
}
