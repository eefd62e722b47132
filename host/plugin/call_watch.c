/* SPDX-License-Identifier: MIT */
/* call_watch.c - which callback of a plugin is running, and which were slow. */
#include "config.h"

#include <sys/resource.h>

#include "common/limits.h"
#include "plugin/call_watch.h"

/* So many callbacks after one that took too long the usage is asked for: it costs
 * as much as a line. */
#define EXACT_CALLS 1000u

#define NS_PER_MS 1000000
#define MS_PER_S 1000

static struct call_usage
usage_now (const struct call_timer *t)
{
	struct call_usage u = { 0, 0 };
	struct timespec cpu;
	struct rusage ru;

	if (t->is_alone) {
		clock_gettime (CLOCK_THREAD_CPUTIME_ID, &cpu);
		u.cpu_us = (int64_t) cpu.tv_sec * 1000000 + cpu.tv_nsec / 1000;
		return u;
	}
	if (getrusage (RUSAGE_THREAD, &ru) < 0)
		return u;
	u.cpu_us = ((int64_t) ru.ru_utime.tv_sec + ru.ru_stime.tv_sec) * 1000000
		   + ru.ru_utime.tv_usec + ru.ru_stime.tv_usec;
	u.waits = (int64_t) ru.ru_nvcsw - ru.ru_majflt;
	return u;
}

void
call_timer_sample (struct call_timer *t)
{
	if (t->off)
		return;
	t->usage = usage_now (t);
}

/* ---- what runs ---- */

static void
set_relaxed (_Atomic uint32_t *to, uint32_t value)
{
	atomic_store_explicit (to, value, memory_order_relaxed);
}

static uint32_t
get_relaxed (const _Atomic uint32_t *from)
{
	return atomic_load_explicit (from, memory_order_relaxed);
}

/* There is one writer, so SEQ needs no exchange. */
static void
publish (struct call_watch *w, const struct lhk_plugin *plugin, int callback,
	 uint64_t line, const struct timespec *began)
{
	uint32_t seq = get_relaxed (&w->seq);

	set_relaxed (&w->seq, seq + 1);
	atomic_thread_fence (memory_order_release);
	atomic_store_explicit (&w->callback, callback, memory_order_relaxed);
	atomic_store_explicit (&w->plugin, plugin, memory_order_relaxed);
	set_relaxed (&w->line_low, (uint32_t) line);
	set_relaxed (&w->line_high, (uint32_t) (line >> 32));
	set_relaxed (&w->began_s, (uint32_t) began->tv_sec);
	set_relaxed (&w->began_ns, (uint32_t) began->tv_nsec);
	atomic_store_explicit (&w->seq, seq + 2, memory_order_release);
}

int
call_watch_probe (struct call_watch *w, const struct lhk_plugin *plugin,
		  const char *data, size_t len)
{
	struct timespec began;
	int r;

	if (w == NULL)
		return plugin->probe (data, len);
	clock_gettime (CLOCK_MONOTONIC_COARSE, &began);
	publish (w, plugin, LHK_CALLBACK_PROBE, 0, &began);
	r = plugin->probe (data, len);
	atomic_store_explicit (&w->callback, 0, memory_order_relaxed);
	return r;
}

static int64_t
ms_between (uint32_t from_s, uint32_t from_ns, const struct timespec *to)
{
	int32_t s = (int32_t) ((uint32_t) to->tv_sec - from_s);
	int32_t ns = (int32_t) to->tv_nsec - (int32_t) from_ns;

	return (int64_t) s * MS_PER_S + ns / NS_PER_MS;
}

int
call_watch_read (const struct call_watch *w, struct lhk_callback *ret)
{
	uint32_t seq = atomic_load_explicit (&w->seq, memory_order_acquire);
	uint32_t began_s = get_relaxed (&w->began_s);
	uint32_t began_ns = get_relaxed (&w->began_ns);
	struct timespec now;

	ret->callback =
		atomic_load_explicit (&w->callback, memory_order_relaxed);
	ret->plugin = atomic_load_explicit (&w->plugin, memory_order_relaxed);
	ret->line = get_relaxed (&w->line_low)
		    | (uint64_t) get_relaxed (&w->line_high) << 32;
	ret->in_host = atomic_load_explicit (&w->in_host, memory_order_relaxed);
	atomic_thread_fence (memory_order_acquire);
	if ((seq & 1) != 0 || get_relaxed (&w->seq) != seq
	    || ret->callback == 0)
		return 0;
	clock_gettime (CLOCK_MONOTONIC_COARSE, &now);
	ret->ms = ms_between (began_s, began_ns, &now);
	return 1;
}

void
call_watch_host (struct call_watch *w, int in_host)
{
	if (w != NULL)
		atomic_store_explicit (&w->in_host, in_host,
				       memory_order_relaxed);
}

const char *
lhk_callback_name (int callback)
{
	static const char *const names[] = {
		[LHK_CALLBACK_OPEN] = "open",
		[LHK_CALLBACK_LINE_HOOK] = "line_hook",
		[LHK_CALLBACK_FLUSH] = "flush",
		[LHK_CALLBACK_EXITED] = "exited",
		[LHK_CALLBACK_CLOSE] = "close",
		[LHK_CALLBACK_PROBE] = "probe",
	};

	if (callback < LHK_CALLBACK_OPEN || callback > LHK_CALLBACK_PROBE)
		return "?";
	return names[callback];
}

/* ---- how long it took ---- */

uint32_t
call_timer_limit (size_t len)
{
	return LIMIT_CALL_MS + (uint32_t) (len / LIMIT_CALL_BYTES_PER_MS);
}

void
call_watch_begin (struct call_watch *w, struct call_timer *t,
		  const struct lhk_plugin *plugin, int callback, uint64_t line,
		  size_t len)
{
	if (t->n_exact > 0 || line == 0)
		call_timer_sample (t);
	t->n_exact -= t->n_exact > 0;
	t->limit_ms = call_timer_limit (len);
	clock_gettime (CLOCK_MONOTONIC_COARSE, &t->began);
	if (w != NULL)
		publish (w, plugin, callback, line, &t->began);
}

/* It took MS, by the clock: was that its own doing? */
static void
judge (struct call_timer *t, int64_t ms)
{
	struct call_usage now = usage_now (t);
	int64_t used_ms = (now.cpu_us - t->usage.cpu_us) / 1000;

	t->n_exact = EXACT_CALLS;
	if (used_ms < t->limit_ms && now.waits <= t->usage.waits)
		return;
	t->slow_ms = (uint32_t) (ms < UINT32_MAX ? ms : UINT32_MAX);
	t->slow_limit_ms = t->limit_ms;
	t->n_slow++;
}

void
call_watch_end (struct call_watch *w, struct call_timer *t)
{
	struct timespec now;
	int64_t ms;

	clock_gettime (CLOCK_MONOTONIC_COARSE, &now);
	if (w != NULL)
		atomic_store_explicit (&w->callback, 0, memory_order_relaxed);
	ms = ms_between ((uint32_t) t->began.tv_sec,
			 (uint32_t) t->began.tv_nsec, &now);
	if (ms > t->limit_ms && !t->off)
		judge (t, ms);
}
