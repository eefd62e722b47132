/* SPDX-License-Identifier: MIT */
/* lines.h - what a command says on stderr, line by line into the log. */
#ifndef CLI_OUTPUT_LINES_H
#define CLI_OUTPUT_LINES_H

#include "cli/output/log.h"

/* Of one line; a longer one becomes several records. */
#define LINES_MAX 4096

struct lines {
	struct log *log;
	size_t len;
	char data[LINES_MAX];
};

void lines_init (struct lines *l, struct log *log);
void lines_feed (struct lines *l, const char *data, size_t len);

/* The rest is a line. */
void lines_end (struct lines *l);

#endif /* CLI_OUTPUT_LINES_H */
