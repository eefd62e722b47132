/* SPDX-License-Identifier: MIT */
/*
 * proto.h - what the library and linehook-exec say to each other.
 *
 * One record of fixed size per packet of a sequenced-packet socket, which is
 * descriptor PROTO_FD of the helper.  Both come from one build; a helper of
 * another version is refused by either side.
 *
 *	helper  HELLO
 *	host    START
 *	helper  STARTED (with a pidfd of the agent), or FAILED
 *	host    TERM, KILL, SWEEP		any number, any time after START
 *	helper  EXITED			once, unless FAILED
 *	helper  EMPTY or SURVIVORS	the last record; then it exits
 */
#ifndef SPAWN_PROTO_H
#define SPAWN_PROTO_H

#include <stdint.h>

#define PROTO_FD 3
#define PROTO_VERSION 1u
#define PROTO_LIMITS 16u
#define PROTO_SURVIVORS 64u

/* How long the helper tries to empty the tree before it names survivors. */
#define PROTO_SWEEP_MS 3000

enum {
	/* host to helper */
	PROTO_START = 1,
	PROTO_TERM = 2,		/* signo to the group, then SIGCONT */
	PROTO_KILL = 3,		/* SIGKILL to the whole tree */
	PROTO_SWEEP = 4,	/* the same, for what the agent left behind */

	/* helper to host */
	PROTO_HELLO = 16,
	PROTO_STARTED = 17,
	PROTO_FAILED = 18,
	PROTO_EXITED = 19,
	PROTO_EMPTY = 20,
	PROTO_SURVIVORS_LEFT = 21
};

/* Where a start failed. */
enum {
	STEP_NONE = 0,
	STEP_HELPER = 1,	/* linehook-exec itself */
	STEP_FORK = 2,
	STEP_SESSION = 3,
	STEP_PARENT = 4,	/* death signal */
	STEP_LIMIT = 5,
	STEP_CHDIR = 6,
	STEP_EXEC = 7,
	STEP_INTERPRETER = 8	/* the program is there, what it names is not */
};

struct proto_limit {
	int32_t resource;	/* as in setrlimit(2) */
	uint32_t reserved;
	uint64_t value;		/* UINT64_MAX: no limit */
};

struct proto_start {
	uint32_t type;		/* PROTO_START */
	uint32_t version;
	int32_t host_pid;
	uint32_t n_limits;
	struct proto_limit limits[PROTO_LIMITS];
};

struct proto_command {
	uint32_t type;		/* PROTO_TERM, PROTO_KILL, PROTO_SWEEP */
	int32_t signo;		/* of PROTO_TERM */
};

struct proto_report {
	uint32_t type;
	uint32_t version;
	int32_t pid;		/* STARTED: of the agent */
	int32_t status;		/* EXITED: as from wait(2) */
	int32_t step;		/* FAILED: STEP_* */
	int32_t sys_errno;	/* FAILED */
	uint32_t n_killed;	/* EMPTY: that outlived the agent */
	uint32_t n_survivors;
	int32_t survivors[PROTO_SURVIVORS];
	uint64_t user_us, sys_us;	/* of all that was reaped so far */
	uint64_t max_rss_kib;
};

#endif /* SPAWN_PROTO_H */
