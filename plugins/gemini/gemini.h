/* SPDX-License-Identifier: MIT */
/* gemini.h - the lines of Gemini CLI, and what the files of the plugin share. */
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

/* A line; its type says which members count. */
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

/* Bytes of "m" or "legacy-" and a number of 32 bits. */
#define GEMINI_NAME_MAX 24u

/* Bytes that are kept of an error. */
#define GEMINI_ERROR_MAX 512u

struct gemini {
	const struct lhk_api *api;
	struct arena arena;
	struct tool_table tools;
	struct lhk_shapes *shapes;
	int32_t resumed;	/* 1 yes, -1 no, 0 not known */
	struct id_copy session; /* that was told last */
	int32_t last_claim;	/* its verdict, or 0 */
	uint32_t n_texts;	/* texts that have begun; the last is "mN" */
	int32_t in_text;	/* the next delta continues the last text */
	int32_t had_result;	/* a tool has ended since the last call */
	uint32_t process;	/* which one prints: a script may run several */
	int32_t had_usage;	/* it has told usage */
	int32_t at_limit;  /* an `error' line told that a limit was reached */
	uint32_t n_legacy; /* calls without an id */
	char text_id[GEMINI_NAME_MAX];
	/* The `error' line that counts: a result may fail without saying why. */
	char error[GEMINI_ERROR_MAX];
	size_t error_len;
	int32_t error_level; /* LHK_LOG_* */
};

/* The table of a line, for tests that go through its fields. */
const struct lhk_fields *gemini_fields (void);

/* Read a line.  RET is valid until the next call.  LHK_OK, or LHK_EPARSE. */
int gemini_read (struct gemini *g, const char *data, size_t len,
		 struct gemini_line *ret);

/* A cache of line shapes; free it with free.  NULL if there is no memory. */
struct lhk_shapes *gemini_shapes (void);

/* Emit the session that a line names, if it is not the last one. */
int gemini_session (struct gemini *g, const struct gemini_line *line);

/* Emit the events of a line or a list.  LHK_OK, LHK_SKIP or an error. */
int gemini_tool_use (struct gemini *g, const struct gemini_line *line);
int gemini_tool_result (struct gemini *g, const struct gemini_line *line,
			uint32_t line_flags);
int gemini_tool_calls (struct gemini *g, const struct lhk_raw *list);
int gemini_result (struct gemini *g, const struct gemini_line *line);

/* Does a message tell that the program has stopped the work at a limit? */
int gemini_is_limit (const struct lhk_text *message);

/* Emit what the stream has left unsaid at its end. */
int gemini_flush (void *handle);
int gemini_exited (void *handle, const struct lhk_exit *how);

#endif /* PLUGINS_GEMINI_H */
