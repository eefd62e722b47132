/* SPDX-License-Identifier: MIT */
/* show_page.c - the record of one run for people. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/output/stdout.h"
#include "cli/output/terminal_caps.h"
#include "cli/records/outcome_line.h"
#include "cli/records/show_page.h"
#include "cli/view/view.h"
#include "common/macros.h"
#include "common/mem.h"
#include "json/text_reader.h"

/* Lines of an answer that are shown, and bytes that are looked at for them. */
#define ANSWER_LINES 10
#define ANSWER_BYTES 16384

#define GREEN "\x1b[32m"
#define RED "\x1b[31m"
#define PLAIN "\x1b[m"

/* clang-format off: a table */
static const struct table_column columns[] = {
	{ NULL, 0, 9 },
	{ NULL, TABLE_WRAP, 0 },
};
/* clang-format on */

static const struct table_layout layout = {
	.columns = columns,
	.n_columns = ARRAY_SIZE (columns),
	.gap = 2,
};

/* The id, and how the run stands or ended; what is wrapped begins with blanks. */
static const struct table_column head_columns[] = {
	{ NULL, 0, 0 },
	{ NULL, TABLE_WRAP, 0 },
};

static const struct table_layout head_layout = {
	.columns = head_columns,
	.n_columns = ARRAY_SIZE (head_columns),
	.gap = 1,
};

static void
add_head (const struct show_page *page, struct table *table)
{
	static struct outbuf out;
	char id[LHK_RECORD_ID_MAX + 2];
	struct strbuf text;
	const char *cells[2] = { id, NULL };

	strbuf_init (&text, &mem_system);
	outbuf_init (&out, strbuf_write, &text);
	snprintf (id, sizeof id, "%.64s:", page->id);
	outcome_line_put (&out, page->info);
	outbuf_flush (&out);
	cells[1] = strbuf_str (&text);
	table_add (table, cells, ARRAY_SIZE (cells));
	if (strbuf_failed (&text) < 0)
		table_set_failed (table);
	strbuf_free (&text);
}

/* The colour of the head; "": none. */
static const char *
head_color (const struct record_info *info)
{
	if (!terminal_has_colors (STDOUT_FILENO)
	    || info->status == LHK_RECORD_RUNNING)
		return "";
	return info->status == LHK_RECORD_ENDED
			       && info->result->verdict == LHK_VERDICT_OK
		       ? GREEN
		       : RED;
}

static void
print_head (const struct show_page *page, struct table *table)
{
	const char *color = head_color (page->info);

	table_init (table, &head_layout);
	add_head (page, table);
	stdout_put (color, strlen (color));
	table_show (table, page->width);
	if (*color != '\0')
		stdout_put (PLAIN, sizeof PLAIN - 1);
	table_free (table);
}

/* The last text that there is.  One that is the error stands above. */
static struct lhk_text
answer_of (const struct record_info *info)
{
	const struct lhk_text *text = &info->result->text;
	const struct lhk_text *error = &info->result->error;
	const struct lhk_text none = { NULL, 0, 0, 0 };

	if (info->status != LHK_RECORD_ENDED)
		return info->last_text;
	if (text->len > 0 && text->len == error->len
	    && memcmp (text->ptr, error->ptr, text->len) == 0)
		return none;
	return *text;
}

/* TEXT as the view shows words of the agent, without blank lines at both ends. */
static int
render (const struct show_page *page, const struct lhk_text *text,
	struct strbuf *ret)
{
	const struct view_opts opts = {
		.flags = (terminal_has_colors (STDOUT_FILENO)
				  ? (unsigned int) VIEW_COLOR
				  : 0u)
			 | (terminal_is_utf8 () ? 0u
						: (unsigned int) VIEW_ASCII),
		.columns = page->width,
	};
	const struct lhk_meta meta = { .size = sizeof meta,
				       .turn = 1,
				       .time_ms = -1 };
	const struct lhk_ev_text e = {
		.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT),
		.role = LHK_ROLE_ASSISTANT,
		.text = *text,
	};
	struct outbuf *out = mem_new (&mem_system, sizeof *out);
	struct view *view = view_new (&mem_system, &opts);

	if (out != NULL && view != NULL) {
		outbuf_init (out, strbuf_write, ret);
		view_event (view, out, &meta, &e.ev);
		view_end_line (view, out);
		outbuf_flush (out);
	}
	view_free (view);
	mem_free (&mem_system, out, sizeof *out);
	return out != NULL && view != NULL ? strbuf_failed (ret) : LHK_ENOMEM;
}

/* Print at most ANSWER_LINES of TEXT.  1: there are more. */
static int
print_lines (const char *text)
{
	const char *lf;
	int n;

	text += strspn (text, "\n");
	for (n = 0; n < ANSWER_LINES && *text != '\0'; n++) {
		lf = strchr (text, '\n');
		if (lf == NULL)
			lf = text + strlen (text);
		stdout_put (text, (size_t) (lf - text));
		stdout_put ("\n", 1);
		text = *lf == '\0' ? lf : lf + 1;
	}
	return text[strspn (text, "\n")] != '\0';
}

/* The beginning of the answer, and how to read all of it. */
static void
print_answer (const struct show_page *page)
{
	struct lhk_text text = answer_of (page->info);
	size_t all = text.len;
	struct strbuf b;
	int more;

	if (text_reader_is_blank (&text))
		return;
	strbuf_init (&b, &mem_system);
	if (all > ANSWER_BYTES)
		text.len = text_reader_prefix (&text, ANSWER_BYTES);
	if (render (page, &text, &b) < 0) {
		stdout_fail (ENOMEM);
		return;
	}
	stdout_put ("\n", 1);
	more = print_lines (strbuf_str (&b));
	if (more || text.len < all)
		stdout_printf ("\nAll of it: linehook follow %s%s\n", page->id,
			       page->info->status == LHK_RECORD_ENDED
				       ? " --format answer"
				       : "");
	strbuf_free (&b);
}

void
show_page_print (const struct show_page *page)
{
	static struct table table;

	print_head (page, &table);
	stdout_put ("\n", 1);
	table_init (&table, &layout);
	show_rows_add (page, &table);
	table_show (&table, page->width);
	table_free (&table);
	print_answer (page);
}
