/* SPDX-License-Identifier: MIT */
/* preview.c - the first lines of what a tool call printed. */
#include "config.h"

#include <string.h>

#include "cli/view/view_private.h"
#include "common/text.h"
#include "json/text_reader.h"

/* Lines that are shown of what a call printed. */
#define OUTPUT_LINES 3
#define FAILED_LINES 6

/* Columns before them. */
#define OUTPUT_INDENT 4

#define TAB 8

/* Bytes that are looked at of one of them. */
#define OUTPUT_BYTES 2048

struct output {
	struct view *v;
	unsigned int left;  /* lines that may be shown */
	unsigned int first; /* lines so far */
	uint64_t skipped;   /* lines that were not shown */
	uint64_t blank;	    /* blank ones since the last that was not */
	size_t len;	    /* of the line that is being read */
	char line[OUTPUT_BYTES];
};

static int
is_blank (char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* The columns of N blanks and tabs. */
static unsigned int
blank_columns (const char *p, size_t n)
{
	unsigned int columns = 0;

	for (; n > 0; n--, p++)
		columns += *p == '\t' ? TAB - columns % TAB : *p == ' ';
	return columns;
}

static void
show_line (struct output *out, size_t indent)
{
	struct view *v = out->v;
	const struct lhk_text text =
		text_from_bytes (out->line + indent, out->len - indent);
	unsigned int most = v->screen.columns / 4;
	unsigned int columns = blank_columns (out->line, indent);

	view_begin_inner_line (v, OUTPUT_INDENT
					  + (columns < most ? columns : most));
	screen_style (&v->screen, "2");
	view_text (v, &text, view_left (v));
	view_end_own_line (v);
	out->left--;
}

static void
end_output_line (struct output *out)
{
	size_t indent = 0;

	while (indent < out->len && is_blank (out->line[indent]))
		indent++;
	if (indent == out->len)
		out->blank++;
	else if (out->left > 0)
		show_line (out, indent);
	else
		out->skipped += 1 + out->blank;
	if (indent < out->len)
		out->blank = 0;
	out->len = 0;
}

/* Read TEXT line by line; of a long line only the beginning counts. */
static void
read_output (struct output *out, const struct lhk_text *text)
{
	struct text_reader r;
	char piece[4096];
	size_t n, at, len;

	text_reader_init (&r, text);
	while ((n = text_reader_plain (&r, piece, sizeof piece)) > 0)
		for (at = 0; at < n; at += len + 1) {
			const char *lf = memchr (piece + at, '\n', n - at);
			size_t room = sizeof out->line - out->len;

			len = lf != NULL ? (size_t) (lf - piece) - at : n - at;
			memcpy (out->line + out->len, piece + at,
				len < room ? len : room);
			out->len += len < room ? len : room;
			if (lf != NULL)
				end_output_line (out);
		}
	if (out->len > 0)
		end_output_line (out);
}

void
view_preview (struct view *v, const struct lhk_text *text, int status,
	      int truncated)
{
	struct output out = { .v = v };
	struct mark cut = mark_of (MARK_CUT, v->screen.ascii);

	out.left = status == LHK_TOOL_DONE ? OUTPUT_LINES : FAILED_LINES;
	read_output (&out, text);
	if (out.skipped == 0 && !truncated)
		return;
	view_begin_inner_line (v, OUTPUT_INDENT);
	screen_style (&v->screen, "2");
	screen_put (&v->screen, cut.text, strlen (cut.text), cut.columns);
	if (out.skipped > 0) {
		screen_str (&v->screen, " +");
		screen_u64 (&v->screen, out.skipped);
		screen_str (&v->screen, out.skipped == 1 ? " line" : " lines");
	}
	if (truncated)
		screen_str (&v->screen, " (cut)");
	view_end_own_line (v);
}

uint64_t
view_count_lines (const struct lhk_text *text)
{
	struct text_reader r;
	char piece[4096], last = '\n';
	uint64_t lines = 0;
	size_t n, i;

	text_reader_init (&r, text);
	while ((n = text_reader_plain (&r, piece, sizeof piece)) > 0) {
		for (i = 0; i < n; i++)
			lines += piece[i] == '\n';
		last = piece[n - 1];
	}
	return lines + (last != '\n');
}
