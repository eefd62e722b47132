/* SPDX-License-Identifier: MIT */
/*
 * stress.c - runs are started and canceled as fast as possible, and canceled
 * from several threads.
 *
 *	STRESS=N		starts: 400, in the long form 10,000
 *	STRESS_S=N	seconds for them at most: 5, 60
 */
#include "config.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/trial.h"
#include "torture/load.h"

#define IN_FLIGHT_MAX 24
#define CANCELERS 4

static struct {
	pthread_mutex_t lock;
	struct lhk_run *run; /* or NULL */
} in_flight[IN_FLIGHT_MAX];

static atomic_int stress_over;
static atomic_long calls;

/* Cancel random runs at random moments.  The lock keeps the run from being
 * freed meanwhile. */
static void *
cancel_at_random (void *arg)
{
	struct prng prng = { (uintptr_t) arg * UINT64_C (0x9e3779b97f4a7c15) };
	uint32_t i;

	while (!atomic_load (&stress_over)) {
		sleep_us (prng_below (&prng, 2000));
		i = prng_below (&prng, IN_FLIGHT_MAX);
		pthread_mutex_lock (&in_flight[i].lock);
		if (in_flight[i].run != NULL) {
			lhk_run_cancel (in_flight[i].run, 0);
			atomic_fetch_add (&calls, 1);
		}
		pthread_mutex_unlock (&in_flight[i].lock);
	}
	return NULL;
}

static void
start_in_flight (struct sandbox *s, struct lhk_host *host, int i)
{
	static const char *const ends[][8] = {
		{ "pause" },
		{ "ignoreall", "pause" },
		{ "exit", "0" },
		{ "daemon", "(", "pause", ")", "pause" },
	};
	const char *const *words = ends[prng_below (&s->prng, 4)];
	struct lhk_run_opts o = LHK_RUN_OPTS_INIT;
	const char *argv[10] = { trial_agent () };
	struct lhk_run *run;
	int n;

	for (n = 0; words[n] != NULL; n++)
		argv[n + 1] = words[n];
	o.argv = argv;
	o.plugin = sandbox_plugin (host, "raw");
	o.grace_ms = prng_below (&s->prng, 3) * 10;
	o.drain_ms = 10;
	if (lhk_run_start (host, &o, &run, NULL) < 0)
		_exit (2);
	pthread_mutex_lock (&in_flight[i].lock);
	in_flight[i].run = run;
	pthread_mutex_unlock (&in_flight[i].lock);
}

/* Free run I if it has ended.  1: it was freed. */
static int
free_ended (struct report *r, int i)
{
	struct lhk_run *run = in_flight[i].run;
	const struct lhk_result *result;
	int end_reason;

	result = run == NULL ? NULL : lhk_run_result (run);
	if (result == NULL)
		return 0;
	end_reason = result->outcome.end_reason;
	r->numbers[N_CANCELED] += end_reason == LHK_END_CANCELED;
	r->wrong +=
		end_reason != LHK_END_CANCELED && end_reason != LHK_END_EXITED;
	pthread_mutex_lock (&in_flight[i].lock);
	in_flight[i].run = NULL;
	pthread_mutex_unlock (&in_flight[i].lock);
	lhk_run_free (run);
	r->runs++;
	return 1;
}

/* The thread of the loop cancels, too; a paused agent ends no other way. */
static void
cancel_some (struct sandbox *s)
{
	uint32_t i = prng_below (&s->prng, IN_FLIGHT_MAX);

	if (in_flight[i].run == NULL)
		return;
	lhk_run_cancel (in_flight[i].run, 0);
	atomic_fetch_add (&calls, 1);
}

static void
keep_in_flight (struct sandbox *s, struct lhk_host *host, long seconds)
{
	struct report *r = s->report;
	long long until = now_ms () + seconds * 1000;
	long started = 0, busy = 0;
	int i;

	while (started < r->rounds || busy > 0) {
		if (now_ms () > until)
			r->rounds = started;
		for (i = 0; i < IN_FLIGHT_MAX && started < r->rounds; i++) {
			if (in_flight[i].run != NULL)
				continue;
			start_in_flight (s, host, i);
			started++;
			busy++;
		}
		cancel_some (s);
		if (lhk_host_dispatch (host, 1) < 0)
			_exit (3);
		for (i = 0; i < IN_FLIGHT_MAX; i++)
			busy -= free_ended (r, i);
	}
}

/* /proc lists a joined thread for a moment more. */
static void
wait_for_threads (const struct resources *before)
{
	long long until = now_ms () + 2000;

	while (count_threads () > before->threads && now_ms () < until)
		sleep_us (1000);
}

static void *
do_nothing (void *arg)
{
	return arg;
}

/* The thread sanitizer starts a thread of its own with the first of ours: have
 * both before the resources are counted. */
static void
warm_threads (void)
{
	pthread_t thread;

	if (pthread_create (&thread, NULL, do_nothing, NULL) != 0)
		_exit (1);
	pthread_join (thread, NULL);
}

static void
run_stress (struct sandbox *s)
{
	struct report *r = s->report;
	struct lhk_host *host = sandbox_host (s);
	pthread_t threads[CANCELERS];
	long long start;
	uintptr_t i;

	for (i = 0; i < IN_FLIGHT_MAX; i++)
		pthread_mutex_init (&in_flight[i].lock, NULL);
	runner_warm_up (s, host);
	warm_threads ();
	resources_count (s, &r->first);
	start = now_ms ();
	slot_begin (r, 0, "stress");
	for (i = 0; i < CANCELERS; i++)
		if (pthread_create (&threads[i], NULL, cancel_at_random,
				    (void *) (r->seed + i + 1))
		    != 0)
			_exit (1);
	keep_in_flight (s, host, r->argument);
	atomic_store (&stress_over, 1);
	for (i = 0; i < CANCELERS; i++)
		pthread_join (threads[i], NULL);
	wait_for_threads (&r->first);
	slot_end (r, 0);
	r->numbers[N_WALL_MS] = (long) (now_ms () - start);
	r->numbers[N_CALLS] = atomic_load (&calls);
	resources_count (s, &r->last);
	resources_grown (&r->first, &r->last, 0, r->grown, sizeof r->grown);
	lhk_host_free (host);
}

void
load_stress (void)
{
	struct report *r = report_new ();

	r->rounds = torture_number ("STRESS", 400, 10000);
	r->argument = torture_number ("STRESS_S", 5, 60);
	CU_ASSERT (sandbox_run (&load_config, r, run_stress, LIMIT_MS));
	tap_note ("%ld runs, %ld of them canceled, %ld calls of cancel by %d"
		  " threads, %ld ms; resident %ld KiB before, %ld after",
		  (long) r->runs, r->numbers[N_CANCELED], r->numbers[N_CALLS],
		  CANCELERS + 1, r->numbers[N_WALL_MS], r->first.rss_kib,
		  r->last.rss_kib);
	TAP_EQ_STR (r->trouble, "");
	TAP_EQ_STR (r->grown, "");
	TAP_EQ_INT (r->wrong, 0);
	CU_ASSERT (r->runs > 0 && r->numbers[N_CANCELED] > 0);
	report_free (r);
}
