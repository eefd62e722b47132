/* SPDX-License-Identifier: MIT */
/* cli_table.c - columns line up whatever the characters are. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "cli/output/table.h"
#include "common/macros.h"
#include "common/mem.h"
#include "lib/tap.h"

static const struct table_column columns[] = {
	{ "NAME", 0, 6 },
	{ "N", TABLE_RIGHT, 0 },
	{ "TEXT", TABLE_CUT, 0 },
};

static const struct table_layout layout = {
	.columns = columns,
	.n_columns = ARRAY_SIZE (columns),
	.gap = 2,
};

static const struct table_column list_columns[] = {
	{ NULL, TABLE_OWN_LINE, 4 },
	{ NULL, TABLE_WRAP, 0 },
};

static const struct table_layout list_layout = {
	.columns = list_columns,
	.n_columns = ARRAY_SIZE (list_columns),
	.indent = 2,
	.gap = 1,
};

static struct table t;
static struct outbuf out;
static struct strbuf got;

static void
begin_with (const struct table_layout *l)
{
	strbuf_init (&got, &mem_system);
	outbuf_init (&out, strbuf_write, &got);
	table_init (&t, l);
}

static void
begin (void)
{
	begin_with (&layout);
}

static void
add (const char *name, const char *n, const char *text)
{
	const char *const cells[] = { name, n, text };

	table_add (&t, cells, ARRAY_SIZE (cells));
}

static void
add_word (const char *word, const char *meaning)
{
	const char *const cells[] = { word, meaning };

	table_add (&t, cells, ARRAY_SIZE (cells));
}

static void
prints (size_t max_width, const char *wanted)
{
	TAP_EQ_INT (table_print (&t, &out, max_width), LHK_OK);
	outbuf_flush (&out);
	TAP_EQ_STR (strbuf_str (&got), wanted);
	table_free (&t);
	strbuf_free (&got);
}

static void
plain (void)
{
	begin ();
	add ("a", "1", "one");
	add ("longer-name", "12345", NULL);
	prints (0, "NAME             N  TEXT\n"
		   "a                1  one\n"
		   "longer-name  12345  -\n");
}

static void
no_rows (void)
{
	begin ();
	prints (0, "");
}

/* Two columns each: 日 本 語, and the rocket. */
static void
wide_characters (void)
{
	begin ();
	add ("\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e!", "1", "x");
	add ("\xf0\x9f\x9a\x80", "2", "y");
	add ("abcdefg", "3", "z");
	prints (0, "NAME     N  TEXT\n"
		   "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e!  1  x\n"
		   "\xf0\x9f\x9a\x80       2  y\n"
		   "abcdefg  3  z\n");
}

/* e and a combining acute accent are one column. */
static void
combining_marks (void)
{
	begin ();
	add ("e\xcc\x81t\xc3\xa9", "1", "x");
	prints (0, "NAME    N  TEXT\n"
		   "e\xcc\x81t\xc3\xa9     1  x\n");
}

static void
hostile_cells (void)
{
	begin ();
	add ("a\x1b[2J", "1", "b\nc\xe2\x80\xae");
	prints (0, "NAME      N  TEXT\n"
		   "a\\x1b[2J  1  b\\nc\\u{202e}\n");
}

static void
cut_at_the_width (void)
{
	begin ();
	add ("a", "1", "0123456789abcdef");
	prints (20, "NAME    N  TEXT\n"
		    "a       1  01234567\xe2\x80\xa6\n");
}

/* Half a wide character cannot be shown. */
static void
cut_in_a_wide_character (void)
{
	begin ();
	add ("a", "1",
	     "\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5");
	prints (19, "NAME    N  TEXT\n"
		    "a       1  \xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5"
		    "\xe2\x80\xa6\n");
}

static void
a_short_row (void)
{
	const char *const cells[] = { "b", "refused: for a long reason" };

	begin ();
	add ("a", "1", "x");
	table_add (&t, cells, ARRAY_SIZE (cells));
	prints (0, "NAME    N  TEXT\n"
		   "a       1  x\n"
		   "b       refused: for a long reason\n");
}

static void
lines_across (void)
{
	begin_with (&list_layout);
	table_add_line (&t, "A heading that is longer than any column");
	add_word ("a", "one");
	table_add_line (&t, "");
	table_add_line (&t, "B\x1b[2J");
	add_word ("b", "two");
	prints (79, "A heading that is longer than any column\n"
		    "  a    one\n"
		    "\n"
		    "B\\x1b[2J\n"
		    "  b    two\n");
}

static void
own_lines (void)
{
	begin_with (&list_layout);
	add_word ("abcd", "fits");
	add_word ("abcde", "does not");
	add_word ("\xe6\x97\xa5\xe6\x9c\xac", "wide, fits");
	add_word ("\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", "does not");
	prints (79, "  abcd fits\n"
		    "  abcde\n"
		    "       does not\n"
		    "  \xe6\x97\xa5\xe6\x9c\xac wide, fits\n"
		    "  \xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e\n"
		    "       does not\n");
}

/* 15 columns leave 8 for words; one that is longer stands alone. */
static void
wrapped (void)
{
	begin_with (&list_layout);
	add_word ("a", "one two three");
	add_word ("b", "one-long-word and one");
	add_word ("c", "\xe6\x97\xa5\xe6\x9c\xac x\xc3\xa9y \xe6\x97\xa5");
	prints (15, "  a    one two\n"
		    "       three\n"
		    "  b    one-long-word\n"
		    "       and one\n"
		    "  c    \xe6\x97\xa5\xe6\x9c\xac x\xc3\xa9y\n"
		    "       \xe6\x97\xa5\n");
	begin_with (&list_layout);
	add_word ("a", "one  two three");
	prints (0, "  a    one  two three\n");
}

static void
blank_cells (void)
{
	static const struct table_column blank[] = {
		{ "A", TABLE_BLANK, 3 },
		{ "B", TABLE_RIGHT, 0 },
	};
	static const struct table_layout l = { blank, ARRAY_SIZE (blank), 0,
					       1 };

	begin_with (&l);
	add_word ("", "");
	prints (0, "A   B\n"
		   "    -\n");
}

/* As a list of any length is printed. */
static void
in_parts (void)
{
	begin ();
	add ("longer-name", "1", "x");
	TAP_EQ_INT (table_print (&t, &out, 0), LHK_OK);
	add ("b", "2", "y");
	TAP_EQ_INT (table_print (&t, &out, 0), LHK_OK);
	prints (0, "NAME         N  TEXT\n"
		   "longer-name  1  x\n"
		   "b            2  y\n");
}

static const char *
color_of (size_t column, const char *text)
{
	return column == 0 && strcmp (text, "ok") == 0 ? "32" : NULL;
}

static void
colors (void)
{
	begin ();
	t.color = color_of;
	add ("ok", "1", "ok");
	add ("no", "22", "x");
	prints (0, "NAME     N  TEXT\n"
		   "\33[32mok\33[m       1  ok\n"
		   "no      22  x\n");
}

static void
long_line (void)
{
	begin ();
	add ("a", "1", "x");
	table_add_line (&t, "a line of many words");
	prints (17, "NAME    N  TEXT\n"
		    "a       1  x\n"
		    "a line of many\nwords\n");
}

static void
long_indented_line (void)
{
	begin ();
	table_add_line (&t, "  a line of many words");
	prints (12, "NAME    N  TEXT\n"
		    "  a line of\n  many words\n");
}

/* A row of three columns, and one whose second cell is a sentence. */
static void
add_below (void)
{
	static const struct table_column below[] = {
		{ "NAME", 0, 5 },
		{ "KIND", TABLE_WRAP | TABLE_BELOW, 0 },
		{ "N", TABLE_RIGHT | TABLE_BELOW, 0 },
		{ "PATH", TABLE_BELOW, 0 },
	};
	static const struct table_layout l = { below, ARRAY_SIZE (below), 0,
					       1 };
	const char *const cells[] = { "a", "text", "10", "/usr/lib" };
	const char *const note[] = { "b", "refused for a reason" };

	begin_with (&l);
	table_add (&t, cells, ARRAY_SIZE (cells));
	table_add (&t, note, ARRAY_SIZE (note));
}

static void
below_others (void)
{
	add_below ();
	prints (22, "NAME  KIND  N PATH\n"
		    "a     text 10 /usr/lib\n"
		    "b     refused for a\n"
		    "      reason\n");
	add_below ();
	prints (21, "NAME  KIND  N\n"
		    "      PATH\n"
		    "a     text 10\n"
		    "      /usr/lib\n"
		    "b     refused for a\n"
		    "      reason\n");
	add_below ();
	prints (12, "NAME  KIND\n"
		    "       N\n"
		    "      PATH\n"
		    "a     text\n"
		    "      10\n"
		    "      /usr/lib\n"
		    "b     refused\n"
		    "      for a\n"
		    "      reason\n");
}

static void
no_memory (void)
{
	begin ();
	add ("a", "1", "x");
	table_set_failed (&t);
	TAP_EQ_INT (table_print (&t, &out, 0), LHK_ENOMEM);
	table_free (&t);
	strbuf_free (&got);
}

static const struct tap_case cases[] = {
	{ "the_widest_cell_is_the_width_of_a_column", plain },
	{ "a_table_without_rows_prints_nothing", no_rows },
	{ "wide_characters_take_two_columns", wide_characters },
	{ "combining_marks_take_no_column", combining_marks },
	{ "control_characters_in_cells_are_replaced", hostile_cells },
	{ "a_table_too_wide_is_cut_with_an_ellipsis", cut_at_the_width },
	{ "a_wide_character_is_not_cut_in_two", cut_in_a_wide_character },
	{ "the_last_cell_of_a_short_row_takes_the_rest", a_short_row },
	{ "a_line_across_all_columns_widens_none", lines_across },
	{ "a_cell_too_wide_has_a_line_for_itself", own_lines },
	{ "words_wrap_by_their_width_below_the_first_one", wrapped },
	{ "an_empty_cell_is_a_dash_or_stays_empty", blank_cells },
	{ "a_table_in_parts_has_one_heading_and_keeps_its_columns", in_parts },
	{ "a_colour_changes_no_width", colors },
	{ "a_line_that_is_too_wide_is_wrapped", long_line },
	{ "a_line_that_is_wrapped_keeps_its_indentation", long_indented_line },
	{ "a_column_without_room_goes_below_the_second_one", below_others },
	{ "a_table_that_lost_a_cell_is_not_printed", no_memory },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("cli_table", cases);
}
