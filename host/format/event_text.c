/* SPDX-License-Identifier: MIT */
/* event_text.c - events as a person reads them. */
#include "config.h"

#include <string.h>

#include "common/limits.h"
#include "common/mem.h"
#include "common/termsafe.h"
#include "event/idmap.h"
#include "format/event_text.h"
#include "format/safe_text.h"
#include "format/summary_text.h"
#include "json/text_reader.h"

#define DIM "\033[2m"
#define UNDIM "\033[0m"

/* Characters that are shown of the members of an event. */
#define NAME_SHOWN 60
#define BRIEF_SHOWN 40
#define NOTICE_SHOWN 500

/* Bytes that are kept of a tool call for the line that says how it ended:
 * enough for what is shown, and for one character more of the brief, which
 * tells that it was longer. */
#define NAME_BYTES 60
#define BRIEF_BYTES (4 * (BRIEF_SHOWN + 1))

/* Texts whose deltas are followed at the same time; the text that was added
 * to longest ago gives way to a new one. */
#define TEXTS_MAX 16

enum line_kind { LINE_NONE, LINE_TEXT, LINE_THOUGHT };

/* The line at the end of the output, while it has no newline yet. */
struct open_line {
	enum line_kind kind;	 /* LINE_NONE: there is no such line */
	struct idmap_key parent; /* the subagent of the line, or absent */
	struct idmap_key text;	 /* the text at its end; absent: a marker */
};

/* How much of a text was shown by its deltas.  When the whole text comes, the
 * length and the hash tell whether it goes on from there. */
struct shown_text {
	struct idmap_key id;
	uint64_t len;  /* bytes of plain UTF-8; 0: the entry is free */
	uint64_t hash; /* of those bytes */
	uint64_t age;
};

/* A tool call that has its marker. */
struct shown_tool {
	char name[NAME_BYTES];
	char brief[BRIEF_BYTES];
	uint32_t name_len;
	uint32_t brief_len;
	int32_t bad_status; /* the failure that was shown; 0: none */
	int32_t reserved;
};

struct format_text {
	const struct lhk_alloc *alloc;
	unsigned int flags; /* FORMAT_TEXT_* */
	struct open_line line;
	struct shown_text texts[TEXTS_MAX];
	uint64_t clock;	    /* counts the uses of TEXTS */
	struct idmap tools; /* of struct shown_tool */
	int any_text;	    /* the main thread has said something */
};

struct format_text *
format_text_new (const struct lhk_alloc *alloc, unsigned int flags)
{
	struct format_text *s = mem_zero (alloc, sizeof *s);

	if (s == NULL)
		return NULL;
	s->alloc = alloc;
	s->flags = flags;
	idmap_init (&s->tools, alloc, sizeof (struct shown_tool));
	return s;
}

void
format_text_free (struct format_text *s)
{
	if (s == NULL)
		return;
	idmap_free (&s->tools);
	mem_free (s->alloc, s, sizeof *s);
}

/* ---- lines ---- */

static void
end_line (struct format_text *s, struct outbuf *o)
{
	if (s->line.kind != LINE_NONE)
		OUTBUF_LIT (o, "\n");
	s->line.kind = LINE_NONE;
}

static const char *
line_prefix (const struct format_text *s, enum line_kind kind,
	     const struct idmap_key *parent)
{
	int thought =
		kind == LINE_THOUGHT && (s->flags & FORMAT_TEXT_COLOR) == 0;

	if (idmap_key_absent (parent))
		return thought ? "[thinking] " : "";
	return thought ? "  | [thinking] " : "  | ";
}

/* Begin a line about EVENT alone; the caller writes all of it. */
static void
begin_own_line (struct format_text *s, struct outbuf *o,
		const struct lhk_event *event)
{
	struct idmap_key parent;

	end_line (s, o);
	idmap_key_of (&event->parent, &parent);
	outbuf_str (o, line_prefix (s, LINE_TEXT, &parent));
}

/* End the open line if it belongs to something else.  Texts of two ids are
 * two lines, unless a marker stands between them. */
static void
continue_line (struct format_text *s, struct outbuf *o, enum line_kind kind,
	       const struct idmap_key *parent, const struct idmap_key *id)
{
	const struct open_line *l = &s->line;

	if (l->kind != LINE_NONE
	    && (l->kind != kind || !idmap_key_same (&l->parent, parent)
		|| (!idmap_key_same (&l->text, id) && !idmap_key_absent (id)
		    && !idmap_key_absent (&l->text))))
		end_line (s, o);
	s->line.parent = *parent;
	s->line.text = *id;
}

/* P is one line of text, or a part of one: a newline can only be at its end. */
static void
put_segment (struct format_text *s, struct outbuf *o, enum line_kind kind,
	     const char *p, size_t n)
{
	int dim = kind == LINE_THOUGHT && (s->flags & FORMAT_TEXT_COLOR) != 0;
	size_t len = n > 0 && p[n - 1] == '\n' ? n - 1 : n;

	if (s->line.kind == LINE_NONE)
		outbuf_str (o, line_prefix (s, kind, &s->line.parent));
	if (dim && len > 0)
		OUTBUF_LIT (o, DIM);
	if ((s->flags & FORMAT_TEXT_SAFE) != 0)
		termsafe_write (o, p, len, 0);
	else
		outbuf_put (o, p, len);
	if (dim && len > 0)
		OUTBUF_LIT (o, UNDIM);
	if (len < n)
		OUTBUF_LIT (o, "\n");
	s->line.kind = len < n ? LINE_NONE : kind;
}

/* P is plain UTF-8, whole characters, and continues the open line. */
static void
put_lines (struct format_text *s, struct outbuf *o, enum line_kind kind,
	   const char *p, size_t n)
{
	const char *lf;
	size_t len;

	while (n > 0) {
		lf = memchr (p, '\n', n);
		len = lf != NULL ? (size_t) (lf - p) + 1 : n;
		put_segment (s, o, kind, p, len);
		p += len;
		n -= len;
	}
}

/* ---- what was shown of a text ---- */

/* FNV-1a goes byte by byte, so the pieces of a text may be cut anywhere. */
#define HASH_START 0xcbf29ce484222325u
#define HASH_PRIME 0x100000001b3u

static uint64_t
hash_more (uint64_t hash, const char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		hash = (hash ^ (unsigned char) p[i]) * HASH_PRIME;
	return hash;
}

/* What comes next under this id is another text. */
static void
forget_text (struct shown_text *t)
{
	t->len = 0;
	t->hash = HASH_START;
}

/* The entry of a text; it takes the place of the oldest if there is none. */
static struct shown_text *
find_text (struct format_text *s, enum line_kind kind,
	   const struct idmap_key *parent, const struct idmap_key *id)
{
	struct shown_text *t, *oldest = s->texts;
	struct idmap_key key = *id;

	idmap_key_mix (&key, parent->a ^ (uint64_t) kind);
	for (t = s->texts; t < s->texts + TEXTS_MAX; t++) {
		if (t->len > 0 && idmap_key_same (&t->id, &key))
			break;
		if (t->age < oldest->age)
			oldest = t;
	}
	if (t == s->texts + TEXTS_MAX) {
		t = oldest;
		t->id = key;
		forget_text (t);
	}
	t->age = ++s->clock;
	return t;
}

/* Does the text that R reads begin with what was shown?  R is behind that
 * then, and anywhere in the text if it does not. */
static int
skip_shown (const struct shown_text *t, struct text_reader *r)
{
	uint64_t hash = HASH_START, left = t->len;
	char piece[4096];
	size_t n;

	while (left > 0) {
		n = left < sizeof piece ? (size_t) left : sizeof piece;
		n = text_reader_plain (r, piece, n);
		if (n == 0)
			return 0;
		hash = hash_more (hash, piece, n);
		left -= n;
	}
	return hash == t->hash;
}

/* Show all that R has not read yet. */
static void
put_rest (struct format_text *s, struct outbuf *o, enum line_kind kind,
	  struct shown_text *shown, struct text_reader *r)
{
	char piece[4096];
	size_t n;

	while ((n = text_reader_plain (r, piece, sizeof piece)) > 0) {
		shown->hash = hash_more (shown->hash, piece, n);
		shown->len += n;
		put_lines (s, o, kind, piece, n);
	}
}

/* ---- texts and results ---- */

static void
put_text (struct format_text *s, struct outbuf *o, const struct lhk_ev_text *e,
	  enum line_kind kind, const struct idmap_key *parent)
{
	struct shown_text *shown;
	struct text_reader r;
	struct idmap_key id;

	idmap_key_of (&e->id, &id);
	shown = find_text (s, kind, parent, &id);
	text_reader_init (&r, &e->text);
	if (e->delta) {
		continue_line (s, o, kind, parent, &id);
		put_rest (s, o, kind, shown, &r);
		return;
	}
	if (shown->len > 0 && skip_shown (shown, &r)) {
		if (r.at < r.end)
			continue_line (s, o, kind, parent, &id);
	} else {
		end_line (s, o);
		forget_text (shown);
		text_reader_init (&r, &e->text);
		continue_line (s, o, kind, parent, &id);
	}
	put_rest (s, o, kind, shown, &r);
	if (s->line.kind == kind && idmap_key_same (&s->line.parent, parent)
	    && idmap_key_same (&s->line.text, &id))
		end_line (s, o);
	if (idmap_key_absent (&id))
		forget_text (shown);
}

static void
on_text (struct format_text *s, struct outbuf *o, const struct lhk_event *event)
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
		put_text (s, o, e, LINE_TEXT, &parent);
		if (e->text.len > 0 && event->parent.ptr == NULL)
			s->any_text = 1;
	} else if (e->role == LHK_ROLE_THOUGHT) {
		put_text (s, o, e, LINE_THOUGHT, &parent);
	}
}

/* A text without an id that comes after a tool call is not the one that came
 * before it. */
static void
end_nameless_texts (struct format_text *s, const struct lhk_event *event)
{
	static const struct idmap_key nameless;
	struct idmap_key parent;

	idmap_key_of (&event->parent, &parent);
	forget_text (find_text (s, LINE_TEXT, &parent, &nameless));
	forget_text (find_text (s, LINE_THOUGHT, &parent, &nameless));
}

static void
on_result (struct format_text *s, struct outbuf *o,
	   const struct lhk_event *event)
{
	const struct lhk_ev_result *e = (const struct lhk_ev_result *) event;
	struct lhk_ev_text text = {
		.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT),
		.role = LHK_ROLE_ASSISTANT,
		.text = e->text,
	};

	end_nameless_texts (s, event);
	if (e->final != NULL) {
		end_line (s, o);
		if ((s->flags & FORMAT_TEXT_VERBOSE) != 0)
			format_summary_line (o, e->final);
	} else if (!s->any_text && event->parent.ptr == NULL) {
		on_text (s, o, &text.ev);
	}
}

/* ---- tools ---- */

static void
put_marker (struct outbuf *o, const struct lhk_text *name,
	    const struct lhk_text *brief)
{
	OUTBUF_LIT (o, "[tool: ");
	if (name->len > 0)
		format_safe_text (o, name, 1, NAME_SHOWN);
	else
		OUTBUF_LIT (o, "?");
	if (brief->len > 0) {
		OUTBUF_LIT (o, "(");
		format_safe_text (o, brief, 1, BRIEF_SHOWN);
		OUTBUF_LIT (o, ")");
	}
}

static void
put_bad_end (struct outbuf *o, const struct lhk_ev_tool *e)
{
	if (e->status == LHK_TOOL_DENIED)
		OUTBUF_LIT (o, " -> denied");
	else if (e->status == LHK_TOOL_CANCELED)
		OUTBUF_LIT (o, " -> canceled");
	else
		OUTBUF_LIT (o, " -> failed");
	if ((e->flags & LHK_TOOL_HAS_EXIT) != 0) {
		OUTBUF_LIT (o, ", exit ");
		outbuf_i64 (o, e->exit_code);
	}
}

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

static uint32_t
copy_text (const struct lhk_text *text, char *out, size_t cap)
{
	struct text_reader r;

	text_reader_init (&r, text);
	return (uint32_t) text_reader_plain (&r, out, cap);
}

/* Remember a tool call whose marker is being shown.  NULL if it has no id or
 * there is no memory: then its end is not shown. */
static struct shown_tool *
remember_tool (struct format_text *s, const struct lhk_ev_tool *e,
	       const struct idmap_key *id)
{
	struct shown_tool *tool = NULL;
	size_t drop = LIMIT_TRACKED / 4;

	if (s->tools.n == LIMIT_TRACKED)
		idmap_sweep (&s->tools, drop_oldest, &drop);
	if (!idmap_key_absent (id))
		tool = idmap_add (&s->tools, id);
	if (tool == NULL)
		return NULL;
	tool->name_len = copy_text (&e->name, tool->name, NAME_BYTES);
	tool->brief_len = copy_text (&e->brief, tool->brief, BRIEF_BYTES);
	return tool;
}

/* An update may leave out what an earlier event of the call said. */
static void
use_if_empty (struct lhk_text *text, const char *earlier, size_t len)
{
	if (text->len > 0)
		return;
	text->ptr = earlier;
	text->len = len;
	text->form = LHK_TEXT_PLAIN;
}

static void
on_tool (struct format_text *s, struct outbuf *o, const struct lhk_event *event)
{
	const struct lhk_ev_tool *e = (const struct lhk_ev_tool *) event;
	int bad = e->status >= LHK_TOOL_FAILED ? e->status : 0;
	struct lhk_text name = e->name, brief = e->brief;
	struct shown_tool *tool;
	struct idmap_key id, parent;
	int is_new;

	idmap_key_of (&e->id, &id);
	idmap_key_of (&event->parent, &parent);
	tool = idmap_key_absent (&id) ? NULL : idmap_find (&s->tools, &id);
	is_new = tool == NULL;
	if (is_new)
		tool = remember_tool (s, e, &id);
	else if (!bad || bad == tool->bad_status)
		return;
	if (tool != NULL) {
		tool->bad_status = bad;
		use_if_empty (&name, tool->name, tool->name_len);
		use_if_empty (&brief, tool->brief, tool->brief_len);
	}
	if (is_new && !bad && s->line.kind == LINE_TEXT
	    && idmap_key_same (&s->line.parent, &parent)) {
		put_marker (o, &name, &brief);
		OUTBUF_LIT (o, "]");
		memset (&s->line.text, 0, sizeof s->line.text);
		return;
	}
	begin_own_line (s, o, event);
	put_marker (o, &name, &brief);
	if (bad)
		put_bad_end (o, e);
	OUTBUF_LIT (o, "]\n");
}

/* ---- notices, plans and questions ---- */

static void
on_notice (struct format_text *s, struct outbuf *o,
	   const struct lhk_event *event)
{
	const struct lhk_ev_notice *e = (const struct lhk_ev_notice *) event;

	if (e->level > LHK_LOG_WARN)
		return;
	begin_own_line (s, o, event);
	OUTBUF_LIT (o, "[notice: ");
	format_safe_text (o, &e->code, 1, NAME_SHOWN);
	OUTBUF_LIT (o, "] ");
	format_safe_text (o, &e->text, 1, NOTICE_SHOWN);
	OUTBUF_LIT (o, "\n");
}

static void
on_plan (struct format_text *s, struct outbuf *o, const struct lhk_event *event)
{
	const struct lhk_ev_plan *e = (const struct lhk_ev_plan *) event;
	const struct lhk_plan_entry *now = NULL;
	size_t i, done = 0;

	for (i = 0; i < e->n_entries; i++) {
		done += e->entries[i].status == LHK_PLAN_DONE;
		if (e->entries[i].status == LHK_PLAN_RUNNING && now == NULL)
			now = &e->entries[i];
	}
	begin_own_line (s, o, event);
	OUTBUF_LIT (o, "[plan: ");
	outbuf_u64 (o, done);
	OUTBUF_LIT (o, " of ");
	outbuf_u64 (o, e->n_entries);
	OUTBUF_LIT (o, " done]");
	if (now != NULL) {
		OUTBUF_LIT (o, " ");
		format_safe_text (o, &now->text, 1, NOTICE_SHOWN);
	}
	OUTBUF_LIT (o, "\n");
}

static void
on_ask (struct format_text *s, struct outbuf *o, const struct lhk_event *event)
{
	const struct lhk_ev_ask *e = (const struct lhk_ev_ask *) event;

	begin_own_line (s, o, event);
	OUTBUF_LIT (o, "[ask] ");
	format_safe_text (o, &e->text, 1, NOTICE_SHOWN);
	if (e->outcome.len > 0) {
		OUTBUF_LIT (o, " -> ");
		format_safe_text (o, &e->outcome, 1, NAME_SHOWN);
	}
	OUTBUF_LIT (o, "\n");
}

void
format_text_event (struct format_text *s, struct outbuf *o,
		   const struct lhk_event *event)
{
	int verbose = (s->flags & FORMAT_TEXT_VERBOSE) != 0;

	switch (event->kind) {
	case LHK_EV_TEXT:
		on_text (s, o, event);
		break;
	case LHK_EV_RESULT:
		on_result (s, o, event);
		break;
	case LHK_EV_TOOL:
		end_nameless_texts (s, event);
		if (verbose)
			on_tool (s, o, event);
		break;
	case LHK_EV_PLAN:
		if (verbose)
			on_plan (s, o, event);
		break;
	case LHK_EV_ASK:
		if (verbose)
			on_ask (s, o, event);
		break;
	case LHK_EV_NOTICE:
		if (verbose)
			on_notice (s, o, event);
		break;
	}
}
