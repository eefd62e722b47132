/* SPDX-License-Identifier: MIT */
/*
 * process_state.h - the state of a process that a library must not change.
 *
 * Descriptors, threads and children are counted elsewhere: during a run there
 * are more descriptors and one more child.
 */
#ifndef EMBED_PROCESS_STATE_H
#define EMBED_PROCESS_STATE_H

#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/types.h>

#define STATE_SIGNALS 64
#define STATE_PRCTLS 8

struct process_state {
	struct {
		void (*handler) (int signo);
		uint64_t mask; /* the 64 signals; the rest is undefined */
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
	int standard[3]; /* file status flags of 0, 1 and 2; -1 if closed */
	int threads;
};

/* Read the state of this process, as the calling thread sees it. */
void process_state_take (struct process_state *s);

/* The name of the first difference, a static string; NULL if there is none. */
const char *process_state_difference (const struct process_state *a,
				      const struct process_state *b);

#endif /* EMBED_PROCESS_STATE_H */
