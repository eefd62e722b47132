/* SPDX-License-Identifier: MIT */
/* trial.h - the process of a rule: how it ends, and what that means. */
#ifndef CLI_CHECK_TRIAL_H
#define CLI_CHECK_TRIAL_H

#include <sys/types.h>

#include "cli/check/suite.h"

/* How often the process is looked at. */
#define TRIAL_SAMPLE_MS 100

/* CPU time that one call may take, and how long it may sleep. */
#define TRIAL_BUSY_MS 3000
#define TRIAL_ASLEEP_MS 3000

struct trial_watch {
	uint64_t n_calls;
	int64_t cpu_ms;	     /* of the process when that call began */
	unsigned int sleeps; /* samples in a row in which it slept */
};

/* Look at process PID: 1 if a call of the plugin does not return.  A process
 * that waits for a processor does not count. */
int trial_watch_hangs (struct trial_watch *w, pid_t pid);

/* C->end is not END_DONE: refine it, and note the problem as a sentence.  STATUS
 * is the exit status, or -1. */
void trial_explain (struct check *c, int status);

/* In the process of a rule: end it. */
void trial_end (enum check_end end) __attribute__ ((__noreturn__));

#endif /* CLI_CHECK_TRIAL_H */
