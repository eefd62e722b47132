/* SPDX-License-Identifier: MIT */
/* view_tool.c - tool calls, plans, questions and notices as a person sees
 * them, and that nothing of the agent looks like them. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include <uniwidth.h>

#include "unit/view_fixture.h"

/* ---- calls ---- */

static void
a_call_has_a_line_and_its_end_one_below (void)
{
	begin (60, 0);
	meta.time_ms = 1000;
	tool ("t1", "Bash", "make check", LHK_TOOL_RUNNING, NULL);
	shows ("▸ Bash  make check\n");
	tool ("t1", "Bash", NULL, LHK_TOOL_RUNNING, NULL);
	shows ("");
	meta.time_ms = 5250;
	tool ("t1", "Bash", NULL, LHK_TOOL_DONE, "one\ntwo\n");
	shows ("✓ 4.2 s\n    one\n    two\n");
	tool ("t1", "Bash", NULL, LHK_TOOL_DONE, "one\ntwo\n");
	shows ("");
	finish ();
}

static void
emoji_of_several_characters_stay_whole (void)
{
	begin (60, 0);
	tool ("t1", "Bash", "echo 👩‍💻", LHK_TOOL_RUNNING, NULL);
	shows ("▸ Bash  echo 👩‍💻\n");
	tool ("t1", "Bash", NULL, LHK_TOOL_DONE,
	      "👨‍👩‍👧 a\xe2\x80\x8d"
	      "b");
	shows ("✓ ok\n    👨‍👩‍👧 a\\u{200d}b\n");
	finish ();
}

static void
a_call_without_a_brief_waits_for_it (void)
{
	begin (60, 0);
	tool ("t1", "Bash", NULL, LHK_TOOL_PENDING, NULL);
	shows ("");
	tool ("t1", "Bash", "make", LHK_TOOL_PENDING, NULL);
	shows ("▸ Bash  make\n");
	tool ("t1", "Bash", "make", LHK_TOOL_RUNNING, NULL);
	shows ("");
	finish ();
}

static void
an_end_elsewhere_names_the_call_again (void)
{
	begin (60, 0);
	tool ("t1", "Bash", "one", LHK_TOOL_RUNNING, NULL);
	tool ("t2", "Bash", "two", LHK_TOOL_RUNNING, NULL);
	tool ("t1", "Bash", NULL, LHK_TOOL_DONE, NULL);
	tool ("t2", "Bash", NULL, LHK_TOOL_CANCELED, NULL);
	shows ("▸ Bash  one\n▸ Bash  two\n✓ Bash  one\n■ Bash  two · canceled\n");
	finish ();
}

static void
a_call_that_was_never_open_has_one_line (void)
{
	struct lhk_ev_tool e = call ("t1", "bash", "make", LHK_TOOL_FAILED);

	begin (60, 0);
	e.flags = LHK_TOOL_HAS_EXIT;
	e.exit_code = 2;
	e.output = plain ("make: *** no rule\n");
	give (&e.ev);
	shows ("✗ bash  make · failed · exit status 2\n    make: *** no rule\n");
	tool (NULL, "nameless", NULL, LHK_TOOL_DENIED, NULL);
	shows ("⊘ nameless · denied\n");
	finish ();
}

static void
what_was_printed_is_cut (void)
{
	begin (24, 0);
	tool ("t1", "Bash", "seq 9", LHK_TOOL_DONE,
	      "1\n\n\t2 is indented and long\n3\n4\n\n5\n\n");
	shows ("✓ Bash  seq 9\n    1\n          2 is indented…\n    3\n"
	       "    … +3 lines\n");
	finish ();
}

static void
a_brief_is_as_wide_as_the_terminal (void)
{
	static const struct lhk_text path =
		LHK_TEXT_INIT ("/home/user/demo/src/deep/file.c");
	struct lhk_ev_tool e = call ("t2", "Read", NULL, LHK_TOOL_RUNNING);

	begin (30, 0);
	tool ("t1", "Bash", "echo a long command that is cut", LHK_TOOL_RUNNING,
	      NULL);
	tool ("t3", "Bash", "cat <<E\n  one\nE", LHK_TOOL_RUNNING, NULL);
	e.type = LHK_TYPE_READ;
	e.brief = path;
	e.paths = &path;
	e.n_paths = 1;
	give (&e.ev);
	shows ("▸ Bash  echo a long command t…\n▸ Bash  cat <<E↵one↵E\n"
	       "▸ Read  …/demo/src/deep/file.c\n");
	finish ();
}

static void
a_path_below_the_directory_is_shown_from_there (void)
{
	static const struct lhk_text path =
		LHK_TEXT_INIT ("/home/user/demo/src/file.c");
	struct lhk_ev_session s = {
		.ev = LHK_EV (struct lhk_ev_session, LHK_EV_SESSION),
		.cwd = plain ("/home/user/demo"),
	};
	struct lhk_ev_tool e = call ("t2", "Read", NULL, LHK_TOOL_DONE);

	begin (80, 0);
	give (&s.ev);
	forget ();
	e.type = LHK_TYPE_READ;
	e.brief = path;
	e.paths = &path;
	e.n_paths = 1;
	e.output = plain ("1 a\n2 b\n3 c");
	give (&e.ev);
	shows ("\n✓ Read  src/file.c · 3 lines\n");
	finish ();
}

static void
a_server_and_an_input_are_shown (void)
{
	static const char input[] = "{\"word\":\"kestrel\"}";
	struct lhk_ev_tool e = call ("t", "ping", NULL, LHK_TOOL_RUNNING);

	begin (60, 0);
	e.server = plain ("demo");
	e.input.ptr = input;
	e.input.len = sizeof input - 1;
	give (&e.ev);
	shows ("▸ demo: ping  {\"word\":\"kestrel\"}\n");
	finish ();
}

static void
the_command_of_a_shell_is_shown_alone (void)
{
	begin (60, 0);
	tool ("a", "sh", "/bin/bash -lc 'echo hello'", LHK_TOOL_DONE, NULL);
	tool ("b", "sh", "/bin/bash -lc 'echo '\\''a'", LHK_TOOL_DONE, NULL);
	tool ("c", "sh", "bash -lc ''", LHK_TOOL_DONE, NULL);
	shows ("✓ sh  echo hello\n✓ sh  /bin/bash -lc 'echo '\\''a'\n"
	       "✓ sh  bash -lc ''\n");
	finish ();
}

/* What each input of an edit counts. */
static void
an_edit_is_counted_in_lines (void)
{
	static const struct {
		const char *input, *wanted;
	} table[] = {
		{ "{\"old_string\":\"a\\nb\\nc\",\"new_string\":\"a\\nx\\ny\\nc\"}",
		  "✓ Edit · +2 -1\n" },
		{ "{\"oldString\":\"a\",\"newString\":\"a\"}",
		  "✓ Edit · +0 -0\n" },
		{ "{\"old_str\":\"\",\"new_str\":\"a\\nb\\n\"}",
		  "✓ Edit · +2 -0\n" },
		{ "{\"old_str\":\"a\\nb\\n\",\"new_str\":\"b\\n\"}",
		  "✓ Edit · +0 -1\n" },
		{ "{\"file_path\":\"f\",\"content\":\"a\\nb\"}",
		  "✓ Edit · +2\n" },
		{ "{\"edits\":[{\"old_string\":\"a\",\"new_string\":\"b\"},"
		  "{\"old_string\":\"c\",\"new_string\":\"\"}]}",
		  "✓ Edit · +1 -2\n" },
		{ "{\"input\":\"*** Begin Patch\\n--- a\\n+++ b\\n@@\\n-old\\n"
		  "+new\\n+more\\n\"}",
		  "✓ Edit · +2 -1\n" },
		{ "{\"changes\":[{\"path\":\"f\",\"kind\":\"add\"}]}",
		  "✓ Edit\n" },
		{ "[1]", "✓ Edit\n" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE (table); i++) {
		struct lhk_ev_tool e = call ("t", "Edit", NULL, LHK_TOOL_DONE);
		char shown[200];

		begin (80, 0);
		e.type = LHK_TYPE_EDIT;
		e.brief = plain ("f");
		e.input.ptr = table[i].input;
		e.input.len = strlen (table[i].input);
		e.output = plain ("The file was updated.");
		give (&e.ev);
		snprintf (shown, sizeof shown, "✓ Edit  f%s",
			  table[i].wanted + strlen ("✓ Edit"));
		shows (shown);
		finish ();
	}
}

static void
ten_thousand_calls_need_bounded_memory (void)
{
	char id[16];
	int i;

	begin (80, 0);
	for (i = 0; i < 10000; i++) {
		snprintf (id, sizeof id, "t%d", i);
		tool (id, "Bash", "true", LHK_TOOL_RUNNING, NULL);
		tool (id, "Bash", NULL, LHK_TOOL_DONE, "out");
		forget ();
	}
	/* Each call that is remembered has less than a kilobyte. */
	CU_ASSERT (f.peak < 4096u * 1024);
	finish ();
}

static void
what_went_wrong_is_read_whole (void)
{
	struct lhk_ev_tool e = call ("t1", "Bash", "make", LHK_TOOL_FAILED);

	begin (40, 0);
	e.flags = LHK_TOOL_HAS_EXIT;
	e.exit_code = 3;
	e.output = plain ("Exit code 3\nThe first rule of the file cannot be "
			  "made\n  by anybody\nExit code 3\n");
	give (&e.ev);
	shows ("✗ Bash · failed · exit status 3\n"
	       "    The first rule of the file cannot be\n    made\n"
	       "      by anybody\n    Exit code 3\n");
	e = call ("t2", "Edit", "x", LHK_TOOL_FAILED);
	e.output = plain ("<tool_use_error>File does not exist."
			  "</tool_use_error>");
	give (&e.ev);
	shows ("✗ Edit  x · failed\n    File does not exist.\n");
	e = call ("t3", "Bash", "make", LHK_TOOL_CANCELED);
	e.output = plain ("word word word word word word word word word word "
			  "word word word word word word word word word word "
			  "word word word word word word word word word word "
			  "word word word word word word word word word word\n"
			  "and more\n");
	give (&e.ev);
	shows ("■ Bash  make · canceled\n"
	       "    word word word word word word word\n"
	       "    word word word word word word word\n"
	       "    word word word word word word word\n"
	       "    word word word word word word word\n"
	       "    word word word word word word word\n"
	       "    word word word word word\n    … +1 line\n");
	finish ();
	/* Too narrow to wrap: the beginning of each line. */
	begin (20, 0);
	e = call ("t4", "Edit", "x", LHK_TOOL_FAILED);
	e.output = plain ("                            far to the right\n");
	give (&e.ev);
	shows ("✗ Edit · failed\n         far to the…\n");
	finish ();
}

/* ---- plans and questions ---- */

static void
plan (int first, int second)
{
	const struct lhk_plan_entry entries[] = {
		{ .text = plain ("Look at all of it"), .status = first },
		{ .text = plain ("Test"), .status = second },
	};
	struct lhk_ev_plan e = {
		.ev = LHK_EV (struct lhk_ev_plan, LHK_EV_PLAN),
		.entries = entries,
		.n_entries = 2,
	};

	give (&e.ev);
}

static void
a_notice_is_not_repeated_below_itself (void)
{
	begin (80, 0);
	notice (LHK_LOG_WARN, LHK_CODE_RETRY, "waiting for the network", NULL);
	notice (LHK_LOG_WARN, LHK_CODE_RETRY, "waiting for the network", NULL);
	shows ("↻ retry: waiting for the network\n");
	notice (LHK_LOG_WARN, LHK_CODE_RETRY, "attempt 2", NULL);
	notice (LHK_LOG_WARN, LHK_CODE_RETRY, "waiting for the network", NULL);
	shows ("↻ retry: attempt 2\n↻ retry: waiting for the network\n");
	finish ();
}

static void
a_question_that_a_denied_call_has_told_is_left_out (void)
{
	struct lhk_ev_ask e = {
		.ev = LHK_EV (struct lhk_ev_ask, LHK_EV_ASK),
		.id = plain ("p1"),
		.tool = plain ("t1"),
		.text = plain ("/tmp/x"),
		.outcome = plain ("rejected"),
	};

	begin (80, 0);
	tool ("t1", "write", "/tmp/x", LHK_TOOL_DENIED, "not permitted");
	give (&e.ev);
	shows ("⊘ write  /tmp/x · denied\n    not permitted\n");
	e.id = plain ("p2");
	e.tool = plain ("t2");
	give (&e.ev);
	shows ("? /tmp/x\n? answer: rejected\n");
	finish ();
}

/* N entries; those before RUNNING are done, and the last ones from DONE on. */
static void
long_plan (size_t n, size_t running, size_t done)
{
	struct lhk_plan_entry entries[240];
	struct lhk_ev_plan e = {
		.ev = LHK_EV (struct lhk_ev_plan, LHK_EV_PLAN),
		.entries = entries,
		.n_entries = n,
	};
	char texts[240][8];
	size_t i;

	memset (entries, 0, sizeof entries);
	for (i = 0; i < n; i++) {
		snprintf (texts[i], sizeof texts[i], "e%u",
			  (unsigned int) (i + 1));
		entries[i].text = plain (texts[i]);
		entries[i].status = i < running || i >= done ? LHK_PLAN_DONE
				    : i == running	     ? LHK_PLAN_RUNNING
							     : LHK_PLAN_PENDING;
	}
	give (&e.ev);
}

static void
a_long_plan_is_shown_around_the_work (void)
{
	begin (40, 0);
	long_plan (240, 57, 238);
	shows ("◆ plan: 59 of 240 done\n"
	       "◇ 55 more, all done\n"
	       "[x] e56\n[x] e57\n[>] e58\n[ ] e59\n[ ] e60\n[ ] e61\n"
	       "[ ] e62\n[ ] e63\n[ ] e64\n[ ] e65\n[ ] e66\n[ ] e67\n"
	       "◇ 173 more, 2 done\n");
	long_plan (21, 0, 21);
	shows ("\n◆ plan: 0 of 21 done\n"
	       "[>] e1\n[ ] e2\n[ ] e3\n[ ] e4\n[ ] e5\n[ ] e6\n"
	       "[ ] e7\n[ ] e8\n[ ] e9\n[ ] e10\n[ ] e11\n[ ] e12\n"
	       "◇ 9 more\n");
	long_plan (24, 24, 24);
	shows ("\n◆ plan: 24 of 24 done\n"
	       "◇ 12 more, all done\n"
	       "[x] e13\n[x] e14\n[x] e15\n[x] e16\n[x] e17\n[x] e18\n"
	       "[x] e19\n[x] e20\n[x] e21\n[x] e22\n[x] e23\n[x] e24\n");
	finish ();
}

static void
a_plan_is_shown_when_it_changes (void)
{
	struct lhk_ev_tool e = call ("t", "TodoWrite", NULL, LHK_TOOL_RUNNING);

	begin (20, 0);
	e.type = LHK_TYPE_THINK;
	give (&e.ev);
	plan (LHK_PLAN_RUNNING, LHK_PLAN_PENDING);
	e.status = LHK_TOOL_DONE;
	e.output = plain ("Todos have been modified");
	give (&e.ev);
	plan (LHK_PLAN_RUNNING, LHK_PLAN_PENDING);
	shows ("◆ plan: 0 of 2 done\n[>] Look at all of\n    it\n[ ] Test\n");
	plan (LHK_PLAN_DONE, LHK_PLAN_RUNNING);
	shows ("\n◆ plan: 1 of 2 done\n[x] Look at all of\n    it\n[>] Test\n");
	e.id = plain ("t2");
	e.status = LHK_TOOL_FAILED;
	give (&e.ev);
	shows ("\n✗ TodoWrite · failed\n    Todos have been…\n");
	finish ();
}

static void
ask (const char *text, const char *outcome)
{
	const struct lhk_text options[] = { plain ("yes"), plain ("no") };
	struct lhk_ev_ask e = {
		.ev = LHK_EV (struct lhk_ev_ask, LHK_EV_ASK),
		.id = plain ("q"),
		.text = plain (text),
		.options = options,
		.n_options = 2,
		.outcome = plain (outcome),
	};

	give (&e.ev);
}

static void
a_question_has_its_options_and_its_answer (void)
{
	begin (40, 0);
	ask ("May I?", NULL);
	shows ("? May I?\n  - yes\n  - no\n");
	ask (NULL, "no");
	shows ("? answer: no\n");
	finish ();
	begin (40, 0);
	tool ("t", "Write", "f", LHK_TOOL_RUNNING, NULL);
	ask ("It is not allowed.", "denied");
	tool ("t", "Write", NULL, LHK_TOOL_DENIED, NULL);
	tool ("t", "Write", NULL, LHK_TOOL_DENIED, "It is not allowed.");
	shows ("▸ Write  f\n? It is not allowed.\n? answer: denied\n"
	       "⊘ Write  f · denied\n");
	finish ();
}

/* ---- notices ---- */

static void
notices_from_warnings_on_are_shown (void)
{
	begin (70, 0);
	notice (LHK_LOG_INFO, LHK_CODE_PLUGIN, "not shown", NULL);
	shows ("");
	notice (LHK_LOG_WARN, LHK_CODE_UNPARSED, "a line was dropped", NULL);
	notice (LHK_LOG_ERROR, LHK_CODE_DISK, "the disk is full", NULL);
	notice (LHK_LOG_INFO, LHK_CODE_COMPACTION, "was compacted", NULL);
	notice (LHK_LOG_WARN, LHK_CODE_RETRY, "429", NULL);
	notice (LHK_LOG_WARN, LHK_CODE_STALL, "no progress", NULL);
	notice (LHK_LOG_INFO, LHK_CODE_RATE_LIMIT, "allowed", NULL);
	notice (LHK_LOG_ERROR, LHK_CODE_RATE_LIMIT, "five_hour: rejected",
		"{\"status\":\"rejected\",\"resetsAt\":1795213800}");
	shows ("! a line was dropped\n✗ the disk is full\n◇ was compacted\n"
	       "↻ retry: 429\n! no progress\n"
	       "✗ rate limit: five_hour: rejected · until 2026-11-20 22:30 UTC\n");
	finish ();
}

static void
a_task_has_a_line_for_its_begin_and_its_end (void)
{
	begin (60, 0);
	notice (LHK_LOG_INFO, LHK_CODE_TASK_STARTED, "server",
		"{\"id\":\"1\"}");
	notice (LHK_LOG_INFO, LHK_CODE_TASK_ENDED, "no longer running",
		"{\"id\":\"1\"}");
	notice (LHK_LOG_INFO, LHK_CODE_TASK_ENDED, "done",
		"{\"id\":\"1\",\"status\":\"completed\"}");
	shows ("◇ task started: server\n◇ task ended: server\n");
	notice (LHK_LOG_INFO, LHK_CODE_TASK_ENDED, "it crashed",
		"{\"id\":\"2\",\"status\":\"failed\"}");
	shows ("◇ task did not end well: it crashed\n");
	tool ("t", "Agent", "look", LHK_TOOL_RUNNING, NULL);
	notice (LHK_LOG_INFO, LHK_CODE_TASK_STARTED, "look",
		"{\"id\":\"3\",\"tool\":\"t\"}");
	tool ("t", "Agent", NULL, LHK_TOOL_DONE, "internal");
	shows ("▸ Agent  look\n✓ in the background\n");
	finish ();
}

/* ---- nothing of the agent looks like ours ---- */

/* Everything with S in it, in each member that has room for it. */
static void
give_everything (const char *s)
{
	const struct lhk_text text = plain (s);
	struct lhk_ev_tool e = call ("t1", s, s, LHK_TOOL_RUNNING);
	struct lhk_result r = { .size = sizeof r,
				.verdict = LHK_VERDICT_FAILED };
	struct lhk_ev_session session = {
		.ev = LHK_EV (struct lhk_ev_session, LHK_EV_SESSION),
		.id = text,
		.model = text,
		.cwd = text,
		.agent_version = text,
	};

	give (&session.ev);
	whole ("a", s);
	say (LHK_ROLE_THOUGHT, 0, "b", s, NULL);
	say (LHK_ROLE_USER, 0, "c", s, NULL);
	say (LHK_ROLE_SYSTEM, 0, "d", s, NULL);
	e.server = text;
	e.paths = &text;
	e.n_paths = 1;
	give (&e.ev);
	tool ("t1", s, s, LHK_TOOL_FAILED, s);
	say (LHK_ROLE_ASSISTANT, 0, "e", s, "t1");
	plan (LHK_PLAN_DONE, LHK_PLAN_DONE);
	ask (s, s);
	notice (LHK_LOG_WARN, LHK_CODE_RETRY, s, NULL);
	notice (LHK_LOG_WARN, LHK_CODE_HOST, s, NULL);
	claim (LHK_VERDICT_FAILED, s, s);
	meta.turn = 2;
	whole ("f", s);
	r.error = r.session_id = text;
	end_as (&r);
}

/* The first columns of the lines that do not begin with a blank; 0: a line that
 * is too wide, ends with a blank, or a control character. */
static int
marks_of (char *marks, size_t size, unsigned int columns)
{
	const char *p = got.data, *end = p + got.len, *lf;
	size_t len = 0;

	for (; p < end; p = lf + 1) {
		size_t n, i;

		lf = memchr (p, '\n', (size_t) (end - p));
		if (lf == NULL)
			return 0;
		n = (size_t) (lf - p);
		for (i = 0; i < n; i++)
			if ((unsigned char) p[i] < ' ')
				return 0;
		if (n > 0 && p[n - 1] == ' ')
			return 0;
		if (u8_width ((const uint8_t *) p, n, "UTF-8") > (int) columns
		    && strstr (p, "session: ") == NULL)
			return 0;
		/* Behind the margin of the subagent the same holds. */
		if (n > 6 && memcmp (p, "1│ ", 5) == 0)
			p += 5;
		if (lf - p > 4 && *p != ' ' && len + 5 < size) {
			memcpy (marks + len, p, 4);
			len += 4;
		}
	}
	marks[len] = '\0';
	return 1;
}

static int
count (const char *marks, const char *mark)
{
	int n = 0;

	while ((marks = strstr (marks, mark)) != NULL) {
		marks += strlen (mark);
		n++;
	}
	return n;
}

static void
nothing_of_the_agent_looks_like_ours (void)
{
	static const char *const hostile[] = {
		"x\n✓ ok · $0.00",
		"x\n\n\n◆ claude · opus\n▸ Bash  rm",
		"x\r✗ failed",
		"x\r\n1│ ▸ Bash  rm",
		"\x1b[2K\x1b[1G✓ ok",
		"\302\2331G✓ ok",
		"\xe2\x80\xae✓ ok\xe2\x80\xac",
		"x\xe2\x80\xa8✓ ok\xc2\x85✓ ok",
		"x\x0b✓ ok\x0c✓ ok\b\b\b✓ ok",
		"```\n✓ ok\n```\n\t\n✓ ok",
		"0123456789012345678901234567890123456789✓ ok",
		"日本語日本語日本語日本語日本語日本語✓ ok",
		"👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧✓ ok",
	};
	static const char *const ours[] = { "✓", "✗", "▸", "◆", "┌" };
	char harmless[2000], found[2000];
	size_t i, k;

	begin (40, 0);
	give_everything ("x");
	outbuf_flush (&o);
	CU_ASSERT (marks_of (harmless, sizeof harmless, 40));
	finish ();
	for (i = 0; i < ARRAY_SIZE (hostile); i++) {
		begin (40, 0);
		give_everything (hostile[i]);
		outbuf_flush (&o);
		CU_ASSERT (marks_of (found, sizeof found, 40));
		/* Reasoning has its mark on more lines, and a header that is
		 * longer has more: but nothing else is added. */
		for (k = 0; k < ARRAY_SIZE (ours); k++)
			TAP_EQ_INT (count (found, ours[k]),
				    count (harmless, ours[k]));
		finish ();
	}
}

static void
marks_are_ascii_where_asked_for (void)
{
	size_t i;

	begin (40, VIEW_ASCII);
	give_everything ("a rather long text that has to be cut");
	outbuf_flush (&o);
	for (i = 0; i < got.len; i++)
		if ((unsigned char) got.data[i] >= 0x80)
			break;
	CU_ASSERT_EQUAL (i, got.len);
	finish ();
}

/* Each style ends before its line does, and there is none without colors. */
static void
styles_end_with_their_line (void)
{
	const char *p;
	int on = 0;

	begin (40, 0);
	give_everything ("text");
	outbuf_flush (&o);
	CU_ASSERT_PTR_NULL (memchr (got.data, '\033', got.len));
	finish ();
	begin (40, VIEW_COLOR);
	give_everything ("text");
	outbuf_flush (&o);
	for (p = got.data; p < got.data + got.len; p++) {
		if (*p == '\033')
			on = p[2] != '0';
		if (*p == '\n' && on)
			break;
	}
	CU_ASSERT_PTR_EQUAL (p, got.data + got.len);
	CU_ASSERT_EQUAL (on, 0);
	finish ();
}

static const struct tap_case cases[] = {
	{ "a_call_has_a_line_and_its_end_one_below",
	  a_call_has_a_line_and_its_end_one_below },
	{ "emoji_of_several_characters_stay_whole",
	  emoji_of_several_characters_stay_whole },
	{ "a_call_without_a_brief_waits_for_it",
	  a_call_without_a_brief_waits_for_it },
	{ "an_end_elsewhere_names_the_call_again",
	  an_end_elsewhere_names_the_call_again },
	{ "a_call_that_was_never_open_has_one_line",
	  a_call_that_was_never_open_has_one_line },
	{ "what_was_printed_is_cut", what_was_printed_is_cut },
	{ "a_brief_is_as_wide_as_the_terminal",
	  a_brief_is_as_wide_as_the_terminal },
	{ "a_path_below_the_directory_is_shown_from_there",
	  a_path_below_the_directory_is_shown_from_there },
	{ "a_server_and_an_input_are_shown", a_server_and_an_input_are_shown },
	{ "the_command_of_a_shell_is_shown_alone",
	  the_command_of_a_shell_is_shown_alone },
	{ "an_edit_is_counted_in_lines", an_edit_is_counted_in_lines },
	{ "ten_thousand_calls_need_bounded_memory",
	  ten_thousand_calls_need_bounded_memory },
	{ "what_went_wrong_is_read_whole", what_went_wrong_is_read_whole },
	{ "a_notice_is_not_repeated_below_itself",
	  a_notice_is_not_repeated_below_itself },
	{ "a_question_that_a_denied_call_has_told_is_left_out",
	  a_question_that_a_denied_call_has_told_is_left_out },
	{ "a_plan_is_shown_when_it_changes", a_plan_is_shown_when_it_changes },
	{ "a_long_plan_is_shown_around_the_work",
	  a_long_plan_is_shown_around_the_work },
	{ "a_question_has_its_options_and_its_answer",
	  a_question_has_its_options_and_its_answer },
	{ "notices_from_warnings_on_are_shown",
	  notices_from_warnings_on_are_shown },
	{ "a_task_has_a_line_for_its_begin_and_its_end",
	  a_task_has_a_line_for_its_begin_and_its_end },
	{ "nothing_of_the_agent_looks_like_ours",
	  nothing_of_the_agent_looks_like_ours },
	{ "marks_are_ascii_where_asked_for", marks_are_ascii_where_asked_for },
	{ "styles_end_with_their_line", styles_end_with_their_line },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("view_tool", cases);
}
