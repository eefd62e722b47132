/* SPDX-License-Identifier: MIT */
/*
 * tool.h - one call of a tool: a JSON request in, one JSON document out.
 *
 * A call is a process of its own under the same supervision as a run: it gets
 * one request on stdin, then end of file; it answers with one document on
 * stdout, which is decoded while it arrives; stderr is for people.  Its tree
 * is gone when the call has ended, however it ended.  linehook-tool(1) tells
 * what a request and an answer look like.
 *
 * Calls of one host run side by side, driven by lhk_host_dispatch like runs;
 * a call belongs to the thread of its host.
 */
#ifndef LHK_TOOL_H
#define LHK_TOOL_H

#include <linehook/run.h>

LHK_BEGIN_DECLS

struct lhk_tool;    /* one call; opaque */
struct json_object; /* of json-c, for those who use it */

#define LHK_TOOL_ID_MAX 255u /* bytes of an id */
#define LHK_TOOL_OUTPUT_DEFAULT 10485760u
#define LHK_TOOL_STDERR_DEFAULT 1048576u
#define LHK_TOOL_TIMEOUT_DEFAULT_MS 60000u

/* What a call failed of: the first cause, but an answer that is there and says
 * "error" wins over how its process ended. */
enum {
	LHK_CALL_OK = 0,
	LHK_CALL_VALIDATE = 1, /* id, input, config, environment: not started */
	LHK_CALL_START = 2,    /* the program could not be executed */
	LHK_CALL_STDIN = 3,    /* the request could not be handed over */
	LHK_CALL_STDOUT = 4,   /* more than max_output, or it cannot be read */
	LHK_CALL_STDERR = 5,   /* it cannot be read */
	LHK_CALL_WAIT = 6,     /* how it ended cannot be known */
	LHK_CALL_PARSE = 7,    /* not one JSON object */
	LHK_CALL_TIMEOUT = 8,
	LHK_CALL_CANCELED = 9,
	LHK_CALL_EXIT = 10,   /* a status other than 0, and no error told */
	LHK_CALL_SIGNAL = 11, /* killed by a signal that is not ours */
	LHK_CALL_TOOL = 12    /* the tool answered with an error */
};

/* "ok", "validate", "start".. */
LHK_EXPORT const char *lhk_tool_kind_name (int kind);

struct lhk_tool_opts {
	uint32_t size;		 /* set by LHK_TOOL_OPTS_INIT */
	uint32_t timeout_ms;	 /* 0: LHK_TOOL_TIMEOUT_DEFAULT_MS */
	const char *id;		 /* [a-zA-Z0-9_/.-]+, no path tricks */
	const char *exec_id;	 /* NULL: made up */
	const char *const *argv; /* as in lhk_run_opts */
	/* JSON texts, an object or null each; absent: null.  Borrowed until
	 * start returns. */
	struct lhk_str input;
	struct lhk_str config;
	/* "NAME=value", NULL-terminated, or NULL: given to the process, and
	 * in the request.  Names are [A-Z_][A-Z0-9_]*; those by which a loader
	 * or an interpreter is told what to load are refused. */
	const char *const *env;
	/* 0: the process gets PATH HOME USER LANG LC_* TZ TMPDIR SHELL TERM of
	 * the caller's, and `env'; 1: all of the caller's, and `env'. */
	int32_t inherit_env;
	int32_t contain;      /* LHK_CONTAIN_* */
	const char *cwd;      /* NULL: the caller's */
	uint32_t grace_ms;    /* between SIGTERM and SIGKILL */
	uint32_t flags;	      /* LHK_RUN_UNSCOPED, LHK_TOOL_* */
	uint64_t max_output;  /* bytes of the answer; 0: 10 MiB */
	uint32_t stderr_keep; /* bytes: half head, half tail; 0: 1 MiB */
	uint32_t n_redact;
	/* Names of fields and variables ("password"), and texts as they are
	 * ("=hunter2"): what belongs to such a name, and each such text, is
	 * replaced in stderr (log and result) and in messages, beside what
	 * always is: see linehook-tool(1). */
	const char *const *redact;
	/* Each line of stderr after redaction, without its newline; long ones
	 * in pieces with MORE 1 on all but the last.  Or NULL. */
	void (*on_stderr_line) (void *user, const char *line, size_t len,
				int more);
	/* The call has ended: lhk_tool_kind and the rest may be asked.  Or
	 * NULL.  May free the call. */
	void (*on_end) (void *user, struct lhk_tool *tool);
	void *user;
};

/* A flag beside those of a run: the tool's stack trace is handed on.  Without
 * it, it stays out of the result. */
#define LHK_TOOL_STACK (1u << 16)

/* stdout is a file in /tmp that is followed, not a pipe: for programs that
 * leave before their pipe is empty.  What they write beyond max_output takes
 * disk until they are ended. */
#define LHK_TOOL_FILE (1u << 17)

/* clang-format off */
#define LHK_TOOL_OPTS_INIT \
	{ (uint32_t) sizeof (struct lhk_tool_opts), 0, NULL, NULL, NULL, \
	  { NULL, 0 }, { NULL, 0 }, NULL, 0, LHK_CONTAIN_AUTO, NULL, 2000, 0, \
	  0, 0, 0, NULL, NULL, NULL, NULL }
/* clang-format on */

/*
 * Start a call.  What the caller got wrong about the request (an id, a text
 * that is no JSON) is a call that has ended with LHK_CALL_VALIDATE, a program
 * that cannot be executed one that ends with LHK_CALL_START.  A call that has
 * ended when this function returns has called on_end before; if that freed it,
 * *ret is NULL.  Errors of this function are LHK_EINVAL (SIZE, no argv),
 * LHK_ENOMEM and those of lhk_run_start; nothing is left then.
 */
LHK_EXPORT LHK_MUST_CHECK int lhk_tool_start (struct lhk_host *host,
					      const struct lhk_tool_opts *opts,
					      struct lhk_tool **ret,
					      struct lhk_error *err);

/* As lhk_run_wait.  LHK_OK: it has ended. */
LHK_EXPORT LHK_MUST_CHECK int lhk_tool_wait (struct lhk_tool *tool,
					     int timeout_ms);

/* As lhk_run_cancel: any thread, and signal handlers. */
LHK_EXPORT void lhk_tool_cancel (struct lhk_tool *tool, int signo);

/* Ends it if need be.  NULL is fine. */
LHK_EXPORT void lhk_tool_free (struct lhk_tool *tool);

/* ---- of a call that has ended; borrowed from it ---- */

/* LHK_CALL_*, or -1: it has not ended. */
LHK_EXPORT int lhk_tool_kind (const struct lhk_tool *tool);

/* A sentence; "" for LHK_CALL_OK. */
LHK_EXPORT const char *lhk_tool_message (const struct lhk_tool *tool);

/* What the tool answered: an object, always (an answer that is no object is
 * found under "value").  NULL: no answer. */
LHK_EXPORT struct json_object *lhk_tool_output (const struct lhk_tool *tool);

/* What is known of the process; how 0: there was none. */
LHK_EXPORT const struct lhk_outcome *
lhk_tool_outcome (const struct lhk_tool *tool);

/*
 * The whole result as one JSON object without a newline, in pieces, never in
 * memory at once: {tool_id, tool_exec_id, ok, output?, error?{kind, message,
 * ..}, metadata?, outcome{..}, stderr{..}, duration_ms}.  FN returns 0 or what
 * ends the writing and is returned.
 */
LHK_EXPORT LHK_MUST_CHECK int
lhk_tool_write (const struct lhk_tool *tool,
		int (*fn) (void *user, const char *data, size_t len),
		void *user);

/* Exit status of the program for a call: linehook-tool(1). */
LHK_EXPORT int lhk_tool_status (const struct lhk_tool *tool);

LHK_END_DECLS

#endif /* LHK_TOOL_H */
