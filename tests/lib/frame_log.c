/* SPDX-License-Identifier: MIT */
/* frame_log.c - callbacks of a framer that write each line down. */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/capture.h"
#include "lib/checksum.h"
#include "lib/frame_log.h"

#define SHOWN 40

static void LHK_PRINTF (2, 3) put (struct frame_log *log, const char *fmt, ...)
{
	va_list args;

	if (log->quiet)
		return;
	va_start (args, fmt);
	text_vappend (&log->text, &log->len, &log->cap, fmt, args);
	va_end (args);
}

static void
put_flags (struct frame_log *log, uint32_t flags)
{
	if (flags & LHK_LINE_HAD_CR)
		put (log, " cr");
	if (flags & LHK_LINE_UNTERMINATED)
		put (log, " open");
	put (log, "\n");
}

static void
take_line (void *user, const struct frame_line *line)
{
	struct frame_log *log = user;
	volatile unsigned int padding;

	padding = checksum (line->data + line->len, LHK_LINE_PADDING);
	(void) padding;
	log->faults += line->data[line->len] != '\n' || log->skips != 0
		       || line->full_len != line->len;
	log->copied += log->from == NULL || line->data < log->from
		       || line->data >= log->from + log->from_len;
	put (log, "%llu@%llu line %zu", (unsigned long long) line->number,
	     (unsigned long long) line->off, line->len);
	if (line->len > SHOWN)
		put (log, " #%08x", checksum (line->data, line->len));
	else
		put (log, " \"%.*s\"", (int) line->len, line->data);
	put_flags (log, line->flags);
}

static void
take_begin (void *user)
{
	struct frame_log *log = user;

	log->faults += log->skips++ != 0;
	log->raw = 0;
}

static void
take_data (void *user, const char *data, size_t len)
{
	struct frame_log *log = user;
	volatile unsigned int sum = checksum (data, len);

	(void) sum;
	log->faults += log->skips != 1 || len == 0;
	log->raw += len;
}

static void
take_end (void *user, const struct frame_line *line)
{
	static const char *const reasons[] = { "size", "memory", "budget" };
	struct frame_log *log = user;

	log->faults += log->skips-- != 1;
	put (log, "%llu@%llu skip %llu %s", (unsigned long long) line->number,
	     (unsigned long long) line->off,
	     (unsigned long long) line->full_len, reasons[line->reason]);
	if (line->data != NULL) {
		log->faults += line->data[line->len] != '\n'
			       || !(line->flags & LHK_LINE_HEAD_ONLY);
		put (log, " head=%zu", line->len);
	}
	put (log, " raw=%llu", (unsigned long long) log->raw);
	put_flags (log, line->flags);
}

static const struct frame_calls calls = {
	.line = take_line,
	.skip_begin = take_begin,
	.skip_data = take_data,
	.skip_end = take_end,
};

void
frame_log_init (struct frame_log *log, size_t line_max, int keep_head)
{
	memset (log, 0, sizeof *log);
	failing_init (&log->memory);
	put (log, "%s", "");
	if (frame_init (&log->frame, &calls, log, &log->memory.alloc,
			&log->budget, line_max, keep_head)
	    < 0)
		abort ();
}

void
frame_log_feed (struct frame_log *log, const char *data, size_t len,
		size_t chunk)
{
	size_t n;

	for (; len > 0; data += n, len -= n) {
		n = chunk == 0 || len < chunk ? len : chunk;
		log->from = data;
		log->from_len = n;
		frame_feed (&log->frame, data, n);
	}
}

void
frame_log_end (struct frame_log *log)
{
	log->from_len = 0;
	frame_end (&log->frame);
}

int
frame_log_done (struct frame_log *log)
{
	int ok;

	frame_done (&log->frame);
	ok = failing_clean (&log->memory) && log->faults == 0 && log->skips == 0
	     && log->budget.leased == 0;
	free (log->text);
	return ok;
}
