/* SPDX-License-Identifier: MIT */
/*
 * cmd_run.h - one `linehook run', from its words to its exit status.
 */
#ifndef CLI_RUN_CMD_RUN_H
#define CLI_RUN_CMD_RUN_H

#include "cli/session.h"
#include "cli/output/log.h"
#include "cli/run/run_options.h"
#include "cli/output/status_line.h"
#include "cli/output/terminal.h"

struct run_command {
	struct session *session;
	const struct run_options *opts;
	const char *const *argv;
	struct environ_list env;
	struct run_input input;
	char *record_dir; /* of the record; NULL: none */
	struct lhk_rlimit limits[RUN_LIMITS_MAX];
	const struct lhk_plugin_ref *plugin;
	struct log_lines lines;
	struct lhk_run *run; /* NULL: not started */
	struct status status;
	struct outbuf status_out;
	struct terminal terminal;
	struct terminal_screen screen;
	int32_t person;	   /* stderr is a terminal, words are wanted */
	int32_t mid_error; /* the last byte of stderr was no newline */
};

/* ---- the loop ---- */

/* For the stream: USER is the struct run_command. */
void run_command_event (void *user, const struct lhk_meta *meta,
			const struct lhk_event *event);
void run_command_raw (void *user, const char *data, size_t len);
void run_command_stdout (void *user, const char *data, size_t len);
void run_command_stderr (void *user, const char *data, size_t len);

/* Until the run has ended.  NULL: the loop has failed, which was said. */
const struct lhk_result *run_command_follow (struct run_command *r);

/* A command that reads our terminal waits until we are in its foreground, as a
 * program does that reads it itself. */
void run_command_await_terminal (const struct run_command *r);

/* ---- what is written to stderr ---- */

/* stdout and stderr no longer wait for their readers; before the start. */
void run_command_open (struct run_command *r);

/* The other end: everything is written, or nobody takes it. */
void run_command_close (struct run_command *r);

/* The stderr of the command, as it is. */
void run_command_forward (struct run_command *r, const char *data, size_t len);

/* What the command did to the screen is undone. */
void run_command_undo (struct run_command *r);

/* One for a person who looks on; a record of level info for others. */
void run_command_inform (struct run_command *r, const char *code,
			 const char *fmt, ...) LHK_PRINTF (3, 4);

/* ---- why a start or a run failed ---- */

/* A signal came: what happens now, and what another one would do. */
void run_command_say_signal (struct run_command *r);

/* Why nothing was started; events tell it too. */
void run_command_say_start (struct run_command *r,
			    const struct lhk_outcome *how);

/* What the result does not say aloud: that we ended it, and which option wants
 * to be changed; what was left, lost or cut. */
void run_command_say_end (struct run_command *r, const struct lhk_outcome *how);

#endif /* CLI_RUN_CMD_RUN_H */
