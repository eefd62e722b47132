/* SPDX-License-Identifier: MIT */
/*
 * stderr_capture.h - stderr of a call: redacted, then told in lines and kept at both
 * ends.
 */
#ifndef TOOL_STDERR_CAPTURE_H
#define TOOL_STDERR_CAPTURE_H

#include "io/head_tail.h"
#include "tool/redact.h"

/* Bytes of the longest piece of a line that is told at once. */
#define CAPTURE_LINE 8192u

struct stderr_capture {
	struct redact *redact; /* borrowed */
	struct head_tail ring;
	uint64_t bytes; /* before redaction */
	void (*on_line) (void *user, const char *line, size_t len, int more);
	void *user;
	size_t n_line;
	char line[CAPTURE_LINE]; /* the unfinished one */
};

void stderr_capture_init (struct stderr_capture *c,
			  const struct lhk_alloc *alloc, struct redact *redact,
			  size_t keep);
void stderr_capture_feed (struct stderr_capture *c, const char *data,
			  size_t len);

/* No more will come. */
void stderr_capture_end (struct stderr_capture *c);
void stderr_capture_free (struct stderr_capture *c);

#endif /* TOOL_STDERR_CAPTURE_H */
