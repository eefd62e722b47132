/* SPDX-License-Identifier: MIT */
/* cli_status.c - the line that is shown while a run is silent. */
#include "config.h"

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
	status_event (&status, &t.ev);
}

static void
silence (void)
{
	begin (1);
	status_tick (&status, 1000 + STATUS_SILENCE_MS - 1, 0, 1);
	said ("");
	status_tick (&status, 1000 + STATUS_SILENCE_MS, 0, 1);
	said (LINE ("  5 s"));
}

static void
wiped (void)
{
	begin (1);
	status_tick (&status, 7000, 0, 1);
	(void) news ();
	status_wipe (&status, 7500);
	said (WIPE);
	status_wipe (&status, 7600);
	said ("");
	status_tick (&status, 7600 + STATUS_SILENCE_MS - 1, 0, 1);
	said ("");
	status_tick (&status, 7600 + STATUS_SILENCE_MS, 0, 1);
	said (LINE ("  11 s"));
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
		status_tick (&status, 1000 + table[i].ms, table[i].tokens, 1);
		said (table[i].wanted);
	}
}

static void
tools (void)
{
	begin (1);
	tool ("t1", "Bash", LHK_TOOL_RUNNING);
	status_tick (&status, 7000, 0, 1);
	said (LINE ("  6 s  Bash"));
	tool ("t2", "Read", LHK_TOOL_PENDING);
	status_tick (&status, 8000, 0, 1);
	said (LINE ("  7 s  Read"));
	tool ("t1", NULL, LHK_TOOL_DONE);
	status_tick (&status, 9000, 0, 1);
	said (LINE ("  8 s  Read"));
	tool ("t2", NULL, LHK_TOOL_FAILED);
	status_tick (&status, 10000, 0, 1);
	said (LINE ("  9 s"));
}

static void
hostile_tool (void)
{
	const char *shown;

	begin (1);
	tool ("t1", "a\x1b[2J\nb", LHK_TOOL_RUNNING);
	status_tick (&status, 7000, 0, 1);
	shown = news ();
	CU_ASSERT (strchr (shown, '\n') == NULL);
	CU_ASSERT (strstr (shown, "\x1b[2J") == NULL);
	CU_ASSERT (strstr (shown, "\\x1b[2J") != NULL);
}

static void
open_line (void)
{
	begin (1);
	status_tick (&status, 7000, 0, 0);
	said ("");
}

static void
no_terminal (void)
{
	begin (0);
	tool ("t1", "Bash", LHK_TOOL_RUNNING);
	status_tick (&status, 70000, 5, 1);
	status_wipe (&status, 70000);
	said ("");
}

static const struct tap_case cases[] = {
	{ "status_comes_after_long_silence", silence },
	{ "status_is_wiped_once_before_other_output", wiped },
	{ "status_shows_time_and_tokens", numbers },
	{ "status_shows_the_tool_that_is_open", tools },
	{ "status_makes_names_of_tools_harmless", hostile_tool },
	{ "status_leaves_an_open_line_alone", open_line },
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
