/* SPDX-License-Identifier: MIT */
/* event_rewrite.h - lines of events that are read and written again. */
#ifndef TESTS_EVENT_REWRITE_H
#define TESTS_EVENT_REWRITE_H

#include "format/event_reader.h"
#include "lib/capture.h"

/* Read LEN bytes at LINE, which have no newline, from memory that ends behind
 * the padding; write the event with FORMAT_JSON_* to RET, if there is one.  What
 * the reader returned. */
int event_rewrite (struct event_reader *r, const char *line, size_t len,
		   unsigned int flags, struct capture *ret);

/* Is the line, which has a newline behind it, the same when it is written again,
 * or too deep for the reader, as a source line in it may be?  1 or 0. */
int event_rewrite_is_same (struct event_reader *r, const char *line, size_t len,
			   unsigned int flags);

#endif /* TESTS_EVENT_REWRITE_H */
