/* SPDX-License-Identifier: MIT */
/* orphan_scan.h - find and kill the processes of a run whose monitor is
 * lost. */
#ifndef RUN_ORPHAN_SCAN_H
#define RUN_ORPHAN_SCAN_H

#include "common/ulid.h"
#include "process/orphans.h"
#include "run/timers.h"

/* Milliseconds of a scan in all, and between two passes. */
#define RUN_SCAN_MS 3000
#define RUN_SCAN_PAUSE_MS 10

/* The environment variable that marks the processes of a run. */
#define RUN_MARK "LINEHOOK_TREE"
#define RUN_MARK_SIZE (sizeof RUN_MARK + ULID_SIZE)

struct orphan_scan {
	struct run_core *core;
	struct run_monitor *monitor;
	struct run_timers *timers;
	struct orphans orphans;
	char mark[RUN_MARK_SIZE]; /* in the agent's environment */
	const char *fault;	  /* what is wrong with the monitor */
	int64_t until_ms;
	int quiet_passes; /* passes in a row that found no process */
	int sys_errno;	  /* why /proc cannot be searched; 0: it can */
};

void orphan_scan_init (struct orphan_scan *s, struct run_core *core,
		       struct run_monitor *monitor, struct run_timers *timers);

/* Kill what can be found, a step each time when the time of the state is over,
 * and at the end raise RUN_EV_EMPTY.  FAULT completes the sentence "the monitor
 * ..". */
void orphan_scan_start (struct orphan_scan *s, const char *fault);
void orphan_scan_step (struct orphan_scan *s);

/* Run the whole scan inside this call, without events; at most RUN_SCAN_MS. */
void orphan_scan_run_blocking (struct orphan_scan *s);

#endif /* RUN_ORPHAN_SCAN_H */
