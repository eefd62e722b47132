/* SPDX-License-Identifier: MIT */
/* format_text_fixture.h - give events to the view, and read what a person sees. */
#ifndef TESTS_FORMAT_TEXT_FIXTURE_H
#define TESTS_FORMAT_TEXT_FIXTURE_H

#include <string.h>

#include "lib/failing.h"
#include "lib/tap.h"
#include "format/event_text.h"
#include "common/macros.h"

#define VERBOSE FORMAT_TEXT_VERBOSE
#define SAFE FORMAT_TEXT_SAFE
#define COLOR FORMAT_TEXT_COLOR

static struct failing f;
static struct format_text *sink;
static struct outbuf o;
static char got[1 << 20];
static size_t got_len;

static inline void
take (void *user, const char *data, size_t len)
{
	(void) user;
	CU_ASSERT_FATAL (got_len + len <= sizeof got);
	memcpy (got + got_len, data, len);
	got_len += len;
}

static inline void
begin (unsigned int flags)
{
	failing_init (&f);
	got_len = 0;
	outbuf_init (&o, take, NULL);
	sink = format_text_new (&f.alloc, flags);
	CU_ASSERT_PTR_NOT_NULL_FATAL (sink);
}

/* What was shown since the last time. */
static inline void
shows (const char *wanted)
{
	outbuf_flush (&o);
	TAP_EQ_MEM (got, got_len, wanted, strlen (wanted));
	got_len = 0;
}

static inline void
finish (void)
{
	format_text_free (sink);
	CU_ASSERT (failing_clean (&f));
}

static inline struct lhk_text
clean (const char *s)
{
	struct lhk_text text = { s, s == NULL ? 0 : strlen (s), LHK_TEXT_CLEAN,
				 0 };

	return text;
}

static inline void
say (int role, int delta, const char *id, const char *s, const char *parent)
{
	struct lhk_ev_text e = {
		.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT),
		.role = role,
		.delta = delta,
		.id = clean (id),
		.text = clean (s),
	};

	e.ev.parent = clean (parent);
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
		.id = clean (id),
		.name = clean (name),
		.brief = clean (brief),
		.status = status,
	};

	e.ev.parent = clean (parent);
	format_text_event (sink, &o, &e.ev);
}

static inline void
claim (const char *s)
{
	struct lhk_ev_result e = {
		.ev = LHK_EV (struct lhk_ev_result, LHK_EV_RESULT),
		.verdict = LHK_VERDICT_OK,
		.terminal = 1,
		.text = clean (s),
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
