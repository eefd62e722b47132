/* SPDX-License-Identifier: MIT */
/* host_loop.c - the loop of a host, seen from outside. */
#include "config.h"

#include <unistd.h>

#include "run/host_loop.h"
#include "run/run.h"

int
host_loop (struct lhk_host *host, struct loop **ret, struct lhk_error *err)
{
	int r;

	if (host->loop == NULL) {
		r = loop_new (&host->alloc, &host->loop, err);
		if (r < 0)
			return r;
	}
	*ret = host->loop;
	return LHK_OK;
}

void
host_loop_free (struct lhk_host *host)
{
	loop_free (host->loop, host->pid != getpid ());
	host->loop = NULL;
}

int
lhk_host_fd (struct lhk_host *host)
{
	struct loop *l = NULL;
	int r = host_check (host);

	if (r == LHK_OK)
		r = host_loop (host, &l, NULL);
	return r < 0 ? r : l->epoll;
}

int
host_turn (struct lhk_host *host, int timeout_ms)
{
	struct lhk_run *run, *next;
	int r;

	host->loop->woken = 0;
	host->loop->n_done = 0;
	r = loop_turn (host->loop, timeout_ms);
	if (r < 0 || !host->loop->rung)
		return r;
	host->loop->rung = 0;
	/* Their callbacks may free runs, but not unlink them. */
	loop_enter (host->loop);
	for (run = host->runs; run != NULL; run = next) {
		next = run->next;
		run_apply_cancel (run);
	}
	loop_leave (host->loop);
	return LHK_OK;
}

void
host_free_deferred (struct lhk_host *host)
{
	struct lhk_run *run, *next;

	/* They hold runs. */
	if (host->loop->free_pending)
		host_close_children (host);
	for (run = host->runs; run != NULL; run = next) {
		next = run->next;
		if (run->free_pending)
			run_destroy (run);
	}
	if (host->loop->free_pending) {
		host->loop->free_pending = 0;
		lhk_host_free (host);
	}
}

int
host_defer_free (struct lhk_host *host)
{
	struct lhk_run *run;

	if (host->pid != getpid () || host->loop == NULL
	    || !host->loop->turning)
		return 0;
	host->loop->free_pending = 1;
	for (run = host->runs; run != NULL; run = run->next)
		lhk_run_free (run);
	return 1;
}

int
lhk_host_dispatch (struct lhk_host *host, int timeout_ms)
{
	struct loop *l = NULL;
	int r = host_check (host);

	if (r == LHK_OK)
		r = host_loop (host, &l, NULL);
	if (r == LHK_OK)
		r = host_turn (host, timeout_ms);
	if (r < 0)
		return r;
	r = (int) l->n_done;
	host_free_deferred (host);
	return r;
}

void
lhk_host_wake (struct lhk_host *host)
{
	if (host_check (host) == LHK_OK && host->loop != NULL)
		loop_wake (host->loop);
}
