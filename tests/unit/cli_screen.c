/* SPDX-License-Identifier: MIT */
/* cli_screen.c - what a command did to a screen, undone. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "cli/output/terminal.h"
#include "lib/tap.h"

static char written[4096];
static size_t n_written;

static void
keep (void *user, const char *data, size_t len)
{
	(void) user;
	if (len > sizeof written - 1 - n_written)
		len = sizeof written - 1 - n_written;
	memcpy (written + n_written, data, len);
	n_written += len;
}

/* What undoes BYTES, fed in pieces of STEP. */
static const char *
undone (const char *bytes, size_t step)
{
	struct outbuf *out = malloc (sizeof *out);
	struct terminal_screen s = { 0 };
	size_t len = strlen (bytes), at, n;

	CU_ASSERT_FATAL (out != NULL);
	outbuf_init (out, keep, NULL);
	for (at = 0; at < len; at += n) {
		n = len - at < step ? len - at : step;
		terminal_screen_feed (&s, bytes + at, n);
	}
	n_written = 0;
	terminal_screen_undo (&s, out);
	outbuf_flush (out);
	written[n_written] = '\0';
	terminal_screen_undo (&s, out);
	TAP_EQ_INT (out->len, 0);
	free (out);
	return written;
}

static void
undoes (const char *bytes, const char *wanted)
{
	size_t step;

	for (step = 1; step <= strlen (bytes); step++)
		TAP_EQ_STR (undone (bytes, step), wanted);
}

static void
nothing_to_undo (void)
{
	undoes ("hello\n", "");
	undoes ("\x1b[?25l..\x1b[?25h", "");
	undoes ("\x1b[?1049h..\x1b[?1049l", "");
	undoes ("\x1b[31mred\x1b[m", "");
	undoes ("\x1b[1;31mred\x1b[0m", "");
	undoes ("\x1b[?1049h\x1b[?25l\x1b"
		"c",
		"");
	undoes ("\x1b]0;title\x07 25l \x1b[2J\x1b[10;20H", "");
	undoes ("\x1b[?9999h\x1b[?99999999999999h", "");
	undoes ("\x1b[25l", "");
}

static void
modes (void)
{
	undoes ("\x1b[?25l", "\x1b[?25h");
	undoes ("\x1b[?1049h", "\x1b[?1049l");
	undoes ("\x1b[?1047h", "\x1b[?1047l");
	undoes ("\x1b[?2004h", "\x1b[?2004l");
	undoes ("\x1b[?7l", "\x1b[?7h");
	undoes ("\x1b[?1000;1006h", "\x1b[?1000l\x1b[?1006l");
	undoes ("\x1b[?25h\x1b[?1049;25l\x1b[?1049h", "\x1b[?25h\x1b[?1049l");
	undoes ("\x1b\x1b[?25l", "\x1b[?25h");
	undoes ("\x1b[?\x1b[?25l", "\x1b[?25h");
}

static void
colours (void)
{
	undoes ("\x1b[31mred", "\x1b[m");
	undoes ("\x1b[0;31mred", "\x1b[m");
	undoes ("\x1b[38;5;200mred", "\x1b[m");
	undoes ("\x1b[31m\x1b[?25l", "\x1b[?25h\x1b[m");
}

static void
doubt (void)
{
	struct outbuf *out = malloc (sizeof *out);
	struct terminal_screen s = { 0 };

	CU_ASSERT_FATAL (out != NULL);
	outbuf_init (out, keep, NULL);
	n_written = 0;
	terminal_screen_doubt (&s);
	terminal_screen_undo (&s, out);
	outbuf_flush (out);
	written[n_written] = '\0';
	TAP_EQ_STR (written, "\x1b[?25h\x1b[?1047l");
	free (out);
}

static const struct tap_case cases[] = {
	{ "screen_as_usual_is_left_alone", nothing_to_undo },
	{ "screen_modes_are_undone_in_any_pieces", modes },
	{ "screen_writes_the_reset_sequence_after_colors", colours },
	{ "screen_in_doubt_gets_cursor_and_usual_screen", doubt },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("cli_screen", cases);
}
