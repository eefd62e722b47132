/* SPDX-License-Identifier: MIT */
/*
 * timer.h - deadlines in order: a pairing heap through its own elements.
 *
 * Nothing is allocated, so setting a deadline cannot fail.  Pure: the clock is
 * the caller's.
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
	struct timer *first; /* least deadline, or NULL */
};

/* Arm, or arm again. */
void timer_set (struct timers *all, struct timer *t, int64_t deadline_ms);

/* Does nothing if it is not armed. */
void timer_clear (struct timers *all, struct timer *t);

#endif /* IO_TIMER_H */
