/* SPDX-License-Identifier: MIT */
/*
 * screen.h - what a command has done to the screen of a terminal, undone.
 *
 * Bytes of a command that reach a terminal as they are (--format raw,
 * --stderr pass) may hide the cursor, show the other screen, ask for the
 * mouse.  A command that is killed does not take that back.  A function of
 * bytes; what it does not know it leaves alone.
 */
#ifndef CLI_OUTPUT_SCREEN_H
#define CLI_OUTPUT_SCREEN_H

#include <stddef.h>
#include <stdint.h>

#include "common/outbuf.h"

struct screen {
	int32_t state;	  /* of the reader of escape sequences */
	uint32_t number;  /* that is being read */
	uint32_t listed;  /* modes of this sequence, a bit each */
	uint32_t changed; /* modes that are not as usual */
};

/* All zero is a screen that nobody has changed. */

void screen_feed (struct screen *s, const char *data, size_t len);

/* Somebody has the terminal whose bytes we do not see: it may have hidden the
 * cursor or shown the other screen. */
void screen_doubt (struct screen *s);

/* Write what makes the modes as usual again, nothing if they are. */
void screen_undo (struct screen *s, struct outbuf *out);

#endif /* CLI_OUTPUT_SCREEN_H */
