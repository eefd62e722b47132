/* SPDX-License-Identifier: MIT */
/*
 * event.h - events: what plugins emit and what consumers read.
 *
 * Each kind has its own struct, whose first member is struct lhk_event.  A
 * pointer to that is passed around; its kind says what to cast it to.
 *
 * Growth.  Members are only added at the end of a struct, kinds only at the
 * end of the enum.  ev.size is the size of the struct as its writer knew it: a
 * reader must not look past it (see LHK_EV_HAS), and must ignore a kind that it
 * does not know.
 *
 * Absent.  A member of zeros is absent: a text has a NULL ptr, an enum is 0;
 * a number that could be 0 has a bit that says it was given.
 *
 * Lifetime, plugin to host.  What an event points to is the plugin's, and is not
 * used any more when emit has returned: see struct lhk_api.
 *
 * Lifetime, host to consumer.  An event and all that it points to are borrowed
 * for the length of the call.
 */
#ifndef LHK_EVENT_H
#define LHK_EVENT_H

#include <linehook/base.h>

LHK_BEGIN_DECLS

/* The kind of an event, and with it the struct: struct lhk_ev_session and so
 * on. */
enum {
	LHK_EV_SESSION = 1, /* a session of the provider began */
	LHK_EV_TEXT = 2,    /* words of the model, the user or the system */
	LHK_EV_TOOL = 3,    /* a tool call began, changed or ended */
	LHK_EV_PLAN = 4,    /* the list of things to do */
	LHK_EV_ASK = 5,	    /* a question or a permission */
	LHK_EV_USAGE = 6,   /* tokens and cost */
	LHK_EV_NOTICE = 7,  /* a message to people */
	LHK_EV_RESULT = 8,  /* the end of a turn or of the run */
	LHK_EV_RUN = 9	    /* the header of a run; only the host makes it */
};

/* What every event begins with. */

struct lhk_event {
	uint32_t size;		/* sizeof the struct of the kind */
	uint32_t kind;		/* LHK_EV_* */
	struct lhk_text parent; /* of a subagent's event: the id of the tool
				   call that started the subagent */
};

/* The initializer of the member ev: LHK_EV (struct lhk_ev_text, LHK_EV_TEXT). */
/* clang-format off */
#define LHK_EV(type, kind_) \
	{ (uint32_t) sizeof (type), (kind_), { NULL, 0, 0, 0 } }
/* clang-format on */

/* Did the writer of the event at P know MEMBER of struct TYPE?  1 or 0. */
#define LHK_EV_HAS(p, type, member)                                            \
	((p)->size >= offsetof (type, member) + sizeof (((type *) 0)->member))

/* A session of the provider began. */
struct lhk_ev_session {
	struct lhk_event ev;
	struct lhk_text id; /* the provider's own id, to resume it by */
	struct lhk_text model;
	struct lhk_text cwd;
	struct lhk_text agent_version;
	const struct lhk_text *tools; /* names of the tools it has */
	size_t n_tools;
	int32_t resumed;	  /* 1 yes, -1 no, 0 not known */
	int32_t reserved;	  /* 0 */
	struct lhk_text provider; /* absent: that of the plugin */
};

/* Who speaks. */

enum {
	LHK_ROLE_ASSISTANT = 1, /* the model, to the user */
	LHK_ROLE_USER = 2,
	LHK_ROLE_THOUGHT = 3, /* the model, to itself: reasoning */
	LHK_ROLE_SYSTEM = 4   /* the agent program */
};

/* Flags of a text event. */
enum {
	LHK_TEXT_SYNTHETIC = 1 << 0, /* the agent program wrote it, not the
					model: never the final text */
	/* A text of the model that belongs to the same message as the last tool
	 * calls of its thread, or to an earlier message that was already
	 * reported, so that no work begins.  Without this flag the model has
	 * seen the results of those calls, so none of them is in progress. */
	LHK_TEXT_SAME_MESSAGE = 1 << 1
};

/* Words, as a whole or in pieces. */
struct lhk_ev_text {
	struct lhk_event ev;
	int32_t role;	    /* LHK_ROLE_* */
	int32_t delta;	    /* 1: append to the text of this id; 0: whole */
	uint32_t flags;	    /* LHK_TEXT_SYNTHETIC and so on */
	uint32_t reserved;  /* 0 */
	struct lhk_text id; /* the same for deltas and their whole text */
	struct lhk_text text;
};

/* The status of a tool call. */
enum {
	LHK_TOOL_PENDING = 1, /* announced, or waiting for a permission */
	LHK_TOOL_RUNNING = 2,
	LHK_TOOL_DONE = 3, /* it ended well */
	LHK_TOOL_FAILED = 4,
	LHK_TOOL_CANCELED = 5, /* interrupted */
	LHK_TOOL_DENIED = 6    /* not permitted, so it did not run */
};

/* What a tool does, whatever the provider calls it. */
enum {
	LHK_TYPE_OTHER = 0,
	LHK_TYPE_READ = 1,
	LHK_TYPE_EDIT = 2,
	LHK_TYPE_DELETE = 3,
	LHK_TYPE_MOVE = 4,
	LHK_TYPE_SEARCH = 5,
	LHK_TYPE_EXECUTE = 6,
	LHK_TYPE_THINK = 7,
	LHK_TYPE_FETCH = 8
};

/* Flags of a tool event. */
enum {
	LHK_TOOL_HAS_EXIT = 1 << 0,  /* exit_code is given */
	LHK_TOOL_TRUNCATED = 1 << 1, /* the output is only a part */
	LHK_TOOL_OUTPUT_JSON = 1
			       << 2, /* output.ptr is the text of a JSON value,
					  not of a string */
	/* Of the first event of a call: it is of a later message of the model
	 * than the calls of its thread before it, so none of those is in progress
	 * any more. */
	LHK_TOOL_NEXT_MESSAGE = 1 << 3
};

/* A tool call began, changed or ended. */
struct lhk_ev_tool {
	struct lhk_event ev;
	int32_t status;	    /* LHK_TOOL_* */
	int32_t type;	    /* LHK_TYPE_* */
	int32_t exit_code;  /* if LHK_TOOL_HAS_EXIT */
	uint32_t flags;	    /* LHK_TOOL_HAS_EXIT and so on */
	struct lhk_text id; /* of the call: the same id again is an update */
	struct lhk_text name;
	struct lhk_text server; /* the MCP server that has the tool */
	struct lhk_text brief;	/* the main argument, for people */
	struct lhk_str input;	/* the text of a JSON value, or absent */
	struct lhk_text output;
	const struct lhk_text *paths; /* files that the call is about */
	size_t n_paths;
};

/* The status of an entry of a plan. */
enum { LHK_PLAN_PENDING = 1, LHK_PLAN_RUNNING = 2, LHK_PLAN_DONE = 3 };

struct lhk_plan_entry {
	struct lhk_text text;
	int32_t status;	  /* LHK_PLAN_* */
	int32_t reserved; /* 0 */
};

/* The whole list of things to do, each time. */
struct lhk_ev_plan {
	struct lhk_event ev;
	const struct lhk_plan_entry *entries;
	size_t n_entries;
};

/* A question to a person, or a permission that was requested or refused. */
struct lhk_ev_ask {
	struct lhk_event ev;
	struct lhk_text id;
	struct lhk_text tool; /* id of the tool call that it is about */
	struct lhk_text text; /* the question */
	const struct lhk_text *options; /* the answers to choose from */
	size_t n_options;
	struct lhk_text outcome; /* the answer; absent: not answered yet */
};

/* What a usage value covers. */
enum {
	LHK_SCOPE_CALL = 1,   /* one model call */
	LHK_SCOPE_TURN = 2,   /* one turn, with all its calls */
	LHK_SCOPE_RUN = 3,    /* this process so far: replaces what was said */
	LHK_SCOPE_SESSION = 4 /* RUN, with what came before this process */
};

/* Which members of a usage event are given. */
enum {
	LHK_USAGE_INPUT = 1 << 0,
	LHK_USAGE_OUTPUT = 1 << 1,
	LHK_USAGE_CACHE_READ = 1 << 2,
	LHK_USAGE_CACHE_WRITE = 1 << 3,
	LHK_USAGE_REASONING = 1 << 4,
	LHK_USAGE_CONTEXT_USED = 1 << 5,
	LHK_USAGE_CONTEXT_SIZE = 1 << 6,
	LHK_USAGE_COST = 1 << 7
};

/*
 * Tokens and cost.  The total of a model is its last RUN or SESSION value, if
 * there is one; plus the TURN values since then; plus the CALL values since
 * the last TURN.  Of several values with the same scope and id the last one
 * counts.
 */
struct lhk_ev_usage {
	struct lhk_event ev;
	int32_t scope;	    /* LHK_SCOPE_* */
	uint32_t has;	    /* LHK_USAGE_* bits of the members given */
	struct lhk_text id; /* the same id again replaces the value */
	struct lhk_text model;
	int64_t input;		     /* tokens, with cache reads and writes */
	int64_t output;		     /* tokens, with reasoning */
	int64_t cache_read;	     /* tokens of the input */
	int64_t cache_write;	     /* tokens of the input */
	int64_t reasoning;	     /* tokens of the output */
	int64_t context_used;	     /* tokens in the model's context now */
	int64_t context_size;	     /* tokens that it can hold */
	int64_t cost_nano_usd;	     /* 10^-9 USD */
	struct lhk_text cost_source; /* "reported", "estimated", "included" */
};

/* Codes of a notice: what each means is in linehook-events(7).  The list is
 * complete for this version. */
#define LHK_CODE_OVERSIZE "oversize"
#define LHK_CODE_UNPARSED "unparsed"
#define LHK_CODE_STDERR "stderr"
#define LHK_CODE_RETRY "retry"
#define LHK_CODE_RATE_LIMIT "rate_limit"
#define LHK_CODE_STALL "stall"
#define LHK_CODE_BUDGET "budget"
#define LHK_CODE_TASK_STARTED "task_started"
#define LHK_CODE_TASK_ENDED "task_ended"
#define LHK_CODE_COMPACTION "compaction"
#define LHK_CODE_GAP "gap"
#define LHK_CODE_PLUGIN "plugin"
#define LHK_CODE_PROVIDER_ERROR "provider_error"
#define LHK_CODE_HOST "host"
#define LHK_CODE_DISK "disk"

/* A message to people, with a code for programs. */
struct lhk_ev_notice {
	struct lhk_event ev;
	int32_t level;	      /* LHK_LOG_* */
	int32_t reserved;     /* 0 */
	struct lhk_text code; /* one of LHK_CODE_* */
	struct lhk_text text;
	struct lhk_str data; /* the text of a JSON value, or absent */
};

/* One word for how a turn or a run went; linehook-events(7) says which rule
 * gives which. */
enum {
	LHK_VERDICT_OK = 1,
	LHK_VERDICT_FAILED = 2,
	LHK_VERDICT_REFUSED = 3,
	LHK_VERDICT_LIMIT = 4,
	LHK_VERDICT_CANCELED = 5,
	LHK_VERDICT_TIMEOUT = 6,
	LHK_VERDICT_STALLED = 7,
	LHK_VERDICT_TRUNCATED = 8,
	LHK_VERDICT_KILLED = 9,
	LHK_VERDICT_OOM = 10,
	LHK_VERDICT_SPAWN_FAILED = 11,
	LHK_VERDICT_HOST_ERROR = 12
};

/* The word for LHK_VERDICT_*: "ok", "failed" and so on; "unknown" for any
 * other number.  A constant. */
LHK_EXPORT const char *lhk_verdict_name (int verdict);

/* The final result of a run; run.h defines it. */
struct lhk_result;

/*
 * The end of a turn as the provider claims it: a plugin may claim OK, FAILED,
 * REFUSED, LIMIT or CANCELED, and the last claim counts.  The host adds the
 * final result of the run itself, with FINAL set.
 */
struct lhk_ev_result {
	struct lhk_event ev;
	int32_t verdict;  /* LHK_VERDICT_* */
	int32_t terminal; /* 1: the provider says that the run is over */
	struct lhk_text stop_reason;	/* in the provider's words */
	struct lhk_text text;		/* the answer, if it is repeated here */
	struct lhk_text error;		/* why it failed */
	const struct lhk_result *final; /* only the host sets it */
};

/* The header of a run: its first event.  Only the host makes it. */
struct lhk_ev_run {
	struct lhk_event ev;
	int32_t v;	    /* version of the event format: 1 */
	int32_t reserved;   /* 0 */
	struct lhk_text id; /* of the run; absent without a process */
	struct lhk_text plugin;
	struct lhk_text provider;
	struct lhk_text started; /* RFC 3339 in UTC; absent without a process */
	const struct lhk_text *argv;
	size_t n_argv;
	struct lhk_text cwd; /* directory of the agent; absent without one */
};

/* Where an event came from.  The host fills it, never a plugin. */
struct lhk_meta {
	uint32_t size;	    /* sizeof (struct lhk_meta) of the host */
	uint32_t turn;	    /* from 1 */
	uint64_t seq;	    /* from 1, no gaps within a run */
	int64_t time_ms;    /* ms since the start of the run; -1: not known */
	uint64_t line_no;   /* from 1; 0: the event is of no line */
	uint64_t line_off;  /* bytes of the stream before the line */
	uint64_t line_len;  /* bytes, without the newline */
	struct lhk_str raw; /* the line, if the stream was opened for that; of
			       a line over 64 KiB the first event alone has
			       it */
};

LHK_END_DECLS

#endif /* LHK_EVENT_H */
