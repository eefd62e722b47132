/* SPDX-License-Identifier: MIT */
/* event_text.c - events as a person reads them. */
#include "config.h"

#include "json/text_reader.h"
#include "format/text_line.h"
#include "format/event_lines.h"
#include "format/delta_progress.h"
#include "format/event_text.h"
#include "common/mem.h"

struct format_text {
	const struct lhk_alloc *alloc;
	unsigned int flags;
	struct delta_progress shown;
	struct event_lines marks;
	struct line line;
	int any_text; /* the main thread has said something */
};

struct format_text *
format_text_new (const struct lhk_alloc *alloc, unsigned int flags)
{
	struct format_text *s = mem_zero (alloc, sizeof *s);

	if (s == NULL)
		return NULL;
	s->alloc = alloc;
	s->flags = flags;
	s->line.flags = flags;
	event_lines_init (&s->marks, alloc);
	return s;
}

void
format_text_free (struct format_text *s)
{
	if (s == NULL)
		return;
	event_lines_free (&s->marks);
	mem_free (s->alloc, s, sizeof *s);
}

/* All that R still has, on the line of its kind. */
static void
put_rest (struct format_text *s, struct outbuf *o, int kind,
	  struct shown_text *shown, struct text_reader *r)
{
	char piece[4096];
	size_t n;

	while ((n = text_reader_plain (r, piece, sizeof piece)) > 0) {
		delta_progress_add (shown, piece, n);
		text_line_piece (&s->line, o, kind, piece, n);
	}
}

static struct shown_text *
shown_of (struct format_text *s, int kind, const struct idmap_key *parent,
	  const struct idmap_key *id)
{
	struct idmap_key key = *id;

	idmap_key_mix (&key, parent->a ^ (uint64_t) kind);
	return delta_progress_get (&s->shown, &key);
}

static void
show_text (struct format_text *s, struct outbuf *o, const struct lhk_ev_text *e,
	   int kind, const struct idmap_key *parent)
{
	struct shown_text *shown;
	struct text_reader r;
	struct idmap_key id;

	idmap_key_of (&e->id, &id);
	shown = shown_of (s, kind, parent, &id);
	text_reader_init (&r, &e->text);
	if (e->delta) {
		text_line_go_to (&s->line, o, kind, parent, &id);
		put_rest (s, o, kind, shown, &r);
		return;
	}
	if (shown->len > 0 && delta_progress_skip (shown, &r)) {
		if (r.at < r.end)
			text_line_go_to (&s->line, o, kind, parent, &id);
	} else {
		text_line_finish (&s->line, o);
		delta_progress_forget (shown);
		text_reader_init (&r, &e->text);
		text_line_go_to (&s->line, o, kind, parent, &id);
	}
	put_rest (s, o, kind, shown, &r);
	if (s->line.kind == kind && idmap_key_same (&s->line.of, parent)
	    && idmap_key_same (&s->line.id, &id))
		text_line_finish (&s->line, o);
	if (idmap_key_absent (&id))
		delta_progress_forget (shown);
}

static void
see_text (struct format_text *s, struct outbuf *o,
	  const struct lhk_event *event)
{
	const struct lhk_ev_text *e = (const struct lhk_ev_text *) event;
	int verbose = (s->flags & FORMAT_TEXT_VERBOSE) != 0;
	struct idmap_key parent;

	if (e->text.len == 0 && e->delta)
		return;
	if (!verbose
	    && (event->parent.ptr != NULL || e->role != LHK_ROLE_ASSISTANT
		|| (e->flags & LHK_TEXT_SYNTHETIC) != 0))
		return;
	idmap_key_of (&event->parent, &parent);
	if (e->role == LHK_ROLE_ASSISTANT) {
		show_text (s, o, e, LINE_TEXT, &parent);
		if (e->text.len > 0 && event->parent.ptr == NULL)
			s->any_text = 1;
	} else if (e->role == LHK_ROLE_THOUGHT) {
		show_text (s, o, e, LINE_THOUGHT, &parent);
	}
}

static void
see_result (struct format_text *s, struct outbuf *o,
	    const struct lhk_event *event)
{
	const struct lhk_ev_result *e = (const struct lhk_ev_result *) event;
	struct lhk_ev_text text = {
		.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT),
		.role = LHK_ROLE_ASSISTANT,
		.text = e->text,
	};

	if (e->final != NULL) {
		text_line_finish (&s->line, o);
		if ((s->flags & FORMAT_TEXT_VERBOSE) != 0)
			format_text_verdict (o, e->final);
	} else if (!s->any_text && event->parent.ptr == NULL) {
		see_text (s, o, &text.ev);
	}
}

/* Texts without an id: what comes behind a tool call is another one. */
static void
end_nameless (struct format_text *s, const struct lhk_event *event)
{
	static const struct idmap_key nameless;
	struct idmap_key parent;

	idmap_key_of (&event->parent, &parent);
	delta_progress_forget (shown_of (s, LINE_TEXT, &parent, &nameless));
	delta_progress_forget (shown_of (s, LINE_THOUGHT, &parent, &nameless));
}

/* What verbose adds. */
static void
see_more (struct format_text *s, struct outbuf *o,
	  const struct lhk_event *event)
{
	switch (event->kind) {
	case LHK_EV_TOOL:
		event_lines_tool (&s->marks, &s->line, o, event);
		break;
	case LHK_EV_PLAN:
		event_lines_plan (&s->line, o, event);
		break;
	case LHK_EV_ASK:
		event_lines_ask (&s->line, o, event);
		break;
	case LHK_EV_NOTICE:
		event_lines_notice (&s->line, o, event);
		break;
	}
}

void
format_text_event (struct format_text *s, struct outbuf *o,
		   const struct lhk_event *event)
{
	if (event->kind == LHK_EV_TOOL || event->kind == LHK_EV_RESULT)
		end_nameless (s, event);
	if (event->kind == LHK_EV_TEXT)
		see_text (s, o, event);
	else if (event->kind == LHK_EV_RESULT)
		see_result (s, o, event);
	else if ((s->flags & FORMAT_TEXT_VERBOSE) != 0)
		see_more (s, o, event);
}
