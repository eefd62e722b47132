/* SPDX-License-Identifier: MIT */
/* format_text_fixture.h - give events to the view, and read what a person
 * sees. */
#ifndef TESTS_FORMAT_TEXT_FIXTURE_H
#define TESTS_FORMAT_TEXT_FIXTURE_H

#include <string.h>

#include "lib/capture.h"
#include "lib/failing.h"
#include "lib/tap.h"
#include "format/event_text.h"
#include "common/macros.h"

static struct failing f;
static struct format_text *sink;
static struct outbuf o;
static struct capture got;

static inline void
begin (void)
{
	failing_init (&f);
	got.len = 0;
	outbuf_init (&o, capture_write, &got);
	sink = format_text_new (&f.alloc);
	CU_ASSERT_PTR_NOT_NULL_FATAL (sink);
}

/* What was shown since the last time. */
static inline void
shows (const char *wanted)
{
	outbuf_flush (&o);
	TAP_EQ_MEM (got.data, got.len, wanted, strlen (wanted));
	got.len = 0;
}

static inline void
finish (void)
{
	format_text_free (sink);
	CU_ASSERT (failing_clean (&f));
}

static inline void
say (int role, int delta, const char *id, const char *s, const char *parent)
{
	struct lhk_ev_text e = {
		.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT),
		.role = role,
		.delta = delta,
		.id = clean_text (id),
		.text = clean_text (s),
	};

	e.ev.parent = clean_text (parent);
	e.text.form = LHK_TEXT_PLAIN;
	format_text_event (sink, &o, &e.ev);
}

static inline void
delta (const char *id, const char *s)
{
	say (LHK_ROLE_ASSISTANT, 1, id, s, NULL);
}

static inline void
whole (const char *id, const char *s)
{
	say (LHK_ROLE_ASSISTANT, 0, id, s, NULL);
}

static inline void
tool (const char *id, const char *name, const char *brief, int status,
      const char *parent)
{
	struct lhk_ev_tool e = {
		.ev = LHK_EV (struct lhk_ev_tool, LHK_EV_TOOL),
		.id = clean_text (id),
		.name = clean_text (name),
		.brief = clean_text (brief),
		.status = status,
	};

	e.ev.parent = clean_text (parent);
	format_text_event (sink, &o, &e.ev);
}

static inline void
claim (const char *s)
{
	struct lhk_ev_result e = {
		.ev = LHK_EV (struct lhk_ev_result, LHK_EV_RESULT),
		.verdict = LHK_VERDICT_OK,
		.terminal = 1,
		.text = clean_text (s),
	};

	format_text_event (sink, &o, &e.ev);
}

/* The final result, of a filter without usage. */
static inline void
end (void)
{
	struct lhk_result r = { .size = sizeof r, .verdict = LHK_VERDICT_OK };
	struct lhk_ev_result e = {
		.ev = LHK_EV (struct lhk_ev_result, LHK_EV_RESULT),
		.final = &r,
	};

	format_text_event (sink, &o, &e.ev);
}

#endif /* TESTS_FORMAT_TEXT_FIXTURE_H */
