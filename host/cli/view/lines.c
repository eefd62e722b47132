/* SPDX-License-Identifier: MIT */
/* lines.c - the lines of our own, and what stands between them. */
#include "config.h"

#include <string.h>

#include "cli/view/view_private.h"
#include "common/text.h"

/* Subagents within each other that are shown so. */
#define DEPTH_MAX 4

/* Their numbers, which are short, begin again behind it. */
#define NUMBERS 999

/* Columns of a fact, at most. */
#define FACT_COLUMNS 60

/* A subagent that was silent for so many lines is named again. */
#define NAMED_FOR 40

/* ---- names ---- */

void
view_name_set (struct view *v, struct view_name *name,
	       const struct lhk_text *text)
{
	size_t len;

	clip_text (&v->clip, text, VIEW_NAME_COLUMNS);
	len = v->clip.len;
	if (len > sizeof name->text) {
		/* Marks upon letters: what is cut off takes no columns. */
		len = sizeof name->text;
		while (len > 0
		       && ((unsigned char) v->clip.data[len] & 0xc0) == 0x80)
			len--;
	}
	name->len = (uint32_t) len;
	name->columns = v->clip.columns;
	memcpy (name->text, v->clip.data, len);
}

struct lhk_text
view_name_get (const struct view_name *name)
{
	return text_from_bytes (name->text, name->len);
}

/* ---- threads ---- */

static struct view_thread *
oldest_thread (struct view *v)
{
	struct view_thread *oldest = v->threads;
	size_t i;

	for (i = 1; i < VIEW_THREADS_MAX; i++)
		if (v->threads[i].used < oldest->used)
			oldest = &v->threads[i];
	return oldest;
}

static struct view_thread *
add_thread (struct view *v, const struct idmap_key *key)
{
	struct view_thread *t = oldest_thread (v);
	const struct view_call *call = idmap_find (&v->calls, key);

	memset (t, 0, sizeof *t);
	t->key = *key;
	t->number = v->n_threads++ % NUMBERS + 1;
	t->depth = call == NULL ? 1 : call->depth + 1;
	if (t->depth > DEPTH_MAX)
		t->depth = DEPTH_MAX;
	if (call != NULL) {
		const struct lhk_text brief =
			text_from_bytes (call->brief, call->brief_len);
		const struct lhk_text name = view_name_get (&call->name);

		view_name_set (v, &t->label, brief.len > 0 ? &brief : &name);
	}
	return t;
}

struct view_thread *
view_thread (struct view *v)
{
	struct view_thread *t = NULL;
	struct idmap_key key;
	size_t i;

	if (v->event->parent.ptr == NULL)
		return NULL;
	idmap_key_of (&v->event->parent, &key);
	for (i = 0; i < VIEW_THREADS_MAX && t == NULL; i++)
		if (idmap_key_same (&v->threads[i].key, &key))
			t = &v->threads[i];
	if (t == NULL)
		t = add_thread (v, &key);
	t->used = ++v->clock;
	return t;
}

/* ---- lines ---- */

static void
put_bars (struct view *v)
{
	const struct view_thread *t = view_thread (v);

	if (t == NULL)
		return;
	screen_bars (&v->screen, t->depth, t->number);
	screen_blanks (&v->screen, 1);
}

void
view_begin_line (struct view *v, enum view_mark mark)
{
	put_bars (v);
	screen_mark (&v->screen, mark);
	screen_blanks (&v->screen, 1);
}

void
view_begin_inner_line (struct view *v, unsigned int indent)
{
	put_bars (v);
	screen_blanks (&v->screen, indent);
}

void
view_end_own_line (struct view *v)
{
	screen_newline (&v->screen);
	v->lines++;
}

unsigned int
view_left (const struct view *v)
{
	return v->screen.at < v->screen.columns
		       ? v->screen.columns - v->screen.at
		       : 0;
}

void
view_resume_text (struct view *v)
{
	if (v->block == BLOCK_TEXT)
		return;
	screen_newline (&v->screen);
	v->block = BLOCK_TEXT;
}

void
view_finish_text (struct view *v)
{
	if (!v->text_open)
		return;
	if (layout_is_open (&v->layout))
		view_resume_text (v);
	v->text_open = 0;
	layout_end (&v->layout);
	v->text_in_code = v->layout.in_code;
}

/* ---- blocks ---- */

/* A subagent goes on, or begins. */
static void
put_thread (struct view *v, const struct view_thread *t)
{
	uint32_t i;

	for (i = 1; i < t->depth; i++) {
		screen_mark (&v->screen, MARK_BAR);
		screen_blanks (&v->screen, 1);
	}
	screen_mark (&v->screen, MARK_THREAD);
	screen_str (&v->screen, " subagent ");
	screen_u64 (&v->screen, t->number);
	if (t->label.len > 0) {
		const struct lhk_text label = view_name_get (&t->label);

		screen_str (&v->screen, ": ");
		view_text (v, &label, view_left (v));
	}
	view_end_own_line (v);
}

/* Does the event begin a new turn, for one who reads along? */
static int
begins_turn (const struct view *v)
{
	if (v->event->parent.ptr != NULL || v->now_turn <= v->turn)
		return 0;
	switch (v->event->kind) {
	case LHK_EV_TEXT:
	case LHK_EV_TOOL:
	case LHK_EV_PLAN:
	case LHK_EV_ASK:
		return 1;
	default:
		return 0;
	}
}

static int
is_of_user (const struct lhk_event *event)
{
	return event->kind == LHK_EV_TEXT
	       && ((const struct lhk_ev_text *) event)->role == LHK_ROLE_USER;
}

static void
put_failed_turn (struct view *v)
{
	const struct lhk_text error = view_name_get (&v->claim_error);

	screen_mark (&v->screen, MARK_FAILED);
	screen_str (&v->screen, " turn ");
	screen_u64 (&v->screen, v->turn);
	screen_str (&v->screen, ": ");
	screen_str (&v->screen, lhk_verdict_name (v->claim_verdict));
	if (error.len > 0) {
		screen_str (&v->screen, ", ");
		view_text (v, &error, view_left (v));
	}
	view_end_own_line (v);
}

/* Words of the user begin a turn as well as any line of ours. */
static void
put_turn (struct view *v)
{
	int has_failed = v->claim_verdict != 0;

	if (v->turn > 0) {
		if (has_failed || !is_of_user (v->event))
			screen_newline (&v->screen);
		if (has_failed)
			put_failed_turn (v);
		if (!is_of_user (v->event)) {
			screen_mark (&v->screen, MARK_NOTE);
			screen_str (&v->screen, " turn ");
			screen_u64 (&v->screen, v->now_turn);
			view_end_own_line (v);
		}
	}
	v->turn = v->now_turn;
	v->claim_verdict = 0;
}

static int
wants_blank (const struct view *v, enum view_block block, int is_sub,
	     int switches)
{
	if (v->block == BLOCK_NONE)
		return 0;
	if (is_sub)
		return switches && idmap_key_absent (&v->thread);
	return switches || block != v->block || block == BLOCK_TEXT
	       || block == BLOCK_PLAN;
}

void
view_next_block (struct view *v, enum view_block block)
{
	static const struct idmap_key none;
	struct view_thread *t;
	struct idmap_key key;
	int switches;

	view_finish_text (v);
	view_stderr_end (v);
	if (block != BLOCK_HEAD)
		view_head_release (v);
	if (begins_turn (v))
		put_turn (v);
	t = view_thread (v);
	key = t == NULL ? none : t->key;
	switches = !idmap_key_same (&key, &v->thread);
	if (wants_blank (v, block, t != NULL, switches))
		screen_newline (&v->screen);
	if (t != NULL) {
		if (t->named == 0 || v->lines - t->named > NAMED_FOR)
			put_thread (v, t);
		t->named = v->lines;
	}
	v->block = block;
	v->thread = key;
}

void
view_block (struct view *v, enum view_block block)
{
	text_once_end_line (&v->once);
	view_next_block (v, block);
}

/* ---- what is on a line ---- */

void
view_text (struct view *v, const struct lhk_text *text, unsigned int max)
{
	clip_text (&v->clip, text, max);
	clip_put (&v->clip, &v->screen);
}

void
view_path (struct view *v, const struct lhk_text *text, unsigned int max)
{
	clip_path (&v->clip, text, max, v->cwd, v->cwd_len);
	clip_put (&v->clip, &v->screen);
}

/* A dot or a new line, if COLUMNS do not begin the line. */
static void
begin_fact (struct view *v, unsigned int columns)
{
	struct mark dot = mark_of (MARK_DOT, v->screen.ascii);

	if (v->screen.at > 2 && dot.columns + columns > view_left (v)) {
		view_end_own_line (v);
		view_begin_line (v, MARK_NOTE);
	} else if (v->screen.at > 2) {
		screen_mark (&v->screen, MARK_DOT);
	}
}

void
view_fact (struct view *v, const char *said)
{
	begin_fact (v, (unsigned int) strlen (said));
	screen_str (&v->screen, said);
}

/* What a fact on a line of its own has room for, behind the mark and LABEL. */
static unsigned int
fact_columns (const struct view *v, const char *label)
{
	unsigned int used = 2 + (unsigned int) strlen (label);
	unsigned int most = v->screen.columns - used;

	return most < FACT_COLUMNS ? most : FACT_COLUMNS;
}

static void
put_fact (struct view *v, const char *label)
{
	if (v->clip.len == 0)
		return;
	begin_fact (v, (unsigned int) strlen (label) + v->clip.columns);
	screen_str (&v->screen, label);
	clip_put (&v->clip, &v->screen);
}

void
view_fact_text (struct view *v, const char *label, const struct lhk_text *text)
{
	clip_text (&v->clip, text, fact_columns (v, label));
	put_fact (v, label);
}

void
view_fact_path (struct view *v, const struct lhk_text *path)
{
	clip_path (&v->clip, path, fact_columns (v, ""), "", 0);
	put_fact (v, "");
}

void
view_paragraph (struct view *v, int has_mark, enum view_mark mark,
		const char *said, const struct lhk_text *text, size_t max)
{
	const struct view_thread *t = view_thread (v);
	const struct layout_margin margin = {
		.depth = t == NULL ? 0 : t->depth,
		.number = t == NULL ? 0 : t->number,
		.has_first = has_mark,
		.first = mark,
		.columns = mark_of (mark, v->screen.ascii).columns + 1,
	};

	layout_begin (&v->layout, &margin);
	layout_put_text (&v->layout, said, text, max);
	layout_end (&v->layout);
	v->lines++;
}
