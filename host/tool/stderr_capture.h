/* SPDX-License-Identifier: MIT */
/* stderr_capture.h - stderr of a call: redacted, then passed on line by line,
 * its head and its tail kept. */
#ifndef TOOL_STDERR_CAPTURE_H
#define TOOL_STDERR_CAPTURE_H

#include "io/head_tail.h"
#include "tool/redact.h"

/* A longer line is passed on in pieces of at most so many bytes. */
#define STDERR_CAPTURE_LINE_MAX 8192u

struct stderr_capture {
	struct redact *redact; /* borrowed */
	struct head_tail ends;
	uint64_t bytes; /* received, before redaction */
	/* A redacted line without its newline; MORE 1: the line goes on.  Or
	 * NULL. */
	void (*on_line) (void *user, const char *line, size_t len, int more);
	void *user;
	size_t n_line;
	char line[STDERR_CAPTURE_LINE_MAX]; /* the line that has not ended */
};

/* KEEP: bytes to keep, half of the head and half of the tail.  The caller may
 * set on_line and user afterwards. */
void stderr_capture_init (struct stderr_capture *c,
			  const struct lhk_alloc *alloc, struct redact *redact,
			  size_t keep);

/* May call on_line. */
void stderr_capture_feed (struct stderr_capture *c, const char *data,
			  size_t len);

/* stderr has ended; may call on_line for a last line without a newline. */
void stderr_capture_end (struct stderr_capture *c);
void stderr_capture_free (struct stderr_capture *c);

#endif /* TOOL_STDERR_CAPTURE_H */
