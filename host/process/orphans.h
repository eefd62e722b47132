/* SPDX-License-Identifier: MIT */
/*
 * orphans.h - processes of a run whose monitor has gone, found in /proc.
 *
 * The last resort: the monitor was the parent of all of them, and nobody else
 * is.  A process is of the run if its session or group is the agent's, or if
 * the environment it was executed with has the run's mark.  One that changed
 * all three cannot be found.
 *
 * Nothing else is ever signalled.  A process is held by a pidfd before it is
 * looked at, so that the one that was looked at is the one that is killed.
 * The agent's number may be another's by now: it counts only for a process
 * that was there while the agent is known to have lived, or while the kernel
 * says that the number is still taken by the agent or its group.
 *
 * A pass over /proc is made in steps; no memory but this struct.
 */
#ifndef PROCESS_ORPHANS_H
#define PROCESS_ORPHANS_H

#include <stdint.h>
#include <sys/types.h>

#include "common/monitor_proto.h"

struct orphans {
	/* What they are known by. */
	pid_t agent;	  /* in our pid namespace; 0: unknown */
	int agent_fd;	  /* pidfd, borrowed; -1: none */
	int64_t lived_ms; /* it did then: CLOCK_BOOTTIME; 0: unknown */
	const char *mark; /* "NAME=value", borrowed; NULL: none */

	/* The pass. */
	int proc;	  /* -1: none under way */
	uint32_t n_found; /* killed or not, they were there */
	int32_t found[PROTO_SURVIVORS_MAX];
	uint32_t n_before; /* of the pass before */
	int32_t before[PROTO_SURVIVORS_MAX];
	uint64_t n_all; /* different ones, of all passes */
};

/* clang-format off */
#define ORPHANS_INIT { .agent_fd = -1, .proc = -1 }
/* clang-format on */

/* The next step of a pass, some dozens of processes: 1 when there is more of
 * it, 0 when n_found and found are those of a whole pass, -1 with errno when
 * this /proc shows no processes of ours. */
int orphans_step (struct orphans *o);

/* Give up the pass. */
void orphans_stop (struct orphans *o);

/* Kill all in the cgroup DIR and remove it.  0 when it is gone. */
int orphans_end_cgroup (const char *dir);

/* The agent's group: by pidfd, or by its number while that is its own. */
void orphans_kill_group (pid_t agent, int agent_fd);

/* The number that the process of PIDFD has in our pid namespace; 0: it has
 * gone, or this cannot be known. */
pid_t orphans_number (int pidfd);

/* State of process PID, as in /proc/PID/stat: 'R', 'T'..; 0: not known. */
char orphans_state (pid_t pid);

/* Has the environment that FD reads MARK as one whole string? */
int orphans_has_mark (int fd, const char *mark);

#endif /* PROCESS_ORPHANS_H */
