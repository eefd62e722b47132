/* SPDX-License-Identifier: MIT */
/*
 * event.h - what a plugin says and what a consumer hears.
 *
 * Each kind has its own struct whose first member is struct lhk_event, so
 * one pointer type travels and the kind says what to cast it to.
 *
 * Growth: members are only ever added at the end of a struct and kinds only
 * ever added at the end of the enum.  ev.size is sizeof of the struct as its
 * WRITER knew it; a reader must not look past it (LHK_EV_HAS), and must
 * ignore a kind it does not know.
 *
 * Unset: a struct of zeros says nothing.  A text that is absent has a NULL
 * ptr; a number that could be 0 has its own bit that says it was given.
 *
 * Lifetime, plugin to host: the host reads what an event points to AFTER the
 * callback that emitted it has returned, because it delivers the events of a
 * line only once the whole line was accepted.  It stays valid and unchanged
 * until the next call on the handle: in the line, in the handle's memory or
 * in static data, never in automatic variables.
 * Lifetime, host to consumer: borrowed for the length of the call.
 */
#ifndef LHK_EVENT_H
#define LHK_EVENT_H

#include <linehook/base.h>

LHK_BEGIN_DECLS

enum {
	LHK_EV_SESSION = 1,
	LHK_EV_TEXT = 2,
	LHK_EV_TOOL = 3,
	LHK_EV_PLAN = 4,
	LHK_EV_ASK = 5,
	LHK_EV_USAGE = 6,
	LHK_EV_NOTICE = 7,
	LHK_EV_RESULT = 8,
	LHK_EV_RUN = 9 /* the header; made by the host alone */
};

struct lhk_event {
	uint32_t size;		/* sizeof the enclosing struct */
	uint32_t kind;		/* LHK_EV_* */
	struct lhk_text parent; /* tool id of the spawning call, or absent */
};

/* Start every event with this: LHK_EV (struct lhk_ev_text, LHK_EV_TEXT). */
/* clang-format off */
#define LHK_EV(type, kind_) \
	{ (uint32_t) sizeof (type), (kind_), { NULL, 0, 0, 0 } }
/* clang-format on */

/* Is member MEMBER present in the event P, as its writer knew it? */
#define LHK_EV_HAS(p, type, member)                                            \
	((p)->size >= offsetof (type, member) + sizeof (((type *) 0)->member))

struct lhk_ev_session {
	struct lhk_event ev;
	struct lhk_text id; /* native id, usable to resume */
	struct lhk_text model;
	struct lhk_text cwd;
	struct lhk_text agent_version;
	const struct lhk_text *tools; /* names */
	size_t n_tools;
	int32_t resumed;	  /* 1 yes, -1 no, 0 not said */
	int32_t reserved;	  /* 0 */
	struct lhk_text provider; /* absent: the plugin's; host fills it */
};

enum {
	LHK_ROLE_ASSISTANT = 1,
	LHK_ROLE_USER = 2,
	LHK_ROLE_THOUGHT = 3,
	LHK_ROLE_SYSTEM = 4
};

enum {
	LHK_TEXT_SYNTHETIC = 1 << 0 /* not the model's own answer: never
				       taken for the final text */
};

struct lhk_ev_text {
	struct lhk_event ev;
	int32_t role;	    /* LHK_ROLE_* */
	int32_t delta;	    /* 1: append to the text of this id; 0: whole */
	uint32_t flags;	    /* LHK_TEXT_SYNTHETIC */
	uint32_t reserved;  /* 0 */
	struct lhk_text id; /* deltas and their whole carry the same one */
	struct lhk_text text;
};

enum {
	LHK_TOOL_PENDING = 1,
	LHK_TOOL_RUNNING = 2,
	LHK_TOOL_DONE = 3,
	LHK_TOOL_FAILED = 4,
	LHK_TOOL_CANCELED = 5,
	LHK_TOOL_DENIED = 6
};

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

enum {
	LHK_TOOL_HAS_EXIT = 1 << 0,   /* exit_code was given */
	LHK_TOOL_TRUNCATED = 1 << 1,  /* output is not all there was */
	LHK_TOOL_OUTPUT_JSON = 1 << 2 /* output is JSON text, not a string */
};

struct lhk_ev_tool {
	struct lhk_event ev;
	int32_t status;	    /* LHK_TOOL_* */
	int32_t type;	    /* LHK_TYPE_* */
	int32_t exit_code;  /* if LHK_TOOL_HAS_EXIT */
	uint32_t flags;	    /* LHK_TOOL_* flags */
	struct lhk_text id; /* same id again = update of the same call */
	struct lhk_text name;
	struct lhk_text server; /* MCP server */
	struct lhk_text brief;	/* one-line argument, for people */
	struct lhk_str input;	/* valid JSON text, or absent */
	struct lhk_text output;
	const struct lhk_text *paths;
	size_t n_paths;
};

enum { LHK_PLAN_PENDING = 1, LHK_PLAN_RUNNING = 2, LHK_PLAN_DONE = 3 };

struct lhk_plan_entry {
	struct lhk_text text;
	int32_t status;	  /* LHK_PLAN_* */
	int32_t reserved; /* 0 */
};

/* The whole list each time. */
struct lhk_ev_plan {
	struct lhk_event ev;
	const struct lhk_plan_entry *entries;
	size_t n_entries;
};

/* A question to a person, or a permission that was asked for or refused. */
struct lhk_ev_ask {
	struct lhk_event ev;
	struct lhk_text id;
	struct lhk_text tool; /* id of the tool call it is about */
	struct lhk_text text;
	const struct lhk_text *options;
	size_t n_options;
	struct lhk_text outcome; /* absent: still open */
};

enum {
	LHK_SCOPE_CALL = 1,   /* one model call */
	LHK_SCOPE_TURN = 2,   /* one turn; covers its calls */
	LHK_SCOPE_RUN = 3,    /* this process so far; replaces, never adds */
	LHK_SCOPE_SESSION = 4 /* as RUN, with what came before this process */
};

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
 * How the host adds up (per model): the last RUN or SESSION value, if any;
 * plus the TURN values since then; plus the CALL values since the last TURN.
 * Of several values with the same scope and id the last one counts.
 */
struct lhk_ev_usage {
	struct lhk_event ev;
	int32_t scope;	    /* LHK_SCOPE_* */
	uint32_t has;	    /* LHK_USAGE_* bits of the members given */
	struct lhk_text id; /* de-duplication key */
	struct lhk_text model;
	int64_t input;	/* tokens; includes cache reads and writes */
	int64_t output; /* tokens; includes reasoning */
	int64_t cache_read;
	int64_t cache_write;
	int64_t reasoning;
	int64_t context_used;
	int64_t context_size;
	int64_t cost_nano_usd; /* 10^-9 USD: no floating point over the ABI */
	struct lhk_text cost_source; /* "reported", "estimated", "included" */
};

/* Codes of a notice.  A closed list: see linehook-events(7). */
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

struct lhk_ev_notice {
	struct lhk_event ev;
	int32_t level;	      /* LHK_LOG_* */
	int32_t reserved;     /* 0 */
	struct lhk_text code; /* one of LHK_CODE_* */
	struct lhk_text text;
	struct lhk_str data; /* valid JSON text, or absent */
};

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

/* "ok", "failed", .. as in SPEC; "unknown" for any other number. */
LHK_EXPORT const char *lhk_verdict_name (int verdict);

struct lhk_result; /* run.h */

/*
 * What the provider claims at the end of a turn: a plugin may claim OK,
 * FAILED, REFUSED, LIMIT or CANCELED, and the last claim counts.  The host
 * adds the final one of a run itself, with FINAL set.
 */
struct lhk_ev_result {
	struct lhk_event ev;
	int32_t verdict;  /* LHK_VERDICT_* */
	int32_t terminal; /* 1: the provider says the run is over */
	struct lhk_text stop_reason;
	struct lhk_text text; /* the answer, where the provider repeats it */
	struct lhk_text error;
	const struct lhk_result *final; /* set by the host alone */
};

/* The header of a run: the first event.  Made by the host alone. */
struct lhk_ev_run {
	struct lhk_event ev;
	int32_t v;	    /* version of the event format: 1 */
	int32_t reserved;   /* 0 */
	struct lhk_text id; /* run id; absent in filter */
	struct lhk_text plugin;
	struct lhk_text provider;
	struct lhk_text started; /* RFC 3339, UTC; absent in filter */
	const struct lhk_text *argv;
	size_t n_argv;
};

/* Where an event came from.  Filled by the host, never by a plugin. */
struct lhk_meta {
	uint32_t size;
	uint32_t turn;	    /* from 1 */
	uint64_t seq;	    /* from 1, no gaps within a run */
	int64_t time_ms;    /* since the start of the run; -1: no clock */
	uint64_t line_no;   /* from 1; 0: made by the host */
	uint64_t line_off;  /* byte offset of the line in the stream */
	uint64_t line_len;  /* bytes, without the newline */
	struct lhk_str raw; /* the line, if raw events were asked for */
};

LHK_END_DECLS

#endif /* LHK_EVENT_H */
