/* SPDX-License-Identifier: MIT */
/* copilot.h - the lines of GitHub Copilot CLI, and what the files of the plugin
 * share. */
#ifndef PLUGINS_COPILOT_H
#define PLUGINS_COPILOT_H

#include "common/common.h"

/* The member data, whose members depend on the type of the line. */
struct copilot_data {
	struct lhk_text message_id;
	struct lhk_text reasoning_id;
	struct lhk_text delta;
	struct lhk_text input_delta;
	struct lhk_text content;
	struct lhk_text reasoning; /* what led to the content */
	struct lhk_raw requests;   /* the calls of a message */
	struct lhk_text source;
	int32_t continuation; /* the program itself asked to go on */
	struct lhk_text model;
	struct lhk_text parent_call; /* the call that started the subagent */
	struct lhk_text call_id;
	struct lhk_text name;
	struct lhk_text server;
	struct lhk_raw arguments;
	struct lhk_text partial; /* all of the output so far */
	int32_t success;
	struct copilot_result {
		struct lhk_text content;
	} result;
	struct lhk_raw error; /* of a call, or of a subagent */
	struct copilot_shell {
		struct lhk_num exit_code;
	} shell;
	struct lhk_raw edits; /* files that the call has changed */
	struct lhk_raw status_code;
	struct lhk_text error_message; /* JSON */
	struct lhk_text error_type;
	struct lhk_text message;
	struct lhk_text reason;
	struct lhk_text outcome;
	struct lhk_text info_type;
	int32_t aborted;
	struct lhk_raw call_ids; /* that were interrupted */
	struct lhk_text agent_name;
	struct lhk_text agent_description;
	struct lhk_text execution_mode;
	struct lhk_text session_id;
	struct lhk_text version;
	struct lhk_text selected_model;
	struct lhk_text new_model;
	struct copilot_context {
		struct lhk_text cwd;
	} context;
};

struct copilot_line {
	struct lhk_text type;
	struct copilot_data data;
	struct lhk_text id;
	struct lhk_text timestamp;
	struct lhk_raw parent_id; /* the line before it */
	struct lhk_text agent_id; /* the subagent */
	struct lhk_text session_id;
	struct lhk_num exit_code;
	struct lhk_raw usage;
};

/* Texts whose deltas have begun, and whose whole text has not come. */
#define COPILOT_OPEN 16u

struct copilot_open {
	struct id_copy id;
	struct id_copy thread;
	int32_t role; /* LHK_ROLE_* */
};

/* Subagents that are told apart. */
#define COPILOT_AGENTS 1024u

/* Bytes that are kept of an error. */
#define COPILOT_ERROR_MAX 1024u

/* Bytes of a status of HTTP. */
#define COPILOT_STATUS_MAX 24u

/* What is known of a thread; the note of a subagent's entry. */
enum {
	THREAD_CALLED = 1 << 0,	 /* its last message has called a tool */
	THREAD_CALLS = 1 << 1,	 /* it has called any */
	THREAD_THOUGHT = 1 << 2, /* its last message told what led to it */
	THREAD_TASK = 1 << 3	 /* it works in the background */
};

/* The thread of the current line. */
struct copilot_thread {
	struct lhk_text key;	/* absent: the main one */
	struct lhk_text parent; /* the call that started it */
	int32_t *note;
};

struct copilot {
	const struct lhk_api *api;
	struct arena arena;
	struct lhk_shapes *shapes;
	struct tool_table tools;
	struct tool_table agents; /* by id; the name is a call's id */
	struct copilot_thread now;
	int32_t note;	   /* of the main thread */
	int32_t lost_note; /* of a subagent without an entry */
	int32_t resumed;   /* 1 yes, -1 no, 0 not known */
	struct id_copy session;
	struct id_copy model;
	struct copilot_open opens[COPILOT_OPEN];
	uint32_t open;	 /* a bit for each of them that is in use */
	uint32_t broken; /* and for each that will be sent again */
	uint32_t next;	 /* the one that is replaced next */
	uint32_t last;	 /* the one that was used last */
	int32_t claimed; /* nothing was begun since the last claim */
	int32_t held;	 /* the verdict that the end of the stream has, or 0 */
	struct id_copy reason; /* in the program's words */
	char error[COPILOT_ERROR_MAX];
	size_t error_len;
	/* Why the last request to the model failed. */
	char failure[COPILOT_ERROR_MAX];
	size_t failure_len;
	char status[COPILOT_STATUS_MAX]; /* of HTTP, a number */
	size_t status_len;
	const struct lhk_line *line; /* the current one */
};

/* The table of a line, for tests that go through its fields. */
const struct lhk_fields *copilot_fields (void);

/* A cache of line shapes; free it with free.  NULL if there is no memory. */
struct lhk_shapes *copilot_shapes (void);

/* Read a line.  RET is valid until the next call.  LHK_OK, or LHK_EPARSE. */
int copilot_read (struct copilot *o, const char *data, size_t len,
		  struct copilot_line *ret);

struct copilot_error {
	struct lhk_text code;
	struct lhk_text message;
};

/* Read an error, which is a string or an object {message, code}. */
void copilot_error (const struct lhk_raw *raw, struct copilot_error *ret);

/* The member data of the current line as a whole; absent if it is no object. */
void copilot_data (const struct copilot *o, struct lhk_raw *ret);

/* Find the thread of a line.  LHK_OK or an error. */
int copilot_thread (struct copilot *o, const struct copilot_line *line);

/* Is the line of the main thread? */
int copilot_is_main (const struct copilot *o);

/* Emit the session of the main thread, if ID or MODEL is not that of the last
 * one; each may be absent. */
int copilot_session (struct copilot *o, const struct lhk_text *id,
		     const struct lhk_text *model,
		     const struct copilot_data *data);

/* The main thread works again: what was to be claimed of it is void. */
void copilot_begun (struct copilot *o);

/* Each function below emits the events of a line: LHK_OK, LHK_SKIP or an
 * error. */
typedef int copilot_fn (struct copilot *o, const struct copilot_line *line);

copilot_fn copilot_message_delta;
copilot_fn copilot_reasoning_delta;
copilot_fn copilot_message;
copilot_fn copilot_reasoning;
copilot_fn copilot_call_start;
copilot_fn copilot_turn_end;

copilot_fn copilot_subagent_started;
copilot_fn copilot_subagent_ended;

copilot_fn copilot_tool_start;
copilot_fn copilot_tool_progress;
copilot_fn copilot_tool_complete;
copilot_fn copilot_tools_interrupted;

copilot_fn copilot_call_failure;
copilot_fn copilot_turn_retry;
copilot_fn copilot_session_error;
copilot_fn copilot_abort;
copilot_fn copilot_interrupted;
copilot_fn copilot_idle;
copilot_fn copilot_result;

/* Texts of the thread that are still open were broken off: they will be sent
 * again. */
void copilot_broken (struct copilot *o);

/* The stream has ended: emit the claim that no line has made. */
int copilot_flush (void *handle);

#endif /* PLUGINS_COPILOT_H */
