/* SPDX-License-Identifier: MIT */
/* tool_call.h - run a real tool through the library and collect its result. */
#ifndef TESTS_TOOL_CALL_H
#define TESTS_TOOL_CALL_H

#include <linehook/tool.h>

#include "lib/leaks.h"
#include "lib/tap.h"

struct call {
	struct lhk_host *host;
	struct lhk_tool *tool;
	struct lhk_tool_opts opts; /* of the next call; reset after it */

	/* The last call. */
	int kind;   /* LHK_TOOL_ERROR_* */
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

/* Start a call; LHK_OK or the error of lhk_tool_start. */
int call_start (struct call *c, const char *const *argv);

/* Wait for its end, at most 60 s, and collect its result.  Returns the kind. */
int call_wait (struct call *c);

/* Start it and wait for it. */
int call_run (struct call *c, const char *const *argv);

/* 1: TEXT is in the result. */
int call_has (const struct call *c, const char *text);

#endif /* TESTS_TOOL_CALL_H */
