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

/* What the option does, its choices and its default. */
static void
add_help (struct table *t, const struct opt *o, const char *left)
{
	struct strbuf help;
	size_t i;

	strbuf_init (&help, &mem_system);
	strbuf_add_str (&help, o->help);
	if (help.len > 0 && help.data[0] >= 'a' && help.data[0] <= 'z')
		help.data[0] = (char) (help.data[0] - 'a' + 'A');
	for (i = 0; o->kind == OPT_CHOICE && o->choices[i] != NULL; i++)
		strbuf_addf (&help, "%s%s",
			     i == 0			 ? ": "
			     : o->choices[i + 1] == NULL ? " or "
							 : ", ",
			     o->choices[i]);
	if (o->initial != NULL)
		strbuf_addf (&help, " [default: %s]", o->initial);
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

static void
add_title (struct table *t, const char *title)
{
	if (title == NULL)
		return;
	table_add_line (t, "");
	table_add_line (t, title);
}

/* The options of GROUPS that are used OFTEN, or the others, under their titles.
 * Returns how many there are. */
static size_t
add_options (struct table *t, const struct opt_group *groups, int often)
{
	const char *title = often ? "Common options:" : NULL;
	size_t n = 0;
	const struct opt *o;

	for (; groups->opts != NULL; groups++) {
		if (!often)
			title = groups->title;
		for (o = groups->opts; o->name != NULL; o++) {
			if (!o->often != !often)
				continue;
			add_title (t, title);
			title = NULL;
			add_option (t, o);
			n++;
		}
	}
	return n;
}

void
opt_help (const struct opt_group *groups, struct outbuf *to, size_t width)
{
	static struct table t;

	table_init (&t, &layout);
	(void) add_options (&t, groups, 1);
	if (add_options (&t, groups, 0) == 0)
		add_title (&t, "Options:");
	add_row (&t, "-h, --help", "Print this text");
	if (table_print (&t, to, width) < 0)
		stdout_fail (ENOMEM);
	table_free (&t);
}
