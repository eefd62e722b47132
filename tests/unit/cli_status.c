/* SPDX-License-Identifier: MIT */
/* cli_status.c - the line that is shown while a run is silent. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/output/status_line.h"
#include "lib/tap.h"

#define WIPE "\r\x1b[2K"
#define LINE(text) WIPE "\x1b[?7l" text "\x1b[?7h"

static char written[4096];
static size_t n_written;
static struct outbuf *out;
static struct status status;
static int64_t now_ms; /* of the next event */

static void
keep (void *user, const char *data, size_t len)
{
	(void) user;
	if (len > sizeof written - 1 - n_written)
		len = sizeof written - 1 - n_written;
	memcpy (written + n_written, data, len);
	n_written += len;
	written[n_written] = '\0';
}

/* What was written since the last call. */
static const char *
news (void)
{
	static char copy[sizeof written];

	memcpy (copy, written, n_written + 1);
	n_written = 0;
	written[0] = '\0';
	return copy;
}

static void
said (const char *wanted)
{
	const char *found = news ();

	TAP_EQ_STR (found, wanted);
}

static void
begin (int on)
{
	if (out == NULL)
		out = malloc (sizeof *out);
	CU_ASSERT_FATAL (out != NULL);
	outbuf_init (out, keep, NULL);
	status_init (&status, on ? out : NULL, 1000);
	(void) news ();
}

static void
tool (const char *id, const char *name, int state)
{
	struct lhk_ev_tool t = {
		.ev = LHK_EV (struct lhk_ev_tool, LHK_EV_TOOL),
		.status = state,
	};

	t.id.ptr = id;
	t.id.len = strlen (id);
	if (name != NULL) {
		t.name.ptr = name;
		t.name.len = strlen (name);
	}
	status_event (&status, &t.ev, now_ms);
}

/* Time has come to AT_MS; the run has used TOKENS. */
static void
tick (int64_t at_ms, int64_t tokens)
{
	const struct status_facts f = {
		.now_ms = at_ms, .tokens = tokens, .n_tools = 1, .columns = 80
	};

	status_tick (&status, &f);
	now_ms = at_ms;
}

static void
silence (void)
{
	begin (1);
	TAP_EQ_INT (status_due (&status, 1000), STATUS_SILENCE_MS);
	TAP_EQ_INT (status_due (&status, 1000 + STATUS_SILENCE_MS - 10), 10);
	tick (1000 + STATUS_SILENCE_MS - 1, 0);
	said ("");
	tick (1000 + STATUS_SILENCE_MS, 0);
	said (LINE ("  1 s"));
}

static void
wiped (void)
{
	begin (1);
	tick (7000, 0);
	(void) news ();
	status_wipe (&status, 7500);
	said (WIPE);
	status_wipe (&status, 7600);
	said ("");
	tick (7600 + STATUS_SILENCE_MS - 1, 0);
	said ("");
	tick (7600 + STATUS_SILENCE_MS, 0);
	said (LINE ("  7 s"));
}

static void
renewed (void)
{
	struct status_facts f = { .now_ms = 7000, .columns = 80 };

	begin (1);
	status_tick (&status, &f);
	said (LINE ("  6 s"));
	TAP_EQ_INT (status_due (&status, 7300), STATUS_RENEW_MS - 300);
	f.now_ms = 7300;
	status_tick (&status, &f);
	said ("");
	f.columns = 40;
	status_tick (&status, &f);
	said (LINE ("  6 s"));
	f.now_ms = 8300;
	status_tick (&status, &f);
	said (LINE ("  7 s"));
	/* It is due, but somebody's line is open. */
	TAP_EQ_INT (status_due (&status, 20000), STATUS_RENEW_MS);
}

static void
numbers (void)
{
	static const struct {
		int64_t ms;
		int64_t tokens;
		const char *wanted;
	} table[] = {
		{ 59999, 0, LINE ("  59 s") },
		{ 60000, 999, LINE ("  1 min 00 s  999 tokens") },
		{ 3599000, 1000, LINE ("  59 min 59 s  1,000 tokens") },
		{ 3600000, 1234567,
		  LINE ("  1 h 00 min 00 s  1,234,567 tokens") },
		{ 90061000, 100, LINE ("  25 h 01 min 01 s  100 tokens") },
	};
	size_t i;

	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		begin (1);
		tick (1000 + table[i].ms, table[i].tokens);
		said (table[i].wanted);
	}
}

static void
costs (void)
{
	static const struct {
		int64_t nano;
		const char *wanted;
	} table[] = {
		{ 99999, LINE ("  6 s") },
		{ 100000, LINE ("  6 s  $0.0001") },
		{ 12389999, LINE ("  6 s  $0.0123") },
		{ 1500000000, LINE ("  6 s  $1.50") },
	};
	struct status_facts f = { .now_ms = 7000, .columns = 80 };
	size_t i;

	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		begin (1);
		f.cost_nano = table[i].nano;
		status_tick (&status, &f);
		said (table[i].wanted);
	}
}

static void
tools (void)
{
	struct status_facts f = { .now_ms = 12000, .columns = 80 };

	begin (1);
	now_ms = 2000;
	tool ("t1", "Bash", LHK_TOOL_RUNNING);
	tick (7000, 0);
	said (LINE ("  6 s  Bash 5 s"));
	tool ("t2", "Read", LHK_TOOL_PENDING);
	tool ("t2", "Read", LHK_TOOL_RUNNING);
	tick (8000, 0);
	said (LINE ("  7 s  Read 1 s (+1)"));
	tool ("t1", NULL, LHK_TOOL_DONE);
	tick (9000, 0);
	said (LINE ("  8 s  Read 2 s"));
	tool ("t2", NULL, LHK_TOOL_FAILED);
	tick (10000, 0);
	said (LINE ("  9 s"));
	/* Nobody told how it ended, but it did. */
	tool ("t3", "Grep", LHK_TOOL_RUNNING);
	tick (11000, 0);
	said (LINE ("  10 s  Grep 1 s"));
	status_tick (&status, &f);
	said (LINE ("  11 s"));
}

static void
many_tools (void)
{
	char id[8];
	int i;

	begin (1);
	now_ms = 2000;
	for (i = 0; i < 100; i++) {
		snprintf (id, sizeof id, "t%d", i);
		tool (id, "Task", LHK_TOOL_RUNNING);
	}
	tick (7000, 0);
	said (LINE ("  6 s  Task 5 s (+15)"));
}

/* What does not fit is left out, and it never reaches the last column. */
static void
narrow (void)
{
	static const struct {
		uint32_t columns;
		const char *wanted;
	} table[] = {
		{ 1, LINE ("  6 s") },
		{ 19, LINE ("  6 s") },
		{ 20, LINE ("  6 s  1,234 tokens") },
		{ 27, LINE ("  6 s  1,234 tokens  $0.50") },
		{ 36, LINE ("  6 s  1,234 tokens  $0.50") },
		/* Each of the two characters is two columns wide. */
		{ 37, LINE ("  6 s  1,234 tokens  $0.50  "
			    "\xe6\x90\x9c\xe7\xb4\xa2 5 s") },
	};
	struct status_facts f = { .now_ms = 7000,
				  .tokens = 1234,
				  .cost_nano = 500000000,
				  .n_tools = 1 };
	size_t i;

	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		begin (1);
		now_ms = 2000;
		tool ("t1", "\xe6\x90\x9c\xe7\xb4\xa2", LHK_TOOL_RUNNING);
		f.columns = table[i].columns;
		status_tick (&status, &f);
		said (table[i].wanted);
	}
}

static void
hostile_tool (void)
{
	const char *shown;

	begin (1);
	tool ("t1", "a\x1b[2J\nb", LHK_TOOL_RUNNING);
	tick (7000, 0);
	shown = news ();
	CU_ASSERT (strchr (shown, '\n') == NULL);
	CU_ASSERT (strstr (shown, "\x1b[2J") == NULL);
	CU_ASSERT (strstr (shown, "\\x1b[2J") != NULL);
}

static void
dimmed (void)
{
	begin (1);
	status.dim = 1;
	tick (7000, 0);
	said (LINE ("\x1b[2m  6 s\x1b[m"));
}

static void
no_terminal (void)
{
	begin (0);
	tool ("t1", "Bash", LHK_TOOL_RUNNING);
	tick (70000, 5);
	status_wipe (&status, 70000);
	said ("");
	TAP_EQ_INT (status_due (&status, 80000), -1);
}

static const struct tap_case cases[] = {
	{ "status_comes_after_a_second_of_silence", silence },
	{ "status_is_wiped_once_before_other_output", wiped },
	{ "status_is_renewed_each_second_and_when_the_width_changes", renewed },
	{ "status_shows_time_and_tokens", numbers },
	{ "status_shows_what_it_cost_so_far", costs },
	{ "status_shows_the_tool_that_is_open", tools },
	{ "status_remembers_tools_in_bounded_memory", many_tools },
	{ "status_fits_on_a_narrow_terminal", narrow },
	{ "status_makes_names_of_tools_harmless", hostile_tool },
	{ "status_is_dimmed_where_there_are_colours", dimmed },
	{ "status_is_silent_without_a_terminal", no_terminal },
	{ NULL, NULL },
};

int
main (void)
{
	int r = tap_run ("cli_status", cases);

	free (out);
	return r;
}
