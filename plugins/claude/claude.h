/* SPDX-License-Identifier: MIT */
/*
 * claude.h - the handle of a stream, and what the files of the plugin share.
 *
 * A line is parsed in full first; state changes and events begin only when the
 * whole line is known to be valid.
 */
#ifndef CLAUDE_H
#define CLAUDE_H

#include "claude/parse.h"
#include "common/stream_json.h"

/* Bytes of the id of a message, in the form it has, that the ids of its texts
 * are made of: each block has a copy of it. */
#define CLAUDE_LABEL_MAX 127u

/* The highest number of a block. */
#define CLAUDE_BLOCK_MAX 1000000

/* Messages that are remembered at once, those of subagents too. */
#define CLAUDE_MESSAGES 32u

/* A message of the model, which comes in several lines. */
struct claude_message_state {
	struct id_copy id;
	struct id_copy parent;
	struct id_copy model;
	uint32_t n_blocks;   /* whole blocks so far */
	uint32_t n_streamed; /* blocks whose deltas have begun */
	int32_t open_block;  /* the number of the block that streams, or -1 */
	int32_t has_call;    /* it has called a tool */
	int64_t input, output, cache_read, cache_write; /* last reported */
	uint32_t has;	      /* LHK_USAGE_*: which of them are known */
	struct id_copy label; /* the id of the texts of LABEL_BLOCK */
	int32_t label_block;
	int32_t label_role; /* LHK_ROLE_* of its last delta; 0: none */
	/* Texts and thoughts that have streamed and whose whole line has not
	 * come: a bit for each of the first 64 blocks. */
	uint64_t streamed[2];
};

/* Lines whose repetition is noticed. */
#define CLAUDE_LINES 64u

/* Models whose running totals are remembered. */
#define CLAUDE_TOTALS 64u

/* The last running totals of a model: input, output, cache reads and writes,
 * reasoning, cost. */
#define CLAUDE_TOTAL_VALUES 6
struct claude_total {
	uint64_t model; /* hash of its name */
	int64_t values[CLAUDE_TOTAL_VALUES];
};

/* Entries of the to-do list, which is in one event each time one changes. */
#define CLAUDE_TODOS 256u
#define CLAUDE_ASKS 256u

struct claude {
	const struct lhk_api *api;
	struct arena arena; /* of the line */
	struct lhk_shapes *shapes;
	struct id_copy session;
	int session_emitted;
	struct id_copy model;
	struct claude_message_state messages[CLAUDE_MESSAGES];
	uint32_t now;  /* the message that was used last */
	uint32_t next; /* the message that is replaced next */
	struct tool_table tools;
	struct tool_table tasks; /* background work; its note is TASK_* */
	struct tool_table todos; /* the note is LHK_PLAN_* */
	struct tool_table asks;	 /* by request_id; the name is a call's id */
	int resumed;		 /* 1 yes, -1 no, 0 not known */
	int64_t cost;		 /* the last running total, 10^-9 USD */
	int cost_known;		 /* it, or that it began with this process */
	struct claude_total totals[CLAUDE_TOTALS];
	uint32_t n_totals;
	int totals_known;    /* they, or that they began with this process */
	int totals_read;     /* some were read, of any process */
	struct id_copy stop; /* why the last message ended; its turn has not */
	int at_limit;	     /* a limit ended the last turn of a prompt */
	int calls_open;	     /* no turn has covered the usage of some calls */
	int subagent_calls;  /* subagents have called the model in this turn */
	int nameless_call; /* the last message has called a tool; it had no id */
	int turn_over;	   /* no message has begun since a result */
	uint64_t lines[CLAUDE_LINES]; /* hashes; 0: none */
	uint32_t next_line;
	int32_t turns; /* results so far */
};

enum {
	TASK_BACKGROUND = 1 << 0, /* it outlives the call that began it */
	TASK_LISTED = 1 << 1,	  /* it was in a list of running tasks */
	TASK_UPDATED = 1 << 2	  /* its end was told without its report */
};

/* The note of a tool: a subagent made the call. */
enum { CALL_OF_SUBAGENT = 1 };

/* Emit the events of a line whose family is known.  LHK_OK, LHK_SKIP or an
 * error. */
int claude_assistant (struct claude *c, const union claude_line *line);
int claude_user (struct claude *c, const union claude_line *line);
int claude_stream (struct claude *c, const union claude_line *line);
int claude_system (struct claude *c, const union claude_line *line);
int claude_result (struct claude *c, const union claude_line *line);
int claude_control_request (struct claude *c, const union claude_line *line);
int claude_control_cancel (struct claude *c, const union claude_line *line);
int claude_rate_limit (struct claude *c, const union claude_line *line);
int claude_reset (struct claude *c, const union claude_line *line);
int claude_error (struct claude *c, const union claude_line *line);
int claude_auth (struct claude *c, const union claude_line *line);
int claude_quiet (struct claude *c, const union claude_line *line);
int claude_heartbeat (struct claude *c, const union claude_line *line);

/* The member probe of the descriptor. */
int claude_probe (const char *data, size_t len);

/* ---- messages ---- */

/* The message of a line; it is remembered if it is new.  NULL if it has no id
 * that can be remembered. */
struct claude_message_state *claude_message (struct claude *c,
					     const struct lhk_text *id,
					     const struct lhk_text *parent);

/* The message that streams under PARENT, by the last event; or NULL. */
struct claude_message_state *claude_streaming (struct claude *c,
					       const struct lhk_text *id,
					       const struct lhk_text *parent);

/* The message that a whole line of the model continues: that of its id; or, if
 * that never streamed, the one that streams under PARENT and whose whole lines
 * are still to come, since a proxy may leave the id out or make another. */
struct claude_message_state *claude_whole (struct claude *c,
					   const struct lhk_text *id,
					   const struct lhk_text *parent);

/* A message under PARENT ended for this reason, if it is not absent. */
void claude_stopped (struct claude *c, const struct lhk_text *parent,
		     const struct lhk_text *reason);

/* The message that has streamed under PARENT more than its whole lines say, the
 * latest one; or NULL. */
struct claude_message_state *claude_unfinished (struct claude *c,
						const struct lhk_text *parent);

/* Emit that a message has begun which has said nothing yet, if that tells
 * anything: the results of calls of its thread may be lost, or a turn begins. */
int claude_message_begun (struct claude *c, const struct lhk_text *parent);

/* Is it a line that came before: the same uuid, and the same PARTS of it?  1 or
 * 0; the line is remembered.  (The uuid alone says nothing: some programs print
 * one for all lines.) */
int claude_repeated (struct claude *c, const struct lhk_text *uuid,
		     const struct lhk_str *parts, size_t n_parts);

uint64_t claude_hash (const struct lhk_str *text);

/* Make "MESSAGE:BLOCK", the id of a text, in the arena; absent without a
 * message.  0 or LHK_ENOMEM. */
int claude_text_id (struct claude *c, const struct lhk_text *message,
		    int32_t block, struct lhk_text *ret);

/* The same for deltas, which have the same id many times: it is made once for a
 * block, and stays as it is until the next line.  MSG may be NULL. */
struct lhk_text claude_delta_id (struct claude_message_state *msg,
				 int32_t block);

/* ---- usage ---- */

/* Emit the usage of a model call, unless it was emitted already. */
int claude_call_usage (struct claude *c, struct claude_message_state *msg,
		       const struct claude_usage *u,
		       const struct lhk_text *model,
		       const struct lhk_text *parent);

/* The model that wrote most of what modelUsage tells of; absent without it. */
struct lhk_text claude_main_model (const struct lhk_raw *models);

/* Another process goes on printing: its running totals begin anew. */
void claude_totals_anew (struct claude *c);

/* Emit the usage of a turn, from its result. */
int claude_turn_usage (struct claude *c, const struct claude_result_line *r);

/* ---- tools ---- */

/* Emit a tool event for a block that calls a tool.  FIRST is 1 for the first
 * call of a message. */
int claude_tool_use (struct claude *c, const struct claude_block *b,
		     const struct lhk_text *parent, int first);

/* Emit that the calls of the main thread which have no result will have none:
 * the turn was ended before. */
int claude_tools_ended (struct claude *c);

/* Emit a call that is left to whoever resumes the session. */
int claude_tool_deferred (struct claude *c, const struct claude_block *b);

/* Emit that a call waits for a permission. */
int claude_tool_asked (struct claude *c, const struct lhk_text *id);

/* Is a call in progress, of the main thread or of the subagent PARENT?  1 or
 * 0. */
int claude_tool_runs (const struct claude *c, const struct lhk_text *parent);

/* The id of the call that was begun last of those in progress with this name
 * and server, of which one may be absent; absent if there is none.  0 or
 * LHK_ENOMEM. */
int claude_tool_guess (struct claude *c, const struct lhk_text *name,
		       const struct lhk_text *server, struct lhk_text *ret);

/* Emit that the call was refused, unless that was emitted already.  INPUT may
 * be NULL. */
int claude_tool_denied (struct claude *c, const struct lhk_text *id,
			const struct lhk_text *name,
			const struct lhk_raw *input);

/* The entries of a tool_result_meta, by their ids. */
struct claude_metas {
	struct claude_meta {
		struct lhk_text id; /* plain */
		struct lhk_raw raw;
	} * list; /* sorted */
	size_t n;
};

/* 0 or LHK_ENOMEM. */
int claude_metas_read (struct claude *c, const struct lhk_raw *list,
		       struct claude_metas *ret);

/* The entry of an id; its members are absent if there is none.  0 or
 * LHK_ENOMEM. */
int claude_metas_find (struct claude *c, const struct claude_metas *metas,
		       const struct lhk_text *id,
		       struct claude_result_meta *ret);

/* Emit the result of a call.  ALONE is 1 if B is the only such block of the
 * line: then the tool_use_result of the line is about it. */
int claude_tool_result (struct claude *c, const struct claude_block *b,
			const struct claude_message_line *line,
			const struct claude_metas *metas, int alone);

/* ---- the to-do list ---- */

/* The calls and results of the tools that keep the to-do list. */
int claude_todo_call (struct claude *c, const struct claude_block *b,
		      const struct lhk_text *parent);
int claude_todo_result (struct claude *c, const struct tool_entry *call,
			const struct claude_tool_result *r);

/* ---- background work ---- */

int claude_task_started (struct claude *c, const struct claude_system_line *s);
int claude_task_ended (struct claude *c, const struct claude_system_line *s);
int claude_task_updated (struct claude *c, const struct claude_system_line *s);
int claude_task_list (struct claude *c, const struct claude_system_line *s);

/* The call TOOL has returned and nothing of it runs on. */
int claude_task_returned (struct claude *c, const struct lhk_text *tool);

/* ---- data of events ---- */

/* The words of an error, or of a list of them, joined by newlines in the arena.
 * An error is a string, or an object with a message or at least a type.  0 or
 * LHK_ENOMEM. */
int claude_words (struct claude *c, const struct lhk_raw *errors,
		  struct lhk_text *ret);

/* What an error says of itself, without a text: its kind and the status of
 * HTTP.  Absent if it says nothing.  0 or LHK_ENOMEM. */
int claude_error_text (struct claude *c, const struct lhk_raw *error,
		       const struct lhk_raw *status, const struct lhk_raw *type,
		       struct lhk_text *ret);

/* Emit a session event if ID is new. */
int claude_session (struct claude *c, const struct lhk_text *id);

/* The program says that its session is ID.  If it was another one, another
 * process says so: within one, a new id is announced by a conversation_reset. */
void claude_session_begun (struct claude *c, const struct lhk_text *id);

/* The main thread speaks with this model.  Emit a session event if it is
 * another one than before. */
int claude_model (struct claude *c, const struct lhk_text *model);

/* The same for a result, whose usage also tells the model if nothing did. */
int claude_result_session (struct claude *c,
			   const struct claude_result_line *line);

#endif /* CLAUDE_H */
