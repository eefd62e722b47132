/* SPDX-License-Identifier: MIT */
/* monitor.h - what the monitor of a run reports, or fails to report. */
#ifndef RUN_MONITOR_H
#define RUN_MONITOR_H

#include "process/monitor_client.h"
#include "run/core.h"
#include "run/events.h"

/* From SIGKILL to giving up; the monitor itself tries for PROTO_KILL_MS. */
#define RUN_KILL_MS (PROTO_KILL_MS + 500)

/* For the monitor to exit after its last report. */
#define RUN_REAP_MS 1000

/* The agent has ended and the monitor does not report it: it is checked every
 * so often, and held to be lost after so many checks.  Checks are counted
 * instead of time, so that a freeze of this process costs one of them. */
#define MONITOR_HUNG_MS 250
#define MONITOR_HUNG_CHECKS_STOPPED 4 /* somebody has stopped the monitor */
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
	struct timer watchdog;	/* the agent ended, EXITED did not come */
	int hung_checks;	/* since then */
	int agent_end_seen;	/* by EXITED, its pidfd or the lost monitor */
	int64_t watched_ms;	/* agent_source tells of what comes after */
	int64_t boot_offset_ms; /* from CLOCK_MONOTONIC to CLOCK_BOOTTIME */
	int64_t agent_lived_ms; /* last known, CLOCK_BOOTTIME; 0: unknown */

	int contain; /* CONTAIN_* in use; 0: not known */
	int scoped;  /* the agent can signal its own tree alone */
	char detail[PROTO_DETAIL_SIZE]; /* why a start failed */
	char cgroup[PROTO_DETAIL_SIZE]; /* of the run, or "" */
	uint64_t cpu_limit;		/* seconds; UINT64_MAX: none */
	uint64_t file_limit;		/* bytes; UINT64_MAX: none */
};

void run_monitor_init (struct run_monitor *m, struct run_core *core,
		       struct run_events *events);

/* Put its descriptors into the loop.  0, or -1 with errno. */
int run_monitor_watch (struct run_monitor *m);

/* Take them out again. */
void run_monitor_unwatch (struct run_monitor *m);

/* Handle every report that has arrived. */
void run_monitor_read (struct run_monitor *m);

/* The agent's end was seen, or can wait no longer to be. */
void run_monitor_note_agent_end (struct run_monitor *m);

/* Ask it to kill the tree, then wait for that and for its own end, at most
 * RUN_KILL_MS and RUN_REAP_MS.  No event comes of it. */
void run_monitor_kill_start (struct run_monitor *m);
void run_monitor_kill_finish (struct run_monitor *m);

/* "cgroup", "pidns+scope" ..; NULL: not known. */
const char *run_monitor_contain_name (const struct run_monitor *m);

/* Close the descriptors.  A monitor that was not reaped is known by its pidfd
 * alone, which is kept: its number may be another's by then. */
void run_monitor_release (struct run_monitor *m);

#endif /* RUN_MONITOR_H */
