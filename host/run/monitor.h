/* SPDX-License-Identifier: MIT */
/* monitor.h - handle the reports of a run's monitor, and their absence. */
#ifndef RUN_MONITOR_H
#define RUN_MONITOR_H

#include "process/monitor_client.h"
#include "run/core.h"
#include "run/events.h"
#include "run/limits.h"

/* Milliseconds from SIGKILL until we give up; the monitor gives up after
 * PROTO_KILL_MS. */
#define RUN_KILL_MS (PROTO_KILL_MS + 500)

/* Milliseconds that the monitor has to exit after its last report. */
#define RUN_REAP_MS 1000

/* If the agent has ended and the monitor does not report it, the monitor is
 * checked every MONITOR_HUNG_MS milliseconds, and counts as lost after
 * MONITOR_HUNG_CHECKS.  Checks are counted instead of time, so that a freeze of
 * this process costs one check. */
#define MONITOR_HUNG_MS 250
#define MONITOR_HUNG_CHECKS_STOPPED 4 /* if the monitor was stopped */
#define MONITOR_HUNG_CHECKS 40

struct run_monitor {
	struct run_core *core;
	struct run_events *events;
	struct monitor_client client;
	struct loop_source control; /* socket of its reports */
	struct loop_source ended;   /* its pidfd */
	int reaped;		    /* 1: the monitor ended and was reaped */
	int begun;		/* 1: START was sent; there may be an agent */
	int tree_gone_reported; /* 1: reported, or found out by a scan */

	int agent_fd; /* pidfd, or -1 */
	pid_t agent;  /* 0: not started; -1: number not known */
	struct loop_source agent_source;
	struct timer watchdog;	/* runs from the agent's end until EXITED */
	int hung_checks;	/* since the agent's end */
	int agent_end_seen;	/* by EXITED, its pidfd or the lost monitor */
	int64_t watched_ms;	/* agent_source reports an end after this */
	int64_t boot_offset_ms; /* from CLOCK_MONOTONIC to CLOCK_BOOTTIME */
	int64_t agent_lived_ms; /* last time it was seen alive, CLOCK_BOOTTIME;
				   0: unknown */

	int contain; /* CONTAIN_* in use; 0: not known */
	int scoped;  /* 1: the agent can only signal its own tree */
	char detail[PROTO_DETAIL_SIZE]; /* why a start failed */
	char cgroup[PROTO_DETAIL_SIZE]; /* of the run, or "" */
	struct run_limits limits;
	uint32_t n_refused; /* forks that failed at the limit pids */
};

void run_monitor_init (struct run_monitor *m, struct run_core *core,
		       struct run_events *events);

/* Add its descriptors to the loop.  0, or -1 with errno. */
int run_monitor_watch (struct run_monitor *m);

/* Remove its descriptors from the loop. */
void run_monitor_unwatch (struct run_monitor *m);

/* Handle every report that has arrived. */
void run_monitor_read (struct run_monitor *m);

/* Record that the agent has ended, or is assumed to have ended. */
void run_monitor_note_agent_end (struct run_monitor *m);

/* Command it to kill the tree; then wait until the tree is empty and the
 * monitor has ended, at most RUN_KILL_MS and RUN_REAP_MS.  They cause no
 * event. */
void run_monitor_kill_start (struct run_monitor *m);
void run_monitor_kill_finish (struct run_monitor *m);

/* Read reports until the tree is empty, at most MS.  Returns 1 if it is.  It
 * causes no event. */
int run_monitor_await_end (struct run_monitor *m, int64_t ms);

/* "cgroup", "pidns+scope" ..; NULL: not known. */
const char *run_monitor_contain_name (const struct run_monitor *m);

/* Close the descriptors, except the pidfd of a monitor that was not reaped: its
 * pid may be reused by then. */
void run_monitor_release (struct run_monitor *m);

#endif /* RUN_MONITOR_H */
