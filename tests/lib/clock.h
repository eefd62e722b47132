/* SPDX-License-Identifier: MIT */
/* clock.h - the time, and waits between two looks at something. */
#ifndef TESTS_CLOCK_H
#define TESTS_CLOCK_H

/* CLOCK_MONOTONIC in milliseconds. */
long long now_ms (void);

/* Sleep US microseconds, or less if a signal comes. */
void sleep_us (long us);

#endif /* TESTS_CLOCK_H */
