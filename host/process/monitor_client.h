/* SPDX-License-Identifier: MIT */
/*
 * monitor_client.h - the library's side of linehook-exec: started, told, heard, reaped.
 *
 * The helper is the only process the library starts.  It is known by a pidfd,
 * so that an embedder that reaps it first does no harm.
 */
#ifndef PROCESS_MONITOR_CLIENT_H
#define PROCESS_MONITOR_CLIENT_H

#include <sys/types.h>

#include <linehook/host.h>

#include "common/monitor_proto.h"

struct monitor_client {
	int control;	    /* -1: the helper has hung up */
	int pidfd;	    /* -1: gone and reaped, or an old kernel */
	pid_t pid;	    /* 0: gone and reaped */
	int recv_errors;    /* errors of the control socket, in a row */
	int protocol_error; /* what it said last was no record of ours */
};

/* clang-format off */
#define MONITOR_CLIENT_INIT { -1, -1, 0, 0, 0 }
/* clang-format on */

/* So many of them, then the helper is as good as gone. */
#define MONITOR_CLIENT_MAX_RECV_ERRORS 8

struct monitor_client_opts {
	const struct lhk_alloc *alloc;
	const char *path; /* of linehook-exec */
	const char *cwd;  /* of the agent; NULL: ours */
	const char *const *argv;
	const char *const *envp;
	int fds[3]; /* at FD_MIN or above; the agent's 0, 1, 2 */
};

/*
 * Start it.  The agent is not started before monitor_client_begin; closing the helper
 * until then leaves no trace.  LHK_OK; LHK_ELIMIT when the command and its
 * environment are longer than the kernel takes (sys_errno E2BIG); LHK_ENOMEM;
 * LHK_ENOTFOUND or LHK_ESYS when there is no usable helper.  Where it cannot
 * be watched it was started all the same: PID and CONTROL are set.
 */
int monitor_client_spawn (struct monitor_client *h,
			  const struct monitor_client_opts *opts,
			  struct lhk_error *err);

/* What to begin with: limits, contain and flags of START; the rest is filled
 * here.  LHK_OK; or LHK_ESYS with errno: it starts no agent, and is heard to
 * hang up. */
int monitor_client_begin (struct monitor_client *h, struct proto_start *start);

/* PROTO_TERM with SIGNO, PROTO_KILL, PROTO_SWEEP, PROTO_PAUSE, PROTO_RESUME.
 * A helper that has gone, or cannot be told, is noticed by monitor_client_recv. */
void monitor_client_send (struct monitor_client *h, uint32_t type, int signo);

/* Next record: LHK_OK; LHK_AGAIN; LHK_END when the helper has hung up.
 * *RET_FD is the descriptor that came along, or -1. */
int monitor_client_recv (struct monitor_client *h, struct proto_report *ret,
			 int *ret_fd);

/* LHK_OK once it has ended and is reaped, by us or another; else LHK_AGAIN. */
int monitor_client_reap (struct monitor_client *h);

/* Kill the helper itself; the agent dies with it. */
void monitor_client_kill (struct monitor_client *h);

/* Close the descriptors: the helper ends the tree and then itself. */
void monitor_client_close (struct monitor_client *h);

/* "exec", "chdir".. for STEP_*; "helper" for anything else. */
const char *monitor_client_step (int step);

#endif /* PROCESS_MONITOR_CLIENT_H */
