/* SPDX-License-Identifier: MIT */
/* preview.c - the first lines of what a tool call printed. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "cli/view/view_private.h"
#include "common/text.h"
#include "json/text_reader.h"

/* Lines that are shown of what a call printed. */
#define OUTPUT_LINES 3
#define FAILED_LINES 6

/* Columns before them. */
#define OUTPUT_INDENT 4

/* On a narrower terminal a line is cut, never wrapped. */
#define WRAP_COLUMNS 40

#define TAB 8

/* Bytes that are looked at of one of them. */
#define OUTPUT_BYTES 2048

struct output {
	struct view *v;
	const struct lhk_ev_tool *call;
	unsigned int left; /* lines that may be shown */
	int is_begun;	   /* a line was read */
	uint64_t skipped;  /* lines that were not shown */
	uint64_t blank;	   /* blank ones since the last that was not */
	size_t len;	   /* of the line that is being read */
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

/* Claude Code puts its own errors between tags. */
static void
strip_tags (struct lhk_text *text)
{
	static const struct lhk_str begin = LHK_STR_INIT ("<tool_use_error>"),
				    end = LHK_STR_INIT ("</tool_use_error>");

	if (text->len >= begin.len
	    && memcmp (text->ptr, begin.ptr, begin.len) == 0) {
		text->ptr += begin.len;
		text->len -= begin.len;
	}
	if (text->len >= end.len
	    && memcmp (text->ptr + text->len - end.len, end.ptr, end.len) == 0)
		text->len -= end.len;
}

/* What went wrong is read whole: wrapped, as far as there are lines. */
static void
show_wrapped (struct output *out, const struct lhk_text *text,
	      unsigned int indent)
{
	struct view *v = out->v;
	const struct view_thread *t = view_thread (v);
	const struct layout_margin margin = {
		.depth = t == NULL ? 0 : t->depth,
		.number = t == NULL ? 0 : t->number,
		.columns = indent,
		.sgr = "2",
	};
	const uint64_t before = v->screen.lines;
	uint64_t used;

	layout_begin (&v->layout, &margin);
	layout_put_text (&v->layout, "", text,
			 (size_t) out->left
				 * (v->screen.columns - v->layout.indent));
	layout_end (&v->layout);
	v->lines++;
	used = v->screen.lines - before;
	out->left -= used < out->left ? (unsigned int) used : out->left;
}

static void
show_line (struct output *out, size_t blanks)
{
	struct view *v = out->v;
	struct lhk_text text =
		text_from_bytes (out->line + blanks, out->len - blanks);
	unsigned int most = v->screen.columns / 4;
	unsigned int columns = blank_columns (out->line, blanks);
	unsigned int indent = OUTPUT_INDENT + (columns < most ? columns : most);

	strip_tags (&text);
	if (out->call->status != LHK_TOOL_DONE
	    && v->screen.columns >= WRAP_COLUMNS) {
		show_wrapped (out, &text, indent);
		return;
	}
	view_begin_inner_line (v, indent);
	screen_style (&v->screen, "2");
	view_text (v, &text, view_left (v));
	view_end_own_line (v);
	out->left--;
}

/* "Exit code 3", which the line of the end has said. */
static int
is_exit_code (const struct output *out)
{
	const struct lhk_ev_tool *e = out->call;
	char said[40];
	int n;

	if (out->is_begun || (e->flags & LHK_TOOL_HAS_EXIT) == 0)
		return 0;
	n = snprintf (said, sizeof said, "Exit code %ld", (long) e->exit_code);
	return out->len == (size_t) n
	       && memcmp (out->line, said, out->len) == 0;
}

static void
end_output_line (struct output *out)
{
	size_t indent = 0;

	if (is_exit_code (out)) {
		out->is_begun = 1;
		out->len = 0;
		return;
	}
	while (indent < out->len && is_blank (out->line[indent]))
		indent++;
	if (indent == out->len)
		out->blank++;
	else if (out->left > 0)
		show_line (out, indent);
	else
		out->skipped += 1 + out->blank;
	if (indent < out->len) {
		out->blank = 0;
		out->is_begun = 1;
	}
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
view_preview (struct view *v, const struct lhk_ev_tool *e)
{
	struct output out = { .v = v, .call = e };
	struct mark cut = mark_of (MARK_CUT, v->screen.ascii);
	int truncated = (e->flags & LHK_TOOL_TRUNCATED) != 0;

	out.left = e->status == LHK_TOOL_DONE ? OUTPUT_LINES : FAILED_LINES;
	read_output (&out, &e->output);
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
