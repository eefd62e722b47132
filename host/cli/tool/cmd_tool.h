/* SPDX-License-Identifier: MIT */
/*
 * cmd_tool.h - `linehook tool', from its words to its exit status.
 *
 *	cmd_tool.c	the order of things, and the loop
 *	tool_options.c	the table of options
 *	tool_ask.c	what the words ask for: texts from files, lists
 *	tool_id.c	the name of a tool that has none
 *	tool_line.c	one line of --jobs
 *	tool_jobs.c	the file of --jobs, read as a stream
 *	tool_call.c	calls: begun, canceled, ended
 *	tool_print.c	results, in the order of their lines
 *
 * One call is a file of jobs with one line.
 */
#ifndef CLI_TOOL_CMD_TOOL_H
#define CLI_TOOL_CMD_TOOL_H

#include <linehook/tool.h>

#include "cli/cli.h"
#include "cli/opt/common_options.h"
#include "cli/output/async_stdio.h"
#include "cli/output/main_loop.h"
#include "io/spool.h"
#include "common/outbuf.h"

/* ---- tool_options.c ---- */

struct tool_options {
	struct options common; /* first: its tables know nothing of us */
	const char *id;
	const char *exec_id;
	const char *input; /* files, or "-"; NULL: none */
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

/* What only some options say together: LHK_OK, or a sentence in ERR. */
int tool_options_check (const struct tool_options *o, size_t n_words,
			struct lhk_error *err);

/* ---- tool_ask.c ---- */

/* One call as it was asked for; all is borrowed. */
struct tool_request_opts {
	const char *id;
	int32_t id_derived;   /* from the command: another one has another */
	const char *exec_id;  /* NULL: made up */
	struct lhk_str input; /* absent: null */
	struct lhk_str config;
	const char *const *env;	 /* NULL-terminated */
	const char *const *argv; /* NULL: none */
	uint32_t timeout_ms;
};

/* What was read for it. */
struct tool_texts {
	char id[LHK_TOOL_ID_MAX + 1];
	char *input;
	size_t input_size;
	char *config;
	size_t config_size;
	const char **env;
	size_t env_size;
};

/*
 * The call that the command line asks for.  LHK_OK; LHK_EINVAL, a text that
 * is not to be had, with a sentence in ERR, and RET good but for that text;
 * LHK_AGAIN, a signal came; LHK_ENOMEM.
 */
int tool_request_opts_parse (const struct tool_options *o,
			     const char *const *words, struct tool_texts *texts,
			     struct tool_request_opts *ret,
			     struct lhk_error *err);
void tool_texts_free (struct tool_texts *texts);

/* ---- tool_id.c ---- */

/* Out of the base name of a program, whatever it is, an id that is one. */
void tool_id_of (const char *program, char ret[LHK_TOOL_ID_MAX + 1]);

/* ---- tool_line.c ---- */

/* A line of --jobs; used for one after the other. */
struct tool_line {
	char *data; /* its decoded words */
	size_t size, used;
	const char **argv;
	size_t argv_cap;
	const char **env;
	size_t env_cap;
	char id[LHK_TOOL_ID_MAX + 1];
};

/*
 * The call that a line asks for, DATA as in struct lhk_line, by DEFAULTS where
 * it says nothing.  RET is good until the next call here, or DATA goes.
 * LHK_OK, or LHK_EINVAL or LHK_ENOMEM with a sentence in ERR: then it has but
 * the ids, those that could be read.
 */
int tool_line_read (struct tool_line *l,
		    const struct tool_request_opts *defaults, const char *data,
		    size_t len, struct tool_request_opts *ret,
		    struct lhk_error *err);
void tool_line_free (struct tool_line *l);

/* ---- the calls: what one `linehook tool' has ---- */

/* Results that may wait for an earlier one, beside the calls that run. */
#define TOOL_WAITING_MAX 64u

/* Of each of them so much waits in memory, the rest in a file. */
#define TOOL_WAITING_MEMORY 16384u

/* So much may wait for the reader of our stdout before new calls do too. */
#define TOOL_UNREAD_MAX (4u << 20)

struct tool_call {
	struct tool_session *calls;
	uint64_t line;	       /* of --jobs; 0: the only call */
	struct lhk_tool *tool; /* NULL: its result is in KEPT */
	int32_t ended;
	struct spool kept;
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
	const char *dir;    /* for what waits */
	int status;	    /* the worst so far */
	unsigned int heard; /* signals that the calls were told of */
	size_t at_once;
	size_t running;
	size_t n, first, cap; /* a ring, in the order of the lines */
	struct tool_call *calls;
	struct outbuf out;  /* to stdout */
	struct outbuf keep; /* to the call whose result is kept */
};

/* ---- tool_call.c ---- */

/* The ring for so many at once.  LHK_OK or LHK_ENOMEM. */
int tool_calls_open (struct tool_session *d, size_t at_once);
void tool_calls_close (struct tool_session *d);

/* May another one be begun?  Only then: */
int tool_calls_room (const struct tool_session *d);
void tool_call_begin (struct tool_session *d,
		      const struct tool_request_opts *ask, uint64_t line);

/* One that is not begun: its result is KIND, MESSAGE and STATUS. */
void tool_call_none (struct tool_session *d,
		     const struct tool_request_opts *ask, uint64_t line,
		     int kind, const char *message, int status);

/* Signals that came since the last time reach those that run. */
void tool_calls_hear (struct tool_session *d);

/* ---- tool_print.c ---- */

/* The worse of two exit statuses. */
int tool_worse (int a, int b);

/* Make the result of a call that never was. */
void tool_print_none (struct tool_call *c, const struct tool_request_opts *ask,
		      int kind, const char *message);

/* What has ended is printed if its turn has come, else kept. */
void tool_print_settle (struct tool_session *d);

/* ---- tool_jobs.c ---- */

struct tool_jobs;

/* LHK_OK; LHK_EINVAL with a sentence; LHK_AGAIN, a signal came; LHK_ENOMEM. */
int tool_jobs_open (struct tool_session *d, const char *file,
		    struct tool_jobs **ret, struct lhk_error *err);
void tool_jobs_close (struct tool_jobs *j);

/* Begin the call of the next line: 1; 0: there is no room, or nothing has been
 * read that could be begun. */
int tool_jobs_begin (struct tool_jobs *j);

/* The descriptor to wait for before there can be more; -1: none. */
int tool_jobs_fd (const struct tool_jobs *j);
void tool_jobs_read (struct tool_jobs *j);

/* Nothing more will come. */
int tool_jobs_over (const struct tool_jobs *j);

#endif /* CLI_TOOL_CMD_TOOL_H */
