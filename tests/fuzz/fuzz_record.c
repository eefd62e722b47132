/* SPDX-License-Identifier: MIT */
/*
 * fuzz_record.c - any bytes in the files of a record.
 *
 * The first byte says which file gets the rest of the input, the second what the
 * record has besides.  Whatever a file contains: what is shown is JSON, the
 * events are lines of the file, from any place on the same ones, no more memory
 * is held than the files are worth, and no descriptor stays open.
 */
#include "config.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linehook/json.h>
#include <linehook/record.h>

#include "fuzz/fuzz.h"
#include "common/macros.h"
#include "lib/failing.h"
#include "record/index.h"

#define ID "01jdzv9n2q5t8w3x7y4b6c1d0e"

/* Options of an input. */
enum { NO_RESULT = 1 << 0, RESULT_ALONE = 1 << 1, WITH_LABEL = 1 << 2 };
#define FROM_SHIFT 3

/* Memory that a store may hold however short its files are, and for each of
 * their bytes. */
#define HELD_MAX ((size_t) 4 << 20)
#define HELD_BY_BYTE 64

/* The files of a record, as a run leaves them. */
static const struct {
	const char *name, *text;
} files[] = {
	{ ID "/" RECORD_RUN,
	  "{\"v\":1,\"run\":\"" ID "\",\"plugin\":\"raw\",\"provider\":\"raw\","
	  "\"started\":\"2026-01-01T00:00:00.000Z\","
	  "\"started_ms\":1767225600000,\"argv\":[\"true\"],\"cwd\":\"/\","
	  "\"labels\":{\"a\":\"b\"},\"host\":{\"pid\":1,\"start\":5,"
	  "\"boot\":\"x\",\"name\":\"y\",\"space\":\"z\"}}\n" },
	{ ID "/" RECORD_EVENTS,
	  "{\"seq\":1,\"kind\":\"run\",\"v\":1,\"id\":\"" ID "\"}\n"
	  "{\"seq\":2,\"kind\":\"text\",\"role\":\"assistant\",\"text\":\"a\"}"
	  "\n{\"seq\":3,\"kind\":\"result\",\"final\":true,\"verdict\":\"ok\"}"
	  "\n" },
	{ ID "/" RECORD_RESULT,
	  "{\"v\":1,\"run\":\"" ID "\",\"plugin\":\"raw\",\"provider\":\"raw\","
	  "\"started\":\"2026-01-01T00:00:00.000Z\","
	  "\"started_ms\":1767225600000,\"ended\":\"2026-01-01T00:00:01.000Z\","
	  "\"ended_ms\":1767225601000,\"verdict\":\"ok\",\"exit_status\":0}\n" },
	{ RECORD_INDEX, RECORD_INDEX_WHOLE "1767225600000 " ID "\n" },
	{ ID "/" RECORD_CANCEL, "15 1\n" },
};

enum { RUN, EVENTS, RESULT, INDEX, CANCEL };

/* The readers of a record, of which an input has one or, in a replay, all. */
enum { SHOW, CURSOR, LIST, READERS };

static struct {
	char dir[4096];
	struct failing memory;
	struct lhk_store *store;
	const char *input;
	size_t size;
	size_t bytes;				 /* of all files */
	const void *written[ARRAY_SIZE (files)]; /* the text that is there */
} all;

#define CHECK(holds) FUZZ_CHECK ((holds), all.input, all.size)

/* ---- files ---- */

static void
path_of (char path[sizeof all.dir + 128], const char *name)
{
	snprintf (path, sizeof all.dir + 128, "%s/%s", all.dir, name);
}

static void
remove_files (void)
{
	static const char *const others[] = { ID "/" RECORD_LOCK,
					      RECORD_INDEX_DRAFT };
	char path[sizeof all.dir + 128];
	size_t i;

	for (i = 0; i < ARRAY_SIZE (files); i++) {
		path_of (path, files[i].name);
		unlink (path);
	}
	for (i = 0; i < ARRAY_SIZE (others); i++) {
		path_of (path, others[i]);
		unlink (path);
	}
	path_of (path, ID);
	rmdir (path);
	rmdir (all.dir);
}

static void
write_file (const char *name, const char *data, size_t len)
{
	char path[sizeof all.dir + 128];
	int fd;

	path_of (path, name);
	fd = open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || write (fd, data, len) != (ssize_t) len)
		abort ();
	close (fd);
}

static void
make_store (void)
{
	const char *tmp = getenv ("TMPDIR");
	char path[sizeof all.dir + 128];

	snprintf (all.dir, sizeof all.dir, "%s/fuzz.XXXXXX",
		  tmp == NULL ? "/tmp" : tmp);
	if (mkdtemp (all.dir) == NULL)
		abort ();
	path_of (path, ID);
	if (mkdir (path, 0700) < 0)
		abort ();
	write_file (ID "/" RECORD_LOCK, "", 0);
	atexit (remove_files);
}

/* Only what differs from the last input is written. */
static void
write_text (size_t i, const char *text)
{
	if (all.written[i] != text)
		write_file (files[i].name, text, strlen (text));
	all.written[i] = text;
	all.bytes += strlen (text);
}

static void
write_record (size_t which, unsigned int options, const char *data, size_t len)
{
	size_t i;

	all.bytes = len;
	for (i = 0; i < ARRAY_SIZE (files); i++)
		if (i == which) {
			write_file (files[i].name, data, len);
			all.written[i] = NULL;
		} else {
			write_text (i, i == RESULT && (options & NO_RESULT)
					       ? ""
					       : files[i].text);
		}
}

/* ---- what is read ---- */

static void
check_json (const struct lhk_str *text)
{
	char *line;
	struct lhk_json j;
	size_t len = text->len;

	while (len > 0 && text->ptr[len - 1] == '\n')
		len--;
	line = fuzz_line (text->ptr, len);
	lhk_json_begin (&j, line, len);
	CHECK (lhk_json_peek (&j) == LHK_JSON_OBJECT);
	lhk_json_skip (&j);
	/* A line of an event may be as deep as the reader goes, and more is
	 * around it. */
	CHECK (lhk_json_end (&j) == LHK_OK || j.error == LHK_JSON_EDEPTH);
	free (line);
}

static void
check_show (uint32_t include)
{
	struct lhk_error err = { 0, 0, "" };
	struct lhk_str text;
	int status = 0;
	int r = lhk_store_show (all.store, ID, include, &text, &status, &err);

	if (r != LHK_OK) {
		CHECK (err.text[0] != '\0');
		fuzz_count ("records that are not shown");
		return;
	}
	CHECK (status == LHK_RECORD_ENDED || status == LHK_RECORD_LOST);
	CHECK (lhk_store_status (all.store) >= 0
	       && lhk_store_status (all.store) <= 255);
	check_json (&text);
	fuzz_count (status == LHK_RECORD_ENDED ? "ended" : "lost");
}

/* The seq of an event's line. */
static uint64_t
seq_of (const struct lhk_str *line)
{
	return strtoull (line->ptr + strlen (RECORD_EVENT_PREFIX), NULL, 10);
}

/* All lines from FROM on; how many there are. */
static size_t
read_events (uint64_t from)
{
	struct lhk_cursor *c;
	struct lhk_str line;
	size_t n = 0, bytes = 0;
	int r = lhk_cursor_open (all.store, ID, from, 0, &c, NULL);

	if (r < 0)
		return 0;
	while ((r = lhk_cursor_next (c, &line, NULL)) == LHK_OK) {
		CHECK (line.len > strlen (RECORD_EVENT_PREFIX)
		       && memcmp (line.ptr, RECORD_EVENT_PREFIX,
				  strlen (RECORD_EVENT_PREFIX))
				  == 0);
		CHECK (memchr (line.ptr, '\n', line.len) == NULL
		       && memchr (line.ptr, '\0', line.len) == NULL);
		fuzz_read (line.ptr[line.len + LHK_LINE_PADDING - 1]);
		CHECK (from <= 1 || seq_of (&line) >= from);
		check_json (&line);
		bytes += line.len + 1;
		n++;
	}
	CHECK (r == LHK_END || r == LHK_ESTATE || r == LHK_ENOTFOUND);
	CHECK (bytes <= all.bytes);
	lhk_cursor_free (c);
	return n;
}

static int
count_run (void *user, const struct lhk_record_info *info)
{
	CHECK (strcmp (info->id, ID) == 0);
	CHECK (info->status >= LHK_RECORD_ENDED
	       && info->status <= LHK_RECORD_DAMAGED);
	CHECK (info->started_ms >= 0 && info->ended_ms >= 0);
	++*(int *) user;
	return 0;
}

/* A run whose files do not tell the start that the index tells is not listed: its
 * id may have been used before. */
static void
check_list (const char *label, int is_start_known)
{
	struct lhk_record_query query = LHK_RECORD_QUERY_INIT;
	char id[LHK_RECORD_ID_MAX + 1];
	int n = 0;

	query.label = label;
	CHECK (lhk_store_list (all.store, &query, count_run, &n, NULL)
	       == LHK_OK);
	CHECK (label != NULL || !is_start_known ? n <= 1 : n == 1);
	CHECK (lhk_store_find (all.store, ID, id, NULL) == LHK_OK
	       && strcmp (id, ID) == 0);
}

/* Is it the turn of READER for this input? */
static int
is_turn (unsigned int reader)
{
	return fuzz_turn (reader, READERS, all.input, all.size);
}

static void
check_record (size_t which, unsigned int options)
{
	const int is_start_known = which == EVENTS || which == CANCEL;
	const int has_events = which == EVENTS || which == RUN;
	size_t events;

	if (is_turn (SHOW) || (which == EVENTS && is_turn (LIST))
	    || (!has_events && is_turn (CURSOR)))
		check_show (options & RESULT_ALONE
				    ? 0
				    : LHK_INCLUDE_STATE | LHK_INCLUDE_REQUEST);
	if (has_events && is_turn (CURSOR)) {
		events = read_events (0);
		/* Reading ends at a hole, and may begin behind it. */
		CHECK (read_events (options >> FROM_SHIFT) <= events
		       || memchr (all.input, '\0', all.size) != NULL);
	}
	if (which != EVENTS && is_turn (LIST))
		check_list (options & WITH_LABEL ? "a=b" : NULL,
			    is_start_known);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	size_t which;
	int fd;

	if (size < 2)
		return 0;
	if (all.dir[0] == '\0')
		make_store ();
	all.input = (const char *) data;
	all.size = size;
	which = data[0] % ARRAY_SIZE (files);
	write_record (which, data[1], all.input + 2, size - 2);
	fd = dup (STDIN_FILENO);
	close (fd);
	failing_init (&all.memory);
	if (lhk_store_open (all.dir, &all.memory.alloc, &all.store, NULL) < 0)
		abort ();
	check_record (which, data[1]);
	lhk_store_free (all.store);
	CHECK (failing_clean (&all.memory));
	CHECK (all.memory.peak <= HELD_MAX + HELD_BY_BYTE * all.bytes);
	CHECK (dup (STDIN_FILENO) == fd);
	close (fd);
	return 0;
}
