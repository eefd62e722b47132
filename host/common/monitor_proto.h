/* SPDX-License-Identifier: MIT */
/*
 * monitor_proto.h - what the library (host) and linehook-exec (monitor) send
 * to each other.
 *
 * One record of fixed size per packet of a sequenced-packet socket, which is
 * descriptor PROTO_FD of the monitor.  Both ends come from one build; either
 * refuses the other if its version differs.
 *
 *	monitor  HELLO
 *	host     START
 *	monitor  PLACED, if the run has a cgroup; before the agent exists
 *	monitor  STARTED (with a pidfd of the agent), or FAILED
 *	host     TERM, KILL, SWEEP, PAUSE, RESUME: any number, after START
 *	monitor  EXITED: once, unless FAILED
 *	monitor  EMPTY or SURVIVORS_LEFT: the last record; then it exits
 */
#ifndef COMMON_MONITOR_PROTO_H
#define COMMON_MONITOR_PROTO_H

#include <stdint.h>

#define PROTO_FD 3
#define PROTO_VERSION 3u
#define PROTO_LIMITS_MAX 16u
#define PROTO_SURVIVORS_MAX 64u
#define PROTO_DETAIL_SIZE 256u

/* How long the monitor kills and reaps before it reports survivors. */
#define PROTO_KILL_MS 3000

enum {
	/* host to monitor */
	PROTO_START = 1,
	PROTO_TERM = 2,	  /* send signo to the agent's group, then SIGCONT; to
			     all that it left behind when it has exited */
	PROTO_KILL = 3,	  /* send SIGKILL to the whole tree */
	PROTO_SWEEP = 4,  /* the same, for what the agent left behind */
	PROTO_PAUSE = 5,  /* stop the agent */
	PROTO_RESUME = 6, /* let it go on; TERM and KILL do so, too */

	/* monitor to host */
	PROTO_HELLO = 16,
	PROTO_STARTED = 17,
	PROTO_FAILED = 18,
	PROTO_EXITED = 19,
	PROTO_EMPTY = 20,
	PROTO_SURVIVORS_LEFT = 21,
	PROTO_PLACED = 22
};

/* The step at which a start failed. */
enum {
	STEP_NONE = 0,
	STEP_MONITOR = 1, /* linehook-exec itself */
	STEP_FORK = 2,
	STEP_SESSION = 3,
	STEP_PARENT = 4, /* death signal */
	STEP_LIMIT = 5,
	STEP_CHDIR = 6,
	STEP_EXEC = 7,
	STEP_INTERPRETER = 8, /* the program exists, its interpreter does not */
	STEP_CONTAIN = 9      /* the containment that was asked for */
};

/* How a tree is held together: in START as asked for, in STARTED as it is. */
enum {
	CONTAIN_AUTO = 0, /* START only: a cgroup if possible, else subreaper */
	CONTAIN_CGROUP = 1, /* a cgroup of its own, and the subreaper */
	CONTAIN_PIDNS = 2,  /* the monitor is process 1 of a pid namespace */
	CONTAIN_SUBREAPER = 3
};

/* Which counter says that the kernel ran out of memory; 0: none. */
enum {
	OOM_OWN = 1,	/* that of the run's own cgroup */
	OOM_SHARED = 2, /* that of the cgroup that the run shares with others */
	OOM_MACHINE = 3 /* that of the machine, while the agent ran */
};

enum {
	START_UNSCOPED = 1 << 0 /* the agent may signal its monitor, and gain
				   privileges by setuid programs */
};

struct proto_limit {
	int32_t resource; /* as in setrlimit(2) */
	uint32_t reserved;
	uint64_t value; /* UINT64_MAX: no limit */
};

struct proto_start {
	uint32_t type; /* PROTO_START */
	uint32_t version;
	int32_t host_pid;
	uint32_t n_limits;
	int32_t contain; /* CONTAIN_* */
	uint32_t flags;	 /* START_* */
	struct proto_limit limits[PROTO_LIMITS_MAX];
	/* Of the whole tree; 0: no limit. */
	uint64_t memory_max; /* bytes */
	uint32_t pids_max;   /* processes and threads */
	uint32_t cpus_milli; /* CPUs, in thousandths */
};

struct proto_command {
	uint32_t type; /* PROTO_TERM to PROTO_RESUME */
	int32_t signo; /* of PROTO_TERM */
};

/* All pids are those of the host's pid namespace. */
struct proto_report {
	uint32_t type;
	uint32_t version;
	int32_t pid;	   /* STARTED: of the agent */
	int32_t status;	   /* EXITED: as from wait(2) */
	int32_t step;	   /* FAILED: STEP_* */
	int32_t sys_errno; /* FAILED */
	/* EMPTY: processes that outlived the agent and died of SIGKILL, or of
	 * the signal of a TERM that came after its exit. */
	uint32_t n_killed;
	uint32_t n_survivors; /* SURVIVORS_LEFT: may exceed the array */
	int32_t survivors[PROTO_SURVIVORS_MAX];
	uint64_t user_us, sys_us; /* of all processes reaped so far */
	uint64_t max_rss_kib;
	uint64_t agent_cpu_us; /* EXITED: of the agent process alone */
	int32_t contain;       /* STARTED: CONTAIN_* in use, never AUTO */
	int32_t scoped;	       /* STARTED: 1: it cannot signal its monitor */
	int32_t oom;	       /* EXITED: OOM_*, if the agent died of SIGKILL */
	uint32_t n_oom;	    /* EMPTY: kills that the run's own cgroup counted */
	uint32_t n_refused; /* EMPTY: forks that pids_max made fail */
	uint32_t reserved;
	/* NUL-terminated.  PLACED, STARTED: the directory of the run's cgroup,
	 * or "".  FAILED with STEP_CONTAIN or STEP_LIMIT: why, a sentence, or
	 * "". */
	char detail[PROTO_DETAIL_SIZE];
};

#endif /* COMMON_MONITOR_PROTO_H */
