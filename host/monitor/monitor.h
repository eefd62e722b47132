/* SPDX-License-Identifier: MIT */
/*
 * monitor.h - the parts of linehook-exec, the monitor of one agent's tree.
 *
 * A program of its own: one thread, no memory but what is here, nothing
 * printed.  Whatever is needed while the agent runs is opened before it.
 */
#ifndef MONITOR_MONITOR_H
#define MONITOR_MONITOR_H

#include <limits.h>
#include <sys/resource.h>
#include <sys/types.h>

#include "common/monitor_proto.h"

/* Groups that are remembered for having been asked to end. */
#define SIGNALED_GROUPS 64

/* What counts the kills for want of memory, the best first. */
#define OOM_SOURCES 3

/* A mounted /proc: processes by the numbers of its namespace. */
struct procfs_view {
	int proc;     /* the directory, or -1 */
	int children; /* list of our direct children, or -1 */
	pid_t self;   /* our own number in it */
	int level;    /* of our namespace below that of PROC */
};

/* The run's own cgroup; -1: no such file, or no cgroup. */
struct cgroup {
	int own;   /* directory of ours, where it is made */
	int error; /* errno of that, if there is none */
	int dir;
	int procs, kill, events, freeze;
	char name[32];
	char path[PATH_MAX]; /* of OWN */
};

struct oom_source {
	int fd; /* -1: not there */
	uint64_t before;
};

struct monitor {
	/* Descriptors; -1: none. */
	int control;	 /* socket to the host */
	int signals;	 /* signalfd of SIGCHLD */
	int host_pidfd;	 /* to see that the host has gone */
	int exec_pipe;	 /* struct exec_report; end of file: exec succeeded */
	int agent_pidfd; /* until STARTED is sent */
	int waiter; /* socket to the process outside of our pid namespace */

	struct procfs_view view;      /* pids that we can signal */
	struct procfs_view host_view; /* pids that the host knows */
	struct cgroup cgroup;
	struct oom_source oom[OOM_SOURCES];

	pid_t self;
	pid_t agent;	  /* also its process group and session */
	int agent_reaped; /* its pid may belong to another process */
	int agent_status; /* as from wait(2) */
	int exit_reported;
	int no_children;
	int reap_pending; /* more may be reapable: do not wait for events */
	int tree_empty;
	int killing; /* processes that die now were killed by us */
	unsigned int kill_rounds;
	int containment; /* CONTAIN_* in use */
	int scoped;
	int pause_requested; /* while STARTING: pause once the agent runs */
	int term_signo;	     /* signal that the host requested; 0: none */

	/* A ring of the process groups that got it. */
	pid_t signaled_groups[SIGNALED_GROUPS];
	unsigned int n_signaled;

	struct rlimit nofile; /* the host's limit, for the agent */
	struct proto_start start;
	struct proto_report report; /* reused; totals grow in it */
};

/* What a child says on its way to exec; one packet of the outcome pipe. */
struct exec_report {
	int32_t step; /* that failed; STEP_NONE: what it came to */
	int32_t sys_errno;
	int32_t scoped;
	int32_t joined; /* is in the run's cgroup, if there is one */
};

/* ---- monitor.c ---- */

/* All of it: ARGV is the agent, CWD "" or where it works.  The exit status. */
int monitor_run (const char *cwd, const char *const *argv,
		 const char *const *envp);

/* ---- supervise.c ---- */

/* Where somebody is born and dies all the time, looking around and reaping need
 * not have an end: after so long the host is heard.  The dead may be tens of
 * thousands, so most of the time is theirs. */
#define SCAN_MS 5
#define REAP_MS 50

/* ---- containment.c ---- */

/* What was asked for, or with AUTO the best there is.  0, or -1 with the
 * report filled.  Beyond it we may be another process: see pidns_enter. */
int containment_enter (struct monitor *m);

/* The run's cgroup cannot be entered.  0: it is done without; or -1. */
int containment_fall_back (struct monitor *m, int error);

/* Put the directory of the run's cgroup into the report. */
void containment_report_cgroup (struct monitor *m);

/* Fill the report: STEP_CONTAIN, errno and why, a sentence. */
void containment_report_error (struct monitor *m, int error, const char *fmt,
			       ...)
	__attribute__ ((__format__ (__printf__, 3, 4)));

/* ---- cgroup.c ---- */

/* Where we are in the tree of cgroups. */
void cgroup_locate (struct monitor *m);

/* Make the run's own.  0, or -1 with the report filled. */
int cgroup_create (struct monitor *m);

/* fork, with the child in it from its birth.  -1 with errno: the kernel cannot,
 * or it may not be entered that way. */
pid_t cgroup_fork (const struct monitor *m);

/* Move the calling process in.  0 or errno. */
int cgroup_join (const struct monitor *m);

/* The signal that was asked for, then SIGCONT, to each process in it; not to
 * the group that got it together with the agent. */
void cgroup_signal (struct monitor *m);

void cgroup_kill (const struct monitor *m);

/* Stop it or let it go on: 0, or -1: cannot. */
int cgroup_freeze (const struct monitor *m, int stop);

/* Is anybody in it, or below? */
int cgroup_populated (const struct monitor *m);

/* Remove it and those that were made in it, if there is one. */
void cgroup_remove (struct monitor *m);

/* Remove those of other runs that lost their monitor and are empty. */
void cgroup_remove_stale (const struct monitor *m);

/* ---- pidns.c ---- */

/* Go on as process 1 of a new pid namespace: only that process returns, with
 * 0; the one that came in waits for it and ends.  Or -1, report filled. */
int pidns_enter (struct monitor *m);

/* Tell the one outside not to wait: there are survivors, and the kernel keeps
 * process 1 until they are gone. */
void pidns_release_waiter (const struct monitor *m);

/* ---- oom.c ---- */

/* Open and read what counts, before the agent starts. */
void oom_init (struct monitor *m);

/* OOM_*: what has counted since then; 0: nothing. */
int oom_evidence (const struct monitor *m);

/* Kills in the run's own cgroup. */
uint32_t oom_own_kills (const struct monitor *m);

/* The calling process before its monitor, should memory run out. */
void oom_raise_score (void);

/* ---- child.c ---- */

/* Fork and exec.  0, or -1 with the report filled. */
int child_start (struct monitor *m, const char *cwd, const char *const *argv,
		 const char *const *envp);

/* ---- supervise.c ---- */

/* Until the tree is empty, or survivors were named. */
void supervise (struct monitor *m);

/* The start has failed; there is no tree. */
void supervise_failed_start (struct monitor *m);

/* ---- tree.c ---- */

/* SIGNO, then SIGCONT, to the agent's group. */
void tree_signal (struct monitor *m, int signo);

/* If it was asked to end and has gone: the same to the groups of those whom
 * it left to us, to each once. */
void tree_signal_orphans (struct monitor *m);

/* Was GROUP asked before?  From now on it was. */
int tree_mark_signaled (struct monitor *m, pid_t group);

/* Stop the tree, or let it go on. */
void tree_pause (const struct monitor *m, int stop);

/* SIGKILL to all who can be reached.  Orphans become direct children, so that
 * repeating this together with tree_reap ends with nobody left. */
void tree_kill (struct monitor *m);

/* Reap all that can be; sets leader_gone, childless and tree_empty. */
void tree_reap (struct monitor *m);

/* Put those who are left into the report. */
void tree_report_survivors (struct monitor *m);

/* ---- procfs_view.c ---- */

typedef void pid_fn (struct monitor *m, pid_t pid);

/* PROC: a directory, which is kept if it is a /proc; or -1. */
void procfs_view_open (struct procfs_view *v, int proc);

/* Is this /proc that of our namespace?  If not, FN gets our numbers from now
 * on all the same. */
void procfs_view_find_level (struct procfs_view *v);

/* FN for each direct child. */
void procfs_view_each_child (const struct procfs_view *v, struct monitor *m,
			     pid_fn *fn);

/* FN for each descendant that has not ended; slow. */
void procfs_view_each_descendant (const struct procfs_view *v,
				  struct monitor *m, pid_fn *fn);

/* Is PID a descendant? */
int procfs_view_has_descendant (const struct procfs_view *v, pid_t pid);

/* FN for each number in a file of numbers, of V or, NULL, of ours. */
void procfs_view_each_pid (const struct procfs_view *v, int fd,
			   struct monitor *m, pid_fn *fn);

/* ---- control.c ---- */

/* One record to the host; FD -1, or a descriptor that goes with it.  A host
 * that has gone is noticed elsewhere. */
void control_send (struct monitor *m, uint32_t type, int fd);

/* Wait for the start record.  0, or -1: no host, or not ours. */
int control_recv_start (struct monitor *m);

/* Next command: 1; 0: none now; -1: the host has gone. */
int control_recv_command (struct monitor *m, struct proto_command *ret);

#endif /* MONITOR_MONITOR_H */
