/* SPDX-License-Identifier: MIT */
/* help.c - the tables of options, for people. */
#include "config.h"

#include <string.h>

#include "cli/opt/opt.h"

#define COLUMN 29 /* where the explanations begin */
#define WIDTH 79

/* Words wrap at spaces; returns the column behind the last one. */
static size_t
print_words (const char *words, size_t column, FILE *to)
{
	while (*words != '\0') {
		size_t len = strcspn (words, " ");

		if (column + 1 + len > WIDTH) {
			fprintf (to, "\n%*s", COLUMN, "");
			column = COLUMN;
		} else if (column > COLUMN) {
			fputc (' ', to);
			column++;
		}
		fwrite (words, 1, len, to);
		column += len;
		words += len;
		words += strspn (words, " ");
	}
	return column;
}

static size_t
print_choices (const struct opt *o, size_t column, FILE *to)
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
print_option (const struct opt *o, FILE *to)
{
	size_t column = COLUMN;
	int len;

	len = fprintf (to, "  %c%c%c --%s%s%s", o->letter ? '-' : ' ',
		       o->letter ? o->letter : ' ', o->letter ? ',' : ' ',
		       o->name, o->kind == OPT_FLAG ? "" : " ",
		       o->kind == OPT_FLAG ? "" : o->word);
	if (len + 1 > COLUMN)
		fprintf (to, "\n%*s", COLUMN, "");
	else
		fprintf (to, "%*s", COLUMN - len, "");
	if (o->kind == OPT_CHOICE)
		column = print_choices (o, column, to);
	print_words (o->help, column, to);
	fputc ('\n', to);
}

void
opt_help (const struct opt_group *groups, FILE *to)
{
	const struct opt *o;

	for (; groups->opts != NULL; groups++) {
		fprintf (to, "\n%s\n", groups->title);
		for (o = groups->opts; o->name != NULL; o++)
			print_option (o, to);
	}
	fprintf (to, "  -h, --help%*sthis text\n", COLUMN - 12, "");
}
