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

struct capture {
	struct redact *redact; /* borrowed */
	struct head_tail ring;
	uint64_t bytes; /* before redaction */
	void (*on_line) (void *user, const char *line, size_t len, int more);
	void *user;
	size_t n_line;
	char line[CAPTURE_LINE]; /* the unfinished one */
};

void capture_init (struct capture *c, const struct lhk_alloc *alloc,
		   struct redact *redact, size_t keep);
void capture_feed (struct capture *c, const char *data, size_t len);

/* No more will come. */
void capture_end (struct capture *c);
void capture_free (struct capture *c);

#endif /* TOOL_STDERR_CAPTURE_H */
