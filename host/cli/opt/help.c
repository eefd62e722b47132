/* SPDX-License-Identifier: MIT */
/* help.c - the tables of options, for people. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "cli/opt/opt.h"

#define COLUMN 29 /* where the explanations begin */
#define WIDTH 79

static void
print_blanks (size_t n, struct outbuf *to)
{
	while (n-- > 0)
		outbuf_byte (to, ' ');
}

static void
begin_column (struct outbuf *to)
{
	outbuf_byte (to, '\n');
	print_blanks (COLUMN, to);
}

/* Words wrap at spaces; returns the column behind the last one. */
static size_t
print_words (const char *words, size_t column, struct outbuf *to)
{
	while (*words != '\0') {
		size_t len = strcspn (words, " ");

		if (column + 1 + len > WIDTH) {
			begin_column (to);
			column = COLUMN;
		} else if (column > COLUMN) {
			outbuf_byte (to, ' ');
			column++;
		}
		outbuf_bytes (to, words, len);
		column += len;
		words += len;
		words += strspn (words, " ");
	}
	return column;
}

static size_t
print_choices (const struct opt *o, size_t column, struct outbuf *to)
{
	char word[32];
	size_t i;

	for (i = 0; o->choices[i] != NULL; i++) {
		snprintf (word, sizeof word, "%s%s", o->choices[i],
			  o->choices[i + 1] == NULL ? ":" : ",");
		column = print_words (word, column, to);
	}
	return column;
}

static void
print_option (const struct opt *o, struct outbuf *to)
{
	size_t column = COLUMN;
	char left[80];
	int len;

	len = snprintf (left, sizeof left, "  %c%c%c --%s%s%s",
			o->letter ? '-' : ' ', o->letter ? o->letter : ' ',
			o->letter ? ',' : ' ', o->name,
			o->kind == OPT_FLAG ? "" : " ",
			o->kind == OPT_FLAG ? "" : o->word);
	outbuf_str (to, left);
	if (len + 1 > COLUMN)
		begin_column (to);
	else
		print_blanks ((size_t) (COLUMN - len), to);
	if (o->kind == OPT_CHOICE)
		column = print_choices (o, column, to);
	print_words (o->help, column, to);
	outbuf_byte (to, '\n');
}

void
opt_help (const struct opt_group *groups, struct outbuf *to)
{
	static const char help[] = "  -h, --help";
	const struct opt *o;

	for (; groups->opts != NULL; groups++) {
		if (groups->title != NULL) {
			outbuf_byte (to, '\n');
			outbuf_str (to, groups->title);
			outbuf_byte (to, '\n');
		}
		for (o = groups->opts; o->name != NULL; o++)
			print_option (o, to);
	}
	outbuf_str (to, help);
	print_blanks (COLUMN - (sizeof help - 1), to);
	outbuf_str (to, "this text\n");
}
