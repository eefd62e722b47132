/* SPDX-License-Identifier: MIT */
/* opencode.h - the lines of OpenCode, and what the files of the plugin share. */
#ifndef PLUGINS_OPENCODE_H
#define PLUGINS_OPENCODE_H

#include "common/common.h"

struct opencode_cache {
	struct lhk_num read;
	struct lhk_num write;
};

struct opencode_tokens {
	struct lhk_num input;  /* without cache */
	struct lhk_num output; /* without reasoning */
	struct lhk_num reasoning;
	struct opencode_cache cache;
};

/* The metadata of a tool's state or of a text part. */
struct opencode_metadata {
	struct lhk_num exit;
	int32_t truncated;
	int32_t interrupted;
	int32_t compaction_continue;
	struct opencode_own {
		struct lhk_num exit;
		int32_t truncated;
		int32_t interrupted;
	} own; /* metadata.metadata: the tool's own, since version 2 */
};

struct opencode_state {
	struct lhk_text status;
	struct lhk_raw input;
	struct lhk_text output;
	struct lhk_raw error;
	struct lhk_text title;
	struct opencode_metadata metadata;
};

struct opencode_part {
	struct lhk_text id;
	struct lhk_text message_id;
	struct lhk_text text;
	int32_t synthetic;
	struct opencode_metadata metadata;
	struct lhk_text tool;
	struct lhk_text call_id;
	struct opencode_state state;
	struct lhk_text name; /* legacy: tool */
	struct lhk_raw input; /* legacy: state.input */
	struct lhk_text reason;
	struct opencode_tokens tokens;
	struct lhk_raw cost;
};

struct opencode_line {
	struct lhk_text type;
	struct lhk_num timestamp;
	struct lhk_text session_id;
	struct opencode_part part;
	struct lhk_raw error;
	struct lhk_text reason; /* done */
	struct lhk_raw rejected;
};

struct opencode {
	const struct lhk_api *api;
	struct arena arena;
	int32_t resumed;	/* 1 yes, -1 no, 0 not known */
	struct id_copy session; /* that was told last */
	int32_t guessed;	/* only a line of no known type has told it */
	int32_t last_claim;	/* its verdict, or 0 */
	int32_t claimed;	/* no step was begun since */
	int32_t over;		/* that claim was the end of the run */
	int32_t compacting;	/* the next step makes a summary */
	int32_t refused; /* an event has said that a permission was refused */
	int32_t stopped; /* and that was in the last step */
	struct id_copy reason;	 /* why it ended: the name of an error, or of a
				    reason that is no claim */
	struct id_copy finished; /* the message whose step has ended last */
};

/* The table of a line, for tests that go through its fields. */
const struct lhk_fields *opencode_fields (void);

/* Read a line, which RET borrows.  LHK_OK, or LHK_EPARSE. */
int opencode_read (const char *data, size_t len, struct opencode_line *ret);

struct opencode_error {
	struct lhk_text name;
	struct lhk_text message; /* the name, if there is no message */
};

/* Read an error, which is a string or an object {name, data {message}}. */
void opencode_error (const struct lhk_raw *raw, struct opencode_error *ret);

/* Emit a session event for the session of a line, if it has one. */
int opencode_session (struct opencode *o, const struct opencode_line *line);

/* Emit the events of a part or a line.  LHK_OK, LHK_SKIP or an error. */
int opencode_tool (struct opencode *o, const struct opencode_part *part);

int opencode_step_finish (struct opencode *o, const struct opencode_line *line);
int opencode_failed (struct opencode *o, const struct opencode_line *line);
int opencode_done (struct opencode *o, const struct opencode_line *line);

/* The stream has ended: emit why, if no claim says it. */
int opencode_flush (void *handle);

#endif /* PLUGINS_OPENCODE_H */
