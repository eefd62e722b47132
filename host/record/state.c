/* SPDX-License-Identifier: MIT */
/*
 * state.c - what the events of a run come to.
 *
 *	{"events": N, "last_seq": N, "last_t": MS,
 *	 "session": {..}, "plan": [..], "ask": {..}, "tools_open": [{..}],
 *	 "text": "..", "notices": {"CODE": N}}
 *
 * It costs one reading of events.ndjson, so it is made only when it is asked
 * for.  Events are given as they are stored.
 */
#include "config.h"

#include <string.h>

#include <json-c/json.h>

#include "record/state.h"
#include "common/error.h"
#include "common/macros.h"
#include "json/member.h"
#include "json/tree.h"

/* The writer of event lines nests less. */
#define DEPTH 512

struct state {
	json_tokener *tokener;
	uint64_t events;
	json_object *last_seq, *last_t; /* of the last event */
	struct strbuf session, ask;	/* JSON text; empty: none */
	json_object *plan;		/* the entries of the last one */
	json_object *tools;		/* the lines of open tools, by id */
	json_object *notices;		/* how many, by code */
	struct strbuf text;		/* the last text of the assistant */
	json_object *text_id;
	int has_text;
	int failed; /* json-c had no memory */
};

/* An event: its line, and the tree of it. */
struct event {
	const struct lhk_str *line;
	json_object *tree;
};

static void
set_text (struct strbuf *b, const char *data, size_t len)
{
	strbuf_clear (b);
	strbuf_add (b, data, len);
}

/* Hold the member KEY of an event, or nothing. */
static void
hold_member (json_object **slot, json_object *tree, const char *key)
{
	json_object *value = NULL;

	json_object_object_get_ex (tree, key, &value);
	json_object_put (*slot);
	*slot = json_object_get (value);
}

static void
on_session (struct state *st, const struct event *e)
{
	set_text (&st->session, e->line->ptr, e->line->len);
}

static void
on_plan (struct state *st, const struct event *e)
{
	if (json_object_object_get_ex (e->tree, "entries", NULL))
		hold_member (&st->plan, e->tree, "entries");
}

/* A question that was answered is none. */
static void
on_ask (struct state *st, const struct event *e)
{
	if (json_object_object_get_ex (e->tree, "outcome", NULL))
		strbuf_clear (&st->ask);
	else
		set_text (&st->ask, e->line->ptr, e->line->len);
}

static void
on_tool (struct state *st, const struct event *e)
{
	const char *id = json_member_word (e->tree, "id");
	const char *status = json_member_word (e->tree, "status");

	if (strcmp (status, "pending") != 0
	    && strcmp (status, "in_progress") != 0)
		json_object_object_del (st->tools, id);
	else if (json_object_object_add (
			 st->tools, id,
			 json_object_new_string_len (e->line->ptr,
						     (int) e->line->len))
		 < 0)
		st->failed = 1;
}

/* The text of an id grows by its deltas; any other begins anew. */
static void
on_text (struct state *st, const struct event *e)
{
	json_object *text, *id = NULL, *delta = NULL;

	if (strcmp (json_member_word (e->tree, "role"), "assistant") != 0
	    || !json_object_object_get_ex (e->tree, "text", &text)
	    || json_object_object_get_ex (e->tree, "parent", NULL))
		return;
	json_object_object_get_ex (e->tree, "id", &id);
	json_object_object_get_ex (e->tree, "delta", &delta);
	if (!st->has_text || !json_object_get_boolean (delta)
	    || !json_object_equal (id, st->text_id))
		strbuf_clear (&st->text);
	strbuf_add (&st->text, json_object_get_string (text),
		    (size_t) json_object_get_string_len (text));
	hold_member (&st->text_id, e->tree, "id");
	st->has_text = 1;
}

static void
on_notice (struct state *st, const struct event *e)
{
	const char *code = json_member_word (e->tree, "code");
	json_object *n = NULL;

	json_object_object_get_ex (st->notices, code, &n);
	if (json_object_object_add (
		    st->notices, code,
		    json_object_new_int64 (json_object_get_int64 (n) + 1))
	    < 0)
		st->failed = 1;
}

/* clang-format off: a table */
static const struct {
	const char *kind;
	void (*add) (struct state *st, const struct event *e);
} kinds[] = {
	{ "session", on_session }, { "plan", on_plan }, { "ask", on_ask },
	{ "tool", on_tool },	   { "text", on_text }, { "notice", on_notice },
};
/* clang-format on */

static void
add_line (struct state *st, const struct lhk_str *line)
{
	struct event e = { line, NULL };
	const char *kind;
	size_t i;

	json_tokener_reset (st->tokener);
	e.tree =
		json_tokener_parse_ex (st->tokener, line->ptr, (int) line->len);
	if (e.tree == NULL)
		return;
	st->events++;
	hold_member (&st->last_seq, e.tree, "seq");
	hold_member (&st->last_t, e.tree, "t");
	kind = json_member_word (e.tree, "kind");
	for (i = 0; i < ARRAY_SIZE (kinds); i++)
		if (strcmp (kinds[i].kind, kind) == 0)
			kinds[i].add (st, &e);
	json_object_put (e.tree);
}

/* ---- writing ---- */

static void
write_number (struct jw *w, const char *key, json_object *number)
{
	if (number != NULL)
		jw_i64 (w, key, json_object_get_int64 (number));
}

static void
write_json (struct jw *w, const char *key, const struct strbuf *text)
{
	if (text->len > 0)
		jw_raw (w, key, text->data, text->len);
}

static void
write_plan (struct jw *w, json_object *plan)
{
	if (plan == NULL)
		return;
	jw_key (w, "plan");
	json_tree_write (w->out, plan, NULL);
}

static void
write_tools (struct jw *w, json_object *tools)
{
	jw_list_begin (w, "tools_open");
	json_object_object_foreach (tools, id, line)
	{
		(void) id;
		jw_raw (w, NULL, json_object_get_string (line),
			(size_t) json_object_get_string_len (line));
	}
	jw_list_end (w);
}

/* The code of a notice is a plugin's word, so the name is escaped. */
static void
write_notices (struct jw *w, json_object *notices)
{
	jw_object_begin (w, "notices");
	json_object_object_foreach (notices, code, n)
	{
		jw_name (w, code, strlen (code));
		jw_i64 (w, NULL, json_object_get_int64 (n));
	}
	jw_object_end (w);
}

static void
write_state (const struct state *st, struct jw *w)
{
	jw_object_begin (w, "state");
	jw_u64 (w, "events", st->events);
	write_number (w, "last_seq", st->last_seq);
	write_number (w, "last_t", st->last_t);
	write_json (w, "session", &st->session);
	write_plan (w, st->plan);
	write_json (w, "ask", &st->ask);
	write_tools (w, st->tools);
	if (st->has_text)
		jw_bytes (w, "text", strbuf_str (&st->text), st->text.len);
	write_notices (w, st->notices);
	jw_object_end (w);
}

/* ---- all of it ---- */

static void
begin (struct state *st, const struct lhk_alloc *alloc)
{
	memset (st, 0, sizeof *st);
	st->tokener = json_tokener_new_ex (DEPTH);
	st->tools = json_object_new_object ();
	st->notices = json_object_new_object ();
	st->failed =
		st->tokener == NULL || st->tools == NULL || st->notices == NULL;
	strbuf_init (&st->session, alloc);
	strbuf_init (&st->ask, alloc);
	strbuf_init (&st->text, alloc);
}

static void
end (struct state *st)
{
	if (st->tokener != NULL)
		json_tokener_free (st->tokener);
	json_object_put (st->last_seq);
	json_object_put (st->last_t);
	json_object_put (st->plan);
	json_object_put (st->tools);
	json_object_put (st->notices);
	json_object_put (st->text_id);
	strbuf_free (&st->session);
	strbuf_free (&st->ask);
	strbuf_free (&st->text);
}

static int
has_failed (const struct state *st)
{
	return st->failed || strbuf_failed (&st->session) < 0
	       || strbuf_failed (&st->ask) < 0 || strbuf_failed (&st->text) < 0;
}

/* LHK_OK, or LHK_* with a sentence. */
static int
read_events (struct state *st, struct lhk_store *s, const char *id,
	     struct lhk_error *err)
{
	struct lhk_cursor *c = NULL;
	struct lhk_str line;
	int r = lhk_cursor_open (s, id, 0, 0, &c, err);

	if (r < 0)
		return r;
	while ((r = lhk_cursor_next (c, &line, err)) == LHK_OK
	       && !has_failed (st))
		add_line (st, &line);
	lhk_cursor_free (c);
	/* LHK_ESTATE: the host was lost, and these are all events. */
	return r >= 0 || r == LHK_ESTATE ? LHK_OK : r;
}

int
record_state_write (struct lhk_store *s, const char *id, struct jw *w,
		    struct lhk_error *err)
{
	struct state st;
	int r = LHK_OK;

	begin (&st, s->alloc);
	if (!st.failed)
		r = read_events (&st, s, id, err);
	if (r == LHK_OK && has_failed (&st))
		r = error_set (err, LHK_ENOMEM, 0,
			       "no memory for the state of '%s'", id);
	if (r == LHK_OK)
		write_state (&st, w);
	end (&st);
	return r;
}
