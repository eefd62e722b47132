/* SPDX-License-Identifier: MIT */
/*
 * loop.h - an event loop over descriptors and timers, for one thread.
 *
 * It is one epoll with a timerfd and an eventfd in it: its descriptor is
 * readable whenever loop_turn has work, so it can be put into any other loop.
 * It is fair: a source handles at most LOOP_SHARE bytes a turn and is called
 * again.
 */
#ifndef IO_LOOP_H
#define IO_LOOP_H

#include <stdatomic.h>
#include <sys/epoll.h>

#include <linehook/host.h>

#include "io/timer.h"

#define LOOP_SHARE (256u << 10)
#define LOOP_BATCH 64

/* A member of the struct that owns the source.  fd -1: it is in no loop. */
struct loop_source {
	int fd;
	uint32_t events; /* EPOLL* to wait for */
	void (*ready) (struct loop_source *s, uint32_t events);
};

/* clang-format off */
#define LOOP_SOURCE_INIT { -1, 0, NULL }
/* clang-format on */

struct inotify;

struct loop {
	const struct lhk_alloc *alloc;
	int epoll;
	int clock;     /* timerfd */
	int wakeup_fd; /* eventfd */
	struct timers timers;
	int64_t now_ms;	   /* as of this turn */
	int64_t polled_ms; /* when the kernel last reported all there was */
	int64_t quiet_ms;  /* what this turn reports had not happened then */
	int64_t set_ms;	   /* what the timerfd is set to; 0: not set */
	int turning;	   /* inside loop_turn */
	/* 1: loop_wake or loop_post was called; the owner clears them. */
	int wake_received;
	int post_received;
	struct inotify *inotify; /* see inotify_watch_free; or NULL */
	char *share;		 /* LOOP_SHARE bytes that sources read into */
	struct epoll_event batch[LOOP_BATCH];
	int at, n; /* in the batch */
};

int loop_new (const struct lhk_alloc *alloc, struct loop **ret,
	      struct lhk_error *err);

/* Free the loop, after its sources and timers were removed and
 * inotify_watch_free was called.  In a child of the process that made the loop,
 * the parent's loop stays as it is. */
void loop_free (struct loop *l);

/* Put FD into the loop.  0, or -1 with errno. */
int loop_add (struct loop *l, struct loop_source *s, int fd, uint32_t events);
void loop_change (struct loop *l, struct loop_source *s, uint32_t events);

/* Remove S, before its descriptor is closed.  `ready' is not called any more,
 * not even in this turn. */
void loop_remove (struct loop *l, struct loop_source *s);

/* Milliseconds of CLOCK_MONOTONIC; inside a turn, the time when it began. */
int64_t loop_now (struct loop *l);

/* Arm T to fire once, in AFTER_MS milliseconds; 0: in the next turn. */
void loop_arm (struct loop *l, struct timer *t, int64_t after_ms);
void loop_disarm (struct loop *l, struct timer *t);

/* Run one turn: wait for events or until TIMEOUT_MS is over (-1: without
 * limit), call the sources that are ready, fire the timers that are due.
 * LHK_OK, also when a signal interrupted it; LHK_ESTATE from inside a turn;
 * LHK_ESYS. */
int loop_turn (struct loop *l, int timeout_ms);

/* What happens between these two counts as inside a turn. */
void loop_enter (struct loop *l);
void loop_leave (struct loop *l);

/* End a turn that waits, and set wake_received or post_received.  They may be
 * called from any thread and from signal handlers. */
void loop_wake (struct loop *l);
void loop_post (struct loop *l);

#endif /* IO_LOOP_H */
