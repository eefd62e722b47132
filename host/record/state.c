/* SPDX-License-Identifier: MIT */
/*
 * state.c - what the events of a run come to.
 *
 *	{"events": N, "last_seq": N, "last_t": MS,
 *	 "session": {..}, "plan": [..], "ask": {..}, "tools_open": [{..}],
 *	 "text": "..", "notices": {"CODE": N}}
 *
 * It costs one reading of events.ndjson, so it is made only when it is asked
 * for.  Events are given as they are stored.  Whatever the events are, it takes
 * some megabytes at most, and each event the same time; what has no room is
 * counted in `tools_left_out', or makes `truncated' true.
 */
#include "config.h"

#include <string.h>

#include <linehook/json.h>

#include "record/state.h"
#include "event/idmap.h"
#include "json/text_reader.h"
#include "common/error.h"
#include "common/limits.h"
#include "common/macros.h"
#include "common/mem.h"

/* Calls that have ended make room for others when there are so many. */
#define SWEEP_MIN (LIMIT_TRACKED / 4)

/* Bytes of a code that tell it from others. */
#define CODE_SIZE 32

/* Codes beyond LIMIT_STATE_CODES. */
#define OTHER_CODES "other"

/* The members of an event that count here. */
struct event {
	const struct lhk_str *line;
	struct lhk_text kind;
	struct lhk_num seq, t;
	struct lhk_text id, status, role, text, parent, code;
	int32_t delta;
	struct lhk_raw entries, outcome;
};

static const struct lhk_field event_fields[] = {
	LHK_FIELD ("seq", LHK_FIELD_INT, struct event, seq),
	LHK_FIELD ("kind", LHK_FIELD_TEXT, struct event, kind),
	LHK_FIELD ("t", LHK_FIELD_INT, struct event, t),
	LHK_FIELD ("parent", LHK_FIELD_TEXT, struct event, parent),
	LHK_FIELD ("role", LHK_FIELD_TEXT, struct event, role),
	LHK_FIELD ("id", LHK_FIELD_TEXT, struct event, id),
	LHK_FIELD ("status", LHK_FIELD_TEXT, struct event, status),
	LHK_FIELD ("code", LHK_FIELD_TEXT, struct event, code),
	LHK_FIELD ("text", LHK_FIELD_TEXT, struct event, text),
	LHK_FIELD ("delta", LHK_FIELD_BOOL, struct event, delta),
	LHK_FIELD ("entries", LHK_FIELD_RAW, struct event, entries),
	LHK_FIELD ("outcome", LHK_FIELD_RAW, struct event, outcome),
};
LHK_FIELDS (event_table, struct event, event_fields);

/* An open tool call. */
struct call {
	char *line; /* owned; NULL: it has ended */
	size_t len;
};

struct code_count {
	char name[CODE_SIZE];
	uint64_t n;
};

struct state {
	const struct lhk_alloc *alloc;
	uint64_t events;
	struct lhk_num last_seq, last_t;  /* of the last event */
	struct strbuf session, plan, ask; /* JSON text; empty: none */
	struct idmap calls;		  /* struct call, by id */
	size_t n_ended;			  /* of them */
	size_t calls_bytes;
	uint64_t left_out; /* tool events without room */
	struct code_count codes[LIMIT_STATE_CODES];
	size_t n_codes;
	struct strbuf text; /* the last text of the assistant */
	struct idmap_key text_id;
	int has_text;
	int truncated; /* 1: a text or a line was too long */
	int failed;    /* no memory */
};

/* ---- events ---- */

/* Hold a piece of JSON, if it has room. */
static void
hold (struct state *st, struct strbuf *b, const char *data, size_t len)
{
	strbuf_clear (b);
	if (len > LIMIT_STATE_LINE)
		st->truncated = 1;
	else
		strbuf_add (b, data, len);
}

static void
on_session (struct state *st, const struct event *e)
{
	hold (st, &st->session, e->line->ptr, e->line->len);
}

static void
on_plan (struct state *st, const struct event *e)
{
	if (e->entries.ptr != NULL)
		hold (st, &st->plan, e->entries.ptr, e->entries.len);
}

/* A question that was answered is none. */
static void
on_ask (struct state *st, const struct event *e)
{
	if (e->outcome.ptr != NULL)
		strbuf_clear (&st->ask);
	else
		hold (st, &st->ask, e->line->ptr, e->line->len);
}

static void
drop_line (struct state *st, struct call *c)
{
	if (c->line == NULL)
		return;
	st->calls_bytes -= c->len;
	mem_free (st->alloc, c->line, c->len);
	c->line = NULL;
}

static int
is_open (void *user, void *value)
{
	(void) user;
	return ((struct call *) value)->line != NULL;
}

/* The entry of a call, which is made if there is room; or NULL. */
static struct call *
get_call (struct state *st, const struct idmap_key *id)
{
	struct call *c = idmap_find (&st->calls, id);

	if (c != NULL) {
		st->n_ended -= c->line == NULL;
		return c;
	}
	if (st->calls.n == LIMIT_TRACKED && st->n_ended >= SWEEP_MIN) {
		idmap_sweep (&st->calls, is_open, NULL);
		st->n_ended = 0;
	}
	c = idmap_add (&st->calls, id);
	st->failed |= c == NULL && st->calls.n < LIMIT_TRACKED;
	return c;
}

static void
open_call (struct state *st, const struct idmap_key *id,
	   const struct lhk_str *line)
{
	struct call *c = get_call (st, id);

	if (c == NULL) {
		st->left_out++;
		return;
	}
	drop_line (st, c);
	if (line->len > LIMIT_STATE_TOOLS - st->calls_bytes) {
		st->n_ended++;
		st->left_out++;
		return;
	}
	c->line = mem_new (st->alloc, line->len);
	if (c->line == NULL) {
		st->failed = 1;
		return;
	}
	memcpy (c->line, line->ptr, line->len);
	c->len = line->len;
	st->calls_bytes += c->len;
}

static void
end_call (struct state *st, const struct idmap_key *id)
{
	struct call *c = idmap_find (&st->calls, id);

	if (c == NULL || c->line == NULL)
		return;
	drop_line (st, c);
	st->n_ended++;
}

static void
on_tool (struct state *st, const struct event *e)
{
	struct idmap_key id;

	idmap_key_of (&e->id, &id);
	if (LHK_TEXT_IS (&e->status, "pending")
	    || LHK_TEXT_IS (&e->status, "in_progress"))
		open_call (st, &id, e->line);
	else
		end_call (st, &id);
}

static void
append_text (struct state *st, const struct lhk_text *text)
{
	char piece[1024];
	struct text_reader r;
	size_t n;

	text_reader_init (&r, text);
	while ((n = text_reader_plain (&r, piece, sizeof piece)) > 0) {
		if (n > LIMIT_STATE_TEXT - st->text.len) {
			st->truncated = 1;
			return;
		}
		strbuf_add (&st->text, piece, n);
	}
}

/* The text of an id grows by its deltas; any other begins anew. */
static void
on_text (struct state *st, const struct event *e)
{
	struct idmap_key id;

	if (!LHK_TEXT_IS (&e->role, "assistant") || e->text.ptr == NULL
	    || e->parent.ptr != NULL)
		return;
	idmap_key_of (&e->id, &id);
	if (!st->has_text || e->delta != 1
	    || !idmap_key_same (&id, &st->text_id))
		strbuf_clear (&st->text);
	append_text (st, &e->text);
	st->text_id = id;
	st->has_text = 1;
}

/* Where notices of this code are counted. */
static struct code_count *
find_code (struct state *st, const char *name)
{
	size_t i;

	for (i = 0; i < st->n_codes; i++)
		if (strcmp (st->codes[i].name, name) == 0)
			return &st->codes[i];
	if (st->n_codes == LIMIT_STATE_CODES - 1)
		name = OTHER_CODES;
	if (st->n_codes < LIMIT_STATE_CODES)
		strcpy (st->codes[st->n_codes++].name, name);
	return &st->codes[st->n_codes - 1];
}

static void
on_notice (struct state *st, const struct event *e)
{
	char name[CODE_SIZE];

	name[lhk_text_decode (&e->code, name, sizeof name - 1, NULL)] = '\0';
	find_code (st, name)->n++;
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
	struct event e;
	size_t i;

	if (lhk_json_line (line->ptr, line->len, &event_table, &e) < 0)
		return;
	e.line = line;
	st->events++;
	st->last_seq = e.seq;
	st->last_t = e.t;
	for (i = 0; i < ARRAY_SIZE (kinds); i++)
		if (lhk_text_is (&e.kind, kinds[i].kind,
				 strlen (kinds[i].kind)))
			kinds[i].add (st, &e);
}

/* ---- writing ---- */

static void
write_number (struct jw *w, const char *key, const struct lhk_num *number)
{
	if (number->has != 0)
		jw_i64 (w, key, number->value);
}

static void
write_json (struct jw *w, const char *key, const struct strbuf *text)
{
	if (text->len > 0)
		jw_raw (w, key, text->data, text->len);
}

static void
write_tools (const struct state *st, struct jw *w)
{
	const struct call *c;
	size_t i;

	jw_list_begin (w, "tools_open");
	for (i = 0; i < st->calls.n; i++) {
		c = idmap_value (&st->calls, i);
		if (c->line != NULL)
			jw_raw (w, NULL, c->line, c->len);
	}
	jw_list_end (w);
	if (st->left_out > 0)
		jw_u64 (w, "tools_left_out", st->left_out);
}

/* The code of a notice is a plugin's word, so the name is escaped. */
static void
write_notices (const struct state *st, struct jw *w)
{
	size_t i;

	jw_object_begin (w, "notices");
	for (i = 0; i < st->n_codes; i++) {
		jw_name (w, st->codes[i].name, strlen (st->codes[i].name));
		jw_u64 (w, NULL, st->codes[i].n);
	}
	jw_object_end (w);
}

static void
write_state (const struct state *st, struct jw *w)
{
	jw_object_begin (w, "state");
	jw_u64 (w, "events", st->events);
	write_number (w, "last_seq", &st->last_seq);
	write_number (w, "last_t", &st->last_t);
	write_json (w, "session", &st->session);
	write_json (w, "plan", &st->plan);
	write_json (w, "ask", &st->ask);
	write_tools (st, w);
	if (st->has_text)
		jw_bytes (w, "text", strbuf_str (&st->text), st->text.len);
	if (st->truncated)
		jw_bool (w, "truncated", 1);
	write_notices (st, w);
	jw_object_end (w);
}

/* ---- all of it ---- */

static void
begin (struct state *st, const struct lhk_alloc *alloc)
{
	memset (st, 0, sizeof *st);
	st->alloc = alloc;
	strbuf_init (&st->session, alloc);
	strbuf_init (&st->plan, alloc);
	strbuf_init (&st->ask, alloc);
	strbuf_init (&st->text, alloc);
	idmap_init (&st->calls, alloc, sizeof (struct call), LIMIT_TRACKED);
}

static void
end (struct state *st)
{
	size_t i;

	for (i = 0; i < st->calls.n; i++)
		drop_line (st, idmap_value (&st->calls, i));
	idmap_free (&st->calls);
	strbuf_free (&st->session);
	strbuf_free (&st->plan);
	strbuf_free (&st->ask);
	strbuf_free (&st->text);
}

static int
has_failed (const struct state *st)
{
	return st->failed || strbuf_failed (&st->session) < 0
	       || strbuf_failed (&st->plan) < 0 || strbuf_failed (&st->ask) < 0
	       || strbuf_failed (&st->text) < 0;
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
	int r;

	begin (&st, s->alloc);
	r = read_events (&st, s, id, err);
	if (r == LHK_OK && has_failed (&st))
		r = error_set (err, LHK_ENOMEM, 0,
			       "no memory for the state of '%s'", id);
	if (r == LHK_OK)
		write_state (&st, w);
	end (&st);
	return r;
}
