/* SPDX-License-Identifier: MIT */
/* format_text_lines.c - verbose shows tools, notices, plans and questions. */
#include "config.h"

#include <stdio.h>

#include "unit/format_text_fixture.h"
#include "common/limits.h"

static void
bad_ends (void)
{
	struct lhk_ev_tool e = {
		.ev = LHK_EV (struct lhk_ev_tool, LHK_EV_TOOL),
		.id = clean_text ("t1"),
		.status = LHK_TOOL_FAILED,
		.flags = LHK_TOOL_HAS_EXIT,
		.exit_code = 2,
	};

	begin (VERBOSE);
	delta (NULL, "now");
	tool ("t1", "Bash", "make", LHK_TOOL_RUNNING, NULL);
	shows ("now\n[tool: Bash(make)]\n");
	/* an update has no name: it is known */
	format_text_event (sink, &o, &e.ev);
	shows ("[tool: Bash(make) -> failed, exit 2]\n");
	format_text_event (sink, &o, &e.ev);
	shows ("");
	e.status = LHK_TOOL_DENIED;
	e.flags = 0;
	format_text_event (sink, &o, &e.ev);
	shows ("[tool: Bash(make) -> denied]\n");
	/* first seen at its end */
	tool ("t2", "Read", "f", LHK_TOOL_CANCELED, NULL);
	tool ("t3", "Read", "f", LHK_TOOL_DONE, NULL);
	shows ("[tool: Read(f) -> canceled]\n[tool: Read(f)]\n");
	tool ("t4", NULL, NULL, LHK_TOOL_RUNNING, NULL);
	shows ("[tool: ?]\n");
	finish ();
}

static void
shown_when_first_seen (void)
{
	begin (VERBOSE);
	tool ("t1", "Bash", NULL, LHK_TOOL_PENDING, NULL);
	tool ("t1", "Bash", "make", LHK_TOOL_RUNNING, NULL);
	tool ("t1", "Bash", "make", LHK_TOOL_DONE, NULL);
	shows ("[tool: Bash]\n");
	/* without an id each is another call */
	tool (NULL, "Bash", "a", LHK_TOOL_DONE, NULL);
	tool (NULL, "Bash", "a", LHK_TOOL_DONE, NULL);
	shows ("[tool: Bash(a)]\n[tool: Bash(a)]\n");
	finish ();
}

static void
notice (int level, const char *code, const char *text)
{
	struct lhk_ev_notice e = {
		.ev = LHK_EV (struct lhk_ev_notice, LHK_EV_NOTICE),
		.level = level,
		.code = clean_text (code),
		.text = clean_text (text),
	};

	e.text.form = LHK_TEXT_PLAIN;
	format_text_event (sink, &o, &e.ev);
}

static void
notices (void)
{
	begin (VERBOSE);
	delta (NULL, "te");
	notice (LHK_LOG_INFO, "retry", "quiet");
	notice (LHK_LOG_DEBUG, "retry", "quiet");
	delta (NULL, "xt");
	notice (LHK_LOG_WARN, "retry", "again in 2 s");
	notice (LHK_LOG_ERROR, "host", "a\nb");
	shows ("text\n[notice: retry] again in 2 s\n[notice: host] a\\nb\n");
	finish ();
	begin (0);
	notice (LHK_LOG_ERROR, "host", "a");
	shows ("");
	finish ();
}

static void
plans_and_questions (void)
{
	static const struct lhk_plan_entry entries[] = {
		{ { "one", 3, 0, 0 }, LHK_PLAN_DONE, 0 },
		{ { "two\x1b", 4, 0, 0 }, LHK_PLAN_RUNNING, 0 },
		{ { "three", 5, 0, 0 }, LHK_PLAN_PENDING, 0 },
	};
	struct lhk_ev_plan plan = {
		.ev = LHK_EV (struct lhk_ev_plan, LHK_EV_PLAN),
		.entries = entries,
		.n_entries = ARRAY_SIZE (entries),
	};
	struct lhk_ev_ask ask = {
		.ev = LHK_EV (struct lhk_ev_ask, LHK_EV_ASK),
		.text = clean_text ("run make?"),
	};

	begin (VERBOSE);
	format_text_event (sink, &o, &plan.ev);
	plan.n_entries = 0;
	format_text_event (sink, &o, &plan.ev);
	format_text_event (sink, &o, &ask.ev);
	ask.outcome = clean_text ("denied");
	format_text_event (sink, &o, &ask.ev);
	shows ("[plan: 1 of 3 done] two\\x1b\n[plan: 0 of 0 done]\n"
	       "[ask] run make?\n[ask] run make? -> denied\n");
	finish ();
}

/* More calls than are remembered: each marker once, in bounded memory. */
static void
many_tools (void)
{
	char id[32];
	unsigned int i;

	begin (VERBOSE);
	for (i = 0; i < 2 * LIMIT_TRACKED; i++) {
		snprintf (id, sizeof id, "t%u", i);
		got.len = 0;
		tool (id, "T", NULL, LHK_TOOL_RUNNING, NULL);
		shows ("[tool: T]\n");
		tool (id, "T", NULL, LHK_TOOL_DONE, NULL);
		shows ("");
	}
	CU_ASSERT (f.peak < 2u << 20);
	finish ();
}

/* Without memory a marker may come twice, and nothing else changes. */
static void
memory_fails (void)
{
	uint64_t at;

	failing_init (&f);
	f.fail_at = 1;
	CU_ASSERT_PTR_NULL (format_text_new (&f.alloc, VERBOSE));
	for (at = 2; at < 6; at++) {
		begin (VERBOSE);
		f.fail_at = at;
		delta ("a", "x");
		tool ("t", "T", NULL, LHK_TOOL_RUNNING, NULL);
		delta ("a", "y");
		shows ("x[tool: T]y");
		finish ();
	}
}

static const struct tap_case cases[] = {
	{ "format_text_tells_how_a_tool_ended_badly_once", bad_ends },
	{ "format_text_shows_a_marker_when_a_tool_is_first_seen",
	  shown_when_first_seen },
	{ "format_text_shows_notices_from_warnings_on", notices },
	{ "format_text_shows_plans_and_questions_in_a_line",
	  plans_and_questions },
	{ "format_text_remembers_tools_in_bounded_memory", many_tools },
	{ "format_text_goes_on_when_memory_fails", memory_fails },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("format_text_lines", cases);
}
