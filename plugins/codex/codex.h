/* SPDX-License-Identifier: MIT */
/* codex.h - the lines of Codex, and what the files of the plugin share. */
#ifndef PLUGINS_CODEX_H
#define PLUGINS_CODEX_H

#include "common/common.h"

/* The member `item' of a line; its type says which members count. */
struct codex_item {
	struct lhk_text id; /* of the keys `id' the first counts */
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
	struct lhk_raw arguments; /* legacy: a string that holds JSON */
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

/* Running totals, in the order of struct codex_usage. */
#define CODEX_TOTALS 5

struct codex_totals {
	int64_t v[CODEX_TOTALS];
};

enum { CODEX_STARTED, CODEX_UPDATED, CODEX_COMPLETED };

/* Subagents that are remembered at once. */
#define CODEX_AGENTS 16u

/* Bytes of an id; longer ones are not remembered. */
#define CODEX_ID_MAX 64u

struct codex_id {
	char buf[CODEX_ID_MAX];
	size_t len;
};

/* A subagent, whose thread says which call it belongs to. */
struct codex_agent {
	struct codex_id thread;
	struct codex_id item; /* of the call that started it */
};

struct codex {
	const struct lhk_api *api;
	struct arena arena;
	int32_t resumed;	/* 1 yes, -1 no, 0 not known */
	struct codex_id thread; /* the session that was told last */
	int32_t claimed;	/* no turn was begun since the last claim */
	uint32_t process;	/* which one prints: a script may run several */
	int32_t had_items;	/* it has begun to work */
	struct codex_id spawning; /* the last call that has not told whom it
				     spawns */
	struct codex_totals last; /* of the thread, as they were told last */
	struct codex_totals base; /* of counters that began anew since */
	uint32_t next_agent;	  /* the entry that is used next */
	struct codex_agent agents[CODEX_AGENTS];
};

/* The table of a line, for tests that go through its fields. */
const struct lhk_fields *codex_fields (void);

/* Read a line, which RET borrows.  LHK_OK, or LHK_EPARSE. */
int codex_read (const char *data, size_t len, struct codex_line *ret);

/* The text of an error, which is a string or an object with a message. */
void codex_error_text (const struct lhk_raw *error, struct lhk_text *ret);

/* Emit what this process used, by the totals of a turn's end. */
int codex_usage (struct codex *c, const struct codex_usage *u);

/* Another thread began: its totals begin at 0. */
void codex_usage_restart (struct codex *c);

/* Decode TEXT into RET: 1, or 0 if it is absent or too long to remember. */
int codex_id_set (const struct lhk_text *text, struct codex_id *ret);

/* Does a thread begin that a call is about to tell as that of its subagent?  It
 * is remembered. */
int codex_adopt_subagent (struct codex *c, const struct lhk_text *thread);

/* Is it the thread of a subagent? */
int codex_is_subagent (struct codex *c, const struct codex_id *thread);

/* The programs whose output this is; ends with NULL. */
extern const char *const codex_programs[];

/* Was the thread resumed, by the words of the command?  1 yes, -1 no, 0 not
 * known. */
int codex_resumed (const struct lhk_option *options, size_t n_options);

/* Emit the events of an item; PHASE is CODEX_STARTED and so on.  LHK_OK,
 * LHK_SKIP for an unknown type, or an error. */
int codex_item (struct codex *c, const struct codex_item *item, int phase);
int codex_tool (struct codex *c, const struct codex_item *item, int phase);

/* Fill E, whose status and id are set, with what an item says of its call.
 * LHK_OK or an error. */
int codex_fill_mcp (struct codex *c, const struct codex_item *item,
		    struct lhk_ev_tool *e);
int codex_fill_collab (struct codex *c, const struct codex_item *item,
		       struct lhk_ev_tool *e);

/* Make {"KEY":VALUE} in the arena; VALUE is the text of a JSON value.  0 or
 * LHK_ENOMEM. */
int codex_wrap_value (struct codex *c, const char *key, const char *value,
		      size_t len, struct lhk_str *ret);

/* The same for a text of the line; *ret is absent if the text is.  The text is
 * the body of a JSON string there, so the quotes around it can be read. */
int codex_wrap_text (struct codex *c, const char *key,
		     const struct lhk_text *text, struct lhk_str *ret);

#endif /* PLUGINS_CODEX_H */
