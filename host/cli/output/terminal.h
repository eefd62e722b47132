/* SPDX-License-Identifier: MIT */
/*
 * terminal.h - the terminal is left as it was found.
 *
 * An agent that inherits a terminal as its stdin may change its modes (raw, no
 * echo) and be killed before it takes that back.  Modes are touched only while
 * we are in the foreground of that terminal: in the background they are those
 * of somebody else.
 */
#ifndef CLI_OUTPUT_TERMINAL_H
#define CLI_OUTPUT_TERMINAL_H

#include <stddef.h>
#include <stdint.h>
#include <termios.h>

#include "common/outbuf.h"

struct terminal {
	int32_t is_open; /* 0: nothing is done */
	int32_t reserved;
	struct terminal_modes {
		int32_t has_found;
		int32_t has_left;
		struct termios found; /* as they are to be at the end */
		struct termios left;  /* as the agent had them when we
					 stopped */
	} modes[3];		      /* of descriptors 0, 1 and 2 */
};

/* Note the modes as they are. */
void terminal_open (struct terminal *t);

/* At the end: as they were found.  1: they were not. */
int terminal_restore (struct terminal *t);

/* Before we stop: likewise, and remember those of the agent.  After it: what
 * is found now is what to leave, and those of the agent are set again. */
void terminal_leave (struct terminal *t);
void terminal_return (struct terminal *t);

/* Is FD a terminal with somebody else in its foreground? */
int terminal_is_anothers (int fd);

/* Is FD a terminal that knows escape sequences? */
int terminal_is_able (int fd);

/* ---- what a command has done to the screen ---- */

/*
 * Bytes of a command that reach a terminal as they are (--format raw,
 * --stderr pass) may hide the cursor, show the other screen, ask for the
 * mouse.  A command that is killed does not take that back.  These are
 * functions of bytes; sequences that are not known are left alone.
 */

struct terminal_screen {
	int32_t state;	  /* of the reader of escape sequences */
	uint32_t number;  /* that is being read */
	uint32_t listed;  /* modes of this sequence, a bit each */
	uint32_t changed; /* modes that are not as usual */
};

/* All zero is a screen that nobody has changed. */

void terminal_screen_feed (struct terminal_screen *s, const char *data,
			   size_t len);

/* Somebody has the terminal whose bytes we do not see: it may have hidden the
 * cursor or shown the other screen. */
void terminal_screen_doubt (struct terminal_screen *s);

/* Write what makes the modes as usual again, nothing if they are. */
void terminal_screen_undo (struct terminal_screen *s, struct outbuf *out);

#endif /* CLI_OUTPUT_TERMINAL_H */
