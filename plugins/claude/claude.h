/* SPDX-License-Identifier: MIT */
/*
 * claude.h - the handle of one stream and what its files do for each other.
 *
 * A line is parsed in full first (parse.h), then committed: state changes and
 * events begin only once the whole line is known to be valid.
 */
#ifndef CLAUDE_H
#define CLAUDE_H

#include "claude/parse.h"

#define CLAUDE_ID_MAX 255u /* of a message, a parent, a session, a model */
#define CLAUDE_BLOCK_MAX 1000000 /* numbers of blocks end here */
#define CLAUDE_MESSAGES 32u /* remembered at once: main thread, subagents */

/* A short text of our own; longer ones are not remembered. */
struct claude_name {
	char text[CLAUDE_ID_MAX + 1];
	size_t len;
};

/* A message of the model, told in several lines. */
struct claude_known {
	struct claude_name id;
	struct claude_name parent;
	struct claude_name model;
	uint32_t n_blocks;  /* blocks told whole so far */
	int32_t open_block; /* index of the block that streams, or -1 */
	int64_t input, output, cache_read, cache_write; /* last said */
	uint32_t has;		  /* LHK_USAGE_*: which of them */
	struct claude_name label; /* id of the texts of LABEL_BLOCK */
	int32_t label_block;
};

struct claude {
	const struct lhk_api *api;
	struct arena arena; /* of the line */
	int in_array;	    /* the line holds several */
	struct lhk_shapes *shapes;
	struct claude_name session;
	int session_said;
	struct claude_name model;
	struct claude_known messages[CLAUDE_MESSAGES];
	uint32_t now;  /* message used last */
	uint32_t next; /* message forgotten next */
	struct calls tools;
	struct calls tasks; /* background work; note: TASK_* */
	struct calls todos; /* note: LHK_PLAN_* */
	int resumed;	    /* as in the session event */
	int64_t cost;	    /* of the session so far, 10^-9 USD */
	int cost_known;
	int calls_open; /* usage of calls no turn has covered */
	int open_claim; /* LHK_VERDICT_* that background work keeps
			   from being terminal, or 0 */
	struct claude_name open_reason;
};

enum {
	TASK_BACKGROUND = 1 << 0, /* outlives the call that began it */
	TASK_LISTED = 1 << 1	  /* was in a list of running tasks */
};

/* A line, once its family is known.  LHK_OK, LHK_SKIP or an error. */
int claude_assistant (struct claude *c, const union claude_line *line);
int claude_user (struct claude *c, const union claude_line *line);
int claude_stream (struct claude *c, const union claude_line *line);
int claude_system (struct claude *c, const union claude_line *line);
int claude_result (struct claude *c, const union claude_line *line);
int claude_control_request (struct claude *c, const union claude_line *line);
int claude_control_cancel (struct claude *c, const union claude_line *line);
int claude_rate_limit (struct claude *c, const union claude_line *line);
int claude_reset (struct claude *c, const union claude_line *line);
int claude_auth (struct claude *c, const union claude_line *line);
int claude_quiet (struct claude *c, const union claude_line *line);

/* As in the descriptor. */
int claude_probe (const char *data, size_t len);

/* ---- state.c ---- */

int name_is (const struct claude_name *name, const struct lhk_text *text);
void name_set (struct claude_name *name, const struct lhk_text *text);
struct lhk_text name_text (const struct claude_name *name);

/* The message of a line, made when it is new; NULL: it has no usable id. */
struct claude_known *claude_message (struct claude *c,
				     const struct lhk_text *id,
				     const struct lhk_text *parent);

/* The message that streams under PARENT, by the last event; or NULL. */
struct claude_known *claude_streaming (struct claude *c,
				       const struct lhk_text *id,
				       const struct lhk_text *parent);

/* "MESSAGE:BLOCK", the id of a text, in the arena; absent without a message.
 * 0 or LHK_ENOMEM. */
int claude_text_id (struct claude *c, const struct lhk_text *message,
		    int32_t block, struct lhk_text *ret);

/* The same for deltas, which repeat it: a line with one delta copies nothing.
 * K may be NULL. */
int claude_delta_id (struct claude *c, struct claude_known *k, int32_t block,
		     struct lhk_text *ret);

/* ---- usage.c ---- */

/* Usage of one model call, unless it was said already. */
int claude_call_usage (struct claude *c, struct claude_known *k,
		       const struct claude_usage *u,
		       const struct lhk_text *model,
		       const struct lhk_text *parent);

/* Usage of a turn, from its result. */
int claude_turn_usage (struct claude *c, const struct claude_result_line *r);

/* ---- tool.c ---- */

/* A block that calls a tool. */
int claude_tool_use (struct claude *c, const struct claude_block *b,
		     const struct lhk_text *parent);

/* The call was refused, unless that was said already.  INPUT may be NULL. */
int claude_tool_denied (struct claude *c, const struct lhk_text *id,
			const struct lhk_text *name,
			const struct lhk_raw *input);

/* A block with the result of a call.  ALONE: it is the only one of the line,
 * whose tool_use_result therefore is about it. */
int claude_tool_result (struct claude *c, const struct claude_block *b,
			const struct claude_message_line *line, int alone);

/* ---- todo.c ---- */

/* The to-do list, kept by tools of the program. */
int claude_todo_call (struct claude *c, const struct claude_block *b,
		      const struct lhk_text *parent);
int claude_todo_result (struct claude *c, const struct call *call,
			const struct claude_tool_result *r);

/* ---- task.c ---- */

int claude_task_started (struct claude *c, const struct claude_system_line *s);
int claude_task_ended (struct claude *c, const struct claude_system_line *s);
int claude_task_list (struct claude *c, const struct claude_system_line *s);

/* The call TOOL has returned and nothing of it runs on. */
int claude_task_returned (struct claude *c, const struct lhk_text *tool);

/* Is background work pending? */
int claude_task_pending (const struct claude *c);

/* ---- data.c ---- */

/* A member of the data of a notice; absent values and null are left out. */
struct claude_member {
	const char *key;
	struct lhk_str value; /* JSON text */
};

/* {"KEY":VALUE,..} in the arena.  0 or LHK_ENOMEM. */
int claude_data (struct claude *c, const struct claude_member *members,
		 size_t n, struct lhk_raw *ret);

/* All string elements, joined by newlines; several are copied. */
int claude_join (struct claude *c, const struct lhk_raw *list,
		 struct lhk_text *ret);

/* The text of message.content or of a tool's result: a string, or the text
 * blocks joined by newlines.  *RET_OTHERS: blocks of other kinds, or NULL. */
int claude_text_of (struct claude *c, const struct lhk_raw *content,
		    struct lhk_text *ret, size_t *ret_others);

/* Session event if the line has an id that was not said yet. */
int claude_session (struct claude *c, const struct lhk_text *id);

#endif /* CLAUDE_H */
