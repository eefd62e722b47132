/* SPDX-License-Identifier: MIT */
/* timers.h - the time limits of a run. */
#ifndef RUN_TIMERS_H
#define RUN_TIMERS_H

#include "run/monitor.h"

/* Milliseconds from START to STARTED.  They allow for a slow disk; after them
 * the monitor counts as hung. */
#define RUN_START_MS 30000

/* Milliseconds in which the last bytes of an agent are read, at least. */
#define RUN_READ_MS 1000

/* The limits that a pause suspends. */
enum {
	RUN_TIMER_TOTAL,
	RUN_TIMER_IDLE,
	RUN_TIMER_LINGER,
	RUN_TIMER_BUDGET, /* of a run that is over its budget, and done */
	RUN_TIMERS
};

struct run_timers {
	struct run_core *core;
	struct run_monitor *monitor;
	struct timer phase; /* ends the time of the state */
	struct timer limits[RUN_TIMERS];
	int64_t output_ms; /* when the last byte of output was read */
	int64_t active_ms; /* from when the idle limit counts */
	int stall_reported;
	uint32_t linger_turn; /* that linger runs for; 0: none */
	int paused;
	int64_t paused_ms;	     /* when the pause began */
	int64_t left_ms[RUN_TIMERS]; /* at that time; -1: it was not armed */
	int answer_delayed; /* 1: the monitor got more time after a freeze */
};

void run_timers_init (struct run_timers *t, struct run_core *core,
		      struct run_monitor *monitor);
void run_timers_start (struct run_timers *t);

/* Disarm all timers but the one of the state. */
void run_timers_stop (struct run_timers *t);

/* The same when the agent has ended by itself: the limit of the whole run goes
 * on, for what it left behind. */
void run_timers_stop_but_total (struct run_timers *t);

/* In RUN_COLLECTING: RUN_EV_KILL comes when the last bytes have been read for
 * too long, by the limits of the run or, after a cancel, by RUN_READ_MS. */
void run_timers_limit_reading (struct run_timers *t);
void run_timers_hurry_reading (struct run_timers *t);

/* Remove all timers from the loop, which may be that of a parent process. */
void run_timers_clear (struct run_timers *t);

/* Stop the agent and suspend its time limits; continue both. */
void run_timers_pause (struct run_timers *t);
void run_timers_resume (struct run_timers *t);

/* Note that bytes of an output were read; that they were progress; that bytes
 * of stdout were parsed, which may contain a claim. */
void run_note_output (struct run_timers *t);
void run_note_progress (struct run_timers *t);
void run_note_claim (struct run_timers *t);

/* End a run that is over its budget, and tell TEXT; let it end by itself for a
 * while, since its provider claims that it is done. */
void run_stop_over_budget (struct run_timers *t, const char *text);
void run_note_over_budget (struct run_timers *t);

/* Set END_REASON (LHK_END_*) as the cause, unless there is one, and end the run
 * for it; SIGNO 0: SIGTERM. */
void run_stop (struct run_timers *t, int end_reason, int signo);

#endif /* RUN_TIMERS_H */
