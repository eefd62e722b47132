/* SPDX-License-Identifier: MIT */
/*
 * parse.h - the lines of Claude Code as structs.
 *
 * A table per family of lines fills one struct in one pass; the order of the
 * keys does not matter.  Parts whose form varies (content blocks, tool results)
 * stay raw slices, which are parsed once the line was accepted.
 */
#ifndef CLAUDE_PARSE_H
#define CLAUDE_PARSE_H

#include "common/common.h"

/* The members of every line; the struct of each family begins with them. */
struct claude_head {
	struct lhk_text type;
	struct lhk_text subtype;
	struct lhk_text session_id;
	struct lhk_text uuid;
	struct lhk_text parent; /* parent_tool_use_id */
};

/* Tokens of one model call.  `input' does not include the cache. */
struct claude_usage {
	struct lhk_num input;
	struct lhk_num cache_write;
	struct lhk_num cache_read;
	struct lhk_num output;
	struct claude_details {
		struct lhk_num thinking;
	} details;
};

/* A line of type "assistant" or "user". */
struct claude_message_line {
	struct claude_head head;
	struct claude_message {
		struct lhk_text id;
		struct lhk_text model;
		struct lhk_text stop_reason;
		struct lhk_raw content;
		struct claude_usage usage;
	} message;
	struct lhk_raw error;
	struct lhk_raw error_status;
	struct lhk_raw error_type;
	struct lhk_raw result;	    /* tool_use_result */
	struct lhk_raw result_meta; /* tool_result_meta */
	int32_t synthetic;
	int32_t meta;
};

/* A line of type "stream_event".  It has only texts and numbers, so that the
 * cache of shapes can be used. */
struct claude_stream_line {
	struct claude_head head;
	struct lhk_text message_id; /* api_message_id */
	struct claude_event {
		struct lhk_text type;
		struct lhk_num index;
		struct claude_delta {
			struct lhk_text type;
			struct lhk_text text;
			struct lhk_text thinking;
			struct lhk_text json; /* a piece of a tool's input */
			struct lhk_text stop_reason;
		} delta;
		struct claude_start {
			struct lhk_text id;
			struct lhk_text model;
			struct claude_usage usage;
		} message;
		struct claude_usage usage;
		struct claude_api_error {
			struct lhk_text type;
			struct lhk_text message;
		} error;
	} event;
};

/* A line of type "system". */
struct claude_system_line {
	struct claude_head head;
	struct lhk_text model;
	struct lhk_text cwd;
	struct lhk_text version;
	struct lhk_raw tools;
	struct lhk_text status;
	struct lhk_text message;
	struct lhk_text content;
	struct lhk_text description;
	struct lhk_text summary;
	struct lhk_text tool_name;
	struct lhk_raw tool_use_id;
	struct lhk_raw task_id;
	struct lhk_raw task_type;
	struct lhk_raw tasks;
	struct lhk_raw patch; /* of a task */
	struct lhk_raw usage;
	struct lhk_raw compact;
	struct lhk_raw error;
	struct lhk_raw error_status;
	struct lhk_num attempt;
	struct lhk_num max_retries;
	struct lhk_num delay_ms;
	struct lhk_text hook_name;
	struct lhk_text outcome;
	struct lhk_text error_output; /* stderr of a hook */
	int32_t background;
};

/* Tokens of a turn, or of a model in it: `usage' of a result, or an entry of its
 * modelUsage.  `input' does not include the cache. */
struct claude_model_usage {
	struct lhk_num input;
	struct lhk_num output;
	struct lhk_raw cache_read;
	struct lhk_raw cache_write;
	struct claude_details details;
	struct lhk_raw cost;
};

/* A line of type "result". */
struct claude_result_line {
	struct claude_head head;
	struct lhk_raw result;
	struct lhk_raw errors;
	struct lhk_raw error;
	struct lhk_text stop_reason;
	struct lhk_text terminal_reason;
	struct lhk_raw cost; /* total_cost_usd */
	struct claude_model_usage usage;
	struct lhk_raw model_usage; /* running totals of the session */
	struct lhk_raw since_last;  /* model_usage_since_last_result */
	struct lhk_raw denials;
	struct lhk_raw origin;
	struct lhk_raw structured;   /* structured_output */
	struct lhk_raw deferred;     /* deferred_tool_use */
	struct lhk_raw error_status; /* api_error_status */
	struct lhk_raw error_type;   /* api_error_type */
	struct lhk_num queued;	     /* turns that have not begun */
	int32_t is_error;
};

/* A line of any other type. */
struct claude_other_line {
	struct claude_head head;
	struct lhk_text request_id;
	struct claude_request {
		struct lhk_text subtype;
		struct lhk_text tool_name;
		struct lhk_text tool_use_id;
		struct lhk_text server; /* mcp_server_name */
		struct lhk_text message;
		struct lhk_raw input;
	} request;
	struct lhk_raw rate_limit;
	struct lhk_text error;
};

union claude_line {
	struct claude_head head;
	struct claude_message_line message;
	struct claude_stream_line stream;
	struct claude_system_line system;
	struct claude_result_line result;
	struct claude_other_line other;
};

/* A block of message.content. */
struct claude_block {
	struct lhk_text type;
	struct lhk_text text;
	struct lhk_text thinking;
	struct lhk_text id;
	struct lhk_text name;
	struct lhk_text server; /* server_name */
	struct lhk_raw input;
	struct lhk_text tool_use_id;
	struct lhk_raw content;
	int32_t is_error;
};

/* The members of tool_use_result that its block does not have. */
struct claude_tool_result {
	struct lhk_num exit_code;
	struct lhk_text persisted; /* persistedOutputPath */
	struct lhk_text status;
	struct lhk_text task_id; /* TaskUpdate */
	struct lhk_raw task;	 /* TaskCreate */
	struct lhk_raw tasks;	 /* TaskList */
	struct claude_change {
		struct lhk_text to;
	} change;
	int32_t interrupted;
	int32_t async;
};

/* An entry of tool_result_meta. */
struct claude_result_meta {
	struct lhk_text id;
	struct lhk_text kind; /* non_execution_kind */
	struct claude_permission {
		struct lhk_text decision;
	} permission;
};

/* An entry of permission_denials. */
struct claude_denial {
	struct lhk_text name;
	struct lhk_text id;
	struct lhk_raw input;
};

/* The members of several small objects: a task, a to-do, an error,
 * rate_limit_info. */
struct claude_small {
	struct lhk_text type;
	struct lhk_text message;
	struct lhk_raw error;
	struct lhk_text id;
	struct lhk_text task_id;
	struct lhk_text subject;
	struct lhk_text status;
	struct lhk_num end_time;
	struct lhk_text kind; /* rateLimitType */
	struct lhk_raw todos;
};

enum {
	CLAUDE_MESSAGE,
	CLAUDE_STREAM,
	CLAUDE_SYSTEM,
	CLAUDE_RESULT,
	CLAUDE_OTHER,
	CLAUDE_BLOCK,
	CLAUDE_TOOL_RESULT,
	CLAUDE_RESULT_META,
	CLAUDE_MODEL_USAGE,
	CLAUDE_DENIAL,
	CLAUDE_SMALL,
	CLAUDE_N_TABLES
};

/* The table of fields of WHICH, CLAUDE_MESSAGE and so on. */
const struct lhk_fields *claude_table (int which);

/* The members of stream lines that differ from delta to delta. */
extern const uint32_t claude_stream_holes[LHK_SHAPE_HOLES];

#endif /* CLAUDE_PARSE_H */
