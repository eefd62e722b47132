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
#include "json/text_reader.h"

/* Lines that are shown of what a call printed. */
#define OUTPUT_LINES 3
#define FAILED_LINES 6

/* Columns before them. */
#define OUTPUT_INDENT 4

/* Bytes that are looked at of one of them. */
#define OUTPUT_BYTES 2048

/* Columns of a brief that are kept for later lines. */
#define BRIEF_COLUMNS 60

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
	if (e->input.len > 2)
		return text_from_bytes (e->input.ptr, e->input.len);
	return text_from_cstr (NULL);
}

static void
clip_brief (struct view *v, const struct lhk_ev_tool *e, unsigned int max)
{
	const struct lhk_text brief = brief_of (e);

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

/* ---- what it printed ---- */

struct output {
	struct view *v;
	unsigned int left;  /* lines that may be shown */
	unsigned int first; /* lines so far */
	uint64_t skipped;   /* lines that were not shown */
	uint64_t blank;	    /* blank ones since the last that was not */
	size_t len;	    /* of the line that is being read */
	char line[OUTPUT_BYTES];
};

static int
is_blank (char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static void
show_line (struct output *out, size_t indent)
{
	struct view *v = out->v;
	const struct lhk_text text =
		text_from_bytes (out->line + indent, out->len - indent);
	unsigned int most = v->screen.columns / 4;

	view_begin_inner_line (
		v,
		OUTPUT_INDENT + (indent < most ? (unsigned int) indent : most));
	screen_style (&v->screen, "2");
	view_text (v, &text, view_left (v));
	view_end_own_line (v);
	out->left--;
}

static void
end_output_line (struct output *out)
{
	size_t indent = 0;

	while (indent < out->len && is_blank (out->line[indent]))
		indent++;
	if (indent == out->len)
		out->blank++;
	else if (out->left > 0)
		show_line (out, indent);
	else
		out->skipped += 1 + out->blank;
	if (indent < out->len)
		out->blank = 0;
	out->len = 0;
}

/* Read TEXT line by line; of a long line only the beginning counts. */
static void
read_output (struct output *out, const struct lhk_text *text)
{
	struct text_reader r;
	char piece[4096];
	size_t n, at, len;

	text_reader_init (&r, text);
	while ((n = text_reader_plain (&r, piece, sizeof piece)) > 0)
		for (at = 0; at < n; at += len + 1) {
			const char *lf = memchr (piece + at, '\n', n - at);
			size_t room = sizeof out->line - out->len;

			len = lf != NULL ? (size_t) (lf - piece) - at : n - at;
			memcpy (out->line + out->len, piece + at,
				len < room ? len : room);
			out->len += len < room ? len : room;
			if (lf != NULL)
				end_output_line (out);
		}
	if (out->len > 0)
		end_output_line (out);
}

static void
put_output (struct view *v, const struct lhk_text *text, int status,
	    int truncated)
{
	struct output out = { .v = v };
	struct mark cut = mark_of (MARK_CUT, v->screen.ascii);

	out.left = status == LHK_TOOL_DONE ? OUTPUT_LINES : FAILED_LINES;
	read_output (&out, text);
	if (out.skipped == 0 && !truncated)
		return;
	view_begin_inner_line (v, OUTPUT_INDENT);
	screen_style (&v->screen, "2");
	screen_put (&v->screen, cut.text, strlen (cut.text), cut.columns);
	if (out.skipped > 0) {
		screen_str (&v->screen, " +");
		screen_u64 (&v->screen, out.skipped);
		screen_str (&v->screen, out.skipped == 1 ? " line" : " lines");
	}
	if (truncated)
		screen_str (&v->screen, " (cut)");
	view_end_own_line (v);
}

static uint64_t
count_lines (const struct lhk_text *text)
{
	struct text_reader r;
	char piece[4096], last = '\n';
	uint64_t lines = 0;
	size_t n, i;

	text_reader_init (&r, text);
	while ((n = text_reader_plain (&r, piece, sizeof piece)) > 0) {
		for (i = 0; i < n; i++)
			lines += piece[i] == '\n';
		last = piece[n - 1];
	}
	return lines + (last != '\n');
}

/* ---- the line of an end ---- */

/* What is said behind the name, ASCII but for the dots between. */
struct facts {
	int ascii;
	unsigned int columns;
	size_t len;
	char text[200];
};

static void
add_fact (struct facts *f, const char *text)
{
	struct mark dot = mark_of (MARK_DOT, f->ascii);
	size_t n = strlen (text), d = f->len > 0 ? strlen (dot.text) : 0;

	if (n == 0 || f->len + n + d > sizeof f->text)
		return;
	memcpy (f->text + f->len, dot.text, d);
	memcpy (f->text + f->len + d, text, n);
	f->len += n + d;
	f->columns += (unsigned int) n + (d > 0 ? dot.columns : 0);
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
		add_count (f, "", count_lines (&e->output), " line", " lines");
	if (call->begun_ms >= 0 && v->now_ms >= call->begun_ms)
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
	int is_next = call->is_shown && call->line == v->lines && !v->text_open;
	struct mark dot = mark_of (MARK_DOT, v->screen.ascii);
	struct facts facts;

	collect_facts (v, call, e, &facts);
	view_block (v, BLOCK_OURS);
	view_begin_line (v, end->mark);
	if (!is_next) {
		unsigned int behind =
			facts.len > 0 ? facts.columns + dot.columns : 0;

		put_call (v, call, e, behind);
		if (facts.len > 0)
			screen_mark (&v->screen, MARK_DOT);
	} else if (facts.len == 0) {
		add_fact (&facts, "ok");
	}
	if (e->status != LHK_TOOL_DONE)
		screen_style (&v->screen, mark_of (end->mark, 0).sgr);
	if (facts.columns > view_left (v))
		facts.len = facts.columns = view_left (v);
	screen_put (&v->screen, facts.text, facts.len, facts.columns);
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
		return call->type != LHK_TYPE_READ
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
		put_output (v, &e->output, e->status,
			    (e->flags & LHK_TOOL_TRUNCATED) != 0);
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
