/* SPDX-License-Identifier: MIT */
/*
 * trial.h - runs of the mock agent, one after the other, on one host.
 *
 * The host has one linked-in plugin, "raw".  It makes a text event of each line
 * of the agent, except of these:
 *
 *	TOOL+ ID, TOOL- ID	a tool call begins, is completed
 *	TASK+ ID, TASK- ID	a background task begins, is completed
 *	CLAIM			the provider claims success
 *	TOKENS N		usage of the run so far
 */
#ifndef TESTS_TRIAL_H
#define TESTS_TRIAL_H

#include <stddef.h>

#include <linehook/run.h>

#include "lib/clock.h"
#include "lib/leaks.h"
#include "lib/tap.h"

struct trial {
	struct lhk_host *host;
	struct lhk_run *run;
	const struct lhk_result *result; /* of the last run */
	struct lhk_run_opts opts;	 /* for the next run; reset after it */
	struct lhk_stream_opts stream;

	/* From the events of the last run. */
	char *text; /* of text events, a newline behind each */
	size_t text_len, text_room;
	char notices[4096]; /* "code: text" lines */
	size_t n_events;
	size_t n_final; /* final results */
	int final_was_last;
	uint64_t err_bytes; /* passed to on_stderr */

	/* When this text comes, cancel with CANCEL_SIGNO, CANCEL_TIMES
	 * times. */
	const char *cancel_on;
	int cancel_signo;
	int cancel_times;
	int (*on_text) (struct trial *t, const char *text, size_t len);
};

/* Paths of the mock agent and of the monitor, from the environment. */
const char *trial_agent (void);
const char *trial_monitor (void);

/* Make the host; FLAGS are LHK_PLUGIN_* of the plugin. */
void trial_begin (struct trial *t, unsigned int flags);
void trial_end (struct trial *t);

/* Start a run.  Returns the code of lhk_run_start. */
int trial_start (struct trial *t, const char *const *argv);

/* Wait for the end of the run, at most 20 s.  1: it has a result. */
int trial_wait (struct trial *t);

/* Dispatch until the run has given LEN bytes of text. */
void trial_await_text (struct trial *t, size_t len);

/* Start a run and wait for its end.  1: it has a result. */
int trial_run (struct trial *t, const char *const *argv);

/* The argv of the mock agent with these words, and of any program. */
#define AGENT(...) ((const char *const[]){ trial_agent (), __VA_ARGS__, NULL })
#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })

#endif /* TESTS_TRIAL_H */
