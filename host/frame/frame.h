/* SPDX-License-Identifier: MIT */
/*
 * frame.h - cut a byte stream into lines, of which none is longer than a cap.
 *
 * A function of its bytes: it has no descriptor, no clock and one buffer.  It
 * either collects a line or skips one that is too long.  Each byte is looked
 * at once, whatever the pieces are in which it comes.
 *
 * Lines end at byte 0x0A alone.  One CR before it is not content; a CR at the
 * end of the stream is, since nothing says that a newline was meant.  Content
 * of line_max bytes is a line, one byte more is oversize, whether LF, CR LF or
 * the end of the stream comes then.  A UTF-8 byte order mark at the very start
 * is skipped.
 *
 * A line that lies whole in the caller's buffer is not copied, unless it ends
 * less than LHK_LINE_PADDING bytes before the end of it, or ends in CR LF
 * (the '\n' that is promised behind it cannot be written into borrowed bytes).
 */
#ifndef FRAME_FRAME_H
#define FRAME_FRAME_H

#include <linehook/plugin.h>

#include "frame/linebuf.h"

/* Why a line is oversize. */
enum {
	FRAME_SIZE = 0,
	FRAME_MEMORY = LINEBUF_NO_MEMORY,
	FRAME_BUDGET = LINEBUF_NO_BUDGET
};

struct frame_line {
	const char *data; /* data[len] is '\n', padding behind; or NULL */
	size_t len;
	uint64_t full_len; /* bytes of content in the stream */
	uint64_t off;	   /* of its first byte, from the start of the stream */
	uint64_t number;   /* from 1 */
	uint32_t flags;	   /* LHK_LINE_* */
	uint32_t reason;   /* of an oversize line: FRAME_* */
};

/*
 * Where the lines go.  An oversize line comes as skip_begin, then its bytes in
 * pieces, newline included, then skip_end, whose DATA is its head if that is
 * wanted.  Everything is borrowed for the call.  None of the functions may
 * call this module, save frame_set_line_max.
 */
struct frame_calls {
	void (*line) (void *user, const struct frame_line *line);
	void (*skip_begin) (void *user);
	void (*skip_data) (void *user, const char *data, size_t len);
	void (*skip_end) (void *user, const struct frame_line *line);
};

struct frame {
	const struct frame_calls *calls;
	void *user;
	struct linebuf buf;
	size_t line_max;
	size_t have;	   /* bytes of the line in the buffer */
	uint64_t off;	   /* bytes taken from the stream */
	uint64_t line_off; /* where the line began */
	uint64_t lines;	   /* lines that ended */
	uint64_t skipped;  /* bytes of the oversize line, no newline */
	uint64_t scanned;  /* bytes searched for a newline; tests check it */
	uint64_t peak;	   /* bytes of the longest line, at most line_max */
	uint32_t state;
	uint32_t reason;
	uint32_t bom; /* bytes of a byte order mark so far, or BOM_OVER */
	int32_t keep_head;
	char last; /* the last byte that was skipped */
};

/* CALLS, USER, ALLOC and BUDGET are borrowed until frame_done.  LINE_MAX is in
 * bytes; KEEP_HEAD is 1 if the head of oversize lines is wanted.  LHK_OK or
 * LHK_ENOMEM. */
int frame_init (struct frame *f, const struct frame_calls *calls, void *user,
		const struct lhk_alloc *alloc, struct budget *budget,
		size_t line_max, int keep_head);

/* Another cap, from the next line on; callbacks may call it. */
void frame_set_line_max (struct frame *f, size_t line_max);

/* Take LEN bytes.  This cannot fail: without memory the line is an oversize
 * one. */
void frame_feed (struct frame *f, const char *data, size_t len);

/* The stream ends: what is left is a line.  To be called once. */
void frame_end (struct frame *f);

void frame_done (struct frame *f);

/* Does a line consist of spaces, tabs and carriage returns alone?  1 or 0. */
int frame_is_blank (const char *data, size_t len);

#endif /* FRAME_FRAME_H */
