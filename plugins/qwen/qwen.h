/* SPDX-License-Identifier: MIT */
/* qwen.h - the lines of Qwen Code, and what the files of the plugin share. */
#ifndef PLUGINS_QWEN_H
#define PLUGINS_QWEN_H

#include "common/common.h"

/* Tokens; the input includes the cached ones. */
struct qwen_usage {
	struct lhk_num input;
	struct lhk_num output;
	struct lhk_num cache_read;
	struct lhk_num cache_write;
	struct lhk_num total;
};

struct qwen_message {
	struct lhk_text id;
	struct lhk_text model;
	struct lhk_raw content;
	struct qwen_usage usage;
};

struct qwen_event {
	struct lhk_text type;
	struct qwen_delta {
		struct lhk_text type;
		struct lhk_text text;
		struct lhk_text thinking;
		struct lhk_text json; /* a piece of a tool's input */
	} delta;
	struct lhk_text tool_use_id;
	struct lhk_raw content; /* of tool_progress */
	struct lhk_raw goal_state;
};

/* A line of any type. */
struct qwen_line {
	struct lhk_text type;
	struct lhk_text subtype;
	struct lhk_text uuid;
	struct lhk_text session_id;
	struct lhk_text parent; /* parent_tool_use_id */
	struct qwen_message message;
	struct qwen_event event;
	struct lhk_text cwd; /* system/init */
	struct lhk_raw tools;
	struct lhk_text model;
	struct lhk_text version;
	struct lhk_raw data; /* other lines of type "system" */
	int32_t is_error;    /* result */
	struct lhk_num duration_ms;
	struct lhk_num duration_api_ms;
	struct lhk_text result;
	struct qwen_usage usage;
	struct lhk_raw denials;
	struct lhk_raw structured;
	struct lhk_raw error;
	struct lhk_raw cost; /* what the program never prints */
	struct lhk_text request_id;
	struct qwen_request {
		struct lhk_text subtype;
		struct lhk_text tool_name;
		struct lhk_text tool_use_id;
		struct lhk_raw input;
	} request;
};

/* A block of message.content. */
struct qwen_block {
	struct lhk_text type;
	struct lhk_text text;
	struct lhk_text thinking;
	struct lhk_text id;
	struct lhk_text name;
	struct lhk_raw input;
	struct lhk_text tool_use_id;
	struct lhk_raw content;
	int32_t is_error;
};

/* The data of a line of type "system". */
struct qwen_data {
	struct lhk_num attempt;
	struct lhk_num max_retries;
	struct lhk_num delay_ms;
	struct lhk_raw discarded;
	int32_t preserve_text;
	struct lhk_raw task_id;
	struct lhk_raw tool_use_id;
	struct lhk_text description;
	struct lhk_raw subagent_type;
	struct lhk_text status;
	struct lhk_raw usage;
	struct lhk_text to_model;
	struct lhk_text error;
};

/* The members of several small objects: an error, an entry of
 * permission_denials, the input of todo_write, the content of tool_progress. */
struct qwen_small {
	struct lhk_text type;
	struct lhk_text message;
	struct lhk_text tool_name;
	struct lhk_text tool_use_id;
	struct lhk_raw tool_input;
	struct lhk_raw todos;
};

/* Threads of messages that are remembered at once: the main one, and those of
 * subagents. */
#define QWEN_THREADS 16u

struct qwen_thread {
	struct id_copy parent;
	int32_t used;
	/* The text whose deltas come, and whose whole line has not: its id, and
	 * LHK_ROLE_*; 0: none. */
	struct id_copy text;
	int32_t role;
	int32_t has_call; /* the message has called a tool */
	int32_t over;	  /* what comes next is another message */
	/* The last answer and the last thought of the message, by their ids: they
	 * count for nothing if the request is made again. */
	struct id_copy said[2];
};

/* Input, output, cache reads and writes. */
#define QWEN_COUNTS 4

struct qwen {
	const struct lhk_api *api;
	struct arena arena; /* of the line */
	struct lhk_shapes *shapes;
	int32_t resumed; /* 1 yes, -1 no, 0 not known */
	struct id_copy session;
	struct id_copy model;
	struct qwen_thread threads[QWEN_THREADS];
	uint32_t now;  /* the thread that was used last */
	uint32_t next; /* the thread that is replaced next */
	struct tool_table tools;
	int64_t total[QWEN_COUNTS]; /* the last running total of the session */
	int32_t total_known;	    /* it, or that it began with this process */
	int64_t calls[QWEN_COUNTS]; /* of the model calls since then */
	int32_t worked;		    /* lines of work have come since a claim */
	int32_t claimed;	    /* a result has come */
};

/* ---- the lines ---- */

enum { QWEN_LINE, QWEN_BLOCK, QWEN_DATA, QWEN_SMALL, QWEN_N_TABLES };

/* The table of fields of WHICH, QWEN_LINE and so on. */
const struct lhk_fields *qwen_table (int which);

/* Fill RET by the table WHICH.  1, or 0 with all members absent if RAW is no
 * object. */
int qwen_object (const struct lhk_raw *raw, int which, void *ret);

/* The next object of an array, by the table WHICH; other elements are skipped.
 * 1, or 0 at the end. */
int qwen_next (struct lhk_json *j, int which, void *ret);

/* A cache of the shapes of lines; NULL if there is no memory. */
struct lhk_shapes *qwen_shapes (void);

int qwen_probe (const char *data, size_t len);

/* ---- events ---- */

/* Emit the events of a line.  LHK_OK, LHK_SKIP, LHK_HEARTBEAT or an error. */
int qwen_assistant (struct qwen *q, const struct qwen_line *line);
int qwen_user (struct qwen *q, const struct qwen_line *line);
int qwen_stream (struct qwen *q, const struct qwen_line *line);
int qwen_system (struct qwen *q, const struct qwen_line *line);
/* A line that is known, and of which no event is made. */
int qwen_nothing (struct qwen *q, const struct qwen_line *line);
int qwen_result (struct qwen *q, const struct qwen_line *line);
int qwen_control_request (struct qwen *q, const struct qwen_line *line);

/* The agent has ended: emit what its exit status says, if no claim says it. */
int qwen_exited (void *handle, const struct lhk_exit *how);

/* Emit a session event if the session or the model is another one. */
int qwen_session (struct qwen *q, const struct lhk_text *id,
		  const struct lhk_text *model);

/* The thread of messages of the call PARENT, or the main one. */
struct qwen_thread *qwen_thread (struct qwen *q, const struct lhk_text *parent);

/* The message of the main thread is over: what comes next is another. */
void qwen_message_over (struct qwen *q);

/* The request is made again, and the answer begins anew: emit that the texts of
 * the main thread's message are void. */
int qwen_withdraw (struct qwen *q);

/* Emit a call of a tool, or the end of one. */
int qwen_tool_use (struct qwen *q, const struct qwen_block *b,
		   const struct lhk_text *parent, int first);
int qwen_tool_result (struct qwen *q, const struct qwen_block *b,
		      const struct lhk_text *parent);

/* Emit that a call is in progress, or waits for a permission: STATUS. */
int qwen_tool_update (struct qwen *q, const struct lhk_text *id, int status);

/* Emit the calls in permission_denials that were not reported as refused. */
int qwen_denials (struct qwen *q, const struct lhk_raw *list);

/* ---- usage ---- */

/* Did the model do anything, by these numbers? */
int qwen_usage_is_zero (const struct qwen_usage *u);

/* Emit the usage of the model call that ends with this line. */
int qwen_call_usage (struct qwen *q, const struct qwen_line *line);

/* Emit what the running total of a result tells beyond the calls. */
int qwen_total_usage (struct qwen *q, const struct qwen_line *line);

/* Another session begins: its running total does, too. */
void qwen_total_anew (struct qwen *q);

#endif /* PLUGINS_QWEN_H */
