/* SPDX-License-Identifier: MIT */
/*
 * frame.h - cut a byte stream into lines without ever holding more than cap.
 *
 * Pure: no descriptor, no clock, no memory but the one store.  States: KEEP
 * (collecting a line) and SKIP (inside a line that is too long).  Each byte
 * is looked at once, whatever the pieces are.
 *
 * Lines end at byte 0x0A alone.  One CR before it is not content; a CR at the
 * end of the stream is, since nothing says that a newline was meant.  Content
 * of line_max bytes is a line, one more is oversize, by LF, CR LF or end of
 * file.  A UTF-8 byte order mark at the very start is passed over.
 *
 * A line that lies whole in the caller's buffer is not copied, unless it ends
 * less than LHK_LINE_PADDING bytes before the end of it, or ends in CR LF
 * (the '\n' that is promised behind it cannot be written into bytes that are
 * only lent).
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
	uint64_t full_len; /* content in the stream */
	uint64_t off;	   /* of its first byte */
	uint64_t number;   /* from 1 */
	uint32_t flags;	   /* LHK_LINE_* */
	uint32_t reason;   /* of an oversize line: FRAME_* */
};

/*
 * Where the lines go.  An oversize line comes as skip_begin, its bytes in
 * pieces (newline included), and skip_end, whose DATA is its head if that was
 * to be kept.  Everything is borrowed for the call; none may call back.
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
	struct linebuf store;
	size_t line_max;
	size_t have;  /* bytes of the line in the store */
	uint64_t off; /* bytes taken */
	uint64_t line_off;
	uint64_t lines;	  /* that ended */
	uint64_t skipped; /* bytes of the oversize line, no newline */
	uint64_t scanned; /* bytes looked at for a newline: a measure */
	uint64_t peak;	  /* longest content, as far as the cap allows */
	uint32_t state;
	uint32_t reason;
	uint32_t bom; /* bytes of it seen, or BOM_OVER */
	int32_t keep_head;
	char last; /* byte before the next, in SKIP */
};

/* CALLS, ALLOC and BUDGET are borrowed until frame_done.  LHK_OK or
 * LHK_ENOMEM. */
int frame_init (struct frame *f, const struct frame_calls *calls, void *user,
		const struct lhk_alloc *alloc, struct budget *budget,
		size_t line_max, int keep_head);

/* Take LEN bytes.  Never fails: no memory makes the line an oversize one. */
void frame_feed (struct frame *f, const char *data, size_t len);

/* End of stream: the rest is a line.  Once. */
void frame_end (struct frame *f);

void frame_done (struct frame *f);

/* Is there nothing in a line but spaces, tabs and carriage returns? */
int frame_is_blank (const char *data, size_t len);

#endif /* FRAME_FRAME_H */
