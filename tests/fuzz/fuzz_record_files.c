/* SPDX-License-Identifier: MIT */
/*
 * fuzz_record_files.c - what is read of single files of a store.
 *
 * The input is read as the head of a run.json or result.json, as an
 * index, as a request to cancel, and as a file of events.  What is told of
 * them is in its range, whatever is in the file, which is in memory.
 */
#include "config.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz/fuzz.h"
#include "common/clock.h"
#include "common/run_id.h"
#include "record/head.h"
#include "record/index.h"

static void
check_word (const char *word, size_t size, const char *data, size_t len)
{
	const size_t n = strnlen (word, size);

	FUZZ_CHECK (n < size && memchr (word, '"', n) == NULL, data, len);
	FUZZ_CHECK (n == 0 || memmem (data, len, word, n) != NULL, data, len);
}

static void
check_head (int fd, const char *data, size_t len)
{
	struct record_head h;

	FUZZ_CHECK (record_head_read (fd, &h) == 0, data, len);
	check_word (h.run, sizeof h.run, data, len);
	check_word (h.plugin, sizeof h.plugin, data, len);
	check_word (h.provider, sizeof h.provider, data, len);
	check_word (h.verdict, sizeof h.verdict, data, len);
	check_word (h.started, sizeof h.started, data, len);
	check_word (h.ended, sizeof h.ended, data, len);
	check_word (h.host_boot, sizeof h.host_boot, data, len);
	check_word (h.host_name, sizeof h.host_name, data, len);
	check_word (h.host_space, sizeof h.host_space, data, len);
	FUZZ_CHECK (h.started_ms >= 0 && h.started_ms <= CLOCK_UNIX_MS_MAX,
		    data, len);
	FUZZ_CHECK (h.ended_ms >= 0 && h.ended_ms <= CLOCK_UNIX_MS_MAX, data,
		    len);
	FUZZ_CHECK (h.exit_status >= -1 && h.exit_status <= 255, data, len);
	FUZZ_CHECK (h.host_pid >= 0 && h.host_pid <= INT32_MAX, data, len);
	FUZZ_CHECK (
		record_head_is_whole (fd)
			== (len >= 2 && memcmp (data + len - 2, "}\n", 2) == 0),
		data, len);
	if (h.started_ms != 0)
		fuzz_count ("heads with a start");
}

static void
check_index (int fd, const char *data, size_t len)
{
	struct record_index_reader reader;
	struct record_entry e;
	size_t n = 0;

	record_index_reader_init (&reader, fd);
	while (record_index_next (&reader, &e)) {
		FUZZ_CHECK (run_id_is_valid (e.id), data, len);
		FUZZ_CHECK (e.started_ms >= 0
				    && e.started_ms <= CLOCK_UNIX_MS_MAX,
			    data, len);
		FUZZ_CHECK (memmem (data, len, e.id, strlen (e.id)) != NULL,
			    data, len);
		n++;
	}
	FUZZ_CHECK (reader.error == 0, data, len);
	/* A number, a space and a character are the shortest line. */
	FUZZ_CHECK (n <= len / 3, data, len);
	if (n > 0)
		fuzz_count ("indices with entries");
}

static void
check_cancel (const char *data, size_t len)
{
	char text[RECORD_CANCEL_SIZE];
	int signo = 0;

	if (len >= sizeof text)
		len = sizeof text - 1;
	memcpy (text, data, len);
	text[len] = '\0';
	FUZZ_CHECK (record_cancel_parse (text, &signo) >= 1, data, len);
	FUZZ_CHECK (signo >= 1 && signo <= 64, data, len);
}

static void
check_events (int fd, const char *data, size_t len)
{
	const char *newline = len == 0 ? NULL : memrchr (data, '\n', len);
	const int is_final = record_events_are_final (fd);

	FUZZ_CHECK (record_lines_end (fd)
			    == (newline == NULL ? 0 : newline + 1 - data),
		    data, len);
	FUZZ_CHECK (is_final == 0 || (is_final == 1 && newline != NULL), data,
		    len);
	if (is_final)
		fuzz_count ("events that are final");
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	const char *p = (const char *) data;
	static int fd = -1;

	if (fd < 0)
		fd = memfd_create ("record", MFD_CLOEXEC);
	if (fd < 0 || ftruncate (fd, 0) < 0
	    || pwrite (fd, data, size, 0) != (ssize_t) size)
		abort ();
	check_head (fd, p, size);
	check_index (fd, p, size);
	check_cancel (p, size);
	check_events (fd, p, size);
	return 0;
}
