/* SPDX-License-Identifier: MIT */
/* frame_log.c - what frame/ says, written down for comparison. */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/frame_log.h"

#define SHOWN 40

static void LHK_PRINTF (2, 3) put (struct record *r, const char *fmt, ...)
{
	va_list args;
	int n;

	if (r->quiet)
		return;
	if (r->cap - r->len < 512) {
		r->cap = r->cap * 2 + 4096;
		r->text = realloc (r->text, r->cap);
		if (r->text == NULL)
			abort ();
	}
	va_start (args, fmt);
	n = vsnprintf (r->text + r->len, r->cap - r->len, fmt, args);
	va_end (args);
	if (n > 0)
		r->len += (size_t) n;
}

/* Also reads every byte that may be read. */
static unsigned int
checksum (const char *data, size_t len)
{
	unsigned int sum = 2166136261u;
	size_t i;

	for (i = 0; i < len; i++)
		sum = (sum ^ (unsigned char) data[i]) * 16777619u;
	return sum;
}

static void
put_flags (struct record *r, uint32_t flags)
{
	if (flags & LHK_LINE_HAD_CR)
		put (r, " cr");
	if (flags & LHK_LINE_UNTERMINATED)
		put (r, " open");
	put (r, "\n");
}

static void
take_line (void *user, const struct frame_line *line)
{
	struct record *r = user;
	volatile unsigned int padding;

	padding = checksum (line->data + line->len, LHK_LINE_PADDING);
	(void) padding;
	r->faults += line->data[line->len] != '\n' || r->skips != 0
		     || line->full_len != line->len;
	r->copied += r->from == NULL || line->data < r->from
		     || line->data >= r->from + r->from_len;
	put (r, "%llu@%llu line %zu", (unsigned long long) line->number,
	     (unsigned long long) line->off, line->len);
	if (line->len > SHOWN)
		put (r, " #%08x", checksum (line->data, line->len));
	else
		put (r, " \"%.*s\"", (int) line->len, line->data);
	put_flags (r, line->flags);
}

static void
take_begin (void *user)
{
	struct record *r = user;

	r->faults += r->skips++ != 0;
	r->raw = 0;
}

static void
take_data (void *user, const char *data, size_t len)
{
	struct record *r = user;
	volatile unsigned int sum = checksum (data, len);

	(void) sum;
	r->faults += r->skips != 1 || len == 0;
	r->raw += len;
}

static void
take_end (void *user, const struct frame_line *line)
{
	static const char *const reasons[] = { "size", "memory", "budget" };
	struct record *r = user;

	r->faults += r->skips-- != 1;
	put (r, "%llu@%llu skip %llu %s", (unsigned long long) line->number,
	     (unsigned long long) line->off,
	     (unsigned long long) line->full_len, reasons[line->reason]);
	if (line->data != NULL) {
		r->faults += line->data[line->len] != '\n'
			     || !(line->flags & LHK_LINE_HEAD_ONLY);
		put (r, " head=%zu", line->len);
	}
	put (r, " raw=%llu", (unsigned long long) r->raw);
	put_flags (r, line->flags);
}

static const struct frame_calls calls = {
	.line = take_line,
	.skip_begin = take_begin,
	.skip_data = take_data,
	.skip_end = take_end,
};

void
record_init (struct record *r, size_t line_max, int keep_head)
{
	memset (r, 0, sizeof *r);
	failing_init (&r->memory);
	put (r, "%s", "");
	if (frame_init (&r->frame, &calls, r, &r->memory.alloc, &r->budget,
			line_max, keep_head)
	    < 0)
		abort ();
}

void
record_feed (struct record *r, const char *data, size_t len, size_t chunk)
{
	size_t n;

	for (; len > 0; data += n, len -= n) {
		n = chunk == 0 || len < chunk ? len : chunk;
		r->from = data;
		r->from_len = n;
		frame_feed (&r->frame, data, n);
	}
}

void
record_end (struct record *r)
{
	r->from_len = 0;
	frame_end (&r->frame);
}

int
record_done (struct record *r)
{
	int ok;

	frame_done (&r->frame);
	ok = failing_clean (&r->memory) && r->faults == 0 && r->skips == 0
	     && r->budget.leased == 0;
	free (r->text);
	return ok;
}
