/* SPDX-License-Identifier: MIT */
/*
 * gemini.h - the rooms of the gemini plugin.
 *
 *	wire.c		lines of `gemini --output-format stream-json'
 *	tool.c		tool calls and what came of them
 *	result.c	usage and claims, also from the exit status
 *	gemini.c	lines to events, and the descriptor
 */
#ifndef PLUGINS_GEMINI_H
#define PLUGINS_GEMINI_H

#include "common/common.h"

struct gemini_error {
	struct lhk_text type;
	struct lhk_text message;
};

struct gemini_stats {
	struct lhk_num total_tokens;
	struct lhk_num input_tokens;
	struct lhk_num output_tokens;
	struct lhk_num cached;
	struct lhk_raw models;
};

/* All lines; which members count depends on the type. */
struct gemini_line {
	struct lhk_text type;
	struct lhk_text timestamp;
	struct lhk_text role;
	struct lhk_text content;
	int32_t delta;
	struct lhk_raw tool_calls; /* legacy toolCalls */
	struct lhk_text session_id;
	struct lhk_text model;
	struct lhk_text tool_name;
	struct lhk_text tool_id;
	struct lhk_raw parameters;
	struct lhk_text status;
	struct lhk_text output;
	struct gemini_error error;
	struct lhk_text severity;
	struct lhk_text message;
	struct gemini_stats stats;
};

#define GEMINI_NAME_MAX 24u /* "m" or "legacy-", and 32 bits */
#define GEMINI_ERROR_MAX 512u

struct gemini {
	const struct lhk_api *api;
	struct arena arena;
	struct calls calls;
	struct lhk_shapes *shapes;
	int32_t resumed; /* 1, -1, 0 not known */
	int32_t said_session;
	int32_t claimed;   /* last verdict, 0: none */
	uint32_t n_texts;  /* texts begun; names them: "m1", "m2".. */
	int32_t in_text;   /* the next delta continues the last text */
	uint32_t n_legacy; /* calls that the wire gives no id */
	char text_id[GEMINI_NAME_MAX];
	/* Of the last `error' line: a result may fail without saying why. */
	char error[GEMINI_ERROR_MAX];
	size_t error_len;
};

/* The table, for tests that walk it. */
const struct lhk_fields *gemini_fields (void);

/* LHK_OK, or LHK_EPARSE.  RET is valid until the next call. */
int gemini_read (struct gemini *g, const char *data, size_t len,
		 struct gemini_line *ret);

/* For the cache of line shapes; to be freed.  NULL: no memory. */
struct lhk_shapes *gemini_shapes (void);

int gemini_tool_use (struct gemini *g, const struct gemini_line *line);
int gemini_tool_result (struct gemini *g, const struct gemini_line *line,
			uint32_t line_flags);
int gemini_tool_calls (struct gemini *g, const struct lhk_raw *list);
int gemini_result (struct gemini *g, const struct gemini_line *line);
int gemini_exited (void *handle, const struct lhk_exit *how);

#endif /* PLUGINS_GEMINI_H */
