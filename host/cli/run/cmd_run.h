/* SPDX-License-Identifier: MIT */
/*
 * cmd_run.h - one `linehook run', from its words to its exit status.
 *
 *	cmd_run.c	what is asked for, the start, the order of things
 *	run_follow.c	the loop: output, status line, signals, stops
 *	run_voice.c	what is written to stderr, and the last bytes
 *	run_notice.c	sentences about starts and ends
 *	run_none.c	a result where there was no run
 *	run_program.c	the interpreter that a program asks for
 *	run_input.c	what a command is given to read
 *	run_options.c	the table of options
 */
#ifndef CLI_RUN_CMD_RUN_H
#define CLI_RUN_CMD_RUN_H

#include "cli/session.h"
#include "cli/output/lines.h"
#include "cli/run/run_options.h"
#include "cli/output/screen.h"
#include "cli/output/status_line.h"
#include "cli/output/terminal.h"

struct async_writer;

struct runner {
	struct job *job;
	const struct run_options *opts;
	const char *const *argv;
	struct environ_list env;
	struct run_input input;
	char *record_dir; /* of the record; NULL: none */
	struct lhk_rlimit limits[RUN_LIMITS_MAX];
	const struct lhk_plugin_ref *plugin;
	struct lines lines;
	struct async_writer *errors; /* our stderr; NULL: writes may wait */
	struct lhk_run *run;	     /* NULL: not started */
	struct status status;
	struct outbuf status_out;
	struct terminal terminal;
	struct screen screen;
	int32_t person;	      /* stderr is a terminal, words are wanted */
	int32_t mid_error;    /* the last byte of stderr was no newline */
	unsigned int heard;   /* signals that were spoken of */
	unsigned int settled; /* signals that came before the result */
};

int64_t runner_now_ms (void);

/* ---- run_follow.c ---- */

/* For the stream: USER is the runner. */
void runner_event (void *user, const struct lhk_meta *meta,
		   const struct lhk_event *event);
void runner_raw (void *user, const char *data, size_t len);
void runner_stdout (void *user, const char *data, size_t len);
void runner_stderr (void *user, const char *data, size_t len);

/* Until the run has ended.  NULL: the loop has failed, which was said. */
const struct lhk_result *runner_follow (struct runner *r);

/* A command that reads our terminal waits until we are in its foreground, as a
 * program does that reads it itself. */
void runner_await_terminal (const struct runner *r);

/* ---- run_voice.c ---- */

/* stdout and stderr no longer wait for their readers; before the start. */
void runner_open (struct runner *r);

/* The other end: everything is written, or nobody takes it. */
void runner_close (struct runner *r);

/* For struct output: wait until the reader of SPILL has taken everything. */
void runner_wait (void *user, struct async_writer *spill);

/* The stderr of the command, as it is. */
void runner_pass (struct runner *r, const char *data, size_t len);

/* What the command did to the screen is undone. */
void runner_undo (struct runner *r);

/* A sentence on stderr, as cli_say has them. */
void runner_say (struct runner *r, const char *fmt, ...) LHK_PRINTF (2, 3);

/* One for a person who looks on; a record of level info for others. */
void runner_tell (struct runner *r, const char *code, const char *fmt, ...)
	LHK_PRINTF (3, 4);

/* ---- run_notice.c ---- */

/* A signal came: what happens now, and what another one would do. */
void runner_say_signal (struct runner *r);

/* Why nothing was started; events tell it too. */
void runner_say_start (struct runner *r, const struct lhk_outcome *how);

/* What the result does not say aloud: that we ended it, and which option wants
 * to be changed; what was left, lost or cut. */
void runner_say_end (struct runner *r, const struct lhk_outcome *how);

/* ---- run_none.c ---- */

/*
 * The result of a run that never began: HOW, and TEXT as a notice (NULL:
 * none).  Whoever reads our output gets a header and a final result whatever
 * happened.  The exit status.
 */
int runner_none (struct runner *r, const struct lhk_outcome *how,
		 const char *text);

/* ---- run_program.c ---- */

/*
 * What the file that the command names wants to be run by: the interpreter of
 * its first line, or its loader.  1 and a path in BUF; 0: it names none.
 */
int runner_interpreter (const struct runner *r, char *buf, size_t size);

#endif /* CLI_RUN_CMD_RUN_H */
