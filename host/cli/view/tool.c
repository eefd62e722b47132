/* SPDX-License-Identifier: MIT */
/* tool.c - tool calls: a line when one begins, and how it ended below it. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include <linehook/json.h>

#include "cli/view/view_private.h"
#include "common/limits.h"
#include "common/macros.h"
#include "common/text.h"
#include "common/units.h"

/* Columns of a brief that are kept for later lines. */
#define BRIEF_COLUMNS 60

/* What is said of an end, at most: parts of FACTS. */
#define FACTS_MAX 8

/* A brief that would have less room is left out. */
#define BRIEF_LEAST 8

/* Calls whose whole effect is a plan, which is shown as one. */
static const struct lhk_str plan_tools[] = {
	LHK_STR_INIT ("TodoWrite"),  LHK_STR_INIT ("TaskCreate"),
	LHK_STR_INIT ("TaskUpdate"), LHK_STR_INIT ("TaskList"),
	LHK_STR_INIT ("todowrite"),  LHK_STR_INIT ("write_todos"),
	LHK_STR_INIT ("todo_write"), LHK_STR_INIT ("update_plan"),
};

/* How a call can end. */
static const struct end {
	enum view_mark mark;
	const char *word;
} ends[] = {
	[LHK_TOOL_DONE] = { MARK_OK, "" },
	[LHK_TOOL_FAILED] = { MARK_FAILED, "failed" },
	[LHK_TOOL_CANCELED] = { MARK_CANCELED, "canceled" },
	[LHK_TOOL_DENIED] = { MARK_DENIED, "denied" },
};

static int
is_end (int status)
{
	return status >= LHK_TOOL_DONE && status <= LHK_TOOL_DENIED;
}

/* ---- what is known of a call ---- */

/* An idmap_keep_fn that takes out the oldest *LEFT entries. */
static int
drop_oldest (void *user, void *value)
{
	size_t *left = user;

	(void) value;
	if (*left == 0)
		return 1;
	(*left)--;
	return 0;
}

static int
is_plan_tool (const struct lhk_ev_tool *e)
{
	size_t i;

	if (e->server.len > 0 || e->type != LHK_TYPE_THINK)
		return 0;
	for (i = 0; i < ARRAY_SIZE (plan_tools); i++)
		if (lhk_text_is (&e->name, plan_tools[i].ptr,
				 plan_tools[i].len))
			return 1;
	return 0;
}

/* Is the main argument the name of a file? */
static int
is_path (const struct lhk_ev_tool *e)
{
	return e->n_paths > 0 && e->paths[0].len == e->brief.len
	       && e->brief.len > 0
	       && memcmp (e->paths[0].ptr, e->brief.ptr, e->brief.len) == 0;
}

/* The main argument, or all of the input if there is none. */
static struct lhk_text
brief_of (const struct lhk_ev_tool *e)
{
	if (e->brief.len > 0)
		return e->brief;
	if (e->input.len > 2 && !is_plan_tool (e))
		return text_from_bytes (e->input.ptr, e->input.len);
	return text_from_cstr (NULL);
}

/* The command alone of one that is run by a shell: 'echo hello' of /bin/bash -lc
 * 'echo hello'.  A command with quotes in it stays as it is. */
static void
strip_shell (struct lhk_text *brief)
{
	static const char *const shells[] = { "/bin/bash", "/usr/bin/bash",
					      "bash",	   "/bin/sh",
					      "sh",	   "/bin/zsh",
					      "zsh" };
	const char *p = brief->ptr, *end = p + brief->len;
	size_t i, n;

	for (i = 0; i < ARRAY_SIZE (shells); i++) {
		n = strlen (shells[i]);
		if ((size_t) (end - p) < n + 8 || memcmp (p, shells[i], n) != 0
		    || memcmp (p + n, " -lc '", 6) != 0 || end[-1] != '\''
		    || memchr (p + n + 6, '\'', (size_t) (end - p) - n - 7)
			       != NULL)
			continue;
		brief->ptr += n + 6;
		brief->len -= n + 7;
		return;
	}
}

static void
clip_brief (struct view *v, const struct lhk_ev_tool *e, unsigned int max)
{
	struct lhk_text brief = brief_of (e);

	if (e->type == LHK_TYPE_EXECUTE && brief.len > 0)
		strip_shell (&brief);
	if (is_path (e))
		clip_path (&v->clip, &brief, max, v->cwd, v->cwd_len);
	else
		clip_text (&v->clip, &brief, max);
}

static void
keep_name (struct view *v, struct view_call *call, const struct lhk_ev_tool *e)
{
	static const struct lhk_text unnamed = LHK_TEXT_INIT ("?");
	struct view_name server;
	char both[2 * VIEW_NAME_BYTES + 2];
	size_t len;

	view_name_set (v, &call->name, e->name.len > 0 ? &e->name : &unnamed);
	if (e->server.len == 0)
		return;
	view_name_set (v, &server, &e->server);
	len = server.len;
	memcpy (both, server.text, len);
	both[len++] = ':';
	both[len++] = ' ';
	memcpy (both + len, call->name.text, call->name.len);
	len += call->name.len;
	{
		const struct lhk_text text = text_from_bytes (both, len);

		view_name_set (v, &call->name, &text);
	}
}

/* What an event says of the call, beyond what is known. */
static void
update_call (struct view *v, struct view_call *call,
	     const struct lhk_ev_tool *e)
{
	if (e->name.len > 0 || call->name.len == 0)
		keep_name (v, call, e);
	if (e->type != LHK_TYPE_OTHER)
		call->type = e->type;
	if (brief_of (e).len > 0) {
		clip_brief (v, e, BRIEF_COLUMNS);
		if (v->clip.len <= sizeof call->brief) {
			call->brief_len = (uint32_t) v->clip.len;
			call->brief_columns = v->clip.columns;
			memcpy (call->brief, v->clip.data, v->clip.len);
		}
	}
	if (!call->has_edit && call->type == LHK_TYPE_EDIT && e->input.len > 0)
		call->has_edit = view_edit_count (v->alloc, &e->input,
						  &call->added, &call->removed);
}

static struct view_call *
add_call (struct view *v, const struct idmap_key *id, struct view_call *spare)
{
	size_t drop = LIMIT_TRACKED / 4;
	struct view_call *call = NULL;

	if (v->calls.n == LIMIT_TRACKED)
		idmap_sweep (&v->calls, drop_oldest, &drop);
	if (!idmap_key_absent (id))
		call = idmap_add (&v->calls, id);
	return call == NULL ? spare : call;
}

/* The call of the event, a new one if need be; SPARE is used without memory, and
 * for calls without an id. */
static struct view_call *
find_call (struct view *v, const struct lhk_ev_tool *e, struct view_call *spare)
{
	const struct view_thread *t = view_thread (v);
	struct view_call *call = NULL;
	struct idmap_key id, thread = { 0, 0 };

	if (t != NULL)
		thread = t->key;
	idmap_key_of (&e->id, &id);
	if (!idmap_key_absent (&id))
		call = idmap_find (&v->calls, &id);
	if (call != NULL && idmap_key_same (&call->thread, &thread))
		return call;
	if (call == NULL)
		call = add_call (v, &id, spare);
	memset (call, 0, sizeof *call);
	call->thread = thread;
	call->depth = t == NULL ? 0 : t->depth;
	call->begun_ms = is_end (e->status) ? -1 : v->now_ms;
	call->is_hidden = is_plan_tool (e);
	return call;
}

/* ---- the line of a beginning ---- */

static void
put_name (struct view *v, const struct view_call *call)
{
	const struct lhk_text name = view_name_get (&call->name);

	screen_style (&v->screen, "1");
	view_text (v, &name, v->screen.columns / 2);
	screen_style (&v->screen, NULL);
}

static void
put_begin (struct view *v, struct view_call *call, const struct lhk_ev_tool *e)
{
	unsigned int left;
	char more[40] = "";

	view_block (v, BLOCK_OURS);
	view_begin_line (v, MARK_CALL);
	put_name (v, call);
	if (e->n_paths > 1)
		snprintf (more, sizeof more, " +%lu files",
			  (unsigned long) (e->n_paths - 1));
	left = view_left (v);
	if (left >= BRIEF_LEAST + 2 + strlen (more) && brief_of (e).len > 0) {
		clip_brief (v, e, left - 2 - (unsigned int) strlen (more));
		screen_blanks (&v->screen, 2);
		clip_put (&v->clip, &v->screen);
		screen_str (&v->screen, more);
	}
	view_end_own_line (v);
	call->is_shown = 1;
	call->line = v->lines;
}

/* ---- the line of an end ---- */

/* What is said behind the name, ASCII but for the dots between. */
struct facts {
	int ascii;
	size_t n;
	struct {
		unsigned int columns;
		size_t len;
	} ends[FACTS_MAX]; /* of each fact */
	char text[200];
};

static size_t
facts_len (const struct facts *f)
{
	return f->n > 0 ? f->ends[f->n - 1].len : 0;
}

static unsigned int
facts_columns (const struct facts *f)
{
	return f->n > 0 ? f->ends[f->n - 1].columns : 0;
}

static void
add_fact (struct facts *f, const char *text)
{
	struct mark dot = mark_of (MARK_DOT, f->ascii);
	size_t n = strlen (text), d = f->n > 0 ? strlen (dot.text) : 0;
	size_t len = facts_len (f);
	unsigned int columns = facts_columns (f);

	if (n == 0 || f->n == FACTS_MAX || len + n + d > sizeof f->text)
		return;
	memcpy (f->text + len, dot.text, d);
	memcpy (f->text + len + d, text, n);
	f->ends[f->n].len = len + n + d;
	f->ends[f->n].columns =
		columns + (unsigned int) n + (d > 0 ? dot.columns : 0);
	f->n++;
}

/* Those that have room in the line, the first ones first. */
static void
put_facts (struct view *v, struct facts *f, int with_dot)
{
	struct mark dot = mark_of (MARK_DOT, f->ascii);
	unsigned int before = with_dot ? dot.columns : 0;

	while (f->n > 0 && before + facts_columns (f) > view_left (v))
		f->n--;
	if (f->n > 0 && with_dot)
		screen_mark (&v->screen, MARK_DOT);
	screen_put (&v->screen, f->text, facts_len (f), facts_columns (f));
}

static void
add_count (struct facts *f, const char *before, uint64_t n, const char *one,
	   const char *many)
{
	char count[UNITS_SIZE], text[UNITS_SIZE + 24];

	units_print_count (n, count);
	snprintf (text, sizeof text, "%s%s%s", before, count,
		  n == 1 ? one : many);
	add_fact (f, text);
}

static void
add_edit (struct facts *f, const struct view_call *call)
{
	char added[UNITS_SIZE], removed[UNITS_SIZE], text[2 * UNITS_SIZE + 4];

	units_print_count (call->added, added);
	units_print_count (call->removed, removed);
	if (call->removed == UINT64_MAX)
		snprintf (text, sizeof text, "+%s", added);
	else
		snprintf (text, sizeof text, "+%s -%s", added, removed);
	add_fact (f, text);
}

static void
add_time (struct facts *f, int64_t ms)
{
	char text[UNITS_SIZE];

	if (ms < 100)
		snprintf (text, sizeof text, "%d ms", (int) ms);
	else
		units_print_duration (ms, text);
	add_fact (f, text);
}

static void
collect_facts (struct view *v, const struct view_call *call,
	       const struct lhk_ev_tool *e, struct facts *f)
{
	memset (f, 0, sizeof *f);
	f->ascii = v->screen.ascii;
	add_fact (f, ends[e->status].word);
	if (e->status == LHK_TOOL_DONE && call->in_background)
		add_fact (f, "in the background");
	if ((e->flags & LHK_TOOL_HAS_EXIT) != 0 && e->exit_code != 0) {
		char text[40];

		snprintf (text, sizeof text, "exit status %ld",
			  (long) e->exit_code);
		add_fact (f, text);
	}
	if (e->status == LHK_TOOL_DONE && call->has_edit)
		add_edit (f, call);
	if (e->status == LHK_TOOL_DONE && call->type == LHK_TYPE_READ
	    && e->output.len > 0)
		add_count (f, "", view_count_lines (&e->output), " line",
			   " lines");
	if (call->begun_ms >= 0 && v->now_ms >= call->begun_ms
	    && !call->in_background)
		add_time (f, v->now_ms - call->begun_ms);
}

/* Which call it was that ended. */
static void
put_call (struct view *v, const struct view_call *call,
	  const struct lhk_ev_tool *e, unsigned int behind)
{
	const struct lhk_text kept =
		text_from_bytes (call->brief, call->brief_len);
	unsigned int left;

	put_name (v, call);
	left = view_left (v);
	if (call->brief_len == 0 || left < behind + BRIEF_LEAST + 2)
		return;
	screen_blanks (&v->screen, 2);
	left -= behind + 2;
	if (brief_of (e).len > 0) {
		clip_brief (v, e, left);
		clip_put (&v->clip, &v->screen);
	} else {
		view_text (v, &kept, left);
	}
}

static void
put_end_line (struct view *v, struct view_call *call,
	      const struct lhk_ev_tool *e)
{
	const struct end *end = &ends[e->status];
	struct mark dot = mark_of (MARK_DOT, v->screen.ascii);
	struct facts facts;
	int is_next;

	collect_facts (v, call, e, &facts);
	view_block (v, BLOCK_OURS);
	is_next = call->is_shown && call->line == v->lines;
	view_begin_line (v, end->mark);
	if (!is_next) {
		put_call (v, call, e,
			  facts.n > 0 ? facts_columns (&facts) + dot.columns
				      : 0);
	} else if (facts.n == 0) {
		add_fact (&facts, "ok");
	}
	if (e->status != LHK_TOOL_DONE)
		screen_style (&v->screen, mark_of (end->mark, 0).sgr);
	put_facts (v, &facts, !is_next);
	view_end_own_line (v);
}

/* Is there anything to show below the line of the end? */
static int
has_output (const struct view *v, const struct view_call *call,
	    const struct lhk_ev_tool *e)
{
	struct idmap_key key;

	if (e->output.len == 0)
		return 0;
	if (e->status == LHK_TOOL_DONE)
		return !call->in_background && call->type != LHK_TYPE_READ
		       && call->type != LHK_TYPE_EDIT;
	/* The reason of a denial was the text of the question. */
	idmap_key_of (&e->output, &key);
	return !idmap_key_same (&key, &v->ask);
}

static void
show_end (struct view *v, struct view_call *call, const struct lhk_ev_tool *e)
{
	int output = has_output (v, call, e);

	if (call->is_hidden && e->status == LHK_TOOL_DONE)
		return;
	/* Told before: only what it printed may be new. */
	if (call->status == e->status && (call->has_output || !output))
		return;
	put_end_line (v, call, e);
	if (output)
		view_preview (v, e);
	call->has_output |= output;
	call->status = e->status;
	call->is_shown = 1;
	call->line = v->lines;
}

void
view_tool (struct view *v, const struct lhk_ev_tool *e)
{
	struct view_call spare;
	struct view_call *call = find_call (v, e, &spare);

	update_call (v, call, e);
	if (is_end (e->status))
		show_end (v, call, e);
	else if (!call->is_shown && !call->is_hidden && !is_end (call->status)
		 && (e->status != LHK_TOOL_PENDING || call->brief_len > 0))
		put_begin (v, call, e);
}
