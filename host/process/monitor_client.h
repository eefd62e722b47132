/* SPDX-License-Identifier: MIT */
/*
 * monitor_client.h - the library's side of linehook-exec.
 *
 * It is held by a pidfd, so that an embedder that reaps it first does no harm.
 */
#ifndef PROCESS_MONITOR_CLIENT_H
#define PROCESS_MONITOR_CLIENT_H

#include <sys/types.h>

#include <linehook/host.h>

#include "common/monitor_proto.h"

struct monitor_client {
	int control;	    /* socket; -1: the monitor has closed its end */
	int pidfd;	    /* -1: the monitor was reaped, or an old kernel */
	pid_t pid;	    /* 0: the monitor was reaped */
	int recv_errors;    /* errors of the control socket, in a row */
	int protocol_error; /* 1: the last packet was no valid report */
};

/* clang-format off */
#define MONITOR_CLIENT_INIT { -1, -1, 0, 0, 0 }
/* clang-format on */

/* After so many recv_errors the connection counts as closed. */
#define MONITOR_CLIENT_MAX_RECV_ERRORS 8

struct monitor_client_opts {
	const struct lhk_alloc *alloc;
	const char *path; /* of linehook-exec */
	const char *cwd;  /* of the agent; NULL: that of the caller */
	const char *const *argv;
	const char *const *envp;
	int fds[3]; /* at FD_MIN or above; the agent's 0, 1, 2 */
};

/*
 * Start the monitor.  It does not start the agent before
 * monitor_client_send_start; closing the client until then leaves no trace.
 * LHK_OK; LHK_ELIMIT when the command and its environment are longer than the
 * kernel takes (sys_errno E2BIG); LHK_ENOMEM; LHK_ENOTFOUND or LHK_ESYS when
 * there is no usable linehook-exec.  If only pidfd_open fails, the monitor was
 * started all the same: pid and control are set.
 */
int monitor_client_spawn (struct monitor_client *mc,
			  const struct monitor_client_opts *opts,
			  struct lhk_error *err);

/* Send START; the caller has filled limits, contain and flags.  LHK_OK; or
 * LHK_ESYS with errno: no agent is started, and monitor_client_recv will
 * return LHK_END. */
int monitor_client_send_start (struct monitor_client *mc,
			       struct proto_start *start);

/* Send PROTO_TERM with SIGNO, PROTO_KILL, PROTO_SWEEP, PROTO_PAUSE or
 * PROTO_RESUME.  If that fails monitor_client_recv will return LHK_END. */
void monitor_client_send (struct monitor_client *mc, uint32_t type, int signo);

/* Receive the next report: LHK_OK; LHK_AGAIN: none now; LHK_END: the monitor
 * has closed its end, or sent an invalid packet.  *RET_FD is the descriptor
 * that came with it, owned by the caller, or -1. */
int monitor_client_recv (struct monitor_client *mc, struct proto_report *ret,
			 int *ret_fd);

/* LHK_OK once the monitor has ended and was reaped, by us or by the embedder;
 * else LHK_AGAIN. */
int monitor_client_reap (struct monitor_client *mc);

/* Kill the monitor; the agent dies with it. */
void monitor_client_kill (struct monitor_client *mc);

/* Close the descriptors; the monitor then kills the tree and exits. */
void monitor_client_close (struct monitor_client *mc);

/* "exec", "chdir".. for STEP_*; "monitor" for anything else. */
const char *monitor_client_step_name (int step);

#endif /* PROCESS_MONITOR_CLIENT_H */
