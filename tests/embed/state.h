/* SPDX-License-Identifier: MIT */
/*
 * state.h - all of a process that a guest must not change.
 *
 * Descriptors, threads and children are counted apart: within a run there are
 * more of the first and the last.
 */
#ifndef EMBED_STATE_H
#define EMBED_STATE_H

#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/types.h>

#define STATE_SIGNALS 64
#define STATE_PRCTLS 8

struct state {
	struct {
		void (*handler) (int signo);
		uint64_t mask; /* of 64 signals; the rest is garbage */
		int flags;
	} actions[STATE_SIGNALS];
	uint64_t blocked;
	stack_t altstack;
	char cwd[4096];
	unsigned int umask;
	char locale[512];
	char **environ_at;
	uint64_t environ_sum;
	struct rlimit limits[RLIM_NLIMITS];
	int prctls[STATE_PRCTLS];
	char name[16];
	int priority;
	pid_t session, group;
	struct itimerval timers[3];
	int standard[3]; /* flags of 0, 1, 2; or -1 */
	int threads;
};

/* Of this process, as the calling thread sees it. */
void state_take (struct state *s);

/* What differs, in words; or NULL. */
const char *state_difference (const struct state *a, const struct state *b);

#endif /* EMBED_STATE_H */
