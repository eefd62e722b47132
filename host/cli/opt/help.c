/* SPDX-License-Identifier: MIT */
/* help.c - the tables of options, for people. */
#include "config.h"

#include <errno.h>
#include <stdio.h>

#include "cli/opt/opt.h"
#include "cli/output/stdout.h"
#include "cli/output/table.h"
#include "common/macros.h"
#include "common/mem.h"

#define WIDTH 79 /* of a line, in terminal columns */

static const struct table_column columns[] = {
	{ NULL, TABLE_OWN_LINE, 26 },
	{ NULL, TABLE_WRAP, 0 },
};

static const struct table_layout layout = {
	.columns = columns,
	.n_columns = ARRAY_SIZE (columns),
	.indent = 2,
	.gap = 1,
};

static void
add_row (struct table *t, const char *option, const char *help)
{
	const char *const cells[ARRAY_SIZE (columns)] = { option, help };

	table_add (t, cells, ARRAY_SIZE (cells));
}

/* What the option takes, if that is one of some words, and what it does. */
static void
add_help (struct table *t, const struct opt *o, const char *left)
{
	struct strbuf help;
	size_t i;

	strbuf_init (&help, &mem_system);
	for (i = 0; o->kind == OPT_CHOICE && o->choices[i] != NULL; i++)
		strbuf_addf (&help, "%s%s ", o->choices[i],
			     o->choices[i + 1] == NULL ? ":" : ",");
	strbuf_add_str (&help, o->help);
	if (strbuf_failed (&help) < 0)
		table_set_failed (t);
	add_row (t, left, strbuf_str (&help));
	strbuf_free (&help);
}

static void
add_option (struct table *t, const struct opt *o)
{
	char left[80];

	snprintf (left, sizeof left, "%c%c%c --%s%s%s%s", o->letter ? '-' : ' ',
		  o->letter ? o->letter : ' ', o->letter ? ',' : ' ', o->name,
		  o->kind == OPT_FLAG  ? ""
		  : o->without != NULL ? "[="
				       : " ",
		  o->kind == OPT_FLAG ? "" : o->word,
		  o->without != NULL ? "]" : "");
	add_help (t, o, left);
}

void
opt_help (const struct opt_group *groups, struct outbuf *to)
{
	static struct table t;
	const struct opt *o;

	table_init (&t, &layout);
	for (; groups->opts != NULL; groups++) {
		if (groups->title != NULL) {
			table_add_line (&t, "");
			table_add_line (&t, groups->title);
		}
		for (o = groups->opts; o->name != NULL; o++)
			add_option (&t, o);
	}
	add_row (&t, "-h, --help", "this text");
	if (table_print (&t, to, WIDTH) < 0)
		stdout_fail (ENOMEM);
	table_free (&t);
}
