/* SPDX-License-Identifier: MIT */
/* droid.h - the lines of Droid, and what the files of the plugin share. */
#ifndef PLUGINS_DROID_H
#define PLUGINS_DROID_H

#include "common/common.h"

struct droid_usage {
	struct lhk_num input; /* without cache */
	struct lhk_num output;
	struct lhk_num cache_read;
	struct lhk_num cache_write;
	struct lhk_num credits;
	struct lhk_num thinking; /* tokens of the output */
};

struct droid_error {
	struct lhk_text message;
};

/* A line; its type says which members count. */
struct droid_line {
	struct lhk_text type;
	struct lhk_text subtype;
	struct lhk_text role;
	struct lhk_text id;
	struct lhk_text message_id;
	struct lhk_text tool_id; /* the name again */
	struct lhk_text tool_name;
	struct lhk_raw parameters;
	int32_t is_error;
	struct lhk_raw value;
	struct droid_error error;
	struct lhk_text text;
	struct lhk_text source;
	struct lhk_text message;
	struct lhk_text final_text;
	struct lhk_num turns;
	struct lhk_text cwd;
	int32_t failed; /* of a result */
	struct lhk_text result;
	struct lhk_num timestamp;
	struct lhk_text session_id;
	struct lhk_raw tools;
	struct lhk_text model;
	struct lhk_text effort;
	struct droid_usage usage;
};

/* Bytes that are kept of a reasoning, to know a part of it. */
#define DROID_THOUGHT_MAX 4096u

/* Bytes that are kept of an error. */
#define DROID_ERROR_MAX 512u

/* How the words of the program begin that end a run in which a permission was
 * refused: in a result, a message of the assistant and an error. */
#define DROID_ENDED_EARLY "Exec ended early: "

struct droid {
	const struct lhk_api *api;
	struct arena arena;
	int32_t resumed;	/* 1 yes, -1 no, 0 not known */
	struct id_copy session; /* that was told last */
	int32_t guessed;	/* only a line of no known type has told it */
	struct id_copy message; /* whose text or reasoning came last */
	uint32_t n_parts;	/* its texts so far */
	struct droid_thought {
		size_t len; /* bytes of it; 0: none, or it was repeated */
		uint64_t sum;
		size_t at;   /* bytes that were repeated */
		size_t kept; /* bytes of it in TEXT */
		char text[DROID_THOUGHT_MAX];
	} thought;	      /* the last reasoning of MESSAGE */
	struct id_copy calls; /* the message with the last call */
	/* Why the loop of the agent has ended: the error that is printed last
	 * does not say it. */
	char error[DROID_ERROR_MAX];
	size_t error_len;
};

/* The table of a line, for tests that go through its fields. */
const struct lhk_fields *droid_fields (void);

/* Read a line, which RET borrows.  LHK_OK, or LHK_EPARSE. */
int droid_read (const char *data, size_t len, struct droid_line *ret);

/* Is a line, taken alone, one of Droid's?  1 or 0. */
int droid_probe (const char *data, size_t len);

/* Emit the session of a line, if it is not the last one.  LHK_OK or an error. */
int droid_session (struct droid *d, const struct droid_line *line);

/* Emit the events of a line, or of the input of a call.  LHK_OK, LHK_SKIP or an error. */
int droid_message (struct droid *d, const struct droid_line *line,
		   uint32_t line_flags);
int droid_reasoning (struct droid *d, const struct droid_line *line,
		     uint32_t line_flags);
int droid_tool_call (struct droid *d, const struct droid_line *line,
		     uint32_t line_flags);
int droid_tool_result (struct droid *d, const struct droid_line *line,
		       uint32_t line_flags);
int droid_plan (struct droid *d, const struct lhk_raw *input);
int droid_failed (struct droid *d, const struct droid_line *line,
		  uint32_t line_flags);
int droid_completion (struct droid *d, const struct droid_line *line,
		      uint32_t line_flags);
int droid_result (struct droid *d, const struct droid_line *line,
		  uint32_t line_flags);

#endif /* PLUGINS_DROID_H */
