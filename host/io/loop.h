/* SPDX-License-Identifier: MIT */
/*
 * loop.h - descriptors and time, for one thread.
 *
 * One epoll, with a timerfd and an eventfd in it: its descriptor is readable
 * whenever loop_turn has work, so it can be put into any other loop.  Fair: a
 * source handles at most LOOP_SHARE bytes a turn and is called again.
 */
#ifndef IO_LOOP_H
#define IO_LOOP_H

#include <stdatomic.h>
#include <sys/epoll.h>

#include <linehook/host.h>

#include "io/timer.h"

#define LOOP_SHARE (256u << 10)
#define LOOP_BATCH 64

/* Inside its owner.  fd -1: not in a loop. */
struct loop_source {
	int fd;
	uint32_t events; /* asked for */
	void (*ready) (struct loop_source *s, uint32_t events);
};

/* clang-format off */
#define LOOP_SOURCE_INIT { -1, 0, NULL }
/* clang-format on */

struct watch;

struct loop {
	const struct lhk_alloc *alloc;
	int epoll;
	int clock; /* timerfd */
	int bell;  /* eventfd */
	struct timers timers;
	int64_t now_ms;	     /* as of this turn */
	int64_t asked_ms;    /* the kernel, last, for all there was */
	int64_t quiet_ms;    /* what this turn reports was not so then */
	int64_t set_ms;	     /* what the timerfd is set to; 0: not set */
	int turning;	     /* inside loop_turn */
	int woken;	     /* loop_wake was heard; cleared by the owner */
	int rung;	     /* loop_post was heard; likewise */
	int free_pending;    /* its owner is to be freed after this turn */
	uint32_t n_done;     /* counted and cleared by the owner */
	struct watch *watch; /* see watch.h; or NULL */
	char *share;	     /* LOOP_SHARE bytes that sources read into */
	struct epoll_event batch[LOOP_BATCH];
	int at, n; /* in the batch */
};

int loop_new (const struct lhk_alloc *alloc, struct loop **ret,
	      struct lhk_error *err);

/* All sources and timers must be out of it.  FORKED 1: in a child of the
 * process that made it; the epoll is shared, so it is only closed. */
void loop_free (struct loop *l, int forked);

/* Put FD into the loop.  0, or -1 with errno. */
int loop_add (struct loop *l, struct loop_source *s, int fd, uint32_t events);
void loop_change (struct loop *l, struct loop_source *s, uint32_t events);

/* Take it out, before the descriptor is closed.  Never called again then, not
 * even in this turn. */
void loop_remove (struct loop *l, struct loop_source *s);

/* Milliseconds of CLOCK_MONOTONIC; inside a turn those of its beginning. */
int64_t loop_now (struct loop *l);

/* Fire once, in AFTER_MS; 0: in the next turn, never in this one. */
void loop_arm (struct loop *l, struct timer *t, int64_t after_ms);
void loop_disarm (struct loop *l, struct timer *t);

/* One turn: wait, call what is ready, fire what is due.  LHK_OK, also when
 * interrupted; LHK_ESTATE from inside a turn; LHK_ESYS. */
int loop_turn (struct loop *l, int timeout_ms);

/* Work of a turn outside of one: the clock is read, and set at the end. */
void loop_enter (struct loop *l);
void loop_leave (struct loop *l);

/* For any thread and for signal handlers: end a turn that waits. */
void loop_wake (struct loop *l);
void loop_post (struct loop *l);

#endif /* IO_LOOP_H */
