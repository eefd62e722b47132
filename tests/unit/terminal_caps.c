/* SPDX-License-Identifier: MIT */
/* terminal_caps.c - width, colours and characters of an output. */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/output/terminal_caps.h"
#include "common/macros.h"
#include "lib/tap.h"

/* A terminal, and something that is none. */
static int terminal = -1, master = -1, null = -1;

static int
open_terminal (void)
{
	master = posix_openpt (O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (master < 0 || grantpt (master) < 0 || unlockpt (master) < 0)
		return -1;
	terminal = open (ptsname (master), O_RDWR | O_NOCTTY | O_CLOEXEC);
	null = open ("/dev/null", O_RDWR | O_CLOEXEC);
	return terminal < 0 || null < 0 ? -1 : 0;
}

/* Set NAME, or take it away for NULL. */
static void
set (const char *name, const char *value)
{
	if (value == NULL)
		unsetenv (name);
	else
		setenv (name, value, 1);
}

static void
columns (void)
{
	static const struct {
		unsigned short of_terminal;
		const char *variable;
		unsigned int wanted, wanted_of_none;
	} table[] = {
		{ 80, NULL, 80, 80 },
		{ 132, "100", 132, 100 },
		{ 0, "100", 100, 100 },
		{ 0, NULL, 80, 80 },
		{ 0, "wide", 80, 80 },
		{ 0, "-5", 80, 80 },
		{ 0, "60x", 80, 80 },
		{ 0, "", 80, 80 },
		{ 0, "0", 80, 80 },
		{ 1, NULL, 1, 80 },
		{ 65535, "99999999999999999999999", TERMINAL_COLUMNS_MAX,
		  TERMINAL_COLUMNS_MAX },
	};
	struct winsize size = { .ws_row = 24 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE (table); i++) {
		size.ws_col = table[i].of_terminal;
		CU_ASSERT_FATAL (ioctl (terminal, TIOCSWINSZ, &size) == 0);
		set ("COLUMNS", table[i].variable);
		TAP_EQ_INT (terminal_columns (terminal), table[i].wanted);
		TAP_EQ_INT (terminal_columns (null), table[i].wanted_of_none);
	}
}

static void
colours (void)
{
	static const struct {
		const char *term, *no_color, *force;
		int on_terminal, elsewhere;
	} table[] = {
		{ "xterm", NULL, NULL, 1, 0 }, { "dumb", NULL, NULL, 0, 0 },
		{ "", NULL, NULL, 0, 0 },      { NULL, NULL, NULL, 0, 0 },
		{ "xterm", "1", NULL, 0, 0 },  { "xterm", "", NULL, 1, 0 },
		{ "xterm", NULL, "1", 1, 1 },  { "dumb", NULL, "1", 1, 1 },
		{ "xterm", NULL, "0", 1, 0 },  { "xterm", NULL, "", 1, 0 },
		{ "xterm", "1", "1", 0, 0 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE (table); i++) {
		set ("TERM", table[i].term);
		set ("NO_COLOR", table[i].no_color);
		set ("CLICOLOR_FORCE", table[i].force);
		TAP_EQ_INT (terminal_has_colors (terminal),
			    table[i].on_terminal);
		TAP_EQ_INT (terminal_has_colors (null), table[i].elsewhere);
	}
}

static void
characters (void)
{
	static const struct {
		const char *all, *ctype, *lang;
		int wanted;
	} table[] = {
		{ NULL, NULL, "en_US.UTF-8", 1 },
		{ NULL, NULL, "C.UTF-8", 1 },
		{ NULL, NULL, "de_DE.utf8", 1 },
		{ NULL, NULL, "de_DE.utf8@euro", 1 },
		{ NULL, NULL, "de_DE", 0 },
		{ NULL, NULL, "de_DE.ISO-8859-1", 0 },
		{ NULL, NULL, NULL, 0 },
		{ "C", NULL, "C.UTF-8", 0 },
		{ "", "POSIX", "C.UTF-8", 0 },
		{ "C.UTF-8", "C", "C", 1 },
		{ NULL, "C.UTF-8", "C", 1 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE (table); i++) {
		set ("LC_ALL", table[i].all);
		set ("LC_CTYPE", table[i].ctype);
		set ("LANG", table[i].lang);
		TAP_EQ_INT (terminal_is_utf8 (), table[i].wanted);
	}
}

static const struct tap_case cases[] = {
	{ "width_is_that_of_the_terminal_or_of_the_environment", columns },
	{ "colours_obey_the_environment_and_the_terminal", colours },
	{ "characters_are_those_of_the_locale", characters },
	{ NULL, NULL },
};

int
main (void)
{
	int r;

	if (open_terminal () < 0) {
		printf ("1..0 # SKIP no pseudo-terminals: /dev/pts is not "
			"mounted\n");
		return 0;
	}
	r = tap_run ("terminal_caps", cases);
	close (master);
	close (terminal);
	close (null);
	return r;
}
