/* SPDX-License-Identifier: MIT */
/* run_record.c - runs that leave a record: what is in it, whatever happens. */
#include "config.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <json-c/json.h>

#include "lib/child.h"
#include "lib/record_fixture.h"
#include "lib/small_disk.h"
#include "lib/trial.h"

static char *
slurp (const char *dir, const char *id, const char *name, size_t *ret_len)
{
	char path[256];
	struct stat st;
	char *data;
	int fd;

	snprintf (path, sizeof path, "%s/%s/%s", dir, id, name);
	fd = open (path, O_RDONLY);
	if (fd < 0 || fstat (fd, &st) < 0) {
		*ret_len = 0;
		return strdup ("");
	}
	data = malloc ((size_t) st.st_size + 1);
	*ret_len = (size_t) read (fd, data, (size_t) st.st_size);
	data[*ret_len] = '\0';
	close (fd);
	return data;
}

static int64_t
number (json_object *o, const char *key)
{
	json_object *v;

	return json_object_object_get_ex (o, key, &v)
		       ? json_object_get_int64 (v)
		       : -1;
}

/* Every event parses, numbers have no gap, and what names a line of the raw
 * stream names a line of it. */
static int
check_events (const char *dir, const char *id)
{
	size_t raw_len, len;
	char *raw = slurp (dir, id, "stdout.raw", &raw_len);
	char *events = slurp (dir, id, "events.ndjson", &len);
	char *line, *next = events;
	int64_t n = 0, off, size;
	json_object *o;

	while ((line = strsep (&next, "\n")) != NULL && *line != '\0') {
		o = json_tokener_parse (line);
		CU_ASSERT_PTR_NOT_NULL_FATAL (o);
		TAP_EQ_INT (number (o, "seq"), ++n);
		off = number (o, "off");
		size = number (o, "len");
		if (off >= 0
		    && (off + size > (int64_t) raw_len
			|| (off + size < (int64_t) raw_len
			    && raw[off + size] != '\n')
			|| (off > 0 && raw[off - 1] != '\n')))
			TAP_EQ_INT (off, -1);
		json_object_put (o);
	}
	free (raw);
	free (events);
	return (int) n;
}

static void
a_whole_record (unsigned int flags)
{
	const char *dir = record_fixture_store ();
	struct trial t;
	size_t len;
	char *data;

	trial_begin (&t, flags);
	t.opts.record_dir = dir;
	t.opts.run_id = "demo";
	TAP_EQ_INT (trial_run (&t, AGENT ("out", "one", "err", "oops", "lines",
					  "500", "bytes", "10", "exit", "3")),
		    1);
	TAP_EQ_INT (t.result->verdict, LHK_VERDICT_FAILED);
	TAP_EQ_INT (t.result->outcome.flags & LHK_FLAG_DEGRADED, 0);
	data = slurp (dir, "demo", "stdout.raw", &len);
	TAP_EQ_INT (len, t.result->stats.bytes);
	CU_ASSERT_PTR_NOT_NULL (strstr (data, "one\n"));
	free (data);
	data = slurp (dir, "demo", "stderr.raw", &len);
	TAP_EQ_MEM (data, len, "oops\n", 5);
	free (data);
	TAP_EQ_INT (check_events (dir, "demo"), t.n_events);
	data = slurp (dir, "demo", "result.json", &len);
	CU_ASSERT_PTR_NOT_NULL (strstr (data, "\"verdict\":\"failed\""));
	CU_ASSERT_PTR_NOT_NULL (strstr (data, "\"exit_status\":1"));
	free (data);
	trial_end (&t);
	record_fixture_clear ();
}

static void
by_pipe (void)
{
	a_whole_record (0);
}

static void
by_file (void)
{
	a_whole_record (LHK_PLUGIN_STDOUT_FILE);
}

static void
not_started (void)
{
	const char *dir = record_fixture_store ();
	struct trial t;
	size_t len;
	char *data;

	trial_begin (&t, 0);
	t.opts.record_dir = dir;
	t.opts.run_id = "demo";
	TAP_EQ_INT (trial_run (&t, WORDS ("/no/such/program")), 1);
	data = slurp (dir, "demo", "result.json", &len);
	CU_ASSERT_PTR_NOT_NULL (strstr (data, "\"verdict\":\"spawn_failed\""));
	CU_ASSERT_PTR_NOT_NULL (strstr (data, "\"exit_status\":127"));
	free (data);
	/* The same id again is refused, and the record is as it was. */
	t.opts.record_dir = dir;
	t.opts.run_id = "demo";
	TAP_EQ_INT (trial_start (&t, AGENT ("exit", "0")), LHK_ESTATE);
	data = slurp (dir, "demo", "result.json", &len);
	CU_ASSERT_PTR_NOT_NULL (strstr (data, "\"verdict\":\"spawn_failed\""));
	free (data);
	t.opts.record_dir = "relative";
	TAP_EQ_INT (trial_start (&t, AGENT ("exit", "0")), LHK_EINVAL);
	trial_end (&t);
	record_fixture_clear ();
}

static struct lhk_store *wish_store;

static int
wish (struct trial *t, const char *text, size_t len)
{
	(void) t;
	if (len == 5 && memcmp (text, "ready", 5) == 0)
		TAP_EQ_INT (lhk_store_cancel (wish_store, "demo", SIGINT, NULL),
			    LHK_OK);
	return 0;
}

static void
wished_end (void)
{
	const char *dir = record_fixture_store ();
	struct trial t;

	trial_begin (&t, 0);
	TAP_EQ_INT (lhk_store_open (dir, NULL, &wish_store, NULL), LHK_OK);
	t.opts.record_dir = dir;
	t.opts.run_id = "demo";
	t.on_text = wish;
	TAP_EQ_INT (trial_run (&t, AGENT ("out", "ready", "pause")), 1);
	TAP_EQ_INT (t.result->verdict, LHK_VERDICT_CANCELED);
	TAP_EQ_INT (t.result->outcome.cancel_signal, SIGINT);
	lhk_store_free (wish_store);
	trial_end (&t);
	record_fixture_clear ();
}

static int wishes;

/* At once, or one after the other: the second one kills. */
static int
wish_twice (struct trial *t, const char *text, size_t len)
{
	int i;

	(void) t;
	if (len == 5 && memcmp (text, "ready", 5) == 0)
		for (i = 0; i < wishes; i++)
			TAP_EQ_INT (
				lhk_store_cancel (wish_store, "demo", 0, NULL),
				LHK_OK);
	if (len == 5 && memcmp (text, "again", 5) == 0)
		TAP_EQ_INT (lhk_store_cancel (wish_store, "demo", 0, NULL),
			    LHK_OK);
	return 0;
}

static void
wished_twice (void)
{
	const char *dir;
	struct trial t;

	for (wishes = 1; wishes <= 2; wishes++) {
		dir = record_fixture_store ();
		trial_begin (&t, 0);
		TAP_EQ_INT (lhk_store_open (dir, NULL, &wish_store, NULL),
			    LHK_OK);
		t.opts.record_dir = dir;
		t.opts.run_id = "demo";
		t.opts.grace_ms = 60000;
		t.on_text = wish_twice;
		/* It answers the first signal with a line, and goes on. */
		TAP_EQ_INT (
			trial_run (&t,
				   wishes == 2
					   ? AGENT ("ignore", "15", "out",
						    "ready", "pause")
					   : AGENT ("out", "ready", "ignore",
						    "15", "sleep", "300", "out",
						    "again", "pause")),
			1);
		TAP_EQ_INT (t.result->verdict, LHK_VERDICT_CANCELED);
		TAP_EQ_INT (t.result->outcome.signal, SIGKILL);
		CU_ASSERT (t.result->outcome.wall_ms < 15000);
		lhk_store_free (wish_store);
		trial_end (&t);
		record_fixture_clear ();
	}
}

static void
stderr_bounded (uint64_t stderr_max, uint64_t max_output, size_t wanted)
{
	const char *dir = record_fixture_store ();
	struct trial t;
	size_t len;
	char *data;

	trial_begin (&t, 0);
	t.opts.record_dir = dir;
	t.opts.run_id = "demo";
	t.opts.stderr_max = stderr_max;
	t.opts.max_output = max_output;
	TAP_EQ_INT (trial_run (&t, AGENT ("errflood", "3", "exit", "0")), 1);
	TAP_EQ_INT (t.result->verdict, LHK_VERDICT_OK);
	TAP_EQ_INT (t.result->outcome.stderr_bytes, 3 << 20);
	data = slurp (dir, "demo", "stderr.raw", &len);
	TAP_EQ_INT (len, wanted);
	free (data);
	TAP_EQ_INT (strstr (t.notices, "stderr: standard error has more")
			    != NULL,
		    wanted < 3 << 20);
	data = slurp (dir, "demo", "result.json", &len);
	CU_ASSERT_PTR_NOT_NULL (
		strstr (data, wanted < 3 << 20 ? "\"complete_record\":false"
					       : "\"complete_record\":true"));
	free (data);
	trial_end (&t);
	record_fixture_clear ();
}

static void
stderr_bounds (void)
{
	stderr_bounded (0, 0, 3 << 20);
	stderr_bounded (100000, 0, 100000);
	stderr_bounded (0, 1 << 20, 1 << 20);
	stderr_bounded (2 << 20, 1 << 20, 2 << 20);
	stderr_bounded (UINT64_MAX, 1 << 20, 3 << 20);
}

/* In a file system of 256 KiB that is our own. */
static int
full_disk (int arg)
{
	char dir[SMALL_DISK_PATH];
	char store[SMALL_DISK_PATH + 8], data[128];
	struct trial t;
	char *result;
	size_t len;
	int bad;

	(void) arg;
	if (small_disk_mount (dir, "size=256k") < 0)
		return 2;
	snprintf (store, sizeof store, "%s/runs", dir);
	trial_begin (&t, 0);
	t.opts.record_dir = store;
	t.opts.run_id = "demo";
	bad = !trial_run (&t,
			  AGENT ("lines", "40000", "out", "last", "exit", "0"))
	      || t.result->verdict != LHK_VERDICT_OK
	      || (t.result->outcome.flags & LHK_FLAG_DEGRADED) == 0
	      || t.result->stats.lines != 40001
	      || strstr (t.notices, "No space left") == NULL
	      || strstr (strstr (t.notices, "No space left") + 1,
			 "No space left")
			 != NULL;
	if (bad)
		tap_note ("%s", t.notices);
	result = slurp (store, "demo", "result.json", &len);
	snprintf (data, sizeof data, "%.120s", result);
	free (result);
	trial_end (&t);
	small_disk_unmount (dir);
	return bad;
}

/* Nothing but the record leads to a detached run. */
static int
full_disk_detached (int arg)
{
	char dir[SMALL_DISK_PATH];
	char store[SMALL_DISK_PATH + 8], path[SMALL_DISK_PATH + 8];
	struct trial t;
	int fd, bad;

	(void) arg;
	if (small_disk_mount (dir, "size=64k") < 0)
		return 2;
	snprintf (store, sizeof store, "%s/runs", dir);
	snprintf (path, sizeof path, "%s/other", dir);
	fd = open (path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	while (write (fd, path, sizeof path) > 0)
		;
	close (fd);
	trial_begin (&t, 0);
	t.opts.record_dir = store;
	t.opts.flags |= LHK_RUN_DETACHED;
	bad = trial_start (&t, AGENT ("exit", "0")) != LHK_ESYS;
	trial_end (&t);
	small_disk_unmount (dir);
	return bad;
}

static void
disk_full (void)
{
	if (!small_disk_or_skip ())
		return;
	child_run (full_disk, 0);
	child_run (full_disk_detached, 0);
}

static int
take_detached (void *user, const struct lhk_record_info *info)
{
	int *n = user;

	*n += info->is_detached == 1;
	return 0;
}

/* How many runs of the store are detached. */
static int
count_detached (const char *dir)
{
	struct lhk_store *s;
	int n = 0;

	TAP_EQ_INT (lhk_store_open (dir, NULL, &s, NULL), LHK_OK);
	TAP_EQ_INT (lhk_store_list (s, NULL, take_detached, &n, NULL), LHK_OK);
	lhk_store_free (s);
	return n;
}

static void
detached (void)
{
	const char *dir = record_fixture_store ();
	struct trial t;

	trial_begin (&t, 0);
	t.opts.flags |= LHK_RUN_DETACHED;
	TAP_EQ_INT (trial_start (&t, AGENT ("exit", "0")), LHK_EINVAL);
	t.opts.record_dir = dir;
	t.opts.run_id = "demo";
	TAP_EQ_INT (trial_start (&t, AGENT ("exit", "0")), LHK_OK);
	TAP_EQ_INT (count_detached (dir), 1);
	TAP_EQ_INT (trial_wait (&t), 1);
	TAP_EQ_INT (count_detached (dir), 1);
	trial_end (&t);
	trial_begin (&t, 0);
	t.opts.record_dir = dir;
	t.opts.run_id = "other";
	TAP_EQ_INT (trial_run (&t, AGENT ("exit", "0")), 1);
	TAP_EQ_INT (count_detached (dir), 1);
	trial_end (&t);
	record_fixture_clear ();
}

static int
kept_host (int fd)
{
	struct trial t;
	char dir[128];
	ssize_t n = read (fd, dir, sizeof dir - 1);

	dir[n > 0 ? n : 0] = '\0';
	trial_begin (&t, 0);
	t.opts.record_dir = dir;
	t.opts.run_id = "demo";
	trial_start (&t, AGENT ("lines", "1000", "pause"));
	trial_wait (&t);
	return 0;
}

/* A host killed in the middle leaves a record that explains itself. */
static void
host_killed (void)
{
	const char *dir = record_fixture_store ();
	struct lhk_wait_opts o = LHK_WAIT_OPTS_INIT;
	struct lhk_store *s = NULL;
	struct lhk_cursor *c = NULL;
	struct lhk_str line;
	int fds[2], status = 0, n = 0;
	pid_t pid;

	TAP_EQ_INT (pipe (fds), 0);
	TAP_EQ_INT (write (fds[1], dir, strlen (dir)), strlen (dir));
	pid = fork ();
	if (pid == 0)
		_exit (kept_host (fds[0]));
	TAP_EQ_INT (lhk_store_open (dir, NULL, &s, NULL), LHK_OK);
	TAP_EQ_INT (lhk_cursor_open (s, "demo", 0, 1, &c, NULL), LHK_OK);
	while (n < 100)
		if (lhk_cursor_next (c, &line, NULL) == LHK_OK)
			n++;
	kill (pid, SIGKILL);
	waitpid (pid, NULL, 0);
	o.timeout_ms = 20000;
	TAP_EQ_INT (lhk_store_wait (s, "demo", &o, &line, &status, NULL),
		    LHK_OK);
	TAP_EQ_INT (status, LHK_RECORD_LOST);
	while ((status = lhk_cursor_next (c, &line, NULL)) == LHK_OK)
		n++;
	TAP_EQ_INT (status, LHK_ESTATE);
	TAP_EQ_INT (check_events (dir, "demo"), n);
	TAP_EQ_INT (lhk_store_remove (s, "demo", NULL), LHK_OK);
	lhk_cursor_free (c);
	lhk_store_free (s);
	close (fds[0]);
	close (fds[1]);
	record_fixture_clear ();
}

static const struct tap_case cases[] = {
	{ "a_record_of_output_by_pipe_is_complete", by_pipe },
	{ "a_record_of_output_by_file_is_complete", by_file },
	{ "a_failed_start_is_a_record_and_an_id_is_used_once", not_started },
	{ "a_wish_in_the_record_cancels", wished_end },
	{ "a_second_wish_in_the_record_kills", wished_twice },
	{ "stderr_of_a_record_is_bounded_and_its_end_is_told", stderr_bounds },
	{ "a_full_disk_ends_the_record_not_the_run_unless_it_is_detached",
	  disk_full },
	{ "a_detached_run_is_told_from_others", detached },
	{ "a_killed_host_leaves_what_it_wrote", host_killed },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("run_keep", cases);
}
