/* SPDX-License-Identifier: MIT */
/*
 * table.h - rows in columns, by the width that a terminal gives each character.
 *
 * Cells may hold any bytes: they are made harmless first, and measured as they
 * are shown.  Rows are held until table_print, as the widest cell of a column
 * is its width.
 */
#ifndef CLI_OUTPUT_TABLE_H
#define CLI_OUTPUT_TABLE_H

#include "common/outbuf.h"
#include "common/strbuf.h"

#define TABLE_COLUMNS_MAX 16

enum {
	TABLE_RIGHT = 1 << 0, /* numbers */
	TABLE_CUT = 1 << 1    /* gives way when the table is too wide */
};

struct table_column {
	const char *title; /* NULL in all columns: no heading */
	uint32_t flags;	   /* TABLE_* */
	uint32_t min;	   /* width of the narrowest, in terminal columns */
};

struct table {
	const struct table_column *columns; /* borrowed */
	size_t n_columns;
	struct strbuf cells; /* a NUL behind each cell, a newline behind rows */
	size_t widths[TABLE_COLUMNS_MAX];
	struct outbuf out; /* large: a struct table is static or allocated */
};

/* N is at most TABLE_COLUMNS_MAX. */
void table_init (struct table *t, const struct table_column *columns, size_t n);
void table_free (struct table *t);

/* A row of N cells, copied; an empty or NULL one is shown as "-".  With fewer
 * cells than columns the last one takes all the room that is left. */
void table_add (struct table *t, const char *const *cells, size_t n);

/* Print the heading, if there are rows, and the rows.  MAX_WIDTH: terminal
 * columns; a wider table has its TABLE_CUT columns cut, the last one first,
 * with an ellipsis; 0: it is as wide as it is.  LHK_OK or LHK_ENOMEM. */
int table_print (const struct table *t, struct outbuf *to, size_t max_width);

/* Terminal columns of LEN bytes of valid UTF-8 without control characters. */
size_t table_text_width (const char *text, size_t len);

#endif /* CLI_OUTPUT_TABLE_H */
