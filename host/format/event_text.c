/* SPDX-License-Identifier: MIT */
/* event_text.c - what the assistant says, and nothing else. */
#include "config.h"

#include <string.h>

#include <linehook/json.h>

#include "common/mem.h"
#include "common/termsafe.h"
#include "format/event_text.h"
#include "format/text_once.h"

struct format_text {
	const struct lhk_alloc *alloc;
	int mid_line;
	int held_cr; /* the open line ends with a carriage return, not shown */
	uint32_t last;	    /* character of the open line */
	struct outbuf *out; /* of this event */
	struct text_once once;
};

/* ---- lines ---- */

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
	termsafe_write_piece (s->out, p, len - (s->held_cr != 0), &s->last);
}

static void
end_line (void *user)
{
	struct format_text *s = user;

	OUTBUF_LIT (s->out, "\n");
	s->mid_line = 0;
	s->held_cr = 0;
	s->last = 0;
}

/* P is one line of text, or a part of one: a newline can only be at its end. */
static void
put_segment (struct format_text *s, const char *p, size_t n)
{
	size_t len = n > 0 && p[n - 1] == '\n' ? n - 1 : n;

	put_piece (s, p, len);
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

	(void) line;
	while (n > 0) {
		lf = memchr (p, '\n', n);
		len = lf != NULL ? (size_t) (lf - p) + 1 : n;
		put_segment (s, p, len);
		p += len;
		n -= len;
	}
	return s->mid_line;
}

static const struct text_sink sink = { put_lines, end_line };

struct format_text *
format_text_new (const struct lhk_alloc *alloc)
{
	struct format_text *s = mem_zero (alloc, sizeof *s);

	if (s == NULL)
		return NULL;
	s->alloc = alloc;
	text_once_init (&s->once, alloc, &sink, s);
	return s;
}

void
format_text_free (struct format_text *s)
{
	if (s == NULL)
		return;
	text_once_free (&s->once);
	mem_free (s->alloc, s, sizeof *s);
}

/* ---- events ---- */

static void
on_text (struct format_text *s, const struct lhk_event *event)
{
	const struct lhk_ev_text *e = (const struct lhk_ev_text *) event;

	if (e->role == LHK_ROLE_ASSISTANT && event->parent.ptr == NULL
	    && (e->flags & LHK_TEXT_SYNTHETIC) == 0)
		text_once_text (&s->once, e);
}

static void
on_result (struct format_text *s, const struct lhk_event *event)
{
	const struct lhk_ev_result *e = (const struct lhk_ev_result *) event;

	if (e->final == NULL)
		text_once_claim (&s->once, e);
	else
		text_once_end_line (&s->once);
}

static void
on_notice (struct format_text *s, const struct lhk_event *event)
{
	const struct lhk_ev_notice *e = (const struct lhk_ev_notice *) event;

	if (LHK_TEXT_IS (&e->code, LHK_CODE_RETRY))
		text_once_retry (&s->once, event);
}

void
format_text_event (struct format_text *s, struct outbuf *o,
		   const struct lhk_event *event)
{
	s->out = o;
	switch (event->kind) {
	case LHK_EV_RUN:
		text_once_run (&s->once, (const struct lhk_ev_run *) event);
		break;
	case LHK_EV_TEXT:
		on_text (s, event);
		break;
	case LHK_EV_RESULT:
		on_result (s, event);
		break;
	case LHK_EV_TOOL:
		text_once_end_nameless (&s->once, event);
		break;
	case LHK_EV_NOTICE:
		on_notice (s, event);
		break;
	}
}

void
format_text_end_line (struct format_text *s, struct outbuf *o)
{
	s->out = o;
	text_once_end_line (&s->once);
}
