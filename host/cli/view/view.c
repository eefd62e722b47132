/* SPDX-License-Identifier: MIT */
/* view.c - a run as a person wants to watch it. */
#include "config.h"

#include <string.h>

#include <linehook/json.h>

#include "cli/view/view_private.h"
#include "common/limits.h"
#include "common/mem.h"

/* Bytes that are shown of words of the user and of the program. */
#define USER_SHOWN 600
#define SYSTEM_SHOWN 600

/* ---- words ---- */

static struct layout_margin
margin_of (struct view *v, int role)
{
	const struct view_thread *t = view_thread (v);
	int thought = role == LHK_ROLE_THOUGHT;
	const struct layout_margin margin = {
		.depth = t == NULL ? 0 : t->depth,
		.number = t == NULL ? 0 : t->number,
		.has_first = thought,
		.has_rest = thought,
		.first = MARK_THOUGHT,
		.rest = MARK_THOUGHT,
		.columns = 2,
		.sgr = thought ? "2" : NULL,
	};

	return margin;
}

/* Words of another text than the last, or of the same one behind a line of
 * ours. */
static void
begin_words (struct view *v, const struct text_line *line)
{
	struct layout_margin margin;
	int role = line->role; /* the header may end the line */
	int same = v->text_role == role
		   && idmap_key_same (&v->text_id, &line->text);

	view_next_block (v, BLOCK_TEXT);
	margin = margin_of (v, role);
	layout_begin (&v->layout, &margin);
	v->layout.in_code = same && v->text_in_code;
	v->text_open = 1;
	v->text_role = role;
	v->text_id = line->text;
	v->lines++;
}

/* Nothing but white space? */
static int
is_blank (const char *p, size_t n)
{
	while (n > 0 && (*p == ' ' || *p == '\n' || *p == '\t')) {
		p++;
		n--;
	}
	return n == 0;
}

/* A text begins with its first word; the blanks before it, if they come alone,
 * are left out. */
static int
put_words (void *user, const struct text_line *line, const char *p, size_t n)
{
	struct view *v = user;

	if (!v->text_open || v->text_role != line->role
	    || !idmap_key_same (&v->thread, &line->parent)
	    || !idmap_key_same (&v->text_id, &line->text)) {
		if (is_blank (p, n))
			return 0;
		begin_words (v, line);
	} else if (!is_blank (p, n) || layout_is_open (&v->layout)) {
		view_resume_text (v);
	}
	layout_put (&v->layout, p, n);
	return layout_is_open (&v->layout);
}

static void
end_words (void *user)
{
	view_finish_text (user);
}

static const struct text_sink words_sink = { put_words, end_words };

static void
show_text (struct view *v, const struct lhk_ev_text *e)
{
	switch (e->role) {
	case LHK_ROLE_ASSISTANT:
	case LHK_ROLE_THOUGHT:
		text_once_text (&v->once, e);
		if (e->delta)
			break;
		idmap_key_of (&e->text, &v->said);
		v->said_line = v->lines;
		if (e->text.len > 0 && !text_once_is_line (&v->once, e))
			view_finish_text (v);
		break;
	case LHK_ROLE_USER:
		if (e->text.len == 0 || e->ev.parent.ptr != NULL)
			break;
		view_block (v, BLOCK_TEXT);
		view_paragraph (v, 1,
				(e->flags & LHK_TEXT_SYNTHETIC) != 0
					? MARK_NOTE
					: MARK_USER,
				"", &e->text, USER_SHOWN);
		break;
	default:
		if (e->text.len == 0)
			break;
		view_block (v, BLOCK_OURS);
		view_paragraph (v, 1, MARK_NOTE, "", &e->text, SYSTEM_SHOWN);
		break;
	}
}

/* ---- the view ---- */

struct view *
view_new (const struct lhk_alloc *alloc, const struct view_opts *opts)
{
	struct view *v = mem_zero (alloc, sizeof *v);

	if (v == NULL)
		return NULL;
	v->alloc = alloc;
	v->opts = *opts;
	v->screen.color = (opts->flags & VIEW_COLOR) != 0;
	v->screen.ascii = (opts->flags & VIEW_ASCII) != 0;
	v->clip.ascii = v->screen.ascii;
	screen_resize (&v->screen, opts->columns);
	layout_init (&v->layout, &v->screen);
	text_once_init (&v->once, alloc, &words_sink, v);
	idmap_init (&v->calls, alloc, sizeof (struct view_call), LIMIT_TRACKED);
	return v;
}

void
view_free (struct view *v)
{
	if (v == NULL)
		return;
	text_once_free (&v->once);
	idmap_free (&v->calls);
	mem_free (v->alloc, v, sizeof *v);
}

void
view_resize (struct view *v, unsigned int columns)
{
	screen_resize (&v->screen, columns);
}

void
view_set_run (struct view *v, const char *run)
{
	v->opts.run = run;
}

static void
show_result (struct view *v, const struct lhk_ev_result *e)
{
	if (e->final != NULL)
		view_final (v, e->final);
	else
		view_claim (v, e);
}

void
view_event (struct view *v, struct outbuf *o, const struct lhk_meta *meta,
	    const struct lhk_event *event)
{
	v->screen.out = o;
	v->event = event;
	v->now_ms = meta->time_ms;
	v->now_turn = meta->turn;
	switch (event->kind) {
	case LHK_EV_RUN:
		text_once_run (&v->once, (const struct lhk_ev_run *) event);
		view_head_run (v, (const struct lhk_ev_run *) event);
		break;
	case LHK_EV_SESSION:
		view_head_session (v, (const struct lhk_ev_session *) event);
		break;
	case LHK_EV_TEXT:
		show_text (v, (const struct lhk_ev_text *) event);
		break;
	case LHK_EV_TOOL:
		text_once_end_nameless (&v->once, event);
		view_tool (v, (const struct lhk_ev_tool *) event);
		break;
	case LHK_EV_PLAN:
		view_plan (v, (const struct lhk_ev_plan *) event);
		break;
	case LHK_EV_ASK:
		view_ask (v, (const struct lhk_ev_ask *) event);
		break;
	case LHK_EV_NOTICE:
		view_notice (v, (const struct lhk_ev_notice *) event);
		break;
	case LHK_EV_RESULT:
		show_result (v, (const struct lhk_ev_result *) event);
		break;
	}
	screen_style (&v->screen, NULL);
}

int
view_is_mid_line (const struct view *v)
{
	return v->screen.at > 0;
}

void
view_end_line (struct view *v, struct outbuf *o)
{
	v->screen.out = o;
	layout_end_line (&v->layout);
}
