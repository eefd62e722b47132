/* SPDX-License-Identifier: MIT */
/*
 * state.c - what the events of a run come to: `state'.
 *
 *	{"events": N, "last_seq": N, "last_t": MS,
 *	 "session": {..}, "plan": [..], "ask": {..}, "tools_open": [{..}],
 *	 "text": "..", "notices": {"CODE": N}}
 *
 * Costs one reading of events.ndjson, so it is done when it is asked for.
 */
#include "config.h"

#include <string.h>

#include <json-c/json.h>
#include <json-c/printbuf.h>

#include "record/store.h"
#include "common/error.h"

/* As the writer of lines nests, and then some. */
#define DEPTH 512

struct fold {
	json_tokener *tokener;
	uint64_t events;
	json_object *last; /* owned, as all of these */
	json_object *session, *plan, *ask;
	json_object *tools;    /* by id: those that are open */
	json_object *notices;  /* by code */
	struct printbuf *text; /* the last one of the assistant */
	int has_text;
	json_object *text_id;
};

static void
keep (json_object **slot, json_object *value)
{
	json_object_put (*slot);
	*slot = json_object_get (value);
}

static const char *
word (json_object *event, const char *key)
{
	json_object *value;

	return json_object_object_get_ex (event, key, &value)
			       && json_object_is_type (value, json_type_string)
		       ? json_object_get_string (value)
		       : "";
}

static void
fold_session (struct fold *f, json_object *event)
{
	keep (&f->session, event);
}

static void
fold_plan (struct fold *f, json_object *event)
{
	json_object *entries;

	if (json_object_object_get_ex (event, "entries", &entries))
		keep (&f->plan, entries);
}

/* One that was answered is none. */
static void
fold_ask (struct fold *f, json_object *event)
{
	keep (&f->ask, json_object_object_get_ex (event, "outcome", NULL)
			       ? NULL
			       : event);
}

static void
fold_tool (struct fold *f, json_object *event)
{
	const char *id = word (event, "id");
	const char *status = word (event, "status");

	if (strcmp (status, "pending") == 0
	    || strcmp (status, "in_progress") == 0)
		json_object_object_add (f->tools, id, json_object_get (event));
	else
		json_object_object_del (f->tools, id);
}

/* The text of an id grows by its deltas; any other begins anew. */
static void
fold_text (struct fold *f, json_object *event)
{
	json_object *text, *id = NULL, *delta = NULL;

	if (strcmp (word (event, "role"), "assistant") != 0
	    || !json_object_object_get_ex (event, "text", &text)
	    || json_object_object_get_ex (event, "parent", NULL))
		return;
	json_object_object_get_ex (event, "id", &id);
	json_object_object_get_ex (event, "delta", &delta);
	if (!f->has_text || !json_object_get_boolean (delta)
	    || !json_object_equal (id, f->text_id))
		printbuf_reset (f->text);
	printbuf_memappend (f->text, json_object_get_string (text),
			    json_object_get_string_len (text));
	keep (&f->text_id, id);
	f->has_text = 1;
}

static void
fold_notice (struct fold *f, json_object *event)
{
	const char *code = word (event, "code");
	json_object *n = NULL;

	json_object_object_get_ex (f->notices, code, &n);
	json_object_object_add (
		f->notices, code,
		json_object_new_int64 (json_object_get_int64 (n) + 1));
}

static const struct {
	const char *kind;
	void (*fold) (struct fold *f, json_object *event);
} kinds[] = {
	{ "session", fold_session }, { "plan", fold_plan },
	{ "ask", fold_ask },	     { "tool", fold_tool },
	{ "text", fold_text },	     { "notice", fold_notice },
};

static void
fold_line (struct fold *f, const struct lhk_str *line)
{
	json_object *event;
	size_t i;

	json_tokener_reset (f->tokener);
	event = json_tokener_parse_ex (f->tokener, line->ptr, (int) line->len);
	if (event == NULL)
		return;
	f->events++;
	keep (&f->last, event);
	for (i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (strcmp (kinds[i].kind, word (event, "kind")) == 0)
			kinds[i].fold (f, event);
	json_object_put (event);
}

static void
move (json_object *state, const char *key, json_object **slot)
{
	if (*slot != NULL)
		json_object_object_add (state, key, *slot);
	*slot = NULL;
}

/* A member of the last event, under another name. */
static void
take_last (struct fold *f, json_object *state, const char *key, const char *as)
{
	json_object *value;

	if (f->last != NULL && json_object_object_get_ex (f->last, key, &value))
		json_object_object_add (state, as, json_object_get (value));
}

static json_object *
state_of (struct fold *f)
{
	json_object *state = json_object_new_object ();
	json_object *open = json_object_new_array ();

	json_object_object_foreach (f->tools, id, tool)
	{
		(void) id;
		json_object_array_add (open, json_object_get (tool));
	}
	json_object_object_add (state, "events",
				json_object_new_int64 ((int64_t) f->events));
	take_last (f, state, "seq", "last_seq");
	take_last (f, state, "t", "last_t");
	move (state, "session", &f->session);
	move (state, "plan", &f->plan);
	move (state, "ask", &f->ask);
	json_object_object_add (state, "tools_open", open);
	if (f->has_text)
		json_object_object_add (state, "text",
					json_object_new_string_len (
						f->text->buf, f->text->bpos));
	move (state, "notices", &f->notices);
	return state;
}

static void
forget (struct fold *f)
{
	if (f->tokener != NULL)
		json_tokener_free (f->tokener);
	json_object_put (f->last);
	json_object_put (f->session);
	json_object_put (f->plan);
	json_object_put (f->ask);
	json_object_put (f->tools);
	json_object_put (f->notices);
	json_object_put (f->text_id);
	if (f->text != NULL)
		printbuf_free (f->text);
}

/* In front of the answer's last brace. */
static int
insert (struct lhk_store *s, json_object *state)
{
	size_t len;
	const char *text = json_object_to_json_string_length (
		state, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE,
		&len);
	int r;

	s->answer.len--;
	r = store_add (s, ",\"state\":", sizeof ",\"state\":" - 1);
	if (r == LHK_OK)
		r = store_add (s, text, len);
	return r == LHK_OK ? store_add (s, "}", 1) : r;
}

int
store_add_state (struct lhk_store *s, const char *id, struct lhk_error *err)
{
	struct fold f = { .tokener = json_tokener_new_ex (DEPTH) };
	struct lhk_cursor *c = NULL;
	json_object *state;
	struct lhk_str line;
	int r;

	f.tools = json_object_new_object ();
	f.notices = json_object_new_object ();
	f.text = printbuf_new ();
	if (f.tokener == NULL || f.tools == NULL || f.notices == NULL
	    || f.text == NULL) {
		forget (&f);
		return error_set (err, LHK_ENOMEM, 0,
				  "no memory for the state of"
				  " '%s'",
				  id);
	}
	r = lhk_cursor_open (s, id, 0, 0, &c, err);
	if (r == LHK_OK)
		while ((r = lhk_cursor_next (c, &line, err)) == LHK_OK)
			fold_line (&f, &line);
	lhk_cursor_free (c);
	if (r >= 0 || r == LHK_ESTATE) {
		state = state_of (&f);
		r = insert (s, state);
		json_object_put (state);
		if (r < 0)
			error_set (err, r, 0, "no memory for the state of '%s'",
				   id);
	}
	forget (&f);
	return r;
}
