/* SPDX-License-Identifier: MIT */
/* table.c - rows in columns, by the width that a terminal gives each character. */
#include "config.h"

#include <string.h>

#include <uniwidth.h>

#include "cli/output/table.h"
#include "common/mem.h"
#include "common/text.h"
#include "common/utf8.h"
#include "format/safe_text.h"

#define GAP 2	     /* between two columns */
#define CUT_MIN 8    /* a column is never cut to less */
#define ROW_END "\n" /* no cell has one: it would have been made visible */
#define ELLIPSIS "\xe2\x80\xa6"

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

void
table_init (struct table *t, const struct table_column *columns, size_t n)
{
	size_t i;

	t->columns = columns;
	t->n_columns = n;
	strbuf_init (&t->cells, &mem_system);
	outbuf_init (&t->out, strbuf_write, &t->cells);
	for (i = 0; i < n; i++) {
		const char *title = columns[i].title;

		t->widths[i] =
			title == NULL
				? 0
				: table_text_width (title, strlen (title));
		if (t->widths[i] < columns[i].min)
			t->widths[i] = columns[i].min;
	}
}

void
table_free (struct table *t)
{
	strbuf_free (&t->cells);
}

void
table_add (struct table *t, const char *const *cells, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		int empty = cells[i] == NULL || *cells[i] == '\0';
		struct lhk_text text = text_from_cstr (empty ? "-" : cells[i]);
		size_t from = t->cells.len, width;

		format_safe_text (&t->out, &text, 1, 0);
		outbuf_flush (&t->out);
		if (strbuf_failed (&t->cells))
			return;
		width = table_text_width (t->cells.data + from,
					  t->cells.len - from);
		if ((i + 1 < n || n == t->n_columns) && width > t->widths[i])
			t->widths[i] = width;
		strbuf_add (&t->cells, "", 1);
	}
	strbuf_add_str (&t->cells, ROW_END);
}

/* ---- printing ---- */

/* The widths in RET; too wide a table gets its cut columns narrowed. */
static void
settle_widths (const struct table *t, size_t max_width, size_t *ret)
{
	size_t total = 0, i;

	for (i = 0; i < t->n_columns; i++) {
		ret[i] = t->widths[i];
		total += ret[i] + (i > 0 ? GAP : 0);
	}
	while (max_width > 0 && i-- > 0 && total > max_width) {
		size_t over = total - max_width;
		size_t room = ret[i] > CUT_MIN ? ret[i] - CUT_MIN : 0;

		if ((t->columns[i].flags & TABLE_CUT) == 0)
			continue;
		if (over > room)
			over = room;
		ret[i] -= over;
		total -= over;
	}
}

static void
put_blanks (struct outbuf *to, size_t n)
{
	while (n-- > 0)
		outbuf_byte (to, ' ');
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
	OUT_LIT (to, ELLIPSIS);
	return shown + 1;
}

/* LAST: nothing follows in this row. */
static void
put_cell (struct outbuf *to, const struct table_column *c, const char *text,
	  size_t width, int last)
{
	size_t len = strlen (text);
	size_t used = table_text_width (text, len);
	int right = (c->flags & TABLE_RIGHT) != 0;

	if (right && used < width)
		put_blanks (to, width - used);
	if ((c->flags & TABLE_CUT) != 0)
		used = put_cut (to, text, len, width);
	else
		outbuf_bytes (to, text, len);
	if (last)
		return;
	if (!right && used < width)
		put_blanks (to, width - used);
	put_blanks (to, GAP);
}

/* One row, from the cell at P; where the next one begins. */
static const char *
put_row (const struct table *t, struct outbuf *to, const char *p,
	 const size_t *widths)
{
	size_t i;

	for (i = 0; *p != *ROW_END; i++) {
		const char *next = p + strlen (p) + 1;

		put_cell (to, &t->columns[i], p, widths[i], *next == *ROW_END);
		p = next;
	}
	outbuf_byte (to, '\n');
	return p + 1;
}

static void
put_heading (const struct table *t, struct outbuf *to, const size_t *widths)
{
	size_t i;

	for (i = 0; i < t->n_columns; i++)
		put_cell (to, &t->columns[i], t->columns[i].title, widths[i],
			  i + 1 == t->n_columns);
	outbuf_byte (to, '\n');
}

int
table_print (const struct table *t, struct outbuf *to, size_t max_width)
{
	size_t widths[TABLE_COLUMNS_MAX];
	const char *p = t->cells.data;

	if (strbuf_failed (&t->cells))
		return LHK_ENOMEM;
	if (t->cells.len == 0)
		return LHK_OK;
	settle_widths (t, max_width, widths);
	if (t->columns[0].title != NULL)
		put_heading (t, to, widths);
	while (p < t->cells.data + t->cells.len)
		p = put_row (t, to, p, widths);
	return LHK_OK;
}
