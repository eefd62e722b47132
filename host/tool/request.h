/* SPDX-License-Identifier: MIT */
/*
 * request.h - what a tool is given on its stdin: one line of JSON.
 *
 *	{tool_id, tool_exec_id, input, config, env, timeout_ms}
 */
#ifndef TOOL_REQUEST_H
#define TOOL_REQUEST_H

#include <linehook/host.h>

/* All borrowed; everything has been validated. */
struct request {
	const char *id;
	const char *exec_id;
	struct lhk_str input; /* JSON; empty: null */
	struct lhk_str config;
	const char *const *env; /* "NAME=value", NULL-terminated; or NULL */
	uint32_t timeout_ms;
};

/* TEXT, called NAME in the sentence, must be a JSON object, null, or empty.
 * LHK_OK, LHK_EREFUSED or LHK_ENOMEM, with a sentence in ERR. */
int request_check (const struct lhk_alloc *alloc, const char *name,
		   const struct lhk_str *text, struct lhk_error *err);

/* The request in a memory file, positioned at its beginning, for the tool's
 * stdin.  Returns a descriptor that the caller closes, or -errno. */
int request_file (const struct lhk_alloc *alloc, const struct request *request);

#endif /* TOOL_REQUEST_H */
