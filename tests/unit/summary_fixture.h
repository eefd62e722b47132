/* SPDX-License-Identifier: MIT */
/* summary_fixture.h - give events to a summary, and read its result. */
#ifndef TESTS_SUMMARY_FIXTURE_H
#define TESTS_SUMMARY_FIXTURE_H

#include <string.h>

#include "event/summary.h"
#include "lib/capture.h"
#include "lib/failing.h"
#include "lib/tap.h"
#include "common/macros.h"

#define MIB (1u << 20)

static struct failing f;
static struct summary *t;
static struct lhk_result result;

static inline void
begin (size_t text_max)
{
	failing_init (&f);
	t = summary_new (&f.alloc, text_max);
	CU_ASSERT_PTR_NOT_NULL_FATAL (t);
}

static inline void
finish (void)
{
	summary_free (t);
	CU_ASSERT (failing_clean (&f));
}

static inline void
session (const char *id, const char *model, const char *parent)
{
	struct lhk_ev_session e = {
		.ev = LHK_EV (struct lhk_ev_session, LHK_EV_SESSION),
		.id = clean_text (id),
		.model = clean_text (model),
	};

	e.ev.parent = clean_text (parent);
	summary_event (t, &e.ev);
}

static inline void
text (int role, int delta, const char *s, const char *parent)
{
	struct lhk_ev_text e = {
		.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT),
		.role = role,
		.delta = delta,
		.text = clean_text (s),
	};

	e.ev.parent = clean_text (parent);
	summary_event (t, &e.ev);
}

static inline void
delta (const char *s)
{
	text (LHK_ROLE_ASSISTANT, 1, s, NULL);
}

static inline void
whole (const char *s)
{
	text (LHK_ROLE_ASSISTANT, 0, s, NULL);
}

static inline void
tool (const char *id, int status, const char *parent)
{
	struct lhk_ev_tool e = {
		.ev = LHK_EV (struct lhk_ev_tool, LHK_EV_TOOL),
		.id = clean_text (id),
		.status = status,
	};

	e.ev.parent = clean_text (parent);
	summary_event (t, &e.ev);
}

static inline void
claim (int verdict, const char *s, int terminal)
{
	struct lhk_ev_result e = {
		.ev = LHK_EV (struct lhk_ev_result, LHK_EV_RESULT),
		.verdict = verdict,
		.terminal = terminal,
		.text = clean_text (s),
	};

	summary_event (t, &e.ev);
}

static inline void
usage (int64_t input)
{
	struct lhk_ev_usage e = {
		.ev = LHK_EV (struct lhk_ev_usage, LHK_EV_USAGE),
		.scope = LHK_SCOPE_CALL,
		.has = LHK_USAGE_INPUT | LHK_USAGE_OUTPUT,
		.input = input,
	};

	summary_event (t, &e.ev);
}

static inline void
task (const char *code, const char *data)
{
	struct lhk_ev_notice e = {
		.ev = LHK_EV (struct lhk_ev_notice, LHK_EV_NOTICE),
		.level = LHK_LOG_INFO,
		.code = clean_text (code),
	};

	e.data.ptr = data;
	e.data.len = data == NULL ? 0 : strlen (data);
	summary_event (t, &e.ev);
}

static inline void
text_is (const char *wanted)
{
	struct lhk_text now = summary_text (t);

	if (wanted == NULL) {
		CU_ASSERT_PTR_NULL (now.ptr);
		return;
	}
	TAP_EQ_MEM (now.ptr, now.len, wanted, strlen (wanted));
}

static inline void
make_result (void)
{
	memset (&result, 0, sizeof result);
	summary_result (t, NULL, 1, &result);
}

#endif /* TESTS_SUMMARY_FIXTURE_H */
