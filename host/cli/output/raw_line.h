/* SPDX-License-Identifier: MIT */
/*
 * raw_line.h - a line of the agent among our own lines.
 *
 * It is printed as {"raw":"..."}, so that nothing an agent writes passes for an
 * event.  Bytes that are not UTF-8 become U+FFFD.
 */
#ifndef CLI_OUTPUT_RAW_LINE_H
#define CLI_OUTPUT_RAW_LINE_H

#include "common/outbuf.h"

struct raw_line {
	int open;     /* the line has no end yet */
	char tail[4]; /* the begin of a character that goes on */
	size_t n_tail;
};

/* Print the next LEN bytes of the line; a newline, which can only be the last
 * byte, ends it. */
void raw_line_put (struct raw_line *l, struct outbuf *o, const char *data,
		   size_t len);

/* End a line that had no newline; nothing if there is none. */
void raw_line_end (struct raw_line *l, struct outbuf *o);

#endif /* CLI_OUTPUT_RAW_LINE_H */
