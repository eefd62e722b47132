/* SPDX-License-Identifier: MIT */
/* timers.h - the time limits of a run, and the causes they give. */
#ifndef RUN_TIMERS_H
#define RUN_TIMERS_H

#include "run/monitor.h"

/* From START to STARTED: time for a slow disk, not for a hung monitor. */
#define RUN_START_MS 30000

/* The limits that a pause suspends. */
enum { RUN_TIMER_TOTAL, RUN_TIMER_IDLE, RUN_TIMER_LINGER, RUN_TIMERS };

struct run_timers {
	struct run_core *core;
	struct run_monitor *monitor;
	struct timer phase; /* the clock of the state */
	struct timer limits[RUN_TIMERS];
	int64_t output_ms; /* last byte on either output */
	int64_t active_ms; /* that, or what else counts for the idle limit */
	int stall_reported;
	uint32_t linger_turn; /* that linger runs for; 0: none */
	int paused;
	int64_t paused_ms;	     /* since when */
	int64_t left_ms[RUN_TIMERS]; /* -1: did not run */
	int answer_delayed; /* the monitor got more time after a freeze */
};

void run_timers_init (struct run_timers *t, struct run_core *core,
		      struct run_monitor *monitor);
void run_timers_start (struct run_timers *t);

/* All but the clock of the state. */
void run_timers_stop (struct run_timers *t);

/* Take all out of the loop, which may be a parent's. */
void run_timers_clear (struct run_timers *t);

/* Stop the agent and its time limits; let both go on. */
void run_timers_pause (struct run_timers *t);
void run_timers_resume (struct run_timers *t);

/* Bytes came from either output; from stdout, and were parsed. */
void run_note_activity (struct run_timers *t);
void run_note_claim (struct run_timers *t);

/* Latch END_REASON (LHK_END_*) as the cause, if none is latched, and end the
 * run for it; SIGNO 0: SIGTERM. */
void run_stop (struct run_timers *t, int end_reason, int signo);

#endif /* RUN_TIMERS_H */
