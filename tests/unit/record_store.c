/* SPDX-License-Identifier: MIT */
/* record_store.c - records as they are found: what is opened, what is said. */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <json-c/json.h>

#include "record/layout.h"
#include "record/remove.h"
#include "record/store.h"
#include "lib/record_fixture.h"
#include "lib/tap.h"
#include "common/macros.h"
#include "common/mem.h"

int __real_openat (int dir, const char *path, int flags, ...);
int __wrap_openat (int dir, const char *path, int flags, ...);

static char opened[512];

/* Set to the path of an index: was it held when a record was about to be put in its
 * place? */
static const char *watched;
static int was_held;

static int
is_held (const char *path)
{
	int fd = open (path, O_RDWR | O_CLOEXEC);
	int held = fd < 0 ? -1 : record_lock_is_held (fd);

	close (fd);
	return held;
}

int
__wrap_openat (int dir, const char *path, int flags, ...)
{
	va_list args;
	mode_t mode;

	va_start (args, flags);
	mode = (flags & O_CREAT) != 0 ? va_arg (args, mode_t) : 0;
	va_end (args);
	if (watched != NULL && strcmp (path, RECORD_RESULT_DRAFT) == 0)
		was_held = is_held (watched);
	if (strlen (opened) + strlen (path) + 2 < sizeof opened) {
		strcat (opened, path);
		strcat (opened, " ");
	}
	return __real_openat (dir, path, flags, mode);
}

static struct lhk_store *
store (const char *dir)
{
	struct lhk_error err = { 0, 0, "" };
	struct lhk_store *s = NULL;

	if (lhk_store_open (dir, NULL, &s, &err) < 0)
		tap_note ("%s", err.text);
	CU_ASSERT_PTR_NOT_NULL_FATAL (s);
	opened[0] = '\0';
	return s;
}

static json_object *
shown (struct lhk_store *s, const char *id, uint32_t include, int wanted)
{
	struct lhk_error err = { 0, 0, "" };
	struct lhk_str text;
	int status = 0;

	if (lhk_store_show (s, id, include, &text, &status, &err) < 0) {
		tap_note ("%s", err.text);
		CU_ASSERT_FATAL (0);
	}
	TAP_EQ_INT (status, wanted);
	return json_tokener_parse (text.ptr);
}

static const char *
word (json_object *o, const char *key)
{
	json_object *v;

	return json_object_object_get_ex (o, key, &v)
		       ? json_object_get_string (v)
		       : "(absent)";
}

static void
ended_opens_two (void)
{
	const char *dir = record_fixture_store ();
	struct record_writer k;
	struct lhk_store *s;
	json_object *o;

	record_fixture_begin (&k, "demo");
	record_fixture_events (&k, 1, 3);
	record_fixture_finish (&k, LHK_VERDICT_LIMIT, 3);
	s = store (dir);
	o = shown (s, "demo", 0, LHK_RECORD_ENDED);
	TAP_EQ_STR (opened, "demo/lock demo demo/result.json ");
	TAP_EQ_STR (word (o, "run"), "demo");
	TAP_EQ_STR (word (o, "status"), "ended");
	TAP_EQ_STR (word (o, "verdict"), "limit");
	TAP_EQ_STR (word (o, "complete_record"), "true");
	TAP_EQ_STR (word (o, "state"), "(absent)");
	TAP_EQ_INT (lhk_store_status (s), 3);
	json_object_put (o);
	o = shown (s, "demo", LHK_INCLUDE_STATE, LHK_RECORD_ENDED);
	CU_ASSERT_PTR_NOT_NULL (strstr (opened, "demo/events.ndjson"));
	CU_ASSERT_PTR_NOT_NULL (strstr (word (o, "state"), "event 3"));
	json_object_put (o);
	lhk_store_free (s);
	record_fixture_clear ();
}

/* The last plan counts; members that are not ours keep their digits. */
static void
plan_of_state (void)
{
	static const char events[] =
		"{\"seq\":1,\"kind\":\"plan\",\"entries\":[]}\n"
		"{\"seq\":2,\"kind\":\"plan\",\"entries\":[{\"text\":\"a/b \\\"c\\\"\","
		"\"n\":[18446744073709551615,-9223372036854775808,0.10,1e5]}]}\n"
		"{\"seq\":3,\"kind\":\"plan\"}\n";
	const char *dir = record_fixture_store ();
	struct lhk_error err = { 0, 0, "" };
	struct record_writer k;
	struct lhk_store *s;
	struct lhk_str text;

	record_fixture_begin (&k, "demo");
	record_fixture_tail (&k, events, sizeof events - 1);
	record_writer_close (&k);
	s = store (dir);
	TAP_EQ_INT (lhk_store_show (s, "demo", LHK_INCLUDE_STATE, &text, NULL,
				    &err),
		    LHK_OK);
	CU_ASSERT_PTR_NOT_NULL (strstr (
		text.ptr,
		"\"plan\":[{\"text\":\"a/b \\\"c\\\"\","
		"\"n\":[18446744073709551615,-9223372036854775808,0.10,1e5]}],"));
	lhk_store_free (s);
	record_fixture_clear ();
}

static void
running_and_lost (void)
{
	const char *dir = record_fixture_store ();
	struct record_writer k;
	struct lhk_store *s;
	json_object *o;

	record_fixture_begin (&k, "demo");
	s = store (dir);
	o = shown (s, "demo", 0, LHK_RECORD_RUNNING);
	TAP_EQ_STR (word (o, "status"), "running");
	CU_ASSERT_PTR_NOT_NULL (strstr (word (o, "request"), "two words"));
	TAP_EQ_INT (lhk_store_status (s), 124);
	json_object_put (o);
	record_writer_close (&k);
	o = shown (s, "demo", LHK_INCLUDE_STATE, LHK_RECORD_LOST);
	TAP_EQ_STR (word (o, "status"), "lost");
	TAP_EQ_STR (word (o, "verdict"), "host_error");
	CU_ASSERT_PTR_NOT_NULL (strstr (word (o, "error"), "ended without"));
	TAP_EQ_INT (lhk_store_status (s), 125);
	json_object_put (o);
	lhk_store_free (s);
	record_fixture_clear ();
}

/* The lock outlives the host in a child that it forked. */
static void
forked_holder (void)
{
	const char *dir = record_fixture_store ();
	char path[128];
	struct record_writer k;
	struct lhk_store *s;
	int fd;

	record_fixture_begin (&k, "demo");
	/* A host of this machine with another beginning: it has gone. */
	snprintf (path, sizeof path, "%s/demo/run.json", dir);
	fd = open (path, O_RDWR);
	CU_ASSERT (fd >= 0);
	{
		char text[2048];
		ssize_t n = read (fd, text, sizeof text - 1);
		char *at;

		text[n > 0 ? n : 0] = '\0';
		at = strstr (text, "\"start\":");
		CU_ASSERT_PTR_NOT_NULL_FATAL (at);
		at[strlen ("\"start\":")] ^= 1;
		TAP_EQ_INT (pwrite (fd, text, (size_t) n, 0), n);
	}
	close (fd);
	s = store (dir);
	json_object_put (shown (s, "demo", 0, LHK_RECORD_LOST));
	lhk_store_free (s);
	record_writer_close (&k);
	record_fixture_clear ();
}

static void
taken (void)
{
	const char *const argv[] = { "true", NULL };
	const struct record_writer_about about = {
		.id = "demo",
		.plugin = "raw",
		.provider = "raw",
		.started = "1970-01-01T00:00:02.000Z",
		.argv = argv,
	};
	const char *dir = record_fixture_store ();
	struct lhk_error err = { 0, 0, "" };
	struct record_writer first, second;
	struct lhk_store *s;

	record_fixture_begin (&first, "demo");
	TAP_EQ_INT (
		record_writer_begin (&second, first.alloc, dir, &about, &err),
		LHK_ESTATE);
	CU_ASSERT_PTR_NOT_NULL (strstr (err.text, "'demo'"));
	/* What is there was not touched. */
	record_fixture_events (&first, 1, 2);
	record_fixture_finish (&first, LHK_VERDICT_OK, 0);
	s = store (dir);
	json_object_put (shown (s, "demo", 0, LHK_RECORD_ENDED));
	lhk_store_free (s);
	record_fixture_clear ();
}

static int
names_in (const char *dir)
{
	DIR *d = opendir (dir);
	int n = 0;

	while (d != NULL && readdir (d) != NULL)
		n++;
	if (d != NULL)
		closedir (d);
	return n;
}

/* What makes the index anew must not come between its line and its record. */
static void
index_until_placed (void)
{
	const char *dir = record_fixture_store ();
	struct record_writer k;
	char path[128];

	snprintf (path, sizeof path, "%s/" RECORD_INDEX, dir);
	watched = path;
	was_held = -1;
	record_fixture_begin (&k, "demo");
	watched = NULL;
	TAP_EQ_INT (was_held, 1);
	TAP_EQ_INT (is_held (path), 0);
	record_writer_close (&k);
	record_fixture_clear ();
}

/* By one who was stopped with it in his hands. */
static void
index_held (void)
{
	const char *const argv[] = { "true", NULL };
	const struct record_writer_about about = {
		.id = "demo",
		.plugin = "raw",
		.provider = "raw",
		.started = "1970-01-01T00:00:02.000Z",
		.argv = argv,
	};
	const char *dir = record_fixture_store ();
	struct lhk_error err = { 0, 0, "" };
	char path[128];
	struct record_writer k;
	int fd, names;

	record_fixture_begin (&k, "before");
	record_writer_close (&k);
	snprintf (path, sizeof path, "%s/" RECORD_INDEX, dir);
	fd = open (path, O_RDWR | O_CLOEXEC);
	TAP_EQ_INT (record_lock_try (fd), 0);
	names = names_in (dir);
	TAP_EQ_INT (record_writer_begin (&k, &mem_system, dir, &about, &err),
		    LHK_ESYS);
	CU_ASSERT_PTR_NOT_NULL (strstr (err.text,
					"/runs/demo': another process"
					" holds the index of this store"));
	TAP_EQ_INT (names_in (dir), names);
	close (fd);
	record_fixture_begin (&k, "demo");
	record_writer_close (&k);
	record_fixture_clear ();
}

static void
wrong_names (void)
{
	static const char long_name[] = "01234567890123456789012345678901"
					"234567890123456789012345678901234";
	static const char *const names[] = { "",	   ".",	   "..",
					     ".hidden",	   "a/b",  "index",
					     "with space", "\x01", long_name };
	const char *dir = record_fixture_store ();
	struct lhk_error err;
	struct lhk_str text;
	struct lhk_store *s = store (dir);
	size_t i;

	for (i = 0; i < sizeof names / sizeof names[0]; i++)
		TAP_EQ_INT (lhk_store_show (s, names[i], 0, &text, NULL, &err),
			    LHK_EINVAL);
	TAP_EQ_INT (lhk_store_show (s, "unknown", 0, &text, NULL, &err),
		    LHK_ENOTFOUND);
	TAP_EQ_INT (lhk_store_show (s, "unknown", 64, &text, NULL, &err),
		    LHK_EINVAL);
	lhk_store_free (s);
	record_fixture_clear ();
}

static void
unsafe_store (void)
{
	const char *dir = record_fixture_store ();
	struct lhk_error err;
	struct lhk_store *s = NULL;
	struct record_writer k;

	record_fixture_begin (&k, "demo");
	record_fixture_finish (&k, LHK_VERDICT_OK, 0);
	chmod (dir, 0777);
	TAP_EQ_INT (lhk_store_open (dir, NULL, &s, &err), LHK_EREFUSED);
	CU_ASSERT_PTR_NOT_NULL (
		strstr (err.text, "can be written by other users"));
	chmod (dir, 0700);
	TAP_EQ_INT (lhk_store_open ("relative", NULL, &s, &err), LHK_EINVAL);
	record_fixture_clear ();
}

static void
cut_result (void)
{
	const char *dir = record_fixture_store ();
	struct lhk_store *s;
	struct record_writer k;
	char path[128];
	json_object *o;

	record_fixture_begin (&k, "demo");
	record_fixture_finish (&k, LHK_VERDICT_OK, 0);
	snprintf (path, sizeof path, "%s/demo/result.json", dir);
	TAP_EQ_INT (truncate (path, 40), 0);
	s = store (dir);
	o = shown (s, "demo", 0, LHK_RECORD_LOST);
	CU_ASSERT_PTR_NOT_NULL (strstr (word (o, "error"), "cut short"));
	json_object_put (o);
	lhk_store_free (s);
	record_fixture_clear ();
}

static void
torn_tail (void)
{
	const char *dir = record_fixture_store ();
	char path[128];
	struct lhk_store *s;
	struct record_writer k;
	struct stat st;
	off_t whole;

	record_fixture_begin (&k, "demo");
	record_fixture_events (&k, 1, 3);
	snprintf (path, sizeof path, "%s/demo/events.ndjson", dir);
	stat (path, &st);
	whole = st.st_size;
	record_fixture_tail (&k, "{\"seq\":4", 8);
	s = store (dir);
	/* Not while somebody may go on with it. */
	json_object_put (shown (s, "demo", 0, LHK_RECORD_RUNNING));
	stat (path, &st);
	TAP_EQ_INT (st.st_size, whole + 8);
	record_writer_close (&k);
	json_object_put (shown (s, "demo", 0, LHK_RECORD_LOST));
	stat (path, &st);
	TAP_EQ_INT (st.st_size, whole);
	lhk_store_free (s);
	record_fixture_clear ();
}

static void
cancel_request (void)
{
	const char *dir = record_fixture_store ();
	struct record_cancel first, second;
	struct lhk_error err;
	struct lhk_store *s;
	struct record_writer k;

	record_fixture_begin (&k, "demo");
	s = store (dir);
	TAP_EQ_INT (record_writer_canceled (&k, &first), 0);
	TAP_EQ_INT (lhk_store_cancel (s, "demo", 2, &err), LHK_OK);
	TAP_EQ_INT (record_writer_canceled (&k, &first), 1);
	TAP_EQ_INT (first.signo, 2);
	TAP_EQ_INT (first.again, 0);
	TAP_EQ_INT (lhk_store_cancel (s, "demo", 0, &err), LHK_OK);
	TAP_EQ_INT (record_writer_canceled (&k, &second), 1);
	/* The first one may not have been seen. */
	TAP_EQ_INT (second.signo, 2);
	TAP_EQ_INT (second.again, 1);
	CU_ASSERT (first.inode != second.inode);
	TAP_EQ_INT (lhk_store_remove (s, "demo", &err), LHK_ESTATE);
	record_fixture_finish (&k, LHK_VERDICT_CANCELED, 130);
	TAP_EQ_INT (lhk_store_cancel (s, "demo", 2, &err), LHK_ESTATE);
	TAP_EQ_INT (lhk_store_cancel (s, "other", 2, &err), LHK_ENOTFOUND);
	TAP_EQ_INT (lhk_store_remove (s, "demo", &err), LHK_OK);
	TAP_EQ_INT (lhk_store_remove (s, "demo", &err), LHK_ENOTFOUND);
	lhk_store_free (s);
	record_fixture_clear ();
}

static void
cancel_words (void)
{
	static const struct {
		const char *text;
		int signo, n;
	} words[] = {
		{ "", SIGTERM, 1 },
		{ "2\n", SIGINT, 1 },
		{ "1 2\n", SIGHUP, 2 },
		{ "65 7\n", SIGTERM, 7 },
		{ "-1 -1\n", SIGTERM, 1 },
		{ "99999999999999999999 99999999999999999999\n", SIGTERM,
		  INT_MAX - 1 },
		{ "x", SIGTERM, 1 },
	};
	size_t i;
	int signo;

	for (i = 0; i < ARRAY_SIZE (words); i++) {
		TAP_EQ_INT (record_cancel_parse (words[i].text, &signo),
			    words[i].n);
		TAP_EQ_INT (signo, words[i].signo);
	}
}

/* A file of the record "demo" in the store DIR, written by hand. */
static void
forge (const char *dir, const char *name, const char *text)
{
	char path[160];
	int fd;

	snprintf (path, sizeof path, "%s/demo/%s", dir, name);
	unlink (path);
	fd = open (path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	TAP_EQ_INT (write (fd, text, strlen (text)), strlen (text));
	close (fd);
}

#define FORGED                                                                 \
	"{\"v\":1,\"run\":\"demo\",\"status\":\"ended\",\"ended_ms\":2000,"    \
	"\"exit_status\":0,\"final\":true,\"verdict\":\"ok\"}\n"

/* The lock of a run that goes on is removed, or replaced by TEXT, and a result
 * stands there. */
static void
forged_lock (const char *text)
{
	const char *dir = record_fixture_store ();
	struct lhk_wait_opts o = LHK_WAIT_OPTS_INIT;
	struct lhk_error err;
	struct lhk_str answer;
	struct record_writer k;
	struct lhk_store *s;
	char path[160];
	int status = 0;

	record_fixture_begin (&k, "demo");
	snprintf (path, sizeof path, "%s/demo/" RECORD_LOCK, dir);
	TAP_EQ_INT (unlink (path), 0);
	if (text != NULL)
		forge (dir, RECORD_LOCK, text);
	s = store (dir);
	json_object_put (shown (s, "demo", 0, LHK_RECORD_RUNNING));
	forge (dir, RECORD_RESULT, FORGED);
	json_object_put (shown (s, "demo", 0, LHK_RECORD_RUNNING));
	o.timeout_ms = 1;
	TAP_EQ_INT (lhk_store_wait (s, "demo", &o, &answer, &status, NULL),
		    LHK_ETIMEOUT);
	TAP_EQ_INT (status, LHK_RECORD_RUNNING);
	TAP_EQ_INT (lhk_store_remove (s, "demo", &err), LHK_ESTATE);
	/* The host, which lives on, has ended the run. */
	record_fixture_finish (&k, LHK_VERDICT_LIMIT, 3);
	json_object_put (shown (s, "demo", 0, LHK_RECORD_ENDED));
	TAP_EQ_INT (lhk_store_status (s), 3);
	TAP_EQ_INT (lhk_store_wait (s, "demo", &o, &answer, &status, NULL),
		    LHK_OK);
	TAP_EQ_INT (lhk_store_remove (s, "demo", &err), LHK_OK);
	lhk_store_free (s);
	record_fixture_clear ();
}

static void
removed_lock (void)
{
	forged_lock (NULL);
}

static void
replaced_lock (void)
{
	forged_lock ("");
}

/* Whoever writes a result while the run goes on. */
static void
forged_end (void)
{
	const char *dir = record_fixture_store ();
	struct lhk_wait_opts o = LHK_WAIT_OPTS_INIT;
	struct lhk_error err;
	struct lhk_cursor *c = NULL;
	struct lhk_str text;
	struct record_writer k;
	struct lhk_store *s;
	int status = 0;

	record_fixture_begin (&k, "demo");
	record_fixture_events (&k, 1, 2);
	forge (dir, RECORD_RESULT, FORGED);
	s = store (dir);
	json_object_put (shown (s, "demo", 0, LHK_RECORD_RUNNING));
	o.timeout_ms = 1;
	TAP_EQ_INT (lhk_store_wait (s, "demo", &o, &text, &status, NULL),
		    LHK_ETIMEOUT);
	TAP_EQ_INT (status, LHK_RECORD_RUNNING);
	TAP_EQ_INT (lhk_cursor_open (s, "demo", 2, 0, &c, NULL), LHK_OK);
	TAP_EQ_INT (lhk_cursor_next (c, &text, NULL), LHK_OK);
	TAP_EQ_INT (lhk_cursor_next (c, &text, NULL), LHK_AGAIN);
	lhk_cursor_free (c);
	TAP_EQ_INT (lhk_store_remove (s, "demo", &err), LHK_ESTATE);
	TAP_EQ_INT (lhk_store_cancel (s, "demo", 0, &err), LHK_OK);
	record_fixture_finish (&k, LHK_VERDICT_FAILED, 1);
	json_object_put (shown (s, "demo", 0, LHK_RECORD_ENDED));
	TAP_EQ_INT (lhk_store_status (s), 1);
	lhk_store_free (s);
	record_fixture_clear ();
}

/* Numbers that cannot be, in files that anybody may have written. */
static void
forged_numbers (void)
{
	static const struct {
		const char *text;
		int status; /* of the program */
	} results[] = {
		{ "{\"exit_status\":4294967296,\"final\":true}\n", 125 },
		{ "{\"exit_status\":-1,\"final\":true}\n", 125 },
		{ "{\"exit_status\":99999999999999999999}\n", 125 },
		{ "{\"exit_status\":null}\n", 125 },
		{ "{\"started_ms\":9223372036854775807,\"exit_status\":3}\n",
		  3 },
	};
	const char *dir = record_fixture_store ();
	struct record_writer k;
	struct lhk_str text;
	struct lhk_store *s;
	size_t i;

	record_fixture_begin (&k, "demo");
	record_writer_close (&k);
	s = store (dir);
	for (i = 0; i < ARRAY_SIZE (results); i++) {
		forge (dir, RECORD_RESULT, results[i].text);
		TAP_EQ_INT (lhk_store_show (s, "demo", 0, &text, NULL, NULL),
			    LHK_OK);
		TAP_EQ_INT (lhk_store_status (s), results[i].status);
	}
	/* What is no JSON is not passed on. */
	forge (dir, RECORD_RESULT, "{\"exit_status\":0,\"text\":\"\x1b\"}\n");
	TAP_EQ_INT (lhk_store_show (s, "demo", 0, &text, NULL, NULL),
		    LHK_EPARSE);
	forge (dir, RECORD_RUN, "{\"argv\":[null,}\n");
	forge (dir, RECORD_RESULT, "");
	TAP_EQ_INT (lhk_store_show (s, "demo", 0, &text, NULL, NULL), LHK_OK);
	CU_ASSERT_PTR_NULL (strstr (text.ptr, "request"));
	lhk_store_free (s);
	record_fixture_clear ();
}

/* Pipes in place of its files, which nobody writes to. */
static void
pipes (void)
{
	static const char *const names[] = { RECORD_LOCK, RECORD_RUN,
					     RECORD_RESULT, RECORD_EVENTS,
					     RECORD_CANCEL };
	const char *dir = record_fixture_store ();
	struct lhk_cursor *c = NULL;
	struct record_writer k;
	struct lhk_str text;
	struct lhk_store *s;
	char path[160];
	size_t i;

	for (i = 0; i < ARRAY_SIZE (names); i++) {
		record_fixture_begin (&k, "demo");
		record_fixture_events (&k, 1, 1);
		record_writer_close (&k);
		snprintf (path, sizeof path, "%s/demo/%s", dir, names[i]);
		unlink (path);
		TAP_EQ_INT (mkfifo (path, 0600), 0);
		/* What they say does not matter here: they come back. */
		s = store (dir);
		(void) !lhk_store_show (s, "demo", LHK_INCLUDE_STATE, &text,
					NULL, NULL);
		(void) !lhk_store_wait (s, "demo", NULL, &text, NULL, NULL);
		(void) !lhk_store_cancel (s, "demo", 0, NULL);
		if (lhk_cursor_open (s, "demo", 0, 0, &c, NULL) == LHK_OK)
			(void) lhk_cursor_next (c, &text, NULL);
		lhk_cursor_free (c);
		c = NULL;
		if (lhk_store_remove (s, "demo", NULL) < 0)
			TAP_EQ_INT (record_remove (s->fd, "demo"), 0);
		lhk_store_free (s);
	}
	record_fixture_clear ();
}

/* A link in place of a record leads nowhere. */
static void
linked (void)
{
	const char *dir = record_fixture_store ();
	struct record_writer k;
	struct lhk_str text;
	struct lhk_store *s;
	char path[160];

	record_fixture_begin (&k, "real");
	record_fixture_finish (&k, LHK_VERDICT_OK, 0);
	snprintf (path, sizeof path, "%s/demo", dir);
	TAP_EQ_INT (symlink ("real", path), 0);
	s = store (dir);
	TAP_EQ_INT (lhk_store_show (s, "demo", 0, &text, NULL, NULL),
		    LHK_ENOTFOUND);
	TAP_EQ_INT (lhk_store_remove (s, "demo", NULL), LHK_ENOTFOUND);
	json_object_put (shown (s, "real", 0, LHK_RECORD_ENDED));
	lhk_store_free (s);
	unlink (path);
	record_fixture_clear ();
}

static void
stretch (const char *dir, const char *name, off_t size)
{
	char path[160];

	snprintf (path, sizeof path, "%s/%s", dir, name);
	/* The largest sizes are not for every file system. */
	if (truncate (path, size) < 0)
		TAP_EQ_INT (truncate (path, (off_t) 1 << 40), 0);
}

/* Files with holes that nobody could read in a life. */
static void
holes (void)
{
	const char *dir = record_fixture_store ();
	struct lhk_cursor *c = NULL;
	struct record_writer k;
	struct lhk_str text;
	struct lhk_store *s;
	int status = 0, n = 0;

	record_fixture_begin (&k, "demo");
	record_fixture_events (&k, 1, 3);
	record_writer_close (&k);
	stretch (dir, "demo/" RECORD_EVENTS, INT64_MAX);
	stretch (dir, "index", INT64_MAX);
	s = store (dir);
	TAP_EQ_INT (lhk_cursor_open (s, "demo", 2, 0, &c, NULL), LHK_OK);
	while (lhk_cursor_next (c, &text, NULL) == LHK_OK)
		n++;
	TAP_EQ_INT (n, 2);
	lhk_cursor_free (c);
	TAP_EQ_INT (lhk_store_repair (s, NULL), LHK_OK);
	json_object_put (shown (s, "demo", LHK_INCLUDE_STATE, LHK_RECORD_LOST));
	/* A reader that finds it lost has cut it. */
	stretch (dir, "demo/" RECORD_RUN, INT64_MAX);
	TAP_EQ_INT (lhk_store_show (s, "demo", 0, &text, &status, NULL),
		    LHK_OK);
	TAP_EQ_INT (status, LHK_RECORD_LOST);
	lhk_store_free (s);
	record_fixture_clear ();
}

static void
disk_usage (void)
{
	const char *dir = record_fixture_store ();
	struct lhk_store *s = NULL;
	struct record_writer k;
	uint64_t running = 0, ended = 0;

	TAP_EQ_INT (lhk_store_open (dir, NULL, &s, NULL), LHK_OK);
	TAP_EQ_INT (lhk_store_disk_usage (s, "demo", &running, NULL),
		    LHK_ENOTFOUND);
	record_fixture_begin (&k, "demo");
	record_fixture_events (&k, 1, 10);
	TAP_EQ_INT (lhk_store_disk_usage (s, "demo", &running, NULL), LHK_OK);
	/* The room of the result is reserved. */
	CU_ASSERT (running >= 65536);
	record_fixture_finish (&k, LHK_VERDICT_OK, 0);
	TAP_EQ_INT (lhk_store_disk_usage (s, "demo", &ended, NULL), LHK_OK);
	CU_ASSERT (ended > 0 && ended < running);
	TAP_EQ_INT (lhk_store_disk_usage (s, "../demo", &ended, NULL),
		    LHK_EINVAL);
	TAP_EQ_INT (lhk_store_disk_usage (s, "demo", NULL, NULL), LHK_EINVAL);
	lhk_store_free (s);
	record_fixture_clear ();
}

static const struct tap_case cases[] = {
	{ "an_ended_run_is_shown_from_its_lock_and_its_result_alone",
	  ended_opens_two },
	{ "the_plan_of_a_state_is_the_last_one_to_the_digit", plan_of_state },
	{ "without_a_result_it_runs_or_is_lost", running_and_lost },
	{ "a_forked_child_that_holds_the_lock_is_no_host", forked_holder },
	{ "an_id_is_that_of_one_record", taken },
	{ "the_index_is_held_until_the_record_is_in_its_place",
	  index_until_placed },
	{ "an_index_that_is_held_stops_nobody_for_long", index_held },
	{ "what_is_no_run_id_is_refused", wrong_names },
	{ "a_store_that_others_can_write_to_is_refused", unsafe_store },
	{ "a_result_that_was_cut_counts_as_absent_and_show_says_why",
	  cut_result },
	{ "a_torn_tail_of_a_lost_run_is_cut", torn_tail },
	{ "a_request_to_cancel_reaches_the_host_and_a_running_record_stays",
	  cancel_request },
	{ "what_a_request_to_cancel_says_is_bounded", cancel_words },
	{ "a_run_whose_lock_was_removed_goes_on", removed_lock },
	{ "a_run_whose_lock_was_replaced_goes_on", replaced_lock },
	{ "a_result_counts_only_when_the_host_has_let_go", forged_end },
	{ "numbers_that_cannot_be_are_absent", forged_numbers },
	{ "pipes_in_a_record_block_nobody", pipes },
	{ "a_link_is_no_record", linked },
	{ "holes_in_a_record_are_not_read", holes },
	{ "the_size_of_a_record_is_that_of_its_files", disk_usage },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("record_store", cases);
}
