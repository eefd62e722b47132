/* SPDX-License-Identifier: MIT */
/* frame.c - cut a byte stream into lines, of which none is longer than a cap. */
#include "config.h"

#include <string.h>

#include "frame/frame.h"

/* COLLECT: the line fits so far.  SKIP: it is too long. */
enum { COLLECT = 0, SKIP = 1 };

static const char bom[] = { '\xef', '\xbb', '\xbf' };

#define BOM_LEN sizeof bom
#define BOM_OVER (BOM_LEN + 1) /* the start of the stream is behind us */

int
frame_init (struct frame *f, const struct frame_calls *calls, void *user,
	    const struct lhk_alloc *alloc, struct budget *budget,
	    size_t line_max, int keep_head)
{
	memset (f, 0, sizeof *f);
	f->calls = calls;
	f->user = user;
	f->line_max = line_max;
	f->keep_head = keep_head;
	return linebuf_init (&f->buf, alloc, budget, line_max);
}

void
frame_set_line_max (struct frame *f, size_t line_max)
{
	f->line_max = line_max;
	linebuf_set_full (&f->buf, line_max);
}

void
frame_done (struct frame *f)
{
	linebuf_done (&f->buf);
}

/* The line was delivered: forget it. */
static void
next_line (struct frame *f)
{
	f->have = 0;
	f->state = COLLECT;
	f->line_off = f->off;
	linebuf_release (&f->buf);
}

/* Count LEN bytes of content for the peak, wherever reads have cut the line. */
static void
note_peak (struct frame *f, uint64_t len)
{
	if (len > f->line_max)
		len = f->line_max;
	if (len > f->peak)
		f->peak = len;
}

static void
deliver (struct frame *f, const char *data, size_t len, uint32_t flags)
{
	struct frame_line line = {
		.data = data,
		.len = len,
		.full_len = len,
		.off = f->line_off,
		.number = ++f->lines,
		.flags = flags,
	};

	note_peak (f, len);
	f->calls->line (f->user, &line);
	next_line (f);
}

/* Deliver the first LEN bytes of the buffer. */
static void
deliver_buffer (struct frame *f, size_t len, uint32_t flags)
{
	memset (f->buf.data + len, '\n', LHK_LINE_PADDING);
	deliver (f, f->buf.data, len, flags);
}

/* Append to the line in the buffer.  LINEBUF_OK, or why not. */
static int
append (struct frame *f, const char *data, size_t len)
{
	int r = linebuf_reserve (&f->buf, f->have + len);

	if (r != LINEBUF_OK)
		return r;
	if (len > 0)
		memcpy (f->buf.data + f->have, data, len);
	f->have += len;
	return LINEBUF_OK;
}

/* Pass on a piece of an oversize line.  NEWLINE is 1 if its last byte ends the
 * line, else 0. */
static void
skip_piece (struct frame *f, const char *data, size_t len, int newline)
{
	size_t content = len - (size_t) newline;

	if (content > 0)
		f->last = data[content - 1];
	f->skipped += content;
	if (len > 0)
		f->calls->skip_data (f->user, data, len);
}

/*
 * The line, whose first part is in the buffer and whose next part is DATA, is
 * too long.  Only its head stays, if the caller wants it; else the buffer is
 * given back at once.
 */
static void
skip_begin (struct frame *f, int reason, const char *data, size_t len,
	    int newline)
{
	size_t room;

	f->state = SKIP;
	f->reason = (uint32_t) reason;
	f->skipped = 0;
	f->calls->skip_begin (f->user);
	skip_piece (f, f->buf.data, f->have, 0);
	skip_piece (f, data, len, newline);
	if (!f->keep_head) {
		f->have = 0;
		linebuf_release (&f->buf);
		return;
	}
	if (f->have > f->line_max)
		f->have = f->line_max;
	room = f->line_max - f->have;
	len -= (size_t) newline;
	if (reason == FRAME_SIZE)
		append (f, data, len < room ? len : room);
}

static void
skip_end (struct frame *f, int newline)
{
	uint64_t cr = newline && f->last == '\r';
	struct frame_line line = {
		.full_len = f->skipped - cr,
		.off = f->line_off,
		.number = ++f->lines,
		.flags = (cr ? LHK_LINE_HAD_CR : 0u)
			 | (newline ? 0u : LHK_LINE_UNTERMINATED),
		.reason = f->reason,
	};

	if (f->keep_head) {
		memset (f->buf.data + f->have, '\n', LHK_LINE_PADDING);
		line.data = f->buf.data;
		line.len = f->have;
		if (line.len > line.full_len)
			line.len = (size_t) line.full_len;
		line.flags |= LHK_LINE_HEAD_ONLY;
	}
	note_peak (f, line.full_len);
	f->calls->skip_end (f->user, &line);
	next_line (f);
}

/* Collect LEN bytes that do not end the line. */
static void
collect_part (struct frame *f, const char *data, size_t len)
{
	size_t total = f->have + len;
	int r = FRAME_SIZE;

	/* One more than the cap may be the CR of a CR LF. */
	if (total > f->line_max + 1
	    || (r = append (f, data, len)) != LINEBUF_OK)
		skip_begin (f, r, data, len, 0);
}

/* The line ends: LEN bytes and a newline, from which on AFTER bytes may be
 * read. */
static void
finish_line (struct frame *f, const char *data, size_t len, size_t after)
{
	size_t total = f->have + len;
	const char *end = len > 0 ? data + len : f->buf.data + total;
	size_t cr = total > 0 && end[-1] == '\r';
	int r = FRAME_SIZE;

	if (total - cr <= f->line_max) {
		if (f->have == 0 && cr == 0 && after >= LHK_LINE_PADDING) {
			deliver (f, data, len, 0);
			return;
		}
		r = append (f, data, len);
		if (r == LINEBUF_OK) {
			deliver_buffer (f, total - cr,
					cr ? LHK_LINE_HAD_CR : 0);
			return;
		}
	}
	skip_begin (f, r, data, len + 1, 1);
	skip_end (f, 1);
}

/* Take DATA up to the next newline.  Returns how many bytes were taken. */
static size_t
collect_line (struct frame *f, const char *data, size_t len)
{
	const char *newline = memchr (data, '\n', len);
	size_t n = newline == NULL ? len : (size_t) (newline - data) + 1;

	f->scanned += n;
	f->off += n;
	if (newline == NULL)
		collect_part (f, data, n);
	else
		finish_line (f, data, n - 1, len - (n - 1));
	return n;
}

/* The same inside of a line that is too long. */
static size_t
skip_line (struct frame *f, const char *data, size_t len)
{
	const char *newline = memchr (data, '\n', len);
	size_t n = newline == NULL ? len : (size_t) (newline - data) + 1;

	f->scanned += n;
	f->off += n;
	skip_piece (f, data, n, newline != NULL);
	if (newline != NULL)
		skip_end (f, 1);
	return n;
}

static void
feed_all (struct frame *f, const char *data, size_t len)
{
	size_t n;

	for (; len > 0; data += n, len -= n)
		n = f->state == SKIP ? skip_line (f, data, len)
				     : collect_line (f, data, len);
}

/* The stream does not begin with a byte order mark: the bytes that looked like
 * one are content. */
static void
bom_undo (struct frame *f)
{
	size_t n = f->bom;

	f->bom = BOM_OVER;
	feed_all (f, bom, n);
}

/* Take what may be a byte order mark from the start of DATA.  Returns how many
 * bytes were taken. */
static size_t
bom_take (struct frame *f, const char *data, size_t len)
{
	size_t n = 0;

	while (n < len && f->bom < BOM_LEN && data[n] == bom[f->bom]) {
		f->bom++;
		n++;
	}
	if (f->bom == BOM_LEN) {
		f->bom = BOM_OVER;
		f->off = f->line_off = BOM_LEN;
	} else if (n < len) {
		bom_undo (f);
	}
	return n;
}

void
frame_feed (struct frame *f, const char *data, size_t len)
{
	size_t n = 0;

	if (len > 0 && f->bom < BOM_LEN)
		n = bom_take (f, data, len);
	feed_all (f, data + n, len - n);
}

void
frame_end (struct frame *f)
{
	if (f->bom < BOM_LEN)
		bom_undo (f);
	if (f->state == SKIP) {
		skip_end (f, 0);
	} else if (f->have > f->line_max) {
		skip_begin (f, FRAME_SIZE, NULL, 0, 0);
		skip_end (f, 0);
	} else if (f->have > 0) {
		deliver_buffer (f, f->have, LHK_LINE_UNTERMINATED);
	}
}

int
frame_is_blank (const char *data, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (data[i] != ' ' && data[i] != '\t' && data[i] != '\r')
			return 0;
	return 1;
}
