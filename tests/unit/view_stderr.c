/* SPDX-License-Identifier: MIT */
/* view_stderr.c - lines of the agent's standard error among the others. */
#include "config.h"

#include "unit/view_fixture.h"

static int64_t now_ms;

static void
err (const char *line)
{
	view_stderr (view, &o, now_ms, line, strlen (line));
}

static void
errs (int n)
{
	for (; n > 0; n--)
		err ("w");
}

static void
a_line_has_a_mark_and_its_name (void)
{
	begin (40, 0);
	err ("Warning: old");
	err ("    at main");
	err ("");
	err (" \t");
	tool ("t1", "Bash", "make", LHK_TOOL_RUNNING, NULL);
	err ("slow");
	tool ("t1", "Bash", "make", LHK_TOOL_DONE, NULL);
	whole ("a", "Done.");
	err ("late");
	end ();
	shows ("· stderr: Warning: old\n· stderr:     at main\n"
	       "▸ Bash  make\n· stderr: slow\n✓ Bash  make\n\n  Done.\n\n"
	       "· stderr: late\n\n✓ ok\n");
	finish ();
	begin (40, VIEW_ASCII | VIEW_COLOR);
	err ("old");
	shows ("\033[2m#\033[0m \033[2mstderr: old\033[0m\n");
	finish ();
}

static void
a_long_line_has_the_mark_on_each_of_its_lines (void)
{
	char line[2000];
	size_t n = 0, i;

	begin (24, 0);
	err ("✓ ok, said the agent to you");
	shows ("· stderr: ✓ ok, said the\n· agent to you\n");
	memset (line, 'x', sizeof line - 1);
	line[sizeof line - 1] = '\0';
	err (line);
	outbuf_flush (&o);
	for (i = 0; i < got.len; i++)
		n += got.data[i] == '\n';
	TAP_EQ_INT (n, 16);
	forget ();
	finish ();
}

static void
it_cannot_do_anything_to_the_terminal (void)
{
	begin (80, 0);
	err ("\033[2Jred\x07");
	shows ("· stderr: \\x1b[2Jred\\x07\n");
	err ("10 %\r90 %");
	shows ("· stderr: 90 %\n");
	err ("\xff");
	shows ("· stderr: \xef\xbf\xbd\n");
	finish ();
}

static void
words_go_on_where_they_were (void)
{
	begin (40, 0);
	delta ("a", "The quick bro");
	err ("one");
	err ("two");
	delta ("a", "wn fox");
	err ("three");
	delta ("a", " ");
	whole ("a", "The quick brown fox ");
	end ();
	shows ("  The quick\n\n· stderr: one\n· stderr: two\n\n  brown\n\n"
	       "· stderr: three\n\n  fox\n\n✓ ok\n");
	finish ();
	begin (40, 0);
	delta ("a", "One. ");
	err ("one");
	delta ("a", "\n");
	end ();
	shows ("  One.\n\n· stderr: one\n\n✓ ok\n");
	finish ();
}

static void
a_word_that_is_longer_than_a_line_stays_behind_the_margin (void)
{
	begin (20, 0);
	delta ("a", "0123456789012345678901234");
	err ("one");
	delta ("a", "✓ ok and more words");
	end ();
	shows ("  012345678901234567\n  8901234\n\n· stderr: one\n\n  ✓ ok and more\n"
	       "  words\n\n✓ ok\n");
	finish ();
}

static void
subagents_go_on_too (void)
{
	begin (40, 0);
	say (LHK_ROLE_ASSISTANT, 1, "a", "One tw", "t1");
	err ("one");
	say (LHK_ROLE_ASSISTANT, 1, "a", "o three", "t1");
	say (LHK_ROLE_ASSISTANT, 0, "a", "One two three", "t1");
	err ("two");
	say (LHK_ROLE_ASSISTANT, 0, "b", "Four.", "t1");
	end ();
	shows ("┌ subagent 1\n1│   One\n\n· stderr: one\n\n1│   two three\n\n"
	       "· stderr: two\n\n1│   Four.\n\n✓ ok\n");
	finish ();
}

static void
of_many_the_number_and_the_last_are_shown (void)
{
	begin (80, 0);
	errs (12);
	err ("fatal");
	forget ();
	tool ("t1", "Bash", "make", LHK_TOOL_RUNNING, NULL);
	shows ("· stderr: … +2 lines\n· stderr: fatal\n▸ Bash  make\n");
	err ("w");
	shows ("");
	now_ms += 2000;
	/* Its place would not be seen. */
	err ("\xff");
	shows ("");
	tool ("t1", "Bash", "make", LHK_TOOL_DONE, NULL);
	shows ("· stderr: … +1 line\n· stderr: \xef\xbf\xbd\n"
	       "✓ Bash  make\n");
	err ("x");
	err ("y");
	shows ("· stderr: x\n");
	now_ms += 1000000;
	delta ("a", "One ");
	shows ("· stderr: y\n\n  One");
	errs (11);
	forget ();
	delta ("a", "two ");
	whole ("a", "One two ");
	end ();
	shows ("\n  two\n\n· stderr: w\n\n✓ ok\n");
	finish ();
}

static void
of_a_run_that_is_kept_it_is_said_where_they_are (void)
{
	const struct view_opts opts = { .columns = 80, .run = "nightly" };

	begin_with (&opts);
	errs (12);
	forget ();
	end ();
	shows ("· stderr: … +1 line (linehook show nightly tells where they "
	       "are)\n· stderr: w\n\n✓ ok\n◇ run: nightly\n");
	finish ();
}

static const struct tap_case cases[] = {
	{ "a_line_has_a_mark_and_its_name", a_line_has_a_mark_and_its_name },
	{ "a_long_line_has_the_mark_on_each_of_its_lines",
	  a_long_line_has_the_mark_on_each_of_its_lines },
	{ "it_cannot_do_anything_to_the_terminal",
	  it_cannot_do_anything_to_the_terminal },
	{ "words_go_on_where_they_were", words_go_on_where_they_were },
	{ "a_word_that_is_longer_than_a_line_stays_behind_the_margin",
	  a_word_that_is_longer_than_a_line_stays_behind_the_margin },
	{ "subagents_go_on_too", subagents_go_on_too },
	{ "of_many_the_number_and_the_last_are_shown",
	  of_many_the_number_and_the_last_are_shown },
	{ "of_a_run_that_is_kept_it_is_said_where_they_are",
	  of_a_run_that_is_kept_it_is_said_where_they_are },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("view_stderr", cases);
}
