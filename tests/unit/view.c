/* SPDX-License-Identifier: MIT */
/* view.c - what a person sees: words, the header, turns, subagents, the end. */
#include "config.h"

#include "lib/alloc_counter.h"
#include "unit/view_fixture.h"

/* ---- the header ---- */

static void
run_of (const char *id, const char *cwd)
{
	struct lhk_ev_run e = {
		.ev = LHK_EV (struct lhk_ev_run, LHK_EV_RUN),
		.id = plain (id),
		.plugin = plain ("claude"),
		.provider = plain ("claude"),
		.cwd = plain (cwd),
	};

	give (&e.ev);
}

static void
session_of (const char *id, const char *model, const char *cwd, int resumed)
{
	struct lhk_ev_session e = {
		.ev = LHK_EV (struct lhk_ev_session, LHK_EV_SESSION),
		.id = plain (id),
		.model = plain (model),
		.cwd = plain (cwd),
		.agent_version = plain ("2.1"),
		.resumed = resumed,
	};

	give (&e.ev);
}

static void
a_filter_has_a_header_of_one_line (void)
{
	begin (80, 0);
	run_of (NULL, NULL);
	shows ("");
	session_of ("s1", "opus", "/home/user/demo", 0);
	shows ("◆ claude · opus · /home/user/demo · version 2.1\n");
	session_of ("s1", "opus", "/home/user/demo", 0);
	shows ("");
	session_of ("s2", "opus", "/home/user/demo", 1);
	shows ("◇ session resumed: s2\n");
	finish ();
	begin (80, 0);
	run_of (NULL, NULL);
	end ();
	shows ("◆ claude\n✓ ok\n");
	finish ();
}

static void
a_run_has_its_header_at_once (void)
{
	const struct view_opts opts = { .columns = 80, .run = "nightly" };

	begin_with (&opts);
	run_of ("01ABC", "/home/user/demo");
	shows ("◆ claude · /home/user/demo · run nightly\n");
	session_of ("s1", "opus", "/home/user/demo", 1);
	shows ("◆ opus · version 2.1 · resumed\n");
	finish ();
	begin (40, 0);
	run_of ("01ABC", "/home/user/a/very/long/directory/of/demo");
	shows ("◆ claude\n◇ …/user/a/very/long/directory/of/demo\n");
	finish ();
}

/* ---- words ---- */

static void
words_come_as_they_are_said_and_once (void)
{
	begin (40, 0);
	delta ("a", "Hel");
	delta ("a", "lo wor");
	shows ("  Hello");
	CU_ASSERT_EQUAL (view_is_mid_line (view), 1);
	whole ("a", "Hello world, all");
	shows (" world, all\n");
	CU_ASSERT_EQUAL (view_is_mid_line (view), 0);
	claim (LHK_VERDICT_OK, "Hello world, all", NULL);
	shows ("");
	whole ("b", "Next.");
	shows ("\n  Next.\n");
	finish ();
}

static void
lines_of_an_unknown_program_are_one_text (void)
{
	struct lhk_ev_run e = {
		.ev = LHK_EV (struct lhk_ev_run, LHK_EV_RUN),
		.plugin = plain ("raw"),
		.provider = plain ("raw"),
	};

	begin (40, 0);
	give (&e.ev);
	whole (NULL, "one\r");
	whole (NULL, "two");
	shows ("◆ raw\n\n  one\n  two\n");
	whole (NULL, "");
	whole (NULL, "three");
	notice (LHK_LOG_WARN, LHK_CODE_STALL, "silent", NULL);
	whole (NULL, "four");
	whole (NULL, "");
	end ();
	shows ("\n  three\n\n! silent\n\n  four\n\n✓ ok\n");
	finish ();
}

static void
a_claim_is_shown_if_nothing_was_said (void)
{
	begin (40, 0);
	claim (LHK_VERDICT_OK, "The answer.", NULL);
	shows ("  The answer.\n");
	finish ();
}

static void
white_space_alone_is_no_text (void)
{
	begin (40, 0);
	whole ("a", "one");
	whole ("b", " \n\n");
	delta ("c", "\n\n");
	delta ("c", "\ntwo\n\n");
	delta ("c", "three\n");
	shows ("  one\n\n  two\n\n  three\n");
	finish ();
}

static void
a_text_that_is_sent_again_is_not_shown_twice (void)
{
	begin (80, 0);
	delta ("a", "This answer is cut off once, ");
	notice (LHK_LOG_WARN, LHK_CODE_RETRY, "again", NULL);
	delta ("b", "This answer is cut off once, ");
	delta ("b", "then it is whole.");
	whole ("b", "This answer is cut off once, then it is whole.");
	shows ("  This answer is cut off once,\n"
	       "\n↻ retry: again\n"
	       "\n  then it is whole.\n");
	finish ();
}

static void
reasoning_has_a_mark_on_each_line (void)
{
	begin (20, 0);
	say (LHK_ROLE_THOUGHT, 1, "t", "one two three four five", NULL);
	delta ("a", "Said. ");
	shows ("┊ one two three four\n┊ five\n\n  Said.");
	finish ();
	begin (20, VIEW_COLOR);
	say (LHK_ROLE_THOUGHT, 1, "t", "one two ", NULL);
	say (LHK_ROLE_THOUGHT, 1, "t", "three four five ", NULL);
	shows ("\033[2m┊\033[0m \033[2mone two\033[0m"
	       " \033[2mthree four\033[0m\n"
	       "\033[2m┊\033[0m \033[2mfive\033[0m");
	finish ();
}

static void
words_of_the_user_have_a_mark (void)
{
	begin (20, 0);
	say (LHK_ROLE_USER, 0, NULL, "fix the test, and be quick", NULL);
	whole ("a", "Yes.");
	shows ("❯ fix the test, and\n  be quick\n\n  Yes.\n");
	finish ();
}

static void
a_line_can_be_ended_for_somebody_else (void)
{
	begin (40, 0);
	delta ("a", "one tw");
	view_end_line (view, &o);
	shows ("  one\n");
	CU_ASSERT_EQUAL (view_is_mid_line (view), 0);
	view_end_line (view, &o);
	shows ("");
	delta ("a", "o three\n");
	shows ("  two three\n");
	finish ();
}

static void
turns_are_separated (void)
{
	begin (40, 0);
	whole ("a", "One.");
	claim (LHK_VERDICT_OK, "One.", NULL);
	meta.turn = 2;
	whole ("b", "Two.");
	claim (LHK_VERDICT_LIMIT, NULL, "too much");
	meta.turn = 3;
	say (LHK_ROLE_USER, 0, NULL, "Go on.", NULL);
	whole ("c", "Three.");
	claim (LHK_VERDICT_OK, "Three.", NULL);
	meta.turn = 4;
	end ();
	shows ("  One.\n\n◇ turn 2\n\n  Two.\n\n✗ turn 2: limit, too much\n"
	       "\n❯ Go on.\n\n  Three.\n\n✓ ok\n");
	finish ();
}

/* ---- subagents ---- */

static void
subagents_have_lines_of_their_own (void)
{
	begin (40, 0);
	tool ("t1", "Agent", "look around", LHK_TOOL_RUNNING, NULL);
	tool ("t2", "Agent", "write it", LHK_TOOL_RUNNING, NULL);
	say (LHK_ROLE_ASSISTANT, 1, "a", "one ", "t1");
	say (LHK_ROLE_ASSISTANT, 1, "b", "two ", "t2");
	say (LHK_ROLE_ASSISTANT, 1, "a", "more ", "t1");
	delta ("m", "main ");
	say (LHK_ROLE_ASSISTANT, 1, "b", "end ", "t2");
	end ();
	shows ("▸ Agent  look around\n▸ Agent  write it\n\n"
	       "┌ subagent 1: look around\n1│   one\n"
	       "┌ subagent 2: write it\n2│   two\n"
	       "1│   more\n"
	       "\n  main\n"
	       "\n2│   end\n"
	       "\n✓ ok\n");
	finish ();
}

static void
subagents_of_subagents_are_further_in (void)
{
	struct lhk_ev_tool e = call ("t2", "Agent", "deep", LHK_TOOL_RUNNING);

	begin (40, 0);
	tool ("t1", "Agent", "look", LHK_TOOL_RUNNING, NULL);
	e.ev.parent = plain ("t1");
	give (&e.ev);
	say (LHK_ROLE_ASSISTANT, 0, "a", "Deep words.", "t2");
	shows ("▸ Agent  look\n\n┌ subagent 1: look\n1│ ▸ Agent  deep\n"
	       "│ ┌ subagent 2: deep\n│ 2│   Deep words.\n");
	finish ();
}

/* ---- the end ---- */

static void
put_resume (void *user, struct outbuf *out, const struct lhk_text *session)
{
	outbuf_str (out, user);
	outbuf_put (out, session->ptr, session->len);
}

static void
the_end_has_all_that_is_needed_to_go_on (void)
{
	const struct lhk_usage_total usage = {
		.has = LHK_USAGE_INPUT | LHK_USAGE_OUTPUT,
		.input = 9160,
		.output = 312,
		.cache_read = 4000,
	};
	const struct lhk_result r = {
		.size = sizeof r,
		.verdict = LHK_VERDICT_FAILED,
		.outcome = { .end_reason = LHK_END_EXITED,
			     .has_exit = 1,
			     .exit_code = 1,
			     .wall_ms = 4200 },
		.error = plain ("unexpected status 401 Unauthorized: the key "
				"is wrong"),
		.session_id = plain ("621ad438-95eb-4257-8ffd-fd1efc69be20"),
		.usage = &usage,
		.n_usage = 1,
		.complete_usage = 1,
		.has_cost = 1,
		.cost_nano_usd = 21500000,
		.tools_started = 6,
		.tools_failed = 1,
	};
	static char words[] = "claude --resume ";
	const struct view_opts opts = { .columns = 40,
					.run = "nightly",
					.put_resume = put_resume,
					.user = words };

	begin_with (&opts);
	end_as (&r);
	shows ("✗ failed · exit status 1 · 4.2 s\n"
	       "  unexpected status 401 Unauthorized:\n"
	       "  the key is wrong\n"
	       "◇ $0.0215 · 6 tools, 1 failed\n"
	       "◇ 9,160 tokens in (4,000 cached)\n◇ 312 tokens out\n"
	       "◇ sign in again, or check the API key\n"
	       "◇ resume: claude --resume 621ad438-95eb-4257-8ffd-fd1efc69be20"
	       "\n◇ run: nightly\n");
	finish ();
}

static void
an_error_right_above_the_end_is_not_repeated (void)
{
	struct lhk_result r = { .size = sizeof r,
				.verdict = LHK_VERDICT_FAILED };

	r.error = plain ("no such model");
	begin (80, 0);
	notice (LHK_LOG_ERROR, LHK_CODE_PROVIDER_ERROR, "no such model", NULL);
	end_as (&r);
	shows ("✗ no such model\n\n✗ failed\n");
	finish ();
}

static void
an_error_that_the_agent_said_last_is_not_repeated (void)
{
	struct lhk_result r = { .size = sizeof r,
				.verdict = LHK_VERDICT_FAILED };

	r.error = plain ("API Error: 429");
	begin (80, 0);
	whole ("a", "API Error: 429");
	claim (LHK_VERDICT_FAILED, "API Error: 429", "API Error: 429");
	end_as (&r);
	shows ("  API Error: 429\n\n✗ failed\n");
	finish ();
	begin (80, 0);
	whole ("a", "API Error: 429");
	tool ("t1", "Bash", "make", LHK_TOOL_RUNNING, NULL);
	end_as (&r);
	shows ("  API Error: 429\n\n▸ Bash  make\n\n✗ failed\n"
	       "  API Error: 429\n");
	finish ();
}

static void
the_end_without_an_error_says_what_is_known (void)
{
	struct lhk_result r = { .size = sizeof r,
				.verdict = LHK_VERDICT_TIMEOUT };

	r.outcome.end_reason = LHK_END_TIMEOUT;
	r.outcome.signal = 15;
	r.outcome.wall_ms = 60000;
	r.session_id = plain ("s1");
	begin (80, 0);
	delta ("a", "words");
	end_as (&r);
	shows ("  words\n\n✗ timeout: it ran longer than --timeout allows · "
	       "SIGTERM · 1 min 00 s\n◇ session: s1\n");
	finish ();
}

/* ---- memory ---- */

static void
deltas_allocate_nothing (void)
{
	uint64_t before;
	int i;

	begin (80, 0);
	for (i = 0; i < 20000; i++)
		delta ("a", "word ");
	before = n_allocations;
	for (i = 0; i < 20000; i++)
		delta ("a", i % 50 == 0 ? "\n" : "a wörd 日本 ");
	CU_ASSERT_EQUAL (n_allocations, before);
	forget ();
	finish ();
}

static void
without_memory_the_words_are_shown (void)
{
	struct lhk_result r = { .size = sizeof r,
				.verdict = LHK_VERDICT_FAILED };

	r.error = plain ("why");
	begin (80, 0);
	f.fail_at = f.calls + 1;
	f.fail_on = 1;
	tool ("t1", "Bash", "make", LHK_TOOL_RUNNING, NULL);
	tool ("t1", "Bash", "make", LHK_TOOL_DONE, "made");
	whole ("a", "Done.");
	end_as (&r);
	shows ("▸ Bash  make\n✓ Bash  make\n    made\n\n  Done.\n\n"
	       "✗ failed\n  why\n");
	finish ();
}

static const struct tap_case cases[] = {
	{ "a_filter_has_a_header_of_one_line",
	  a_filter_has_a_header_of_one_line },
	{ "a_run_has_its_header_at_once", a_run_has_its_header_at_once },
	{ "words_come_as_they_are_said_and_once",
	  words_come_as_they_are_said_and_once },
	{ "lines_of_an_unknown_program_are_one_text",
	  lines_of_an_unknown_program_are_one_text },
	{ "a_claim_is_shown_if_nothing_was_said",
	  a_claim_is_shown_if_nothing_was_said },
	{ "white_space_alone_is_no_text", white_space_alone_is_no_text },
	{ "a_text_that_is_sent_again_is_not_shown_twice",
	  a_text_that_is_sent_again_is_not_shown_twice },
	{ "reasoning_has_a_mark_on_each_line",
	  reasoning_has_a_mark_on_each_line },
	{ "words_of_the_user_have_a_mark", words_of_the_user_have_a_mark },
	{ "a_line_can_be_ended_for_somebody_else",
	  a_line_can_be_ended_for_somebody_else },
	{ "turns_are_separated", turns_are_separated },
	{ "subagents_have_lines_of_their_own",
	  subagents_have_lines_of_their_own },
	{ "subagents_of_subagents_are_further_in",
	  subagents_of_subagents_are_further_in },
	{ "the_end_has_all_that_is_needed_to_go_on",
	  the_end_has_all_that_is_needed_to_go_on },
	{ "an_error_right_above_the_end_is_not_repeated",
	  an_error_right_above_the_end_is_not_repeated },
	{ "an_error_that_the_agent_said_last_is_not_repeated",
	  an_error_that_the_agent_said_last_is_not_repeated },
	{ "the_end_without_an_error_says_what_is_known",
	  the_end_without_an_error_says_what_is_known },
	{ "deltas_allocate_nothing", deltas_allocate_nothing },
	{ "without_memory_the_words_are_shown",
	  without_memory_the_words_are_shown },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("view", cases);
}
