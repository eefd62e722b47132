/* SPDX-License-Identifier: MIT */
/* screen.c - the terminal that the view writes to: columns, colors, marks. */
#include "config.h"

#include <string.h>

#include <uniwidth.h>

#include "cli/view/screen.h"
#include "common/units.h"

#define COLUMNS_DEFAULT 80

void
screen_resize (struct screen *s, unsigned int columns)
{
	if (columns == 0)
		columns = COLUMNS_DEFAULT;
	if (columns < SCREEN_COLUMNS_MIN)
		columns = SCREEN_COLUMNS_MIN;
	if (columns > SCREEN_COLUMNS_MAX)
		columns = SCREEN_COLUMNS_MAX;
	s->columns = columns;
}

unsigned int
screen_char_columns (uint32_t c)
{
	int columns;

	if (c < 0x300)
		return 1;
	if (c >= 0x1f300 && c < 0x1fb00) /* emoji, of future versions too */
		return 2;
	columns = uc_width (c, "UTF-8");
	return columns > 0 ? (unsigned int) columns : 0;
}

void
screen_style (struct screen *s, const char *sgr)
{
	if (!s->color)
		return;
	if (sgr != NULL && *sgr == '\0')
		sgr = NULL;
	if (s->sgr == sgr)
		return;
	if (s->sgr != NULL)
		OUTBUF_LIT (s->out, "\033[0m");
	s->sgr = sgr;
	if (sgr == NULL)
		return;
	OUTBUF_LIT (s->out, "\033[");
	outbuf_str (s->out, sgr);
	OUTBUF_LIT (s->out, "m");
}

void
screen_put (struct screen *s, const char *p, size_t len, unsigned int columns)
{
	outbuf_put (s->out, p, len);
	s->at += columns;
}

void
screen_str (struct screen *s, const char *text)
{
	size_t len = strlen (text);

	screen_put (s, text, len, (unsigned int) len);
}

void
screen_u64 (struct screen *s, uint64_t n)
{
	char text[UNITS_SIZE];

	units_print_count (n, text);
	screen_str (s, text);
}

void
screen_blanks (struct screen *s, unsigned int n)
{
	s->at += n;
	while (n-- > 0)
		outbuf_byte (s->out, ' ');
}

void
screen_mark (struct screen *s, enum view_mark mark)
{
	struct mark m = mark_of (mark, s->ascii);
	const char *before = s->sgr;

	screen_style (s, m.sgr);
	screen_put (s, m.text, strlen (m.text), m.columns);
	screen_style (s, before);
}

void
screen_bars (struct screen *s, uint32_t depth, uint32_t number)
{
	const char *sgr = mark_of (MARK_BAR, 0).sgr;

	if (depth == 0)
		return;
	for (; depth > 1; depth--) {
		screen_mark (s, MARK_BAR);
		screen_blanks (s, 1);
	}
	screen_style (s, sgr);
	screen_u64 (s, number);
	screen_style (s, NULL);
	screen_mark (s, MARK_BAR);
}

unsigned int
screen_bars_columns (uint32_t depth, uint32_t number)
{
	char text[UNITS_SIZE];

	if (depth == 0)
		return 0;
	units_print_count (number, text);
	return 2 * depth + (unsigned int) strlen (text);
}

void
screen_newline (struct screen *s)
{
	screen_style (s, NULL);
	OUTBUF_LIT (s->out, "\n");
	s->lines++;
	s->at = 0;
}
