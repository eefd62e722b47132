/* SPDX-License-Identifier: MIT */
/* event_text.c - events as a person reads them. */
#include "config.h"

#include <string.h>

#include <linehook/json.h>

#include "common/limits.h"
#include "common/mem.h"
#include "common/termsafe.h"
#include "format/event_text.h"
#include "format/safe_text.h"
#include "format/summary_text.h"
#include "format/text_once.h"
#include "json/text_reader.h"

/* Characters that are shown of the members of an event. */
#define NAME_SHOWN 60
#define NOTICE_SHOWN 500

/* Bytes that are kept of a tool call for the line that says how it ended:
 * enough for what is shown, and for one character more of the brief, which
 * tells that it was longer. */
#define BRIEF_SHOWN 40
#define NAME_BYTES 60
#define BRIEF_BYTES (4 * (BRIEF_SHOWN + 1))

#define DIM "\033[2m"
#define UNDIM "\033[0m"

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
	int mid_line;
	int held_cr; /* the open line ends with a carriage return, not shown */
	struct outbuf *out; /* of this event */
	struct text_once once;
	struct idmap tools; /* of struct shown_tool */
};

/* ---- lines ---- */

static const char *
line_prefix (const struct format_text *s, int role,
	     const struct idmap_key *parent)
{
	int thought =
		role == LHK_ROLE_THOUGHT && (s->flags & FORMAT_TEXT_COLOR) == 0;

	if (idmap_key_absent (parent))
		return thought ? "[thinking] " : "";
	return thought ? "  | [thinking] " : "  | ";
}

/* Part of a line.  A carriage return at its end waits for what comes next: the
 * end of the line drops it. */
static void
put_piece (struct format_text *s, const char *p, size_t len)
{
	if (len == 0)
		return;
	if (s->held_cr)
		OUTBUF_LIT (s->out, "\\r");
	s->held_cr = p[len - 1] == '\r';
	termsafe_write (s->out, p, len - (s->held_cr != 0), 0);
}

static void
end_line (void *user)
{
	struct format_text *s = user;

	OUTBUF_LIT (s->out, "\n");
	s->mid_line = 0;
	s->held_cr = 0;
}

/* P is one line of text, or a part of one: a newline can only be at its end. */
static void
put_segment (struct format_text *s, const struct text_line *line, const char *p,
	     size_t n)
{
	int dim = line->role == LHK_ROLE_THOUGHT
		  && (s->flags & FORMAT_TEXT_COLOR) != 0;
	size_t len = n > 0 && p[n - 1] == '\n' ? n - 1 : n;

	if (!s->mid_line)
		outbuf_str (s->out, line_prefix (s, line->role, &line->parent));
	if (dim && len > 0)
		OUTBUF_LIT (s->out, DIM);
	put_piece (s, p, len);
	if (dim && len > 0)
		OUTBUF_LIT (s->out, UNDIM);
	s->mid_line = 1;
	if (len < n)
		end_line (s);
}

static int
put_lines (void *user, const struct text_line *line, const char *p, size_t n)
{
	struct format_text *s = user;
	const char *lf;
	size_t len;

	while (n > 0) {
		lf = memchr (p, '\n', n);
		len = lf != NULL ? (size_t) (lf - p) + 1 : n;
		put_segment (s, line, p, len);
		p += len;
		n -= len;
	}
	return s->mid_line;
}

static const struct text_sink sink = { put_lines, end_line };

/* Begin a line about EVENT alone; the caller writes all of it. */
static void
begin_own_line (struct format_text *s, const struct lhk_event *event)
{
	struct idmap_key parent;

	text_once_end_line (&s->once);
	idmap_key_of (&event->parent, &parent);
	outbuf_str (s->out, line_prefix (s, LHK_ROLE_ASSISTANT, &parent));
}

struct format_text *
format_text_new (const struct lhk_alloc *alloc, unsigned int flags)
{
	struct format_text *s = mem_zero (alloc, sizeof *s);

	if (s == NULL)
		return NULL;
	s->alloc = alloc;
	s->flags = flags;
	idmap_init (&s->tools, alloc, sizeof (struct shown_tool),
		    LIMIT_TRACKED);
	text_once_init (&s->once, alloc, &sink, s);
	return s;
}

void
format_text_free (struct format_text *s)
{
	if (s == NULL)
		return;
	idmap_free (&s->tools);
	text_once_free (&s->once);
	mem_free (s->alloc, s, sizeof *s);
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
	if (is_new && !bad && s->once.line.role == LHK_ROLE_ASSISTANT
	    && idmap_key_same (&s->once.line.parent, &parent)) {
		put_marker (o, &name, &brief);
		OUTBUF_LIT (o, "]");
		memset (&s->once.line.text, 0, sizeof s->once.line.text);
		return;
	}
	begin_own_line (s, event);
	put_marker (o, &name, &brief);
	if (bad)
		put_bad_end (o, e);
	OUTBUF_LIT (o, "]\n");
}

/* ---- notices, plans and questions ---- */

static void
on_notice (struct format_text *s, struct outbuf *o,
	   const struct lhk_event *event, int verbose)
{
	const struct lhk_ev_notice *e = (const struct lhk_ev_notice *) event;

	if (LHK_TEXT_IS (&e->code, LHK_CODE_RETRY))
		text_once_retry (&s->once, event);
	if (!verbose || e->level > LHK_LOG_WARN)
		return;
	begin_own_line (s, event);
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
	begin_own_line (s, event);
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

	begin_own_line (s, event);
	OUTBUF_LIT (o, "[ask] ");
	format_safe_text (o, &e->text, 1, NOTICE_SHOWN);
	if (e->outcome.len > 0) {
		OUTBUF_LIT (o, " -> ");
		format_safe_text (o, &e->outcome, 1, NAME_SHOWN);
	}
	OUTBUF_LIT (o, "\n");
}

static int
is_shown (const struct format_text *s, const struct lhk_ev_text *e)
{
	if ((s->flags & FORMAT_TEXT_VERBOSE) != 0)
		return e->role == LHK_ROLE_ASSISTANT
		       || e->role == LHK_ROLE_THOUGHT;
	return e->role == LHK_ROLE_ASSISTANT && e->ev.parent.ptr == NULL
	       && (e->flags & LHK_TEXT_SYNTHETIC) == 0;
}

static void
on_text (struct format_text *s, const struct lhk_event *event)
{
	const struct lhk_ev_text *e = (const struct lhk_ev_text *) event;

	if (is_shown (s, e))
		text_once_text (&s->once, e);
}

static void
on_result (struct format_text *s, const struct lhk_event *event)
{
	const struct lhk_ev_result *e = (const struct lhk_ev_result *) event;

	if (e->final == NULL) {
		text_once_claim (&s->once, e);
		return;
	}
	text_once_end_line (&s->once);
	if ((s->flags & FORMAT_TEXT_VERBOSE) != 0)
		format_summary_line (s->out, e->final);
}

void
format_text_event (struct format_text *s, struct outbuf *o,
		   const struct lhk_event *event)
{
	int verbose = (s->flags & FORMAT_TEXT_VERBOSE) != 0;

	s->out = o;
	switch (event->kind) {
	case LHK_EV_TEXT:
		on_text (s, event);
		break;
	case LHK_EV_RESULT:
		on_result (s, event);
		break;
	case LHK_EV_TOOL:
		text_once_end_nameless (&s->once, event);
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
		on_notice (s, o, event, verbose);
		break;
	}
}

void
format_text_end_line (struct format_text *s, struct outbuf *o)
{
	s->out = o;
	text_once_end_line (&s->once);
}
