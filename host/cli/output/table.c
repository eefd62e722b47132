/* SPDX-License-Identifier: MIT */
/* table.c - rows in columns, by the width that a terminal gives each character. */
#include "config.h"

#include <errno.h>
#include <string.h>

#include <uniwidth.h>

#include "cli/output/stdout.h"
#include "cli/output/table.h"
#include "common/mem.h"
#include "common/text.h"
#include "common/utf8.h"
#include "format/safe_text.h"

#define CUT_MIN 8 /* a column is never cut to less */
#define ELLIPSIS "\xe2\x80\xa6"

/* No cell holds these: they would have been made visible. */
#define ROW_END '\n'
#define LINE_MARK '\t' /* before the text of a line across all columns */

size_t
table_text_width (const char *text, size_t len)
{
	size_t width = 0, at = 0, n;

	for (; at < len; at += n) {
		int w = uc_width (utf8_decode (text + at, &n), "UTF-8");

		width += w > 0 ? (size_t) w : 0;
	}
	return width;
}

static size_t
string_width (const char *s)
{
	return table_text_width (s, strlen (s));
}

/* ---- adding ---- */

void
table_init (struct table *t, const struct table_layout *layout)
{
	size_t i;

	t->layout = layout;
	t->color = NULL;
	t->has_heading = layout->columns[0].title == NULL;
	strbuf_init (&t->cells, &mem_system);
	outbuf_init (&t->out, strbuf_write, &t->cells);
	for (i = 0; i < layout->n_columns; i++) {
		const struct table_column *c = &layout->columns[i];

		t->widths[i] = c->title == NULL ? 0 : string_width (c->title);
		if (t->widths[i] < c->min)
			t->widths[i] = c->min;
	}
}

void
table_free (struct table *t)
{
	strbuf_free (&t->cells);
}

void
table_set_failed (struct table *t)
{
	t->cells.failed = 1;
}

/* Append TEXT, made harmless, and its NUL; returns its width. */
static size_t
append_cell (struct table *t, const char *s)
{
	const struct lhk_text text = text_from_cstr (s);
	size_t from = t->cells.len, width;

	format_safe_text (&t->out, &text, 1, 0);
	outbuf_flush (&t->out);
	if (strbuf_failed (&t->cells) < 0)
		return 0;
	width = table_text_width (strbuf_str (&t->cells) + from,
				  t->cells.len - from);
	strbuf_add (&t->cells, "", 1);
	return width;
}

static void
append_byte (struct table *t, char c)
{
	strbuf_add (&t->cells, &c, 1);
}

void
table_add (struct table *t, const char *const *cells, size_t n)
{
	const struct table_layout *l = t->layout;
	size_t i;

	for (i = 0; i < n; i++) {
		uint32_t flags = l->columns[i].flags;
		const char *none = (flags & TABLE_BLANK) != 0 ? "" : "-";
		int empty = cells[i] == NULL || *cells[i] == '\0';
		size_t width = append_cell (t, empty ? none : cells[i]);

		if (width > t->widths[i] && (flags & TABLE_OWN_LINE) == 0
		    && (i + 1 < n || n == l->n_columns))
			t->widths[i] = width;
	}
	append_byte (t, ROW_END);
}

void
table_add_line (struct table *t, const char *text)
{
	append_byte (t, LINE_MARK);
	append_cell (t, text);
	append_byte (t, ROW_END);
}

/* ---- printing ---- */

/* One print: where to, and the widths it has come to. */
struct printer {
	const struct table_layout *layout;
	struct outbuf *to;
	size_t max_width;
	table_color_fn *color;
	size_t widths[TABLE_COLUMNS_MAX];
	int below[TABLE_COLUMNS_MAX]; /* the column begins a line */
	size_t second;		      /* where the second column begins */
};

/* Too wide a table gets its cut columns narrowed. */
static void
settle_widths (struct printer *p, const struct table *t)
{
	const struct table_layout *l = p->layout;
	size_t total = l->indent, i;

	for (i = 0; i < l->n_columns; i++) {
		p->widths[i] = t->widths[i];
		total += p->widths[i] + (i > 0 ? l->gap : 0);
	}
	while (p->max_width > 0 && i-- > 0 && total > p->max_width) {
		size_t over = total - p->max_width;
		size_t room =
			p->widths[i] > CUT_MIN ? p->widths[i] - CUT_MIN : 0;

		if ((l->columns[i].flags & TABLE_CUT) == 0)
			continue;
		if (over > room)
			over = room;
		p->widths[i] -= over;
		total -= over;
	}
}

/* Which columns have no room in the line of the one before them? */
static void
settle_lines (struct printer *p)
{
	const struct table_layout *l = p->layout;
	size_t end = l->indent + p->widths[0], i;

	p->second = end + l->gap;
	for (i = 1; i < l->n_columns; i++) {
		end += l->gap + p->widths[i];
		p->below[i] = (l->columns[i].flags & TABLE_BELOW) != 0
			      && p->max_width > 0 && end > p->max_width;
		if (p->below[i])
			end = p->second + p->widths[i];
	}
}

static void
put_blanks (struct outbuf *to, size_t n)
{
	while (n-- > 0)
		outbuf_byte (to, ' ');
}

static void
break_line (struct outbuf *to, size_t column)
{
	outbuf_byte (to, '\n');
	put_blanks (to, column);
}

/* At most WIDTH columns of TEXT; how many they are. */
static size_t
put_cut (struct outbuf *to, const char *text, size_t len, size_t width)
{
	size_t at = 0, shown = 0, n;

	if (table_text_width (text, len) <= width) {
		outbuf_bytes (to, text, len);
		return table_text_width (text, len);
	}
	while (at < len) {
		size_t w;

		utf8_decode (text + at, &n);
		w = table_text_width (text + at, n);
		if (shown + w + 1 > width)
			break;
		shown += w;
		at += n;
	}
	outbuf_bytes (to, text, at);
	OUTBUF_LIT (to, ELLIPSIS);
	return shown + 1;
}

/* The words of TEXT, whose first one stands in COLUMN; a line holds at least
 * one of them. */
static void
put_wrapped (struct outbuf *to, const char *text, size_t column,
	     size_t max_width)
{
	size_t at = column, len, width;

	for (text += strspn (text, " "); *text != '\0';
	     text += strspn (text, " ")) {
		len = strcspn (text, " ");
		width = table_text_width (text, len);
		if (at > column && at + 1 + width > max_width) {
			break_line (to, column);
			at = column;
		} else if (at > column) {
			outbuf_byte (to, ' ');
			at++;
		}
		outbuf_bytes (to, text, len);
		at += width;
		text += len;
	}
}

/* The text of a cell, in its colour; how many columns it takes. */
static size_t
put_text (const struct printer *p, size_t i, const char *text, size_t column,
	  int last)
{
	const struct table_column *c = &p->layout->columns[i];
	const char *color = p->color == NULL ? NULL : p->color (i, text);
	size_t used = string_width (text);

	if (color != NULL) {
		OUTBUF_LIT (p->to, "\33[");
		outbuf_str (p->to, color);
		OUTBUF_LIT (p->to, "m");
	}
	if ((c->flags & TABLE_CUT) != 0)
		used = put_cut (p->to, text, strlen (text), p->widths[i]);
	else if (last && (c->flags & TABLE_WRAP) != 0 && p->max_width > 0)
		put_wrapped (p->to, text, column, p->max_width);
	else
		outbuf_str (p->to, text);
	if (color != NULL)
		OUTBUF_LIT (p->to, "\33[m");
	return used;
}

/* The cell TEXT of column I, which begins in COLUMN.  LAST: it is the last of
 * its row. */
static void
put_cell (const struct printer *p, size_t i, const char *text, size_t column,
	  int last)
{
	uint32_t flags = p->layout->columns[i].flags;
	size_t width = p->widths[i], used = 0;

	if ((flags & TABLE_RIGHT) != 0 && string_width (text) < width) {
		used = width - string_width (text);
		put_blanks (p->to, used);
	}
	used += put_text (p, i, text, column, last);
	if (last || p->below[i + 1])
		return;
	if ((flags & TABLE_OWN_LINE) != 0 && used > width)
		break_line (p->to, column + width);
	else if (used < width)
		put_blanks (p->to, width - used);
	put_blanks (p->to, p->layout->gap);
}

/* A line across all columns. */
static void
put_line (const struct printer *p, const char *text)
{
	size_t indent = strspn (text, " ");

	put_blanks (p->to, indent);
	if (p->max_width > 0 && string_width (text) > p->max_width)
		put_wrapped (p->to, text, indent, p->max_width);
	else
		outbuf_str (p->to, text + indent);
}

/* Column I begins where the one before it has ended, or in the next line. */
static size_t
begin_column (const struct printer *p, size_t i, size_t column)
{
	if (i == 0 || !p->below[i])
		return column;
	break_line (p->to, p->second);
	return p->second;
}

/* One row, from the cell at CELL; where the next one begins. */
static const char *
put_row (const struct printer *p, const char *cell)
{
	size_t i, column = p->layout->indent;

	if (*cell != LINE_MARK)
		put_blanks (p->to, column);
	for (i = 0; *cell != ROW_END; i++) {
		const char *next = cell + strlen (cell) + 1;

		column = begin_column (p, i, column);
		if (*cell == LINE_MARK)
			put_line (p, cell + 1);
		else
			put_cell (p, i, cell, column, *next == ROW_END);
		column += p->widths[i] + p->layout->gap;
		cell = next;
	}
	outbuf_byte (p->to, '\n');
	return cell + 1;
}

static void
put_heading (const struct printer *p)
{
	const struct table_layout *l = p->layout;
	size_t i, column = l->indent;

	put_blanks (p->to, column);
	for (i = 0; i < l->n_columns; i++) {
		column = begin_column (p, i, column);
		put_cell (p, i, l->columns[i].title, column,
			  i + 1 == l->n_columns);
		column += p->widths[i] + l->gap;
	}
	outbuf_byte (p->to, '\n');
}

int
table_print (struct table *t, struct outbuf *to, size_t max_width)
{
	struct printer p = { .layout = t->layout,
			     .to = to,
			     .max_width = max_width,
			     .color = t->color };
	const char *row = t->cells.data;

	if (strbuf_failed (&t->cells) < 0)
		return LHK_ENOMEM;
	if (t->cells.len == 0)
		return LHK_OK;
	settle_widths (&p, t);
	settle_lines (&p);
	if (!t->has_heading)
		put_heading (&p);
	t->has_heading = 1;
	while (row < t->cells.data + t->cells.len)
		row = put_row (&p, row);
	strbuf_clear (&t->cells);
	return LHK_OK;
}

void
table_show (struct table *t, size_t max_width)
{
	static struct outbuf out;

	outbuf_init (&out, stdout_write, NULL);
	if (table_print (t, &out, max_width) < 0)
		stdout_fail (ENOMEM);
	outbuf_flush (&out);
}
