/* SPDX-License-Identifier: MIT */
/*
 * session.h - what `filter', `run' and `replay' share from the options to the
 * exit status.
 *
 * Functions that return a status return -1 to go on, else the exit status,
 * after a message was printed.
 */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include <linehook/record.h>
#include <linehook/run.h>

#include "cli/cli.h"
#include "cli/output/async_stdio.h"
#include "cli/output/event_output.h"
#include "cli/output/main_loop.h"
#include "cli/output/result_file.h"

struct session {
	const char *who; /* subcommand */
	const struct options *opts;
	struct lhk_host *host;
	struct main_loop loop; /* of `run'; all zero: none */
	struct async_stdio stdio;
	struct log log;
	const char *plugin;		 /* of the stream; NULL: none yet */
	char run[LHK_RECORD_ID_MAX + 1]; /* a kept run; empty: it is not */
	const char *run_dir;		 /* of its store; NULL: the usual one */
	int is_explained; /* 1: a sentence said why it does not end well */
	struct output out;
	struct result_file result; /* of --result */
};

/* A program has one session, once.  WHO and OPTS are borrowed.  *RET is
 * session_free's, or NULL. */
int session_new (const char *who, const struct options *opts,
		 struct session **ret);
void session_free (struct session *s);

/* Write to stderr; on a terminal that is stdout's too, on a line of its own.  For
 * the log and for sentences: USER is the session. */
void session_write_err (void *user, const char *data, size_t len);

/* 1: the agent's standard error is a part of the view, as both are on one terminal;
 * not if more was asked for by options of the log. */
int session_shows_stderr (const struct session *s);

/* The plugin of this name, or "raw" for NULL. */
int session_plugin (struct session *s, const char *name,
		    const struct lhk_plugin_ref **ret);

/* This plugin reads the stream: returns its line_max. */
size_t session_use_plugin (struct session *s,
			   const struct lhk_plugin_ref *plugin);

/* --plugin as it was given; NULL for auto. */
const char *session_plugin_name (const struct session *s);

/* The part of stream options that comes from the command line.  PLUGIN NULL: it
 * is not known, and raw is used until it is. */
void session_stream_opts (struct session *s,
			  const struct lhk_plugin_ref *plugin,
			  struct lhk_stream_opts *ret);

/* Write the result file, then what is left of the output; then say on stderr
 * why, if the run did not end well.  The exit status; a result file that cannot
 * be written turns 0 into 125, and no other status. */
int session_status (struct session *s, const struct lhk_result *result);

#endif /* CLI_SESSION_H */
