/* SPDX-License-Identifier: MIT */
/* screen.h - the terminal that the view writes to: columns, colors, marks. */
#ifndef CLI_VIEW_SCREEN_H
#define CLI_VIEW_SCREEN_H

#include "cli/view/marks.h"
#include "common/outbuf.h"

/* What is written is laid out for a terminal of at least and at most so many
 * columns. */
#define SCREEN_COLUMNS_MIN 20u
#define SCREEN_COLUMNS_MAX 1000u

/* Marks on one character, which would cover lines above and below it; more are
 * made visible beside it. */
#define SCREEN_MARKS_MAX 8u

struct screen {
	struct outbuf *out; /* borrowed for the time of an event */
	unsigned int columns;
	uint64_t lines;	 /* that were ended */
	unsigned int at; /* columns of the line that has no newline yet */
	int color;
	int ascii;
	const char *sgr; /* the style that is on; NULL: none */
};

/* COLUMNS 0: 80. */
void screen_resize (struct screen *s, unsigned int columns);

/* Columns of a character that is safe for a terminal.  It is at least what any
 * terminal takes: an emoji counts two columns, also where it is a part of a
 * longer sequence, since not all terminals join it. */
unsigned int screen_char_columns (uint32_t c);

/* The style of what follows: parameters of SGR; NULL or "": none.  Without
 * colors there is none. */
void screen_style (struct screen *s, const char *sgr);

/* Write LEN bytes that are harmless and take COLUMNS. */
void screen_put (struct screen *s, const char *p, size_t len,
		 unsigned int columns);

/* ASCII text of our own. */
void screen_str (struct screen *s, const char *text);

void screen_u64 (struct screen *s, uint64_t n);
void screen_blanks (struct screen *s, unsigned int n);

/* A mark in its color. */
void screen_mark (struct screen *s, enum view_mark mark);

/* The subagent a line is of: NUMBER behind DEPTH - 1 bars, and a bar; nothing for
 * the main thread, whose DEPTH is 0.  No blank follows. */
void screen_bars (struct screen *s, uint32_t depth, uint32_t number);

/* Its columns, with the blank that follows; 0 for the main thread. */
unsigned int screen_bars_columns (uint32_t depth, uint32_t number);

/* The newline, with which every style ends. */
void screen_newline (struct screen *s);

#endif /* CLI_VIEW_SCREEN_H */
