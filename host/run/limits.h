/* SPDX-License-Identifier: MIT */
/*
 * limits.h - did a limit of the run end its agent?
 *
 * A limit that is too small looks like a fault of the agent: it crashes, or
 * complains of what it could not get.  Some ends are proved by a signal or a
 * counter, others are only likely; the sentences tell them apart.
 */
#ifndef RUN_LIMITS_H
#define RUN_LIMITS_H

#include <linehook/run.h>

#include "common/monitor_proto.h"

/* Bytes of a sentence, with its NUL. */
#define RUN_LIMITS_TEXT 256

/* What is limited in ways that show. */
enum run_limit {
	RUN_LIMIT_CPU,
	RUN_LIMIT_FSIZE,
	RUN_LIMIT_AS,
	RUN_LIMIT_DATA,
	RUN_LIMIT_STACK,
	RUN_LIMIT_NOFILE,
	RUN_LIMIT_NPROC,
	RUN_LIMITS
};

struct run_limits {
	uint64_t values[RUN_LIMITS]; /* as setrlimit takes; UINT64_MAX: none */
	uint64_t memory_max;	     /* of the tree; 0: none */
	uint32_t pids_max;
	char text[RUN_LIMITS_TEXT]; /* what is known of the end, or "" */
};

void run_limits_init (struct run_limits *l, const struct lhk_run_opts *opts);

/* The agent was ended by a signal: EXITED says how.  The sentence, if that
 * proves that a limit did it; else NULL. */
const char *run_limits_prove (struct run_limits *l,
			      const struct proto_report *exited);

/* The run has ended as HOW says, after STDOUT_BYTES of output, and N_REFUSED
 * forks failed.  The sentence that was proved, or one about the limit that may
 * be the cause; NULL: none. */
const char *run_limits_explain (struct run_limits *l,
				const struct lhk_outcome *how,
				uint64_t stdout_bytes, uint32_t n_refused);

#endif /* RUN_LIMITS_H */
