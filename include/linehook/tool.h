/* SPDX-License-Identifier: MIT */
/*
 * tool.h - one call of a tool: a JSON request in, one JSON document out.
 *
 * A call is a process of its own under the same supervision as a run.  It reads
 * one request on stdin, then end of file; it answers with one document on
 * stdout, which is decoded while it arrives; stderr is for people.  When the
 * call has ended its process tree is gone, whatever the tool did.
 * linehook-tool(1) describes the request and the answer.
 *
 * Calls of one host run side by side, driven by lhk_host_dispatch like runs.
 * Except for lhk_tool_cancel, functions and callbacks belong to the thread of
 * the host.
 */
#ifndef LHK_TOOL_H
#define LHK_TOOL_H

#include <linehook/run.h>

LHK_BEGIN_DECLS

struct lhk_tool;    /* one call; opaque */
struct json_object; /* of json-c, for callers that use it */

#define LHK_TOOL_ID_MAX 255u		  /* bytes of an id, without NUL */
#define LHK_TOOL_OUTPUT_DEFAULT 10485760u /* bytes */
#define LHK_TOOL_STDERR_DEFAULT 1048576u  /* bytes */
#define LHK_TOOL_TIMEOUT_DEFAULT_MS 60000u

/* Why a call failed: the first cause.  An error that the tool reported in its
 * answer is preferred to how its process ended. */
enum {
	LHK_TOOL_ERROR_NONE = 0,
	LHK_TOOL_ERROR_VALIDATE = 1, /* bad id, input, config or env: nothing
					was started */
	LHK_TOOL_ERROR_START = 2,    /* the program could not be executed */
	LHK_TOOL_ERROR_STDIN = 3,    /* the request could not be handed over */
	LHK_TOOL_ERROR_STDOUT = 4,   /* more than max_output, or unreadable */
	LHK_TOOL_ERROR_STDERR = 5,   /* unreadable */
	LHK_TOOL_ERROR_WAIT = 6,     /* how the process ended is not known */
	LHK_TOOL_ERROR_PARSE = 7,    /* the answer is not one JSON object */
	LHK_TOOL_ERROR_TIMEOUT = 8,
	LHK_TOOL_ERROR_CANCELED = 9,
	LHK_TOOL_ERROR_EXIT = 10,   /* exit status other than 0 */
	LHK_TOOL_ERROR_SIGNAL = 11, /* killed by a signal that is not ours */
	LHK_TOOL_ERROR_TOOL = 12    /* the answer is an error */
};

/* The word for LHK_TOOL_ERROR_* in a result: "ok", "validate", "start" ..; a
 * constant string, "unknown" for any other number. */
LHK_EXPORT const char *lhk_tool_error_name (int kind);

/* Flags of a call, beside LHK_RUN_UNSCOPED. */
enum {
	/* Pass on the stack trace of the tool's error.  Without this flag it is
	 * not in the result. */
	LHK_TOOL_STACK_TRACE = 1 << 16,
	/* stdout is a file in /tmp that is followed, not a pipe: for programs
	 * that exit before their pipe is empty.  What they write beyond
	 * max_output takes disk until they are ended. */
	LHK_TOOL_STDOUT_FILE = 1 << 17
};

/* Everything is borrowed until lhk_tool_start returns. */
struct lhk_tool_opts {
	uint32_t size;		 /* set by LHK_TOOL_OPTS_INIT */
	uint32_t timeout_ms;	 /* 0: LHK_TOOL_TIMEOUT_DEFAULT_MS */
	const char *id;		 /* of the tool: [a-zA-Z0-9_/.-]+, a clean
				    relative path, at most LHK_TOOL_ID_MAX */
	const char *exec_id;	 /* of this call; NULL: a new ULID */
	const char *const *argv; /* as in struct lhk_run_opts */
	/* JSON texts, each an object or null; absent: null. */
	struct lhk_str input;
	struct lhk_str config;
	/* "NAME=value", NULL-terminated, or NULL: set in the environment of
	 * the process and listed in the request.  Names are [A-Z_][A-Z0-9_]*;
	 * those that tell a loader or an interpreter what to load are
	 * refused. */
	const char *const *env;
	/* 0: the process gets PATH HOME USER LANG LC_* TZ TMPDIR SHELL TERM of
	 * the caller's environment, and `env'; 1: all of it, and `env'. */
	int32_t inherit_env;
	int32_t contain;      /* LHK_CONTAIN_* */
	const char *cwd;      /* NULL: the caller's */
	uint32_t grace_ms;    /* from SIGTERM to SIGKILL */
	uint32_t flags;	      /* LHK_TOOL_*, LHK_RUN_UNSCOPED */
	uint64_t max_output;  /* bytes of stdout; 0: LHK_TOOL_OUTPUT_DEFAULT */
	uint32_t stderr_keep; /* bytes, half head, half tail; 0:
				 LHK_TOOL_STDERR_DEFAULT */
	uint32_t n_redact;
	/* Names of fields and variables ("password") and literal texts
	 * ("=hunter2").  The values of such names and the literals are replaced
	 * in stderr (lines and result) and in messages, in addition to what is
	 * always replaced: see linehook-tool(1). */
	const char *const *redact;
	/* A line of stderr after redaction, without its newline, not
	 * NUL-terminated; long lines come in pieces, with MORE 1 on all but the
	 * last.  Or NULL.  May free the call. */
	void (*on_stderr_line) (void *user, const char *line, size_t len,
				int more);
	/* The call has ended: its result can be queried.  Called once.  Or
	 * NULL.  May free the call. */
	void (*on_end) (void *user, struct lhk_tool *tool);
	void *user; /* of both callbacks */
};

/* clang-format off */
#define LHK_TOOL_OPTS_INIT \
	{ (uint32_t) sizeof (struct lhk_tool_opts), 0, NULL, NULL, NULL, \
	  { NULL, 0 }, { NULL, 0 }, NULL, 0, LHK_CONTAIN_AUTO, NULL, 2000, 0, \
	  0, 0, 0, NULL, NULL, NULL, NULL }
/* clang-format on */

/*
 * Start a call; *ret is the caller's, to be freed with lhk_tool_free.  It is
 * freed by lhk_host_free otherwise.
 *
 * A mistake in the request (an id, a text that is not JSON) is a call that has
 * ended with LHK_TOOL_ERROR_VALIDATE, a program that cannot be executed one
 * that ends with LHK_TOOL_ERROR_START: both have a result.  A call that has
 * ended when this function returns has called on_end before; if on_end freed
 * it, *ret is NULL.
 *
 * LHK_OK; LHK_EINVAL (size, no argv, unknown flags), LHK_ENOMEM and the errors
 * of lhk_run_start, with a sentence in ERR (which may be NULL); then there is no
 * call and on_end is not called.
 */
LHK_EXPORT LHK_MUST_CHECK int lhk_tool_start (struct lhk_host *host,
					      const struct lhk_tool_opts *opts,
					      struct lhk_tool **ret,
					      struct lhk_error *err);

/* Dispatch until the call has ended (LHK_OK) or TIMEOUT_MS is over
 * (LHK_ETIMEOUT); -1 waits for ever.  Other errors are those of
 * lhk_run_wait. */
LHK_EXPORT LHK_MUST_CHECK int lhk_tool_wait (struct lhk_tool *tool,
					     int timeout_ms);

/* End the process, with SIGNO first (0: SIGTERM), as lhk_run_cancel does.  May
 * be called from any thread and from signal handlers, while the call is not
 * freed. */
LHK_EXPORT void lhk_tool_cancel (struct lhk_tool *tool, int signo);

/* Free the call and all that is borrowed from it; a process that runs is killed
 * first, and on_end is not called.  NULL is fine. */
LHK_EXPORT void lhk_tool_free (struct lhk_tool *tool);

/* ---- the result of a call that has ended; borrowed from the call ---- */

/* LHK_TOOL_ERROR_*; -1: the call has not ended. */
LHK_EXPORT int lhk_tool_error_kind (const struct lhk_tool *tool);

/* One sentence, with words of the tool redacted and harmless for a terminal; ""
 * if there is no error. */
LHK_EXPORT const char *lhk_tool_message (const struct lhk_tool *tool);

/* What the tool answered: always an object (an answer that is not one is the
 * member "value" of one).  NULL: there is no answer. */
LHK_EXPORT struct json_object *lhk_tool_output (const struct lhk_tool *tool);

/* How the process ended, and its resource usage; without a process its end
 * reason is 0. */
LHK_EXPORT const struct lhk_outcome *
lhk_tool_outcome (const struct lhk_tool *tool);

/*
 * Write the result as one JSON object without a newline: {tool_id,
 * tool_exec_id, ok, output?, error?{kind, message, ..}, metadata?, outcome{..},
 * stderr{..}, duration_ms}.  FN gets it in pieces, so that it is never whole in
 * memory; a return value of FN other than 0 ends the writing and is returned.
 * Else LHK_OK; LHK_EINVAL, LHK_ENOMEM, or LHK_ESTATE: the call has not ended.
 */
LHK_EXPORT LHK_MUST_CHECK int
lhk_tool_write_result (const struct lhk_tool *tool,
		       int (*fn) (void *user, const char *data, size_t len),
		       void *user);

/* The exit status of linehook-tool(1) for this call; 125 if it has not
 * ended. */
LHK_EXPORT int lhk_tool_exit_status (const struct lhk_tool *tool);

LHK_END_DECLS

#endif /* LHK_TOOL_H */
