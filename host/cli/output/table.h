/* SPDX-License-Identifier: MIT */
/*
 * table.h - rows in columns, by the width that a terminal gives each character.
 *
 * Cells may hold any bytes: they are made harmless first, and measured as they
 * are shown.  Rows are held until they are printed, as the widest cell of a
 * column is its width.
 */
#ifndef CLI_OUTPUT_TABLE_H
#define CLI_OUTPUT_TABLE_H

#include "common/outbuf.h"
#include "common/strbuf.h"

#define TABLE_COLUMNS_MAX 16

enum {
	TABLE_RIGHT = 1 << 0,	 /* numbers */
	TABLE_CUT = 1 << 1,	 /* gives way when the table is too wide */
	TABLE_BLANK = 1 << 2,	 /* an empty cell stays empty */
	TABLE_OWN_LINE = 1 << 3, /* a cell wider than the minimum has its line
				    for itself, and does not widen the column */
	TABLE_WRAP = 1 << 4,	 /* the last cell: words go on in the next line
				    when the table is too wide */
	TABLE_BELOW = 1 << 5 /* a column that has no room goes on in the next
				    line, below the second column */
};

struct table_column {
	const char *title; /* NULL in all columns: no heading */
	uint32_t flags;	   /* TABLE_* */
	uint32_t min;	   /* width of the narrowest, in terminal columns */
};

/* The parameter of SGR for a cell of this text in COLUMN: "32" is green; NULL:
 * it has no colour. */
typedef const char *table_color_fn (size_t column, const char *text);

struct table_layout {
	const struct table_column *columns;
	size_t n_columns; /* at most TABLE_COLUMNS_MAX */
	uint32_t indent;  /* blanks before the first column */
	uint32_t gap;	  /* blanks between two columns */
};

struct table {
	const struct table_layout *layout; /* borrowed */
	struct strbuf cells; /* a NUL behind each cell, a newline behind rows */
	size_t widths[TABLE_COLUMNS_MAX];
	int has_heading;       /* it was printed, or there is none */
	table_color_fn *color; /* set by the caller after table_init: NULL */
	struct outbuf out; /* large: a struct table is static or allocated */
};

void table_init (struct table *t, const struct table_layout *layout);
void table_free (struct table *t);

/* A row of N cells, copied; an empty or NULL one is shown as "-".  With fewer
 * cells than columns the last one takes all the room that is left. */
void table_add (struct table *t, const char *const *cells, size_t n);

/* A line across all columns, not indented, and wrapped when it is too wide: a
 * heading of a section, or an empty one between two. */
void table_add_line (struct table *t, const char *text);

/* Memory ran out for a cell that the caller was making: the table fails. */
void table_set_failed (struct table *t);

/*
 * Print the heading, if there are rows, and the rows, and forget them.  A long
 * table may be printed so many rows at a time: it has one heading, and columns
 * keep at least the width they had.  MAX_WIDTH: terminal columns; a wider table
 * has its TABLE_CUT columns cut, the last one first, with an ellipsis, its
 * TABLE_BELOW columns below others, and a last cell of TABLE_WRAP wrapped; 0: it
 * is as wide as it is.  LHK_OK or LHK_ENOMEM.
 */
int table_print (struct table *t, struct outbuf *to, size_t max_width);

/* The same to standard output, where no memory is a write that failed. */
void table_show (struct table *t, size_t max_width);

/* Terminal columns of LEN bytes of valid UTF-8 without control characters. */
size_t table_text_width (const char *text, size_t len);

#endif /* CLI_OUTPUT_TABLE_H */
