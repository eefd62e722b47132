/* SPDX-License-Identifier: MIT */
/*
 * exec.h - the parts of linehook-exec, the monitor of one agent's tree.
 *
 * A program of its own: one thread, no memory but what is here, nothing
 * printed.  exec_main.c is the state machine, exec_child.c what happens
 * between fork and exec, exec_tree.c signalling and reaping, exec_link.c the
 * control socket.
 */
#ifndef SPAWN_EXEC_H
#define SPAWN_EXEC_H

#include <sys/types.h>

#include "spawn/proto.h"

struct monitor {
	/* Descriptors; -1: none. */
	int control;		/* to the host */
	int signals;		/* SIGCHLD */
	int peer;		/* pidfd of the host: it is there */
	int outcome;		/* of exec: STEP and errno, or end of file */
	int leader_fd;		/* pidfd of the agent, until STARTED */
	int children;		/* list of our direct children, or -1 */

	pid_t self;
	pid_t leader;		/* the agent; also its group and session */
	int leader_gone;	/* reaped: its number is no longer ours */
	int leader_status;
	int leader_told;	/* LEADER_GONE happened */
	int tree_empty;
	int sweeping;		/* what dies now, dies by us */

	struct proto_start start;
	struct proto_report report;	/* reused; totals grow in it */
};

/* What a child found on its way to exec; one packet of the outcome pipe. */
struct exec_failure {
	int32_t step;
	int32_t sys_errno;
};

/* Fork and exec.  0, or -1 with *FAILURE filled. */
int child_start (struct monitor *m, const char *cwd, const char *const *argv,
		 const char *const *envp, struct exec_failure *failure);

/* SIGNO, then SIGCONT, to the agent's group. */
void tree_ask (const struct monitor *m, int signo);

/* Stop the agent's group, or let it go on. */
void tree_pause (const struct monitor *m, int stop);

/* SIGKILL to every direct child.  Orphans become direct children, so that
 * repeating this together with tree_reap ends with nobody left. */
void tree_kill (struct monitor *m);

/* Reap all that can be; sets leader_gone and tree_empty. */
void tree_reap (struct monitor *m);

/* Put the direct children into the report. */
void tree_name_survivors (struct monitor *m);

/* Open what tree_kill reads. */
void tree_init (struct monitor *m);

/* One record to the host; FD -1, or a descriptor that goes with it.  A host
 * that has gone is noticed elsewhere. */
void link_report (struct monitor *m, uint32_t type, int fd);

/* Wait for the start record.  0, or -1: no host, or not ours. */
int link_start (struct monitor *m);

/* Next command: 1; 0: none now; -1: the host has gone. */
int link_command (struct monitor *m, struct proto_command *ret);

#endif /* SPAWN_EXEC_H */
