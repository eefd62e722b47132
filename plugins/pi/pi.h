/* SPDX-License-Identifier: MIT */
/* pi.h - the lines of pi, and what the files of the plugin share. */
#ifndef PLUGINS_PI_H
#define PLUGINS_PI_H

#include "common/common.h"

struct pi_cost {
	struct lhk_raw total;
};

struct pi_usage {
	struct lhk_num input;  /* without cache */
	struct lhk_num output; /* with reasoning */
	struct lhk_num cache_read;
	struct lhk_num cache_write;
	struct lhk_num reasoning;
	struct pi_cost cost;
};

struct pi_message {
	struct lhk_text role;
	struct lhk_raw content; /* a string, or an array of blocks */
	struct lhk_text model;
	struct pi_usage usage;
	struct lhk_text stop_reason;
	struct lhk_raw timestamp;
	struct lhk_text error;
	struct lhk_text raw_stop_reason; /* the word of the model's API */
	int32_t display;		 /* of an extension's message */
};

/* A piece of an assistant's message. */
struct pi_piece {
	struct lhk_text type;
	struct lhk_num index; /* of the block in the content of the message */
	struct lhk_text delta;
	struct lhk_text content;
};

/* The result of a tool, or of a compaction. */
struct pi_result {
	struct lhk_raw content;
	struct pi_command {
		struct lhk_text output;
		int32_t truncated;
		struct lhk_num exit_code;
	} command; /* structuredContent of a command */
	struct pi_details {
		struct pi_truncation {
			int32_t truncated;
		} truncation;
	} details;
	struct pi_usage usage;
};

/* A line; its type says which members count. */
struct pi_line {
	struct lhk_text type;
	struct pi_usage usage; /* of the message so far */
	struct pi_piece piece;
	struct pi_message message;
	struct lhk_text call_id;
	struct lhk_text tool;
	struct lhk_raw args;
	struct pi_result partial;
	struct pi_result result;
	int32_t is_error;
	struct lhk_num duration;
	struct lhk_num version;
	struct lhk_text id;
	struct lhk_text timestamp;
	struct lhk_text cwd;
	struct lhk_raw messages;
	int32_t will_retry;
	int32_t aborted;
	struct lhk_num attempt;
	struct lhk_num max_attempts;
	struct lhk_num delay;
	struct lhk_text error;
};

/* Bytes of "m", two numbers of 32 bits and a dot. */
#define PI_NAME_MAX 24u

/* Bytes that are kept of an error. */
#define PI_ERROR_MAX 1024u

/* Blocks of a message that are told apart; those beyond are handled alike. */
#define PI_BLOCKS 64u

struct pi {
	const struct lhk_api *api;
	struct arena arena;
	struct lhk_shapes *shapes;
	int32_t resumed; /* 1 yes, -1 no, 0 not known */
	struct id_copy session;
	struct id_copy model; /* that was told last */
	int32_t claimed;      /* no work was begun since */
	int32_t had_usage;    /* some was told */
	/* The assistant's message: the last one that began. */
	uint32_t n_messages; /* its number */
	int32_t open;	     /* it has not ended */
	int32_t had_call;    /* a tool was called since it began */
	uint64_t streamed;   /* blocks of which a delta was told, a bit each */
	uint64_t told;	     /* blocks that were told as a whole */
	uint64_t thoughts;   /* blocks that are reasoning */
	uint32_t named;	     /* the block whose id is NAME, + 1; 0: none */
	char name[PI_NAME_MAX];
	/* How the last message that has ended did so. */
	int32_t verdict; /* LHK_VERDICT_*; 0: none has ended */
	struct id_copy reason;
	char error[PI_ERROR_MAX];
	size_t error_len;
};

/* The table of a line, for tests that go through its fields. */
const struct lhk_fields *pi_fields (void);

/* Read a line.  RET is valid until the next call.  LHK_OK, or LHK_EPARSE. */
int pi_read (struct pi *p, const char *data, size_t len, struct pi_line *ret);

/* A cache of line shapes; free it with free.  NULL if there is no memory. */
struct lhk_shapes *pi_shapes (void);

/* Emit the session that was told last, again. */
int pi_session_again (struct pi *p);

/* Emit the events of a line.  FLAGS: those of the line.  LHK_OK, LHK_SKIP or an
 * error. */
int pi_message_update (struct pi *p, const struct pi_line *line,
		       uint32_t flags);
int pi_message_start (struct pi *p, const struct pi_line *line, uint32_t flags);
int pi_message_end (struct pi *p, const struct pi_line *line, uint32_t flags);
int pi_tool_start (struct pi *p, const struct pi_line *line, uint32_t flags);
int pi_tool_update (struct pi *p, const struct pi_line *line, uint32_t flags);
int pi_tool_end (struct pi *p, const struct pi_line *line, uint32_t flags);
int pi_agent_end (struct pi *p, const struct pi_line *line, uint32_t flags);
int pi_agent_settled (struct pi *p, const struct pi_line *line, uint32_t flags);
int pi_retry (struct pi *p, const struct pi_line *line, uint32_t flags);
int pi_summary_retry (struct pi *p, const struct pi_line *line, uint32_t flags);
int pi_compaction_end (struct pi *p, const struct pi_line *line,
		       uint32_t flags);

/* What the last message said is said again: withdraw it. */
int pi_withdraw (struct pi *p);

/* Emit the usage of one model call.  ID and MODEL may be NULL.  Counts of 0 are
 * not known, unless the model was SILENT: then they complete what earlier calls
 * have told. */
int pi_emit_usage (struct pi *p, const struct pi_usage *usage,
		   const struct lhk_text *id, const struct lhk_text *model,
		   int silent);

/* Note how a message of the assistant has ended; NULL: its end was lost. */
void pi_note_end (struct pi *p, const struct pi_message *m);

/* Emit what the stream has left unsaid at its end. */
int pi_flush (void *handle);

#endif /* PLUGINS_PI_H */
