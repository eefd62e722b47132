/* SPDX-License-Identifier: MIT */
/*
 * codex.h - the rooms of the codex plugin.
 *
 *	wire.c	the lines of `codex exec --json' as one struct
 *	args.c	what the command words tell (resumed or not)
 *	item.c	items that are texts, plans and notices
 *	tool.c	items that are tool calls
 *	mcp.c	those of tools of MCP servers
 *	collab.c	those that have to do with subagents
 *	codex.c	lines to events, and the descriptor
 */
#ifndef PLUGINS_CODEX_H
#define PLUGINS_CODEX_H

#include "common/common.h"

/* The `item' of item.*; which members count depends on its type. */
struct codex_item {
	struct lhk_text id; /* the FIRST of the keys `id' */
	struct lhk_text type;
	struct lhk_text item_type; /* legacy; wins over type */
	struct lhk_text status;
	struct lhk_text text;
	struct lhk_text message;
	struct lhk_text command;
	struct lhk_text aggregated_output;
	struct lhk_num exit_code;
	struct lhk_raw changes;
	struct lhk_text name;	  /* legacy function_call */
	struct lhk_raw arguments; /* there a string of JSON */
	struct lhk_text server;
	struct lhk_text tool;
	struct lhk_raw result;
	struct lhk_raw error;
	struct lhk_text query;
	struct lhk_raw action;
	struct lhk_text sender_thread_id;
	struct lhk_raw receiver_thread_ids;
	struct lhk_text prompt;
	struct lhk_raw agents_states;
	struct lhk_raw items;
};

struct codex_usage {
	struct lhk_num input_tokens;
	struct lhk_num cached_input_tokens;
	struct lhk_num cache_write_input_tokens;
	struct lhk_num output_tokens;
	struct lhk_num reasoning_output_tokens;
};

struct codex_line {
	struct lhk_text type;
	struct lhk_text thread_id;
	struct lhk_text session_id; /* legacy session.created */
	struct codex_item item;
	struct codex_usage usage;
	struct lhk_raw error;
	struct lhk_text message;
	struct lhk_text item_id; /* item.plan.delta */
	struct lhk_text delta;
	struct lhk_text id; /* request_user_input */
	struct lhk_text call_id;
	struct lhk_raw questions;
};

enum { CODEX_STARTED, CODEX_UPDATED, CODEX_COMPLETED };

/* Threads of subagents, to tell whose call a call is. */
#define CODEX_AGENTS 16u
#define CODEX_ID_MAX 64u /* longer ids are not remembered */

struct codex_id {
	char buf[CODEX_ID_MAX];
	size_t len;
};

struct codex_agent {
	struct codex_id thread;
	struct codex_id item; /* of the call that started it */
};

struct codex {
	const struct lhk_api *api;
	struct arena arena;
	int32_t resumed; /* 1, -1, 0 not known */
	int32_t said_session;
	uint32_t next_agent; /* slot that is used next */
	struct codex_agent agents[CODEX_AGENTS];
};

/* The tables, for tests that walk them. */
const struct lhk_fields *codex_fields (void);

/* LHK_OK, or LHK_EPARSE. */
int codex_read (const char *data, size_t len, struct codex_line *ret);

/* An error that is a string, or an object with a message. */
void codex_error_text (const struct lhk_raw *error, struct lhk_text *ret);

/* 1 resumed, -1 a new thread, 0 the words do not tell. */
int codex_resumed (const struct lhk_option *options, size_t n_options);

/* LHK_OK, LHK_SKIP for a type that is not known, or an error. */
int codex_item (struct codex *c, const struct codex_item *item, int phase);
int codex_tool (struct codex *c, const struct codex_item *item, int phase);

/* What an item says of its call, into E, whose status and id are set.
 * LHK_OK or an error. */
int codex_fill_mcp (struct codex *c, const struct codex_item *item,
		    struct lhk_ev_tool *e);
int codex_fill_collab (struct codex *c, const struct codex_item *item,
		       struct lhk_ev_tool *e);

/* {"KEY":VALUE} in the arena; VALUE is the text of a JSON value. */
int codex_wrap_value (struct codex *c, const char *key, const char *value,
		      size_t len, struct lhk_str *ret);

/* The same of a text of the line, or nothing if it is absent.  It is the body
 * of a JSON string there, so the quotes around it can be read. */
int codex_wrap_text (struct codex *c, const char *key,
		     const struct lhk_text *text, struct lhk_str *ret);

#endif /* PLUGINS_CODEX_H */
