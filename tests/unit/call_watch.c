/* SPDX-License-Identifier: MIT */
/* call_watch.c - tests of what is known of a callback while it runs, and of what
 * is slow. */
#include "config.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/limits.h"
#include "lib/mock_plugin.h"
#include "lib/tap.h"
#include "plugin/call_watch.h"

static int64_t
ms_of (clockid_t clock)
{
	struct timespec ts;

	clock_gettime (clock, &ts);
	return (int64_t) ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void
spin (clockid_t clock, int64_t ms)
{
	int64_t until = ms_of (clock) + ms;

	while (ms_of (clock) < until)
		;
}

static void
nap (int64_t ms)
{
	struct timespec left = { 0, (long) ms * 1000000 };

	while (nanosleep (&left, &left) < 0)
		;
}

static void
begin (struct call_timer *t, size_t len)
{
	call_watch_begin (NULL, t, &mock_plugin, LHK_CALLBACK_LINE_HOOK, 1,
			  len);
}

static void
sleeping (void)
{
	struct call_timer t = { .n_slow = 0 };

	call_timer_sample (&t);
	begin (&t, 10);
	nap (LIMIT_CALL_MS + 50);
	call_watch_end (NULL, &t);
	TAP_EQ_INT (t.n_slow, 1);
	CU_ASSERT (t.slow_ms > LIMIT_CALL_MS);
}

static void
spinning (void)
{
	struct call_timer t = { .n_slow = 0 };

	call_timer_sample (&t);
	begin (&t, 10);
	spin (CLOCK_THREAD_CPUTIME_ID, LIMIT_CALL_MS + 50);
	call_watch_end (NULL, &t);
	TAP_EQ_INT (t.n_slow, 1);
}

/* What came before the callback is not its own. */
static void
others_wait (void)
{
	struct call_timer t = { .n_exact = 1 };

	call_timer_sample (&t);
	nap (LIMIT_CALL_MS + 50);
	begin (&t, 10);
	call_watch_end (NULL, &t);
	TAP_EQ_INT (t.n_slow, 0);
}

static void
long_line (void)
{
	struct call_timer t = { .n_slow = 0 };

	call_timer_sample (&t);
	begin (&t, (size_t) 10000 * LIMIT_CALL_BYTES_PER_MS);
	nap (LIMIT_CALL_MS + 50);
	call_watch_end (NULL, &t);
	TAP_EQ_INT (t.n_slow, 0);
}

/* A process that takes the processor CPU, and this thread with the least that
 * the scheduler gives.  The process, or -1. */
static pid_t
crowd (int cpu)
{
	const struct sched_param none = { .sched_priority = 0 };
	cpu_set_t set;
	pid_t pid;

	CPU_ZERO (&set);
	CPU_SET (cpu, &set);
	if (sched_setaffinity (0, sizeof set, &set) < 0)
		return -1;
	pid = fork ();
	if (pid == 0)
		for (;;)
			;
	if (pid > 0 && sched_setscheduler (0, SCHED_IDLE, &none) < 0) {
		kill (pid, SIGKILL);
		waitpid (pid, NULL, 0);
		return -1;
	}
	return pid;
}

/* In a process of its own, because the policy cannot be changed back. */
static int
measure_preempted (void)
{
	struct call_timer t = { .n_slow = 0 };
	pid_t pid = crowd (sched_getcpu ());

	if (pid < 0)
		return 2;
	call_timer_sample (&t);
	begin (&t, 10);
	spin (CLOCK_MONOTONIC, 3 * LIMIT_CALL_MS);
	call_watch_end (NULL, &t);
	kill (pid, SIGKILL);
	waitpid (pid, NULL, 0);
	return t.n_slow != 0;
}

static void
preempted (void)
{
	pid_t pid = fork ();
	int status = 0;

	if (pid == 0)
		_exit (measure_preempted ());
	TAP_EQ_INT (waitpid (pid, &status, 0), pid);
	if (WIFEXITED (status) && WEXITSTATUS (status) == 2)
		tap_skip ("a process cannot be crowded out here");
	else
		TAP_EQ_INT (status, 0);
}

static void *
read_watch (void *user)
{
	struct lhk_callback *seen = calloc (1, sizeof *seen);

	if (seen == NULL || !call_watch_read (user, seen)) {
		free (seen);
		return NULL;
	}
	return seen;
}

/* What another thread reads of W; NULL: nothing runs.  Free it. */
static struct lhk_callback *
read_elsewhere (struct call_watch *w)
{
	pthread_t thread;
	void *seen = NULL;

	if (pthread_create (&thread, NULL, read_watch, w) != 0)
		abort ();
	pthread_join (thread, &seen);
	return seen;
}

static void
published (void)
{
	const uint64_t line = (UINT64_C (7) << 32) + 9;
	struct call_timer t = { .n_slow = 0 };
	struct call_watch w = { .seq = 0 };
	struct lhk_callback *seen;

	CU_ASSERT_PTR_NULL (read_elsewhere (&w));
	call_watch_begin (&w, &t, &mock_plugin, LHK_CALLBACK_FLUSH, line, 5);
	seen = read_elsewhere (&w);
	CU_ASSERT_PTR_NOT_NULL_FATAL (seen);
	TAP_EQ_STR (lhk_callback_name (seen->callback), "flush");
	CU_ASSERT_PTR_EQUAL (seen->plugin, &mock_plugin);
	CU_ASSERT (seen->line == line);
	CU_ASSERT (seen->ms >= 0);
	free (seen);
	call_watch_end (&w, &t);
	CU_ASSERT_PTR_NULL (read_elsewhere (&w));
}

static const struct tap_case cases[] = {
	{ "a_callback_that_sleeps_is_slow", sleeping },
	{ "a_callback_that_spins_is_slow", spinning },
	{ "a_callback_that_was_preempted_is_not_slow", preempted },
	{ "what_was_before_a_callback_does_not_count", others_wait },
	{ "a_long_line_may_take_longer", long_line },
	{ "another_thread_reads_which_callback_runs", published },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("call_watch", cases);
}
