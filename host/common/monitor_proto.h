/* SPDX-License-Identifier: MIT */
/*
 * monitor_proto.h - what the library and linehook-exec say to each other.
 *
 * One record of fixed size per packet of a sequenced-packet socket, which is
 * descriptor PROTO_FD of the helper.  Both come from one build; a helper of
 * another version is refused by either side.
 *
 *	helper  HELLO
 *	host    START
 *	helper  PLACED, before the agent is there, if the run has a cgroup
 *	helper  STARTED (with a pidfd of the agent), or FAILED
 *	host    TERM, KILL, SWEEP, PAUSE, RESUME	any number, after START
 *	helper  EXITED			once, unless FAILED
 *	helper  EMPTY or SURVIVORS	the last record; then it exits
 */
#ifndef COMMON_MONITOR_PROTO_H
#define COMMON_MONITOR_PROTO_H

#include <stdint.h>

#define PROTO_FD 3
#define PROTO_VERSION 2u
#define PROTO_LIMITS_MAX 16u
#define PROTO_SURVIVORS_MAX 64u
#define PROTO_DETAIL_SIZE 256u

/* How long the helper tries to empty the tree before it names survivors. */
#define PROTO_KILL_MS 3000

enum {
	/* host to helper */
	PROTO_START = 1,
	PROTO_TERM = 2,	  /* signo to the group, then SIGCONT */
	PROTO_KILL = 3,	  /* SIGKILL to the whole tree */
	PROTO_SWEEP = 4,  /* the same, for what the agent left behind */
	PROTO_PAUSE = 5,  /* stop the agent, where it stands */
	PROTO_RESUME = 6, /* and let it go on; TERM and KILL do too */

	/* helper to host */
	PROTO_HELLO = 16,
	PROTO_STARTED = 17,
	PROTO_FAILED = 18,
	PROTO_EXITED = 19,
	PROTO_EMPTY = 20,
	PROTO_SURVIVORS_LEFT = 21,
	PROTO_PLACED = 22
};

/* Where a start failed. */
enum {
	STEP_NONE = 0,
	STEP_MONITOR = 1, /* linehook-exec itself */
	STEP_FORK = 2,
	STEP_SESSION = 3,
	STEP_PARENT = 4, /* death signal */
	STEP_LIMIT = 5,
	STEP_CHDIR = 6,
	STEP_EXEC = 7,
	STEP_INTERPRETER = 8, /* the program is there, what it names is not */
	STEP_CONTAIN = 9      /* the containment asked for is not to be had */
};

/* How a tree is held together; what was asked for, and what it came to. */
enum {
	CONTAIN_AUTO = 0,   /* asked only: the best that needs no favour */
	CONTAIN_CGROUP = 1, /* a cgroup of its own, and the subreaper */
	CONTAIN_PIDNS = 2,  /* the helper is process 1 of a namespace */
	CONTAIN_SUBREAPER = 3
};

/* What says that memory ran out; 0: nothing does. */
enum {
	OOM_OWN = 1,	/* the cgroup of the run counted a kill */
	OOM_SHARED = 2, /* the cgroup that the run shares with others */
	OOM_MACHINE = 3 /* the machine, while the agent ran */
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
};

struct proto_command {
	uint32_t type; /* PROTO_TERM to PROTO_RESUME */
	int32_t signo; /* of PROTO_TERM */
};

struct proto_report {
	uint32_t type;
	uint32_t version;
	int32_t pid;	   /* STARTED: of the agent; as all numbers here
			      that of the host's namespace */
	int32_t status;	   /* EXITED: as from wait(2) */
	int32_t step;	   /* FAILED: STEP_* */
	int32_t sys_errno; /* FAILED */
	uint32_t n_killed; /* EMPTY: that outlived the agent */
	uint32_t n_survivors;
	int32_t survivors[PROTO_SURVIVORS_MAX];
	uint64_t user_us, sys_us; /* of all that was reaped so far */
	uint64_t max_rss_kib;
	uint64_t agent_cpu_us; /* EXITED: of the agent itself */
	int32_t contain;       /* STARTED: CONTAIN_* in use, never AUTO */
	int32_t scoped;	       /* STARTED: 1: it cannot signal its monitor */
	int32_t oom;	       /* EXITED: OOM_*, where it died of SIGKILL */
	uint32_t n_oom; /* EMPTY: kills that the run's own cgroup counted */
	/* NUL-terminated.  PLACED, STARTED: the directory of the run's cgroup, or "".
	 * FAILED with STEP_CONTAIN: why, a sentence. */
	char detail[PROTO_DETAIL_SIZE];
};

#endif /* COMMON_MONITOR_PROTO_H */
