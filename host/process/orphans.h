/* SPDX-License-Identifier: MIT */
/*
 * orphans.h - find the processes of a run whose monitor is lost, in /proc.
 *
 * This is the last resort: the monitor was the parent of all of them, and no
 * other process is.  A process is of the run if its session or group is the
 * agent's, or if the environment that it was executed with has the run's mark.
 * A process that changed all three cannot be found.
 *
 * No other process is ever signaled.  A pidfd is opened before a process is
 * looked at, so that the process that was looked at is the one that is killed.
 * The agent's pid may have been reused by now: it counts only for a process
 * that existed while the agent is known to have lived, or while the kernel
 * says that the pid is still taken by the agent or its group.
 *
 * A pass over /proc is made in steps and needs no memory but this struct.
 */
#ifndef PROCESS_ORPHANS_H
#define PROCESS_ORPHANS_H

#include <stdint.h>
#include <sys/types.h>

#include "common/monitor_proto.h"

struct orphans {
	/* How processes of the run are recognized. */
	pid_t agent;	  /* its pid in our pid namespace; 0: unknown */
	int agent_fd;	  /* pidfd, borrowed; -1: none */
	int64_t lived_ms; /* when the agent was last seen alive, CLOCK_BOOTTIME;
			     0: unknown */
	const char *mark; /* "NAME=value", borrowed; NULL: none */

	/* The pass. */
	int proc;	  /* -1: none in progress */
	uint32_t n_found; /* killed or not */
	int32_t found[PROTO_SURVIVORS_MAX];
	uint32_t n_before; /* found by the previous pass */
	int32_t before[PROTO_SURVIVORS_MAX];
	uint64_t n_all; /* distinct processes that all passes found */
};

/* clang-format off */
#define ORPHANS_INIT { .agent_fd = -1, .proc = -1 }
/* clang-format on */

/* Make the next step of a pass, over some dozens of processes.  1: the pass
 * goes on; 0: n_found and found are those of a whole pass; -1 with errno: this
 * /proc does not show our processes. */
int orphans_step (struct orphans *o);

/* Give up the pass. */
void orphans_stop (struct orphans *o);

/* Kill all processes in the cgroup DIR and remove it.  0 when it is removed,
 * else -1. */
int orphans_kill_cgroup (const char *dir);

/* Kill the agent's process group: by its pidfd, or by its pid while that cannot
 * have been reused. */
void orphans_kill_group (pid_t agent, int agent_fd);

/* Returns 1 if the environment that FD reads has MARK as one whole string. */
int orphans_has_mark (int fd, const char *mark);

#endif /* PROCESS_ORPHANS_H */
