/* SPDX-License-Identifier: MIT */
/* run_driven.c - runs driven by a loop of the embedder's, and from threads. */
#include "config.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>

#include "lib/trial.h"

/* Its own poll loop, on one descriptor, without any timeout. */
static void
own_loop (void)
{
	struct trial t;
	struct pollfd p = { .events = POLLIN };
	int ended = 0, r;

	trial_begin (&t, 0);
	t.opts.total_ms = 2000;
	t.opts.grace_ms = 50;
	TAP_EQ_INT (trial_start (&t, AGENT ("ignoreall", "out", "a", "pause")),
		    LHK_OK);
	p.fd = lhk_host_fd (t.host);
	while (ended == 0) {
		r = poll (&p, 1, 10000);
		if (!TAP_EQ_INT (r, 1))
			break;
		r = lhk_host_dispatch (t.host, 0);
		if (r < 0)
			break;
		ended += r;
	}
	TAP_EQ_INT (ended, 1);
	if (trial_wait (&t)) {
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_TIMEOUT);
		TAP_EQ_INT (t.result->outcome.signal, SIGKILL);
	}
	trial_end (&t);
}

static int
free_itself (struct trial *t, const char *text, size_t len)
{
	(void) text;
	(void) len;
	TAP_EQ_INT (lhk_host_dispatch (t->host, 0), LHK_ESTATE);
	lhk_run_free (t->run);
	t->run = NULL;
	return 0;
}

static void
freed_in_callback (void)
{
	struct trial t;
	int i, before;

	trial_begin (&t, 0);
	CU_ASSERT (lhk_host_fd (t.host) >= 0);
	before = count_fds ();
	for (i = 0; i < 5; i++) {
		t.on_text = free_itself;
		if (trial_start (&t, AGENT ("out", "a", "out", "b", "pause"))
		    != LHK_OK)
			break;
		while (t.run != NULL)
			if (lhk_host_dispatch (t.host, 10000) < 0)
				break;
	}
	TAP_EQ_INT (i, 5);
	/* Also while it is waited for. */
	t.on_text = free_itself;
	TAP_EQ_INT (trial_start (&t, AGENT ("out", "a", "pause")), LHK_OK);
	TAP_EQ_INT (lhk_run_wait (t.run, 10000), LHK_ESTATE);
	TAP_EQ_INT (count_fds (), before);
	TAP_EQ_INT (count_children (), 0);
	trial_end (&t);
}

static int
free_host (struct trial *t, const char *text, size_t len)
{
	(void) text;
	(void) len;
	lhk_host_free (t->host);
	t->host = NULL;
	t->run = NULL;
	return 0;
}

static void
host_freed_in_callback (void)
{
	int before = count_fds ();
	struct lhk_host *host;
	struct trial t;

	trial_begin (&t, 0);
	host = t.host;
	t.on_text = free_host;
	TAP_EQ_INT (trial_start (&t, AGENT ("out", "a", "pause")), LHK_OK);
	while (t.host != NULL)
		if (lhk_host_dispatch (host, 10000) < 0)
			break;
	CU_ASSERT_PTR_NULL (t.host);
	TAP_EQ_INT (count_children (), 0);
	trial_end (&t);
	TAP_EQ_INT (count_fds (), before);
}

static void
woken (void)
{
	struct trial t;

	trial_begin (&t, 0);
	TAP_EQ_INT (trial_start (&t, AGENT ("pause")), LHK_OK);
	lhk_host_wake (t.host);
	TAP_EQ_INT (lhk_run_wait (t.run, -1), LHK_AGAIN);
	TAP_EQ_INT (lhk_run_wait (t.run, 10), LHK_ETIMEOUT);
	trial_end (&t);
}

static void *
cancel_often (void *arg)
{
	struct lhk_run *run = arg;
	int i;

	for (i = 0; i < 50; i++)
		lhk_run_cancel (run, SIGTERM);
	return NULL;
}

static void
canceled_by_threads (void)
{
	pthread_t threads[4];
	struct trial t;
	int i, k;

	trial_begin (&t, 0);
	for (i = 0; i < 10; i++) {
		if (trial_start (&t, AGENT ("ignoreall", "pause")) != LHK_OK)
			break;
		for (k = 0; k < 4; k++)
			pthread_create (&threads[k], NULL, cancel_often, t.run);
		trial_wait (&t);
		for (k = 0; k < 4; k++)
			pthread_join (threads[k], NULL);
		if (t.result == NULL)
			break;
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_CANCELED);
	}
	TAP_EQ_INT (i, 10);
	trial_end (&t);
}

static const struct tap_case cases[] = {
	{ "any_thread_may_cancel_at_any_time", canceled_by_threads },
	{ "one_descriptor_is_readable_for_output_ends_and_timers", own_loop },
	{ "a_run_may_be_freed_from_its_own_callback", freed_in_callback },
	{ "a_host_may_be_freed_from_a_callback_of_its_run",
	  host_freed_in_callback },
	{ "lhk_host_wake_ends_a_wait", woken },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("run_driven", cases);
}
