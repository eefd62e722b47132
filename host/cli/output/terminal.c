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
	t->is_open = 1;
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

	if (!t->is_open)
		return;
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

/* ---- what a command has done to the screen ---- */

/* Modes as xterm numbers them, and what they are in a shell. */
static const struct {
	uint32_t number;
	char usual; /* h: set, l: not set */
		    /* clang-format off: a table */
} modes[] = {
	{ 25, 'h' },   /* the cursor is seen */
	{ 1047, 'l' }, /* the other screen: this one moves nothing */
	{ 1049, 'l' }, /* if it was not shown */
	{ 47, 'l' },   { 7, 'h' }, /* lines wrap */
	{ 1, 'l' },		   /* cursor keys of applications */
	{ 1000, 'l' },		   /* the mouse, in many ways */
	{ 1002, 'l' }, { 1003, 'l' }, { 1005, 'l' },
	{ 1006, 'l' }, { 1015, 'l' }, { 1004, 'l' }, /* focus */
	{ 2004, 'l' }, /* what is pasted is marked */
	{ 2026, 'l' }, /* the picture stands still */
};
/* clang-format on */

#define N_MODES (sizeof modes / sizeof modes[0])
#define CURSOR (1u << 0)
#define OTHER_SCREEN (1u << 1)
#define COLOURS (1u << N_MODES)

enum { PLAIN = 0, ESCAPE, BEGUN, PRIVATE, ORDINARY };

static void
list_number (struct terminal_screen *s)
{
	size_t i;

	for (i = 0; i < N_MODES; i++)
		if (modes[i].number == s->number)
			s->listed |= 1u << i;
	s->number = 0;
}

static void
set_listed (struct terminal_screen *s, char how)
{
	size_t i;

	for (i = 0; i < N_MODES; i++) {
		if ((s->listed & 1u << i) == 0)
			continue;
		if (modes[i].usual == how)
			s->changed &= ~(1u << i);
		else
			s->changed |= 1u << i;
	}
}

static void
end_sequence (struct terminal_screen *s, char last)
{
	int state = s->state;
	uint32_t number = s->number;

	s->state = PLAIN;
	if (state == PRIVATE && (last == 'h' || last == 'l')) {
		list_number (s);
		set_listed (s, last);
	} else if (state != PRIVATE && last == 'm') {
		s->changed = number == 0 ? s->changed & ~COLOURS
					 : s->changed | COLOURS;
	}
}

static void
feed_char (struct terminal_screen *s, char c)
{
	if (c == 0x1b) {
		s->state = ESCAPE;
	} else if (s->state == ESCAPE) {
		if (c == 'c') /* the terminal begins anew */
			s->changed = 0;
		s->state = c == '[' ? BEGUN : PLAIN;
		s->number = s->listed = 0;
	} else if (s->state == BEGUN && c == '?') {
		s->state = PRIVATE;
	} else if (c >= '0' && c <= '9') {
		if (s->state == BEGUN)
			s->state = ORDINARY;
		if (s->number < 100000)
			s->number = s->number * 10 + (uint32_t) (c - '0');
	} else if (c == ';') {
		list_number (s);
	} else if (c >= 0x40 && c <= 0x7e) {
		end_sequence (s, c);
	} else {
		s->state = PLAIN;
	}
}

void
terminal_screen_feed (struct terminal_screen *s, const char *data, size_t len)
{
	const char *end = data + len;

	while (data < end) {
		if (s->state == PLAIN) {
			data = memchr (data, 0x1b, (size_t) (end - data));
			if (data == NULL)
				return;
		}
		feed_char (s, *data++);
	}
}

void
terminal_screen_doubt (struct terminal_screen *s)
{
	s->changed |= CURSOR | OTHER_SCREEN;
}

void
terminal_screen_undo (struct terminal_screen *s, struct outbuf *out)
{
	size_t i;

	for (i = 0; i < N_MODES; i++) {
		if ((s->changed & 1u << i) == 0)
			continue;
		OUTBUF_LIT (out, "\x1b[?");
		outbuf_u64 (out, modes[i].number);
		outbuf_byte (out, modes[i].usual);
	}
	if ((s->changed & COLOURS) != 0)
		OUTBUF_LIT (out, "\x1b[m");
	s->changed = 0;
	s->state = PLAIN;
}
