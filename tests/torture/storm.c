/* SPDX-License-Identifier: MIT */
/*
 * storm.c - starts and cancels as fast as they go, from several threads.
 *
 *	STORM=N		starts: 400, in the long form 10,000
 *	STORM_S=N	seconds for them at most: 5, 60
 */
#include "config.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lib/trial.h"
#include "torture/load.h"

#define IN_FLIGHT 24
#define CANCELERS 4

static struct {
	pthread_mutex_t lock;
	struct lhk_run *run; /* or NULL */
} flying[IN_FLIGHT];

static atomic_int storm_over;
static atomic_long calls;

static void
nap_us (uint32_t us)
{
	struct timespec ts = { 0, (long) us * 1000 };

	nanosleep (&ts, NULL);
}

/* At random moments, of random runs: the lock is against free alone. */
static void *
cancel_at_random (void *arg)
{
	struct prng prng = { (uintptr_t) arg * UINT64_C (0x9e3779b97f4a7c15) };
	uint32_t i;

	while (!atomic_load (&storm_over)) {
		nap_us (prng_below (&prng, 2000));
		i = prng_below (&prng, IN_FLIGHT);
		pthread_mutex_lock (&flying[i].lock);
		if (flying[i].run != NULL) {
			lhk_run_cancel (flying[i].run, 0);
			atomic_fetch_add (&calls, 1);
		}
		pthread_mutex_unlock (&flying[i].lock);
	}
	return NULL;
}

static void
start_flying (struct stage *s, struct lhk_host *host, int i)
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
	o.plugin = stage_plugin (host, "raw");
	o.grace_ms = prng_below (&s->prng, 3) * 10;
	o.drain_ms = 10;
	if (lhk_run_start (host, &o, &run, NULL) < 0)
		_exit (2);
	pthread_mutex_lock (&flying[i].lock);
	flying[i].run = run;
	pthread_mutex_unlock (&flying[i].lock);
}

/* 1: it has ended and was freed; 0: it goes on. */
static int
land (struct report *r, int i)
{
	struct lhk_run *run = flying[i].run;
	const struct lhk_result *result;
	int end_reason;

	result = run == NULL ? NULL : lhk_run_result (run);
	if (result == NULL)
		return 0;
	end_reason = result->outcome.end_reason;
	r->numbers[N_CANCELED] += end_reason == LHK_END_CANCELED;
	r->wrong +=
		end_reason != LHK_END_CANCELED && end_reason != LHK_END_EXITED;
	pthread_mutex_lock (&flying[i].lock);
	flying[i].run = NULL;
	pthread_mutex_unlock (&flying[i].lock);
	lhk_run_free (run);
	r->runs++;
	return 1;
}

/* Our own part: a run is canceled by us too, so that it ends. */
static void
cancel_some (struct stage *s)
{
	uint32_t i = prng_below (&s->prng, IN_FLIGHT);

	if (flying[i].run == NULL)
		return;
	lhk_run_cancel (flying[i].run, 0);
	atomic_fetch_add (&calls, 1);
}

static void
fly (struct stage *s, struct lhk_host *host, long seconds)
{
	struct report *r = s->report;
	long long until = now_ms () + seconds * 1000;
	long started = 0, busy = 0;
	int i;

	while (started < r->rounds || busy > 0) {
		if (now_ms () > until)
			r->rounds = started;
		for (i = 0; i < IN_FLIGHT && started < r->rounds; i++) {
			if (flying[i].run != NULL)
				continue;
			start_flying (s, host, i);
			started++;
			busy++;
		}
		cancel_some (s);
		if (lhk_host_dispatch (host, 1) < 0)
			_exit (3);
		for (i = 0; i < IN_FLIGHT; i++)
			busy -= land (r, i);
	}
}

/* A thread that was joined is counted for a moment more. */
static void
land_threads (const struct resources *before)
{
	long long until = now_ms () + 2000;

	while (count_threads () > before->threads && now_ms () < until)
		nap_us (1000);
}

static void *
do_nothing (void *arg)
{
	return arg;
}

/* With the first thread, the thread sanitizer starts one of its own. */
static void
warm_threads (void)
{
	pthread_t thread;

	if (pthread_create (&thread, NULL, do_nothing, NULL) != 0)
		_exit (1);
	pthread_join (thread, NULL);
}

static void
play_storm (struct stage *s)
{
	struct report *r = s->report;
	struct lhk_host *host = stage_host (s);
	pthread_t threads[CANCELERS];
	long long start;
	uintptr_t i;

	for (i = 0; i < IN_FLIGHT; i++)
		pthread_mutex_init (&flying[i].lock, NULL);
	play_warm (s, host);
	warm_threads ();
	resources_count (s, &r->first);
	start = now_ms ();
	slot_begin (r, 0, "storm");
	for (i = 0; i < CANCELERS; i++)
		if (pthread_create (&threads[i], NULL, cancel_at_random,
				    (void *) (r->seed + i + 1))
		    != 0)
			_exit (1);
	fly (s, host, r->argument);
	atomic_store (&storm_over, 1);
	for (i = 0; i < CANCELERS; i++)
		pthread_join (threads[i], NULL);
	land_threads (&r->first);
	slot_end (r, 0);
	r->numbers[N_WALL_MS] = (long) (now_ms () - start);
	r->numbers[N_CALLS] = atomic_load (&calls);
	resources_count (s, &r->last);
	resources_grown (&r->first, &r->last, 0, r->grown, sizeof r->grown);
	lhk_host_free (host);
}

void
load_storm (void)
{
	struct report *r = report_new ();

	r->rounds = torture_number ("STORM", 400, 10000);
	r->argument = torture_number ("STORM_S", 5, 60);
	CU_ASSERT (stage_play (&load_setting, r, play_storm, LIMIT_MS));
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
