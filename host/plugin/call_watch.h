/* SPDX-License-Identifier: MIT */
/*
 * call_watch.h - which callback of a plugin is running, and which were slow.
 *
 * The thread that calls plugins writes down what it is about to call, and other
 * threads may read that at any time: nothing is locked, and nobody waits.
 *
 * A callback is slow if it takes longer than its limit (limits.h) by the clock,
 * and if the thread did something of its own in that time: it used so much of
 * the processor, or it waited for something.  A thread that was merely kept
 * from running by others, on a busy machine, is not slow.  A clock that costs no
 * system call is read before and after each callback.  What the thread used is
 * asked when a write to the stream begins, and again after a callback that took
 * too long; then it is asked before each of the next callbacks, too, so that the
 * work of others is not held against it.
 */
#ifndef PLUGIN_CALL_WATCH_H
#define PLUGIN_CALL_WATCH_H

#include <stdatomic.h>
#include <time.h>

#include <linehook/host.h>

/* Of one host.  All zero: nothing runs. */
struct call_watch {
	_Atomic uint32_t seq;	  /* odd while the members below change */
	_Atomic int32_t callback; /* LHK_CALLBACK_*; 0: none */
	const struct lhk_plugin *_Atomic plugin;
	_Atomic uint32_t line_low, line_high;
	_Atomic uint32_t began_s, began_ns; /* CLOCK_MONOTONIC_COARSE */
	/* The callback has called the host, which writes a log record. */
	_Atomic int32_t in_host;
};

/* What a thread had used at one time. */
struct call_usage {
	int64_t cpu_us;
	int64_t waits; /* times that it waited, but for a page of memory */
};

/* Of one instance.  All zero: no callback was slow. */
struct call_timer {
	int32_t off;	  /* 1: none is slow, and the thread is not asked */
	int32_t is_alone; /* 1: nothing but its processor time counts, as where
			     there is nothing to wait for, nor a system call that
			     tells of it */
	struct timespec began;
	struct call_usage usage;
	uint32_t n_exact; /* callbacks before which the usage is asked for */
	uint32_t n_slow;  /* callbacks that were slow */
	uint32_t slow_ms; /* how long the last one of them took; its reader
			      makes it 0 */
	uint32_t slow_limit_ms; /* how long that one could have taken */
	uint32_t limit_ms;	/* of the callback that runs */
};

/* The calling thread begins something in which callbacks may be timed. */
void call_timer_sample (struct call_timer *t);

/* Milliseconds that a callback on a line of LEN bytes may take. */
uint32_t call_timer_limit (size_t len);

/* A callback of PLUGIN begins, on the line of this number (0: none) with LEN
 * bytes.  W may be NULL. */
void call_watch_begin (struct call_watch *w, struct call_timer *t,
		       const struct lhk_plugin *plugin, int callback,
		       uint64_t line, size_t len);

/* It has returned: find out if it was slow. */
void call_watch_end (struct call_watch *w, struct call_timer *t);

/* Call the probe of PLUGIN, which has one.  What it returned. */
int call_watch_probe (struct call_watch *w, const struct lhk_plugin *plugin,
		      const char *data, size_t len);

/* The callback calls the host (1), which goes back to it (0).  W may be NULL. */
void call_watch_host (struct call_watch *w, int in_host);

/* What runs now.  1; 0: nothing, or it has just changed.  For any thread. */
int call_watch_read (const struct call_watch *w, struct lhk_callback *ret);

#endif /* PLUGIN_CALL_WATCH_H */
