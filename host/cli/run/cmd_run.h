/* SPDX-License-Identifier: MIT */
/*
 * cmd_run.h - one `linehook run', from its options to its exit status.
 */
#ifndef CLI_RUN_CMD_RUN_H
#define CLI_RUN_CMD_RUN_H

#include "cli/session.h"
#include "cli/output/log.h"
#include "cli/run/detach.h"
#include "cli/run/limit_options.h"
#include "cli/run/run_options.h"
#include "cli/output/status_line.h"
#include "cli/output/terminal.h"

struct run_command {
	struct session *session;
	const struct run_options *opts;
	const char *const *argv;
	const char *prompt; /* of --agent; NULL: on the agent's stdin */
	char **command;	    /* ARGV, if it was made for --agent; or NULL */
	struct environ_list env;
	struct run_input input;
	struct detach detach;
	char *record_dir; /* of the record; NULL: none */
	struct lhk_rlimit limits[LIMIT_OPTIONS_MAX];
	const struct lhk_plugin_ref *plugin; /* NULL: not known yet */
	struct log_lines lines;
	struct lhk_run *run;	  /* NULL: not started */
	struct lhk_run *starting; /* the same while it is started; or NULL */
	struct status status;
	struct outbuf status_out;
	struct terminal terminal;
	struct terminal_screen screen;
	int32_t interactive;   /* stderr is a terminal, and not --quiet */
	int32_t mid_error;     /* the last byte of stderr was no newline */
	int32_t input_warned;  /* that our input goes nowhere */
	int32_t is_start_told; /* -v has named the agent */
	int32_t exit_status;   /* that is exited with, once there is a result */
};

/* ---- --agent ---- */

/* Is there a command, or an agent and a prompt?  -1, or the exit status after a
 * sentence of WHO. */
int run_agent_check (const char *who, const struct run_options *o,
		     const struct opt_operands *operands);

/* Find the plugin of --agent, make its command line of WORDS, the operands, and
 * add the variables that it should have.  -1, or the exit status after a
 * sentence. */
int run_agent_command (struct run_command *r, const char *const *words);

/* ---- the loop ---- */

/* For the stream: USER is the struct run_command. */
void run_command_event (void *user, const struct lhk_meta *meta,
			const struct lhk_event *event);
size_t run_command_plugin (void *user, const struct lhk_plugin_ref *plugin);
void run_command_raw (void *user, const char *data, size_t len);
void run_command_stdout (void *user, const char *data, size_t len);
void run_command_stderr (void *user, const char *data, size_t len);

/* Run the loop until the run has ended.  NULL: the loop failed, and a sentence
 * was printed. */
const struct lhk_result *run_command_follow (struct run_command *r);

/* What is left to do when the run has ended: the terminal and the signals are as
 * before. */
void run_command_settle (struct run_command *r);

/* Print, log and store the result of a run that was started.  The exit status.
 */
int run_command_finish (struct run_command *r, const struct lhk_result *result);

/* The same for one that was not, because its plugin crashed (1) or does not
 * return, as TEXT says. */
int run_command_fail_start (struct run_command *r, int crashed,
			    const char *text);

/* From now on a plugin that crashes, ends the process or does not return does
 * not keep the run from its end.  Once, by the thread that uses the host. */
void run_command_guard (struct run_command *r);

/* The plugin is closed, and the host about to be freed. */
void run_command_unguard (void);

/* If the agent reads our terminal, wait until we are in its foreground process
 * group, as a program that reads it itself would. */
void run_command_await_terminal (const struct run_command *r);

/* ---- what is written to stderr ---- */

/* Make writes to stdout and stderr asynchronous.  Call it before the start. */
void run_command_open (struct run_command *r);

/* Write what still waits, as far as there is a reader, and undo
 * run_command_open. */
void run_command_close (struct run_command *r);

/* Write bytes of the agent's stderr, unchanged. */
void run_command_forward (struct run_command *r, const char *data, size_t len);

/* Write the sequences that undo what the agent did to the screen. */
void run_command_reset_screen (struct run_command *r);

/* Write a sentence if the run is interactive, else a log record of level
 * info. */
void run_command_inform (struct run_command *r, const char *code,
			 const char *fmt, ...) LHK_PRINTF (3, 4);

/* ---- why a start or a run failed ---- */

/* A signal came: print what happens now, and what another one would do. */
void run_command_explain_signal (struct run_command *r);

/* Print why nothing was started. */
void run_command_explain_start (struct run_command *r,
				const struct lhk_outcome *how);

/* Log what the text of the result does not tell: that linehook ended the run,
 * and by which option; what was left behind, lost or cut off. */
void run_command_explain_end (struct run_command *r,
			      const struct lhk_outcome *how);

#endif /* CLI_RUN_CMD_RUN_H */
