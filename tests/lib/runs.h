/* SPDX-License-Identifier: MIT */
/*
 * runs.h - real children under the library, and what is left of them.
 *
 * A trial is a host with one linked-in plugin, "script", and one run after the
 * other.  The plugin makes a text event of each line, and more of these:
 *
 *	TOOL+ ID, TOOL- ID	a tool call begins, is completed
 *	TASK+ ID, TASK- ID	a background task likewise
 *	CLAIM			the provider says that all is done
 *	TOKENS N		usage of the run so far
 */
#ifndef TESTS_RUNS_H
#define TESTS_RUNS_H

#include <stddef.h>

#include <linehook/run.h>

#include "lib/leaks.h"
#include "lib/tap.h"

struct trial {
	struct lhk_host *host;
	struct lhk_run *run;
	const struct lhk_result *result; /* of the last run */
	struct lhk_run_opts opts;	 /* for the next run; reset after it */
	struct lhk_stream_opts stream;

	/* Told by the events of the last run. */
	char *text; /* of text events, a newline behind each */
	size_t text_len, text_room;
	char notices[4096]; /* "code: text" lines */
	size_t n_events;
	size_t n_final; /* final results */
	int final_was_last;
	uint64_t err_bytes; /* by on_stderr */

	/* When this text comes: cancel with CANCEL_SIGNO, so many times. */
	const char *cancel_on;
	int cancel_signo;
	int cancel_times;
	int (*on_text) (struct trial *t, const char *text, size_t len);
};

/* Paths from the environment of the test. */
const char *runs_agent (void);
const char *runs_monitor (void);

/* FLAGS: LHK_PLUGIN_* of the plugin. */
void trial_begin (struct trial *t, unsigned int flags);
void trial_end (struct trial *t);

/* Start; LHK_OK or the code of lhk_run_start. */
int trial_start (struct trial *t, const char *const *argv);

/* Wait for the end, at most 20 s; 1: it came. */
int trial_wait (struct trial *t);

/* Both, and the result has arrived. */
int trial_run (struct trial *t, const char *const *argv);

/* agent WORD.. */
#define AGENT(...) ((const char *const[]){ runs_agent (), __VA_ARGS__, NULL })
#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })

#endif /* TESTS_RUNS_H */
