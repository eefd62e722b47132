/* SPDX-License-Identifier: MIT */
/* view.c - a run as a person wants to watch it. */
#include "config.h"

#include "cli/view/view.h"
#include "common/mem.h"
#include "format/event_text.h"

struct view {
	const struct lhk_alloc *alloc;
	struct view_opts opts;
	struct format_text *text;
	int mid_line;
};

struct view *
view_new (const struct lhk_alloc *alloc, const struct view_opts *opts)
{
	unsigned int flags = FORMAT_TEXT_VERBOSE;
	struct view *v = mem_zero (alloc, sizeof *v);

	if (v == NULL)
		return NULL;
	if ((opts->flags & VIEW_COLOR) != 0)
		flags |= FORMAT_TEXT_COLOR;
	v->alloc = alloc;
	v->opts = *opts;
	v->text = format_text_new (alloc, flags);
	if (v->text != NULL)
		return v;
	mem_free (alloc, v, sizeof *v);
	return NULL;
}

void
view_free (struct view *v)
{
	if (v == NULL)
		return;
	format_text_free (v->text);
	mem_free (v->alloc, v, sizeof *v);
}

void
view_resize (struct view *v, unsigned int columns)
{
	v->opts.columns = columns;
}

void
view_set_run (struct view *v, const char *run)
{
	v->opts.run = run;
}

void
view_event (struct view *v, struct outbuf *o, const struct lhk_meta *meta,
	    const struct lhk_event *event)
{
	(void) meta;
	format_text_event (v->text, o, event);
	if (o->len > 0)
		v->mid_line = o->data[o->len - 1] != '\n';
}

int
view_is_mid_line (const struct view *v)
{
	return v->mid_line;
}

void
view_end_line (struct view *v, struct outbuf *o)
{
	if (v->mid_line)
		OUTBUF_LIT (o, "\n");
	v->mid_line = 0;
}
