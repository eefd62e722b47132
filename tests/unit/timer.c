/* SPDX-License-Identifier: MIT */
/* timer.c - deadlines come in order. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/tap.h"
#include "io/timer.h"

#define MANY 500

static void
none (void)
{
	struct timers all = { NULL };
	struct timer t = { .armed = 0 };

	timer_clear (&all, &t);
	CU_ASSERT_PTR_NULL (all.first);
	timer_set (&all, &t, 5);
	CU_ASSERT_PTR_EQUAL (all.first, &t);
	timer_clear (&all, &t);
	timer_clear (&all, &t);
	CU_ASSERT_PTR_NULL (all.first);
}

/* Takes all of them out; 1: in order. */
static int
in_order (struct timers *all, int n)
{
	int64_t last = INT64_MIN;
	struct timer *t;

	while ((t = all->first) != NULL) {
		if (t->deadline_ms < last)
			return 0;
		last = t->deadline_ms;
		timer_clear (all, t);
		n--;
	}
	return n == 0;
}

static void
sorted (void)
{
	static struct timer t[MANY];
	struct timers all = { NULL };
	unsigned int noise = 12345;
	int i;

	memset (t, 0, sizeof t);
	for (i = 0; i < MANY; i++) {
		noise = noise * 1103515245 + 12345;
		timer_set (&all, &t[i], (int64_t) (noise >> 16) % 100);
	}
	CU_ASSERT (in_order (&all, MANY));
	for (i = 0; i < MANY; i++)
		timer_set (&all, &t[i], i);
	CU_ASSERT (in_order (&all, MANY));
	for (i = 0; i < MANY; i++)
		timer_set (&all, &t[i], -i);
	CU_ASSERT (in_order (&all, MANY));
}

/* Any of set, set again and clear, against a plain array. */
static void
mixed (void)
{
	static struct timer t[MANY];
	struct timers all = { NULL };
	unsigned int noise = 99;
	int64_t least;
	int i, k, armed;

	memset (t, 0, sizeof t);
	for (i = 0; i < 20000; i++) {
		noise = noise * 1103515245 + 12345;
		k = (int) ((noise >> 8) % MANY);
		if ((noise >> 20) % 3 == 0)
			timer_clear (&all, &t[k]);
		else
			timer_set (&all, &t[k],
				   (int64_t) ((noise >> 16) % 1000));
		if (i % 97 != 0)
			continue;
		least = INT64_MAX;
		armed = 0;
		for (k = 0; k < MANY; k++) {
			armed += t[k].armed;
			if (t[k].armed && t[k].deadline_ms < least)
				least = t[k].deadline_ms;
		}
		if (armed == 0) {
			CU_ASSERT_PTR_NULL (all.first);
			continue;
		}
		CU_ASSERT_FATAL (all.first != NULL
				 && all.first->deadline_ms == least);
	}
	armed = 0;
	for (k = 0; k < MANY; k++)
		armed += t[k].armed;
	CU_ASSERT (in_order (&all, armed));
}

static const struct tap_case cases[] = {
	{ "timer_clear_of_an_idle_timer_does_nothing", none },
	{ "timers_fire_in_order_of_deadline", sorted },
	{ "timers_can_be_moved_and_cleared_in_any_order", mixed },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("timer", cases);
}
