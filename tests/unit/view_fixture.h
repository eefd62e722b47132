/* SPDX-License-Identifier: MIT */
/* view_fixture.h - give events to the view, and read the screen. */
#ifndef TESTS_VIEW_FIXTURE_H
#define TESTS_VIEW_FIXTURE_H

#include <string.h>

#include "cli/view/view.h"
#include "common/macros.h"
#include "lib/capture.h"
#include "lib/failing.h"
#include "lib/tap.h"

static struct failing f;
static struct view *view;
static struct outbuf o;
static struct capture got;
static struct lhk_meta meta;

static inline void
begin_with (const struct view_opts *opts)
{
	failing_init (&f);
	got.len = 0;
	outbuf_init (&o, capture_write, &got);
	memset (&meta, 0, sizeof meta);
	meta.size = sizeof meta;
	meta.time_ms = -1;
	meta.turn = 1;
	view = view_new (&f.alloc, opts);
	CU_ASSERT_PTR_NOT_NULL_FATAL (view);
}

static inline void
begin (unsigned int columns, unsigned int flags)
{
	const struct view_opts opts = { .columns = columns, .flags = flags };

	begin_with (&opts);
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
forget (void)
{
	outbuf_flush (&o);
	got.len = 0;
}

static inline void
finish (void)
{
	view_free (view);
	CU_ASSERT (failing_clean (&f));
}

static inline void
give (const struct lhk_event *event)
{
	view_event (view, &o, &meta, event);
}

/* Escapes and newlines of tests are plain text, not JSON. */
static inline struct lhk_text
plain (const char *s)
{
	struct lhk_text text = clean_text (s);

	text.form = LHK_TEXT_PLAIN;
	return text;
}

static inline void
say (int role, int delta, const char *id, const char *s, const char *parent)
{
	struct lhk_ev_text e = {
		.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT),
		.role = role,
		.delta = delta,
		.id = plain (id),
		.text = plain (s),
	};

	e.ev.parent = plain (parent);
	give (&e.ev);
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

/* A tool call of the main thread, to be filled. */
static inline struct lhk_ev_tool
call (const char *id, const char *name, const char *brief, int status)
{
	struct lhk_ev_tool e = {
		.ev = LHK_EV (struct lhk_ev_tool, LHK_EV_TOOL),
		.status = status,
		.type = LHK_TYPE_EXECUTE,
		.id = plain (id),
		.name = plain (name),
		.brief = plain (brief),
	};

	return e;
}

static inline void
tool (const char *id, const char *name, const char *brief, int status,
      const char *output)
{
	struct lhk_ev_tool e = call (id, name, brief, status);

	e.output = plain (output);
	give (&e.ev);
}

static inline void
notice (int level, const char *code, const char *text, const char *data)
{
	struct lhk_ev_notice e = {
		.ev = LHK_EV (struct lhk_ev_notice, LHK_EV_NOTICE),
		.level = level,
		.code = plain (code),
		.text = plain (text),
	};

	if (data != NULL) {
		e.data.ptr = data;
		e.data.len = strlen (data);
	}
	give (&e.ev);
}

static inline void
claim (int verdict, const char *text, const char *error)
{
	struct lhk_ev_result e = {
		.ev = LHK_EV (struct lhk_ev_result, LHK_EV_RESULT),
		.verdict = verdict,
		.text = plain (text),
		.error = plain (error),
	};

	give (&e.ev);
}

static inline void
end_as (const struct lhk_result *r)
{
	struct lhk_ev_result e = {
		.ev = LHK_EV (struct lhk_ev_result, LHK_EV_RESULT),
		.final = r,
	};

	give (&e.ev);
}

static inline void
end (void)
{
	const struct lhk_result r = { .size = sizeof r,
				      .verdict = LHK_VERDICT_OK };

	end_as (&r);
}

#endif /* TESTS_VIEW_FIXTURE_H */
