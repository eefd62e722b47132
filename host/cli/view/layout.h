/* SPDX-License-Identifier: MIT */
/*
 * layout.h - words that come piece by piece, wrapped behind a margin.
 *
 * What is shown does not depend on where the pieces are cut: a word is held
 * back until it is complete, or longer than a line.  Line breaks, blank lines
 * and indentation of the text stay.  In a block of code (``` or ~~~) lines
 * that are too long are cut at the last column, elsewhere between words.  CR LF
 * is a newline; other control characters are made visible.
 */
#ifndef CLI_VIEW_LAYOUT_H
#define CLI_VIEW_LAYOUT_H

#include <linehook/base.h>

#include "cli/view/screen.h"

/* Bytes of a word that is held back: any that fits into a line, with marks on
 * its letters. */
#define LAYOUT_WORD_MAX (2u * SCREEN_COLUMNS_MAX)

/* The columns before the text. */
struct layout_margin {
	uint32_t depth, number;	     /* of the subagent; 0: the main thread */
	int32_t has_first, has_rest; /* 1: a mark, 0: a blank, in.. */
	enum view_mark first, rest;  /* ..the first line, in the others */
	uint32_t columns;	     /* of the mark and the blank behind it */
	const char *sgr;	     /* the style of the text, or NULL */
};

struct layout {
	struct screen *screen; /* borrowed */
	struct layout_margin margin;
	int32_t is_begun; /* a line was written since layout_begin */
	int32_t in_line;  /* the current line of the text has a word */
	int32_t in_code;
	int32_t after_cr;
	unsigned int indent; /* columns of the margin */
	uint64_t newlines;   /* blank lines to write before the next word */
	unsigned int gap;    /* blanks before it */
	unsigned int hang;   /* blanks before what is wrapped */
	uint32_t last;	     /* character of the word, but marks; 0: none */
	unsigned int marks;  /* on the last character */
	int32_t is_spilling; /* the word is longer than a line */
	unsigned int word_columns;
	size_t word_len;
	char word[LAYOUT_WORD_MAX];
};

/* SCREEN is borrowed as long as L is used. */
void layout_init (struct layout *l, struct screen *screen);

/* A text begins. */
void layout_begin (struct layout *l, const struct layout_margin *margin);

/* It goes on with N bytes of UTF-8, whole characters. */
void layout_put (struct layout *l, const char *p, size_t n);

/* It goes on with SAID, ASCII, and TEXT; of more than MAX bytes comes the
 * beginning, and a mark. */
void layout_put_text (struct layout *l, const char *said,
		      const struct lhk_text *text, size_t max);

/* It ends: what was held back is written, and the newline. */
void layout_end (struct layout *l);

/* Something else is about to be written: finish the line, but keep back a word
 * that is not complete. */
void layout_end_line (struct layout *l);

/* 1: a part of a line was written, or is held back. */
int layout_is_open (const struct layout *l);

#endif /* CLI_VIEW_LAYOUT_H */
