/* SPDX-License-Identifier: MIT */
/* calls.h - real tools under the library, and what they answered. */
#ifndef TESTS_CALLS_H
#define TESTS_CALLS_H

#include <linehook/tool.h>

#include "lib/left.h"
#include "lib/tap.h"

struct call {
	struct lhk_host *host;
	struct lhk_tool *tool;
	struct lhk_tool_opts opts; /* for the next call; reset after it */

	/* Of the last one. */
	int kind;
	char *json; /* what lhk_tool_write_result wrote */
	size_t json_len, json_cap;
	char *lines; /* of stderr, each with '|', pieces with '+' */
	size_t lines_len, lines_cap;
	size_t n_lines, n_pieces;
	int n_ends; /* calls of on_end */
};

/* ALLOC may be NULL. */
void call_begin (struct call *c, const struct lhk_alloc *alloc);
void call_end (struct call *c);

/* Start; LHK_OK or the code. */
int call_start (struct call *c, const char *const *argv);

/* Wait for the end, at most 60 s, and read what came; the kind. */
int call_wait (struct call *c);

/* Both. */
int call_run (struct call *c, const char *const *argv);

/* Of the result: is TEXT in it? */
int call_says (const struct call *c, const char *text);

#endif /* TESTS_CALLS_H */
