/* SPDX-License-Identifier: MIT */
/*
 * timer.h - timers by deadline: a pairing heap whose nodes are the timers.
 *
 * Nothing is allocated, so arming a timer cannot fail.  The clock is the
 * caller's.
 */
#ifndef IO_TIMER_H
#define IO_TIMER_H

#include <stdint.h>

struct timer {
	struct timer *child; /* first of those below */
	struct timer *next;  /* sibling to the right */
	struct timer *prev;  /* sibling to the left, or parent */
	int64_t deadline_ms;
	int armed;
	void (*fire) (struct timer *t);
};

struct timers {
	struct timer *first; /* the next to fire, or NULL */
};

/* Arm T, or change the deadline that it has. */
void timer_set (struct timers *all, struct timer *t, int64_t deadline_ms);

/* Disarm T, if it is armed. */
void timer_clear (struct timers *all, struct timer *t);

#endif /* IO_TIMER_H */
