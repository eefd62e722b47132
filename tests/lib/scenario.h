/* SPDX-License-Identifier: MIT */
/*
 * scenario.h - whole uses of the library, to be run with a fault injected.
 *
 * A scenario makes a host, uses it, uses it once more without a fault, and
 * frees it.  With a fault, either of these is correct:
 *
 *	the call that failed returned a code, an errno and a sentence;
 *	or there is one final result, which is the last event: the result of
 *	the scenario without a fault, or host-error, spawn-failed, or one with
 *	LHK_FLAG_DEGRADED;
 *
 * and nothing is leaked: descriptors, children, threads, files and memory, the
 * signal mask and the dispositions of this process are as before.
 */
#ifndef TESTS_SCENARIO_H
#define TESTS_SCENARIO_H

#include <linehook/run.h>

#include "lib/failing.h"
#include "lib/tempdir.h"

/* What came of one scenario. */
struct observed {
	int code;	   /* of the call that failed; else LHK_OK */
	const char *where; /* that call */
	struct lhk_error err;
	int has_result;
	int verdict, end_reason;
	uint32_t flags;
	int sys_errno;
	char step[16];
	uint64_t text_len;
	uint32_t text_sum;
	uint64_t n_notices;
	int n_final;
	int after_final;       /* events after the final one */
	const char *complaint; /* of the scenario itself; or NULL */
};

/* What a scenario works with. */
struct scenario_env {
	struct failing memory;
	struct tempdir tmp;
	struct lhk_host *host;
	int has_host; /* with its plugins */
	const struct lhk_plugin_ref *plugin;
	struct lhk_run *run;
	struct observed observed;
	const char *monitor;
};

struct scenario {
	const char *name;
	int (*run) (struct scenario_env *env); /* fills env->observed */
	int may_refuse;			       /* what a run can do without */
};

/* Ends with an entry that has no name. */
extern const struct scenario scenarios[];

/* ---- scenario_run.c ---- */

/* Count DATA and add it to the checksum of the text. */
void scenario_observe (struct observed *s, const char *data, size_t len);

/* ---- scenario_record.c ---- */

/* Check the record that run "kept" has left in the store DIR, in which there
 * should be N_LINES events.  The complaint, or NULL. */
const char *scenario_check_record (const struct scenario_env *env,
				   const char *dir, uint64_t n_lines);

/* Records are listed, shown, followed and removed; one that has not ended is
 * waited for. */
int scenario_run_store (struct scenario_env *env);
int scenario_run_wait (struct scenario_env *env);

/* ---- scenario_tool.c ---- */

/* A tool call that is answered through a pipe, or through a file; one that
 * takes too long. */
int scenario_run_tool (struct scenario_env *env);
int scenario_run_tool_file (struct scenario_env *env);
int scenario_run_tool_timeout (struct scenario_env *env);

/* ---- scenario.c ---- */

/* Make this process the reaper of whatever a scenario leaves behind.  Call it
 * before anything else. */
void scenario_init (void);

/* Run a scenario: ARM injects the fault before the host is made, DISARM removes
 * it.  Returns a complaint about what was leaked, or NULL; *RET is what came of
 * it. */
struct scenario_fault {
	void (*arm) (struct scenario_env *env, void *user);
	void (*disarm) (struct scenario_env *env, void *user);
	void *user;
	const char *monitor; /* NULL: the one that was built */
};
const char *scenario_run (const struct scenario *scenario,
			  const struct scenario_fault *f, struct observed *ret);

/* Check whether S may come of a fault, BASELINE being the scenario without one.
 * ERROR is the errno that was injected, 0 a lack of memory; after a HARMLESS
 * fault S must be the same.  The complaint, or NULL. */
const char *scenario_check (const struct observed *s,
			    const struct observed *baseline, int error,
			    int harmless);

/* S as one line, valid until the next call. */
const char *scenario_describe (const struct observed *s);

/* The call to fail after the K-th: the next one if the test is exhaustive or K
 * is small; else, with FAR, the fifth after it. */
uint64_t scenario_next_call (uint64_t k, int far);

#endif /* TESTS_SCENARIO_H */
