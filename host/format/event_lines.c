/* SPDX-License-Identifier: MIT */
/* event_lines.c - tools, notices, plans and questions, each in one line. */
#include "config.h"

#include "json/text_reader.h"
#include "format/event_lines.h"
#include "format/event_text.h"
#include "common/limits.h"

#define NAME_SHOWN 60 /* characters of a tool's name */
#define BRIEF_SHOWN 40
#define NOTICE_SHOWN 500

/* Bytes, for the line that says how it ended: BRIEF_SHOWN characters and one
 * that tells there were more. */
#define NAME_KEPT 60
#define BRIEF_KEPT (4 * (BRIEF_SHOWN + 1))

struct seen_tool {
	char name[NAME_KEPT];
	char brief[BRIEF_KEPT];
	uint32_t name_len;
	uint32_t brief_len;
	int32_t bad; /* the bad status that was told; 0: none */
	int32_t reserved;
};

void
event_lines_init (struct event_lines *m, const struct lhk_alloc *alloc)
{
	idmap_init (&m->tools, alloc, sizeof (struct seen_tool));
}

void
event_lines_free (struct event_lines *m)
{
	idmap_free (&m->tools);
}

static void
put_marker (struct outbuf *o, const struct lhk_text *name,
	    const struct lhk_text *brief)
{
	OUT_LIT (o, "[tool: ");
	if (name->len > 0)
		termsafe_text (o, name, 1, NAME_SHOWN);
	else
		OUT_LIT (o, "?");
	if (brief->len > 0) {
		OUT_LIT (o, "(");
		termsafe_text (o, brief, 1, BRIEF_SHOWN);
		OUT_LIT (o, ")");
	}
}

static void
put_bad_end (struct outbuf *o, const struct lhk_ev_tool *e)
{
	if (e->status == LHK_TOOL_DENIED)
		OUT_LIT (o, " -> denied");
	else if (e->status == LHK_TOOL_CANCELED)
		OUT_LIT (o, " -> canceled");
	else
		OUT_LIT (o, " -> failed");
	if ((e->flags & LHK_TOOL_HAS_EXIT) != 0) {
		OUT_LIT (o, ", exit ");
		outbuf_i64 (o, e->exit_code);
	}
}

static int
is_first_quarter (void *user, void *value)
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

/* Remember a tool whose marker is being shown; NULL: it has no id, or there
 * is no memory, and its end goes untold. */
static struct seen_tool *
remember_tool (struct event_lines *m, const struct lhk_ev_tool *e,
	       const struct idmap_key *id)
{
	struct seen_tool *seen = NULL;
	size_t drop = LIMIT_TRACKED / 4;

	if (m->tools.n == LIMIT_TRACKED)
		idmap_sweep (&m->tools, is_first_quarter, &drop);
	if (!idmap_key_absent (id))
		seen = idmap_add (&m->tools, id);
	if (seen == NULL)
		return NULL;
	seen->name_len = copy_text (&e->name, seen->name, NAME_KEPT);
	seen->brief_len = copy_text (&e->brief, seen->brief, BRIEF_KEPT);
	return seen;
}

/* An update may have left out what was said before. */
static void
prefer (struct lhk_text *text, const char *kept, size_t len)
{
	if (text->len > 0)
		return;
	text->ptr = kept;
	text->len = len;
	text->form = LHK_TEXT_PLAIN;
}

void
event_lines_tool (struct event_lines *m, struct line *l, struct outbuf *o,
		  const struct lhk_event *event)
{
	const struct lhk_ev_tool *e = (const struct lhk_ev_tool *) event;
	int bad = e->status >= LHK_TOOL_FAILED ? e->status : 0;
	struct lhk_text name = e->name, brief = e->brief;
	struct seen_tool *seen;
	struct idmap_key id, parent;
	int is_new;

	idmap_key_of (&e->id, &id);
	idmap_key_of (&event->parent, &parent);
	seen = idmap_key_absent (&id) ? NULL : idmap_find (&m->tools, &id);
	is_new = seen == NULL;
	if (is_new)
		seen = remember_tool (m, e, &id);
	else if (!bad || bad == seen->bad)
		return;
	if (seen != NULL) {
		seen->bad = bad;
		prefer (&name, seen->name, seen->name_len);
		prefer (&brief, seen->brief, seen->brief_len);
	}
	if (is_new && !bad && l->kind == LINE_TEXT
	    && idmap_key_same (&l->of, &parent)) {
		put_marker (o, &name, &brief);
		OUT_LIT (o, "]");
		text_line_marker (l);
		return;
	}
	text_line_own (l, o, event);
	put_marker (o, &name, &brief);
	if (bad)
		put_bad_end (o, e);
	OUT_LIT (o, "]\n");
}

void
event_lines_notice (struct line *l, struct outbuf *o,
		    const struct lhk_event *event)
{
	const struct lhk_ev_notice *e = (const struct lhk_ev_notice *) event;

	if (e->level > LHK_LOG_WARN)
		return;
	text_line_own (l, o, event);
	OUT_LIT (o, "[notice: ");
	termsafe_text (o, &e->code, 1, NAME_SHOWN);
	OUT_LIT (o, "] ");
	termsafe_text (o, &e->text, 1, NOTICE_SHOWN);
	OUT_LIT (o, "\n");
}

void
event_lines_plan (struct line *l, struct outbuf *o,
		  const struct lhk_event *event)
{
	const struct lhk_ev_plan *e = (const struct lhk_ev_plan *) event;
	const struct lhk_plan_entry *now = NULL;
	size_t i, done = 0;

	for (i = 0; i < e->n_entries; i++) {
		done += e->entries[i].status == LHK_PLAN_DONE;
		if (e->entries[i].status == LHK_PLAN_RUNNING && now == NULL)
			now = &e->entries[i];
	}
	text_line_own (l, o, event);
	OUT_LIT (o, "[plan: ");
	outbuf_u64 (o, done);
	OUT_LIT (o, " of ");
	outbuf_u64 (o, e->n_entries);
	OUT_LIT (o, " done]");
	if (now != NULL) {
		OUT_LIT (o, " ");
		termsafe_text (o, &now->text, 1, NOTICE_SHOWN);
	}
	OUT_LIT (o, "\n");
}

void
event_lines_ask (struct line *l, struct outbuf *o,
		 const struct lhk_event *event)
{
	const struct lhk_ev_ask *e = (const struct lhk_ev_ask *) event;

	text_line_own (l, o, event);
	OUT_LIT (o, "[ask] ");
	termsafe_text (o, &e->text, 1, NOTICE_SHOWN);
	if (e->outcome.len > 0) {
		OUT_LIT (o, " -> ");
		termsafe_text (o, &e->outcome, 1, NAME_SHOWN);
	}
	OUT_LIT (o, "\n");
}
