/* SPDX-License-Identifier: MIT */
/* layout.c - words that come piece by piece, wrapped behind a margin. */
#include "config.h"

#include <string.h>

#include <unilbrk.h>

#include "cli/view/layout.h"
#include "common/termsafe.h"
#include "common/utf8.h"
#include "json/text_reader.h"

#define TAB 8
#define PLAIN_MAX 256 /* characters that are looked at together */
#define GAP_MAX (1u << 20)
#define ZWJ 0x200d	  /* joins two emoji */
#define WIDE_EMOJI 0xfe0f /* shows the character before it as one */

void
layout_init (struct layout *l, struct screen *screen)
{
	memset (l, 0, sizeof *l);
	l->screen = screen;
}

void
layout_begin (struct layout *l, const struct layout_margin *margin)
{
	struct screen *screen = l->screen;

	memset (l, 0, offsetof (struct layout, word));
	l->screen = screen;
	l->margin = *margin;
	l->indent = screen_bars_columns (margin->depth, margin->number)
		    + margin->columns;
}

int
layout_is_open (const struct layout *l)
{
	return l->screen->at > 0 || l->word_len > 0 || l->after_cr;
}

/* ---- lines ---- */

/* Columns that a line has for text. */
static unsigned int
text_columns (const struct layout *l)
{
	return l->screen->columns - l->indent;
}

/* Blanks before what did not fit into the line before. */
static unsigned int
wrap_indent (const struct layout *l)
{
	return l->in_code ? 0 : l->hang;
}

/* Write the margin and INDENT blanks; a word follows. */
static void
open_line (struct layout *l, unsigned int indent)
{
	const struct layout_margin *m = &l->margin;
	int has_mark = l->is_begun ? m->has_rest : m->has_first;

	screen_bars (l->screen, m->depth, m->number);
	if (m->depth > 0)
		screen_blanks (l->screen, 1);
	if (has_mark)
		screen_mark (l->screen, l->is_begun ? m->rest : m->first);
	l->is_begun = 1;
	screen_blanks (l->screen, l->indent - l->screen->at + indent);
}

static void
break_line (struct layout *l)
{
	screen_newline (l->screen);
	open_line (l, wrap_indent (l));
}

static void
put_blank_lines (struct layout *l)
{
	const struct layout_margin *m = &l->margin;

	for (; l->newlines > 0; l->newlines--) {
		screen_bars (l->screen, m->depth, m->number);
		if (m->has_rest) {
			if (m->depth > 0)
				screen_blanks (l->screen, 1);
			screen_mark (l->screen, m->rest);
		}
		screen_newline (l->screen);
	}
}

static void
end_line (struct layout *l)
{
	if (l->in_line && l->screen->at > 0)
		screen_newline (l->screen);
	else if (!l->in_line && l->is_begun)
		l->newlines++;
	l->in_line = 0;
	l->gap = 0;
}

/* ---- words ---- */

/* The columns of the character at P, of *RET_LEN bytes. */
static unsigned int
char_columns (const char *p, size_t *ret_len)
{
	uint32_t c;

	if ((unsigned char) *p < 0x80) {
		*ret_len = 1;
		return 1;
	}
	c = utf8_decode (p, ret_len);
	return c == WIDE_EMOJI ? 1 : screen_char_columns (c);
}

/* Write a word from here on, cut wherever a line is full. */
static void
put_cut (struct layout *l, const char *p, size_t n)
{
	const char *end = p + n;

	/* Something else has ended the line within the word. */
	if (l->screen->at == 0)
		open_line (l, wrap_indent (l));
	while (p < end) {
		size_t len = 0, at = 0;
		unsigned int columns = 0, room, w = 0;

		room = l->screen->columns > l->screen->at
			       ? l->screen->columns - l->screen->at
			       : 0;
		for (; at < (size_t) (end - p); at += len, columns += w) {
			w = char_columns (p + at, &len);
			if (columns + w > room)
				break;
		}
		screen_style (l->screen, l->margin.sgr);
		screen_put (l->screen, p, at, columns);
		p += at;
		if (p < end)
			break_line (l);
	}
}

/* The blanks before the word at P, which is cut at the end of the line; they
 * neither begin a line nor end one. */
static void
put_gap (struct layout *l, const char *p)
{
	size_t len;

	if (l->screen->at + l->gap + char_columns (p, &len)
	    <= l->screen->columns)
		screen_blanks (l->screen, l->gap);
	else
		break_line (l);
}

/* Is the word a fence of a block of code?  The last one has nothing behind
 * its marks. */
static int
is_fence (const struct layout *l, const char *p, size_t n)
{
	size_t i = 0;

	if (n < 3 || (*p != '`' && *p != '~'))
		return 0;
	while (i < n && p[i] == *p)
		i++;
	return i >= 3
	       && (i == n
		   || (!l->in_code && memchr (p + i, *p, n - i) == NULL));
}

/* Does the word begin an entry of a list? */
static int
is_bullet (const char *p, size_t n)
{
	size_t i = 0;

	if (n == 1)
		return *p == '-' || *p == '*' || *p == '+';
	while (i < n && i < 3 && p[i] >= '0' && p[i] <= '9')
		i++;
	return i > 0 && i + 1 == n && (p[i] == '.' || p[i] == ')');
}

/* The first word of a line of the text. */
static void
begin_line (struct layout *l, const char *p, size_t n, unsigned int columns)
{
	put_blank_lines (l);
	open_line (l, l->hang);
	l->in_line = 1;
	l->gap = 0;
	if (is_fence (l, p, n))
		l->in_code = !l->in_code;
	else if (is_bullet (p, n)
		 && l->hang + columns + 1 < text_columns (l) / 2)
		l->hang += columns + 1;
}

/* A word that is longer than a line, or the first part of one. */
static void
put_long_word (struct layout *l, const char *p, size_t n)
{
	if (!l->in_line)
		begin_line (l, "", 0, 0);
	else if (l->screen->at == 0)
		open_line (l, wrap_indent (l));
	else if (l->in_code)
		put_gap (l, p);
	else if (l->screen->at + l->gap > l->indent + l->hang)
		break_line (l);
	else
		screen_blanks (l->screen, l->gap);
	l->gap = 0;
	put_cut (l, p, n);
}

static int
is_too_long (const struct layout *l, unsigned int columns)
{
	return columns > text_columns (l) - l->hang;
}

static void
put_word (struct layout *l, const char *p, size_t n, unsigned int columns)
{
	struct screen *s = l->screen;

	if (is_too_long (l, columns)) {
		put_long_word (l, p, n);
		return;
	}
	if (!l->in_line) {
		begin_line (l, p, n, columns);
	} else if (s->at == 0) {
		open_line (l, wrap_indent (l));
	} else if (s->at + l->gap + columns <= s->columns) {
		screen_blanks (s, l->gap);
	} else if (l->in_code) {
		put_gap (l, p);
		l->gap = 0;
		put_cut (l, p, n);
		return;
	} else {
		break_line (l);
	}
	l->gap = 0;
	screen_style (s, l->margin.sgr);
	screen_put (s, p, n, columns);
}

/* ---- what is held back ---- */

static void
finish_word (struct layout *l)
{
	if (l->word_len > 0)
		put_word (l, l->word, l->word_len, l->word_columns);
	l->word_len = 0;
	l->word_columns = 0;
	l->marks = 0;
	l->last = 0;
	l->is_spilling = 0;
}

/* The blanks before the first word of a line indent the line, and what is wrapped
 * of it. */
static void
note_indent (struct layout *l)
{
	unsigned int most = text_columns (l) / 2;

	if (!l->in_line && l->word_len == 0 && !l->is_spilling)
		l->hang = l->gap < most ? l->gap : most;
}

/* The word goes on; LAST is its last character that is no mark. */
static void
add_to_word (struct layout *l, const char *p, size_t n, unsigned int columns,
	     uint32_t last)
{
	note_indent (l);
	l->last = last;
	l->marks = columns > 0 ? 0 : l->marks + 1;
	if (!l->is_spilling
	    && (is_too_long (l, l->word_columns + columns)
		|| l->word_len + n > sizeof l->word)) {
		l->is_spilling = 1;
		if (l->word_len == 0) {
			put_long_word (l, p, n);
			return;
		}
		put_long_word (l, l->word, l->word_len);
		l->word_len = 0;
		l->word_columns = 0;
	}
	if (l->is_spilling) {
		put_cut (l, p, n);
		return;
	}
	memcpy (l->word + l->word_len, p, n);
	l->word_len += n;
	l->word_columns += columns;
}

/* May a line end between these two characters?  Scripts without wide
 * characters break at blanks alone. */
static int
may_break (uint32_t last, uint32_t c, const char *p, size_t n)
{
	uint8_t pair[8];
	char breaks[8];
	size_t len = 0;

	if (last < 0x2000 && c < 0x2000)
		return 0;
	if (last < 0x80) {
		pair[len++] = (uint8_t) last;
	} else if (last < 0x800) {
		pair[len++] = (uint8_t) (0xc0 | last >> 6);
	} else {
		if (last >= 0x10000) {
			pair[len++] = (uint8_t) (0xf0 | last >> 18);
			pair[len++] = (uint8_t) (0x80 | (last >> 12 & 63));
		} else {
			pair[len++] = (uint8_t) (0xe0 | last >> 12);
		}
		pair[len++] = (uint8_t) (0x80 | (last >> 6 & 63));
	}
	if (last >= 0x80)
		pair[len++] = (uint8_t) (0x80 | (last & 63));
	memcpy (pair + len, p, n);
	u8_possible_linebreaks (pair, len + n, "UTF-8", breaks);
	return breaks[len] == UC_BREAK_POSSIBLE;
}

static int
is_emoji (uint32_t c)
{
	return c >= 0x1f000 || (c >= 0x2190 && c < 0x2c00);
}

/* A character that is not ASCII and harmless. */
static void
add_char (struct layout *l, uint32_t c, const char *p, size_t n)
{
	unsigned int columns = c == WIDE_EMOJI ? 1 : screen_char_columns (c);

	if (columns > 0 && c != WIDE_EMOJI && l->last != 0
	    && may_break (l->last, c, p, n))
		finish_word (l);
	if (l->last != 0 && (columns == 0 || c == WIDE_EMOJI) && c != ZWJ)
		c = l->last;
	add_to_word (l, p, n, columns, c);
}

/* May it stand as it is?  A mark may if there are not too many. */
static int
is_harmless (const struct layout *l, uint32_t c)
{
	if (c == ZWJ)
		return is_emoji (l->last);
	return termsafe_is_safe (c)
	       && (l->marks < SCREEN_MARKS_MAX || screen_char_columns (c) > 0);
}

/* The next character, which is not a harmless one of ASCII; its length. */
static size_t
put_other (struct layout *l, const char *p)
{
	char visible[TERMSAFE_VISIBLE_MAX];
	size_t len, n;
	uint32_t c = utf8_decode (p, &len);

	if (is_harmless (l, c)) {
		add_char (l, c, p, len);
		return len;
	}
	n = termsafe_visible (c, visible);
	if (l->last >= 0x2000)
		finish_word (l);
	add_to_word (l, visible, n, (unsigned int) n, '}');
	return len;
}

static void
put_cr (struct layout *l)
{
	l->after_cr = 0;
	add_to_word (l, "\\r", 2, 2, 'r');
}

static void
put_tab (struct layout *l)
{
	unsigned int at = l->gap;

	if (l->in_line && l->screen->at > l->indent)
		at += l->screen->at - l->indent;
	l->gap += TAB - at % TAB;
}

/* White space, or a control character; its length. */
static size_t
put_space (struct layout *l, const char *p)
{
	if (*p == '\r') {
		l->after_cr = 1;
		return 1;
	}
	finish_word (l);
	if (*p == '\n')
		end_line (l);
	else if (*p == '\t')
		put_tab (l);
	else
		l->gap++;
	if (l->gap > GAP_MAX)
		l->gap = GAP_MAX;
	return 1;
}

static int
is_plain (char c)
{
	return c > ' ' && c < 0x7f;
}

/* Characters of ASCII that need no second look. */
static size_t
put_plain (struct layout *l, const char *p, const char *end)
{
	const char *q = p;
	const char *stop = end - p > PLAIN_MAX ? p + PLAIN_MAX : end;
	size_t n;

	while (q < stop && is_plain (*q))
		q++;
	n = (size_t) (q - p);
	if (l->last >= 0x2000 && may_break (l->last, (uint32_t) *p, p, 1))
		finish_word (l);
	if (l->word_len == 0 && !l->is_spilling && q < end
	    && (*q == ' ' || *q == '\n')) {
		note_indent (l);
		put_word (l, p, n, (unsigned int) n);
		return n;
	}
	add_to_word (l, p, n, (unsigned int) n, (uint32_t) p[n - 1]);
	return n;
}

void
layout_put (struct layout *l, const char *p, size_t n)
{
	const char *end = p + n;

	while (p < end) {
		if (l->after_cr && *p != '\n')
			put_cr (l);
		l->after_cr = 0;
		if (is_plain (*p))
			p += put_plain (l, p, end);
		else if (*p == ' ' || *p == '\n' || *p == '\t' || *p == '\r')
			p += put_space (l, p);
		else
			p += put_other (l, p);
	}
}

void
layout_put_text (struct layout *l, const char *said,
		 const struct lhk_text *text, size_t max)
{
	struct mark cut = mark_of (MARK_CUT, l->screen->ascii);
	struct text_reader r;
	char piece[1024];
	size_t n = 0;

	layout_put (l, said, strlen (said));
	text_reader_init (&r, text);
	while (max >= TEXT_CHAR_MAX
	       && (n = text_reader_plain (
			   &r, piece, max < sizeof piece ? max : sizeof piece))
			  > 0) {
		layout_put (l, piece, n);
		max -= n;
	}
	if (r.at < r.end)
		layout_put (l, cut.text, strlen (cut.text));
}

void
layout_end_line (struct layout *l)
{
	if (l->screen->at > 0)
		screen_newline (l->screen);
}

void
layout_end (struct layout *l)
{
	if (l->after_cr)
		put_cr (l);
	finish_word (l);
	layout_end_line (l);
	l->in_line = 0;
	l->newlines = 0;
}
