/* SPDX-License-Identifier: MIT */
/*
 * cmd_tool.h - `linehook tool': from its command line to its exit status.
 *
 * A session is a pool of calls.  A single call is a session of one call.
 */
#ifndef CLI_TOOL_CMD_TOOL_H
#define CLI_TOOL_CMD_TOOL_H

#include <linehook/tool.h>

#include "cli/cli.h"
#include "cli/opt/common_options.h"
#include "cli/output/async_stdio.h"
#include "cli/output/main_loop.h"
#include "common/outbuf.h"
#include "common/strbuf.h"
#include "io/spool.h"

/* ---- options ---- */

struct tool_options {
	struct options common; /* first: the shared tables fill it */
	const char *id;
	const char *exec_id;
	const char *input; /* a file, "-" or NULL, as the next two */
	const char *config;
	const char *jobs;
	const char *cwd;
	struct opt_list env;
	struct opt_list redact;
	uint64_t max_output;
	uint64_t stderr_keep;
	uint64_t at_once; /* -j; 0: as many as processors */
	uint32_t timeout_ms;
	uint32_t grace_ms;
	int32_t inherit_env;
	int32_t contain; /* LHK_CONTAIN_* */
	int32_t unscoped;
	int32_t stack;
};

#define TOOL_AT_ONCE_MAX 256

extern const struct opt_group tool_groups[];

void tool_options_init (struct tool_options *o);
void tool_options_free (struct tool_options *o);

/* Check options that contradict each other, and the N_ARGV words of the command.
 * LHK_OK, or LHK_EINVAL with a sentence in ERR. */
int tool_options_check (const struct tool_options *o, size_t n_argv,
			struct lhk_error *err);

/* ---- requests ---- */

/* The request of one call; all is borrowed. */
struct tool_request_opts {
	const char *id;
	int32_t id_derived;   /* 1: from the command, and changes with it */
	const char *exec_id;  /* NULL: a new one */
	struct lhk_str input; /* absent: null */
	struct lhk_str config;
	const char *const *env;	 /* NULL-terminated */
	const char *const *argv; /* NULL: none */
	uint32_t timeout_ms;
};

/* What a request of the command line points to. */
struct tool_texts {
	char id[LHK_TOOL_ID_MAX + 1];
	struct strbuf input, config;
	const char **env;
	size_t env_size;
};

/*
 * The request of the command line; TEXTS is to be freed in any case.  LHK_OK;
 * LHK_EINVAL with a sentence in ERR: a file cannot be read, and RET is complete
 * but for it; LHK_AGAIN: a signal came; LHK_ENOMEM.
 */
int tool_request_opts_read (const struct tool_options *o,
			    const char *const *argv, struct tool_texts *texts,
			    struct tool_request_opts *ret,
			    struct lhk_error *err);
void tool_texts_free (struct tool_texts *texts);

/* A valid id made of the base name of a program, whatever that is. */
void tool_id_of (const char *program, char ret[LHK_TOOL_ID_MAX + 1]);

/* Buffers for a line of --jobs, used for one line after the other. */
struct tool_line {
	char *data; /* decoded strings */
	size_t size, used;
	const char **argv;
	size_t argv_cap;
	const char **env;
	size_t env_cap;
	char id[LHK_TOOL_ID_MAX + 1];
};

/*
 * The request of a line, DATA as in struct lhk_line, with DEFAULTS for the
 * members that it does not have.  RET borrows from L, DATA and DEFAULTS.
 * LHK_OK; or LHK_EINVAL or LHK_ENOMEM with a sentence in ERR, and of RET only
 * the ids count, those that could be read.
 */
int tool_line_read (struct tool_line *l,
		    const struct tool_request_opts *defaults, const char *data,
		    size_t len, struct tool_request_opts *ret,
		    struct lhk_error *err);
void tool_line_free (struct tool_line *l);

/* ---- the session ---- */

/* Results that may wait for an earlier one, in addition to running calls. */
#define TOOL_WAITING_MAX 64u

/* Bytes of such a result in memory; the rest is in a file. */
#define TOOL_WAITING_MEMORY 16384u

/* Bytes that may wait for the reader of stdout before no new call is started. */
#define TOOL_UNREAD_MAX (4u << 20)

struct tool_call {
	struct tool_session *session;
	uint64_t line;	       /* of --jobs; 0: the only call */
	struct lhk_tool *tool; /* NULL: its result is in `held' */
	int32_t ended;	       /* 1: it has a result */
	struct spool held;     /* the result, until its turn */
	char line_text[24];
	char id[LHK_TOOL_ID_MAX + 1];
};

struct tool_session {
	const char *who;
	const struct tool_options *opts;
	struct tool_request_opts defaults;
	struct lhk_host *host;
	struct main_loop loop;
	struct async_stdio stdio;
	struct log log;
	const char *dir;	      /* for what waits */
	int status;		      /* the worst so far */
	unsigned int signals_applied; /* that have canceled calls */
	size_t at_once;
	size_t running;
	size_t n, first, cap; /* a ring, in the order of the lines */
	struct tool_call *calls;
	struct outbuf out;	/* to stdout */
	struct outbuf held_out; /* to `held' of one call */
};

/* Allocate the ring of calls, AT_ONCE of which may run.  LHK_OK or
 * LHK_ENOMEM. */
int tool_calls_open (struct tool_session *s, size_t at_once);

/* Kill and free what is left. */
void tool_calls_close (struct tool_session *s);

/* 1: one more call may be started or refused. */
int tool_calls_room (const struct tool_session *s);

/* Start a call.  If that fails the call has a result, as any other. */
void tool_call_start (struct tool_session *s,
		      const struct tool_request_opts *request, uint64_t line);

/* A call that is not started has a result of KIND (LHK_TOOL_ERROR_*) with
 * MESSAGE, and STATUS counts for the exit status. */
void tool_call_refuse (struct tool_session *s,
		       const struct tool_request_opts *request, uint64_t line,
		       int kind, const char *message, int status);

/* Print the result of a call of ID whose options are wrong. */
void tool_print_usage_error (const char *id, const char *message);

/* Cancel the running calls for each signal that came since the last time. */
void tool_calls_apply_signals (struct tool_session *s);

/* Print the results whose turn has come, and hold those of later calls. */
void tool_calls_print (struct tool_session *s);

/* The worse of two exit statuses. */
int tool_worse (int a, int b);

/* ---- the file of --jobs ---- */

struct tool_jobs;

/* LHK_OK; LHK_EINVAL with a sentence; LHK_AGAIN: a signal came; LHK_ENOMEM. */
int tool_jobs_open (struct tool_session *s, const char *file,
		    struct tool_jobs **ret, struct lhk_error *err);
void tool_jobs_close (struct tool_jobs *j);

/* Start, or refuse, the call of the next line.  1; 0: there is no room for it,
 * or no complete line has been read. */
int tool_jobs_start_next (struct tool_jobs *j);

/* The descriptor that tool_jobs_read would read, to be polled; -1: none. */
int tool_jobs_fd (const struct tool_jobs *j);
void tool_jobs_read (struct tool_jobs *j);

/* 1: no more lines will come. */
int tool_jobs_over (const struct tool_jobs *j);

#endif /* CLI_TOOL_CMD_TOOL_H */
