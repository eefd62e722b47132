/* SPDX-License-Identifier: MIT */
/* terminal.c - the terminal is left as it was found. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/output/terminal.h"

/* Of a terminal that controls us; of another one we know nothing. */
static int
is_foreground (int fd)
{
	pid_t group = tcgetpgrp (fd);

	return group >= 0 && group == getpgrp ();
}

int
terminal_is_anothers (int fd)
{
	pid_t group = tcgetpgrp (fd);

	return group >= 0 && group != getpgrp ();
}

int
terminal_is_able (int fd)
{
	const char *name = getenv ("TERM");

	return isatty (fd) && name != NULL && *name != '\0'
	       && strcmp (name, "dumb") != 0;
}

/* By member: there is padding in it. */
static int
same_modes (const struct termios *a, const struct termios *b)
{
	return a->c_iflag == b->c_iflag && a->c_oflag == b->c_oflag
	       && a->c_cflag == b->c_cflag && a->c_lflag == b->c_lflag
	       && a->c_line == b->c_line
	       && memcmp (a->c_cc, b->c_cc, sizeof a->c_cc) == 0
	       && cfgetispeed (a) == cfgetispeed (b)
	       && cfgetospeed (a) == cfgetospeed (b);
}

/* At once: output that waits on a stopped terminal would hold us for ever. */
static void
set_modes (int fd, const struct termios *modes)
{
	while (tcsetattr (fd, TCSANOW, modes) < 0 && errno == EINTR)
		;
}

void
terminal_open (struct terminal *t)
{
	int fd;

	memset (t, 0, sizeof *t);
	for (fd = 0; fd < 3; fd++)
		t->modes[fd].has_found =
			is_foreground (fd)
			&& tcgetattr (fd, &t->modes[fd].found) == 0;
}

int
terminal_restore (struct terminal *t)
{
	struct termios now;
	int changed = 0;
	int fd;

	for (fd = 0; fd < 3; fd++) {
		if (!t->modes[fd].has_found || !is_foreground (fd)
		    || tcgetattr (fd, &now) < 0
		    || same_modes (&now, &t->modes[fd].found))
			continue;
		set_modes (fd, &t->modes[fd].found);
		changed = 1;
	}
	return changed;
}

void
terminal_leave (struct terminal *t)
{
	int fd;

	for (fd = 0; fd < 3; fd++)
		if (t->modes[fd].has_found && is_foreground (fd))
			t->modes[fd].has_left =
				tcgetattr (fd, &t->modes[fd].left) == 0
				&& !same_modes (&t->modes[fd].left,
						&t->modes[fd].found);
	(void) terminal_restore (t);
}

void
terminal_return (struct terminal *t)
{
	int fd;

	for (fd = 0; fd < 3; fd++)
		if (is_foreground (fd))
			t->modes[fd].has_found =
				tcgetattr (fd, &t->modes[fd].found) == 0;
	for (fd = 0; fd < 3; fd++) {
		if (!t->modes[fd].has_left || !is_foreground (fd))
			continue;
		t->modes[fd].has_left = 0;
		set_modes (fd, &t->modes[fd].left);
	}
}
