/* SPDX-License-Identifier: MIT */
/*
 * monitor.h - the parts of linehook-exec, the monitor of one agent's tree.
 *
 * It has one thread, allocates no memory, and prints nothing.  Whatever it
 * needs while the agent runs is opened before the agent starts.
 */
#ifndef MONITOR_MONITOR_H
#define MONITOR_MONITOR_H

#include <limits.h>
#include <sys/resource.h>
#include <sys/types.h>

#include "common/monitor_proto.h"

/* Process groups that got the requested signal and are not signaled again. */
#define SIGNALED_GROUPS 64

/* Counters of kills by the kernel when memory ran out, the most exact one
 * first. */
#define OOM_SOURCES 3

/* A mounted /proc, whose pids are those of one pid namespace. */
struct procfs_view {
	int proc;     /* the directory, or -1 */
	int children; /* list of our direct children, or -1 */
	pid_t self;   /* our own pid in it */
	int level;    /* depth of our pid namespace below that of PROC */
};

/* The run's own cgroup.  A descriptor is -1 without the file or the cgroup. */
struct cgroup {
	int own;   /* directory of our cgroup, in which it is created */
	int error; /* errno if there is none */
	int dir;
	int procs, kill, events, freeze;
	char name[32];
	char path[PATH_MAX]; /* of OWN */
};

/* What the monitor waits for. */
enum source {
	SOURCE_EXEC,
	SOURCE_CONTROL,
	SOURCE_HOST,
	SOURCE_SIGNALS,
	SOURCE_CGROUP,
	N_SOURCES
};

struct oom_source {
	int fd; /* -1: there is no such counter */
	uint64_t before;
};

struct monitor {
	/* Descriptors; -1: none. */
	int events;	 /* epoll of the others */
	int control;	 /* socket to the host */
	int signals;	 /* signalfd of SIGCHLD */
	int host_pidfd;	 /* readable when the host has ended */
	int exec_pipe;	 /* struct exec_report; end of file: exec succeeded */
	int agent_pidfd; /* until STARTED is sent */
	int waiter; /* socket to the process outside of our pid namespace */

	struct procfs_view view;      /* pids that we can signal */
	struct procfs_view host_view; /* pids that the host knows */
	struct cgroup cgroup;
	struct oom_source oom[OOM_SOURCES];

	pid_t self;
	/* What the agent may not set limits of; 0: not seen from where we are. */
	pid_t host, host_group;
	pid_t agent;	  /* also its process group and session */
	int agent_reaped; /* its pid may belong to another process */
	int agent_status; /* as from wait(2) */
	int exit_reported;
	int no_children;
	int reap_pending; /* more may be reapable: do not wait for events */
	int is_resting;	  /* nothing happened for a while */
	int tree_empty;
	int killing; /* 1: processes that end now were killed by us */
	unsigned int kill_rounds;
	int containment; /* CONTAIN_* in use */
	int scoped;
	int pause_requested; /* it is done once the agent has started */
	int term_signo;	     /* signal that the host requested; 0: none */
	int leftover_signo;  /* the same, if the agent had exited before */

	/* A ring of the process groups that got term_signo. */
	pid_t signaled_groups[SIGNALED_GROUPS];
	unsigned int n_signaled;

	struct rlimit nofile; /* the host's limit, for the agent */
	struct proto_start start;
	struct proto_report report; /* reused; totals grow in it */
};

/* One packet of the pipe from the child to the monitor, before exec. */
struct exec_report {
	int32_t step; /* STEP_* that failed; STEP_NONE: exec is next */
	int32_t sys_errno;
	int32_t scoped;
	int32_t joined; /* 1: the child is in the run's cgroup, if any */
};

/* ---- monitor.c ---- */

/* Run the monitor from its start to its end.  CWD is the agent's directory, or
 * "".  Returns the exit status. */
int monitor_run (const char *cwd, const char *const *argv,
		 const char *const *envp);

/* ---- events.c ---- */

/* Begin to wait for all descriptors that there are.  0, or -1 with errno. */
int events_open (struct monitor *m);

/* Wait for FD, too.  0, also for -1; or -1 with errno. */
int events_add (struct monitor *m, enum source source, int fd);

/* Close *FD, which becomes -1, and do not wait for it any more. */
void events_close (struct monitor *m, int *fd);

/* Set READY[i] to 1 for each source that is ready, to 0 for the others; returns
 * how many are.  -1: it cannot be known; that took a millisecond.  TIMEOUT_MS
 * -1: no limit. */
int events_wait (struct monitor *m, int timeout_ms, int ready[N_SOURCES]);

/* ---- supervise.c ---- */

/* Milliseconds of scanning and of reaping before the host's commands are read
 * again: in a tree that forks all the time they might never end.  There may be
 * tens of thousands of zombies, so reaping has more time. */
#define SCAN_MS 5
#define REAP_MS 50

/* Supervise the tree until it is empty, or survivors were reported. */
void supervise (struct monitor *m);

/* Report a start that failed; there is no tree. */
void supervise_failed_start (struct monitor *m);

/* ---- containment.c ---- */

/* Set up the containment that START requests.  0, or -1 with the report filled.
 * The caller may go on as another process: see pidns_enter. */
int containment_enter (struct monitor *m);

/* The run's cgroup cannot be entered.  0: with AUTO the subreaper does; else
 * -1 with the report filled. */
int containment_fall_back (struct monitor *m, int error);

/* Put the directory of the run's cgroup into the report, if it fits. */
void containment_report_cgroup (struct monitor *m);

/* ---- cgroup.c ---- */

/* Find and open the cgroup that we are in. */
void cgroup_locate (struct monitor *m);

/* Create the run's cgroup below it.  0, or -1 with the report filled. */
int cgroup_create (struct monitor *m);

/* Fork a child into the run's cgroup (CLONE_INTO_CGROUP).  -1 with errno: the
 * kernel cannot, or does not permit it for this cgroup. */
pid_t cgroup_fork (const struct monitor *m);

/* Move the calling process into the run's cgroup.  0 or errno. */
int cgroup_join (const struct monitor *m);

/* Send the requested signal, then SIGCONT, to each process in the run's cgroup
 * that is not in the agent's process group, if that got the signal before. */
void cgroup_signal (struct monitor *m);

void cgroup_kill (const struct monitor *m);

/* Freeze or thaw the run's cgroup.  0, or -1: the kernel cannot. */
int cgroup_freeze (const struct monitor *m, int stop);

/* Returns 1 if there is a process in the run's cgroup or below. */
int cgroup_populated (const struct monitor *m);

/* Remove the run's cgroup, if there is one, and the cgroups in it. */
void cgroup_remove (struct monitor *m);

/* Remove empty cgroups of runs whose monitor was killed. */
void cgroup_remove_stale (const struct monitor *m);

/* ---- cgroup_limits.c ---- */

/* Does START limit the memory, the processes or the CPUs of the tree? */
int cgroup_limits_are_set (const struct monitor *m);

/* Before the run's cgroup is created: have the kernel give it the controllers
 * that its limits need.  0, or -1 with the report filled. */
int cgroup_limits_prepare (struct monitor *m);

/* Set the limits of the run's cgroup.  0, or -1 with the report filled. */
int cgroup_limits_apply (struct monitor *m);

/* Returns how many forks in the run's cgroup failed at its limit. */
uint32_t cgroup_limits_refused (const struct monitor *m);

/* ---- pidns.c ---- */

/* Continue as process 1 of a new pid namespace: this function returns 0 in that
 * process alone; the calling process waits for it and exits.  Or -1 with the
 * report filled. */
int pidns_enter (struct monitor *m);

/* Let the waiting process exit now, because there are survivors: the kernel
 * does not let process 1 end before they have ended. */
void pidns_release_waiter (const struct monitor *m);

/* ---- oom.c ---- */

/* Open and read the counters, before the agent starts. */
void oom_init (struct monitor *m);

/* Returns OOM_*, the counter that has increased since then; 0: none. */
int oom_evidence (const struct monitor *m);

/* Returns the number of kills in the run's cgroup since then. */
uint32_t oom_own_kills (const struct monitor *m);

/* Make the kernel prefer the calling process to its monitor when memory runs
 * out. */
void oom_raise_score (void);

/* ---- child.c ---- */

/* Fork and exec the agent.  0, or -1 with the report filled. */
int child_start (struct monitor *m, const char *cwd, const char *const *argv,
		 const char *const *envp);

/* ---- signaled.c ---- */

/* Record that GROUP got the signal.  Returns 1 if it was recorded before. */
int signaled_add (struct monitor *m, pid_t group);

/* ---- tree.c ---- */

/* Send SIGNO, then SIGCONT, to the agent's group. */
void tree_signal (struct monitor *m, int signo);

/* If a signal was requested and the agent has exited: send it to the groups of
 * its orphans, once to each. */
void tree_signal_orphans (struct monitor *m);

/* Stop the tree, or continue it. */
void tree_pause (const struct monitor *m, int stop);

/* Send SIGKILL to all processes that can be reached.  Orphans become direct
 * children, so repeating this together with tree_reap empties the tree. */
void tree_kill (struct monitor *m);

/* Reap all zombies; sets agent_reaped, reap_pending, no_children and
 * tree_empty. */
void tree_reap (struct monitor *m);

/* Put the pids of processes that are left into the report. */
void tree_report_survivors (struct monitor *m);

/* ---- procfs_view.c ---- */

typedef void pid_fn (struct monitor *m, pid_t pid);

/* PROC is an open directory or -1; V owns it if it is a /proc, else it is
 * closed. */
void procfs_view_open (struct procfs_view *v, int proc);

/* Find out whether this /proc is of our pid namespace.  If it is not, pids are
 * translated from now on, so that callbacks get those of our namespace. */
void procfs_view_find_level (struct procfs_view *v);

/* Call FN for each direct child. */
void procfs_view_each_child (const struct procfs_view *v, struct monitor *m,
			     pid_fn *fn);

/* Call FN for each descendant that has not ended; slow. */
void procfs_view_each_descendant (const struct procfs_view *v,
				  struct monitor *m, pid_fn *fn);

/* Returns 1 if PID is a descendant. */
int procfs_view_has_descendant (const struct procfs_view *v, pid_t pid);

/* Call FN for each pid in a file of pids; they are those of V or, if NULL, of
 * our namespace. */
void procfs_view_each_pid (const struct procfs_view *v, int fd,
			   struct monitor *m, pid_fn *fn);

/* ---- control.c ---- */

/* Send the report as TYPE; FD is -1, or a descriptor that goes with it.  An
 * error is ignored: that the host has ended is noticed when reading. */
void control_send (struct monitor *m, uint32_t type, int fd);

/* Fill the report of a containment that cannot be had: ERROR and why, a
 * sentence. */
void control_report_uncontained (struct monitor *m, int error, const char *fmt,
				 ...)
	__attribute__ ((__format__ (__printf__, 3, 4)));

/* Wait for START.  0, or -1: the host has ended, or has another version. */
int control_recv_start (struct monitor *m);

/* Receive the next command.  1; 0: none now; -1: the host has ended. */
int control_recv_command (struct monitor *m, struct proto_command *ret);

#endif /* MONITOR_MONITOR_H */
