/* SPDX-License-Identifier: MIT */
/* run_api.c - the public functions on a run that was started. */
#include "config.h"

#include <time.h>
#include <unistd.h>

#include "run/drive.h"
#include "run/run.h"

int
run_check (const struct lhk_run *run)
{
	if (run == NULL || run->magic != RUN_MAGIC)
		return LHK_EINVAL;
	return host_check (run->host);
}

static int64_t
now_ms (void)
{
	struct timespec ts;

	clock_gettime (CLOCK_MONOTONIC, &ts);
	return (int64_t) ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int
lhk_run_wait (struct lhk_run *run, int timeout_ms)
{
	int64_t until = now_ms () + timeout_ms;
	struct lhk_host *host;
	int64_t left = -1;
	int r = run_check (run);

	if (r < 0)
		return r;
	host = run->host;
	while (r == LHK_OK && run->result == NULL) {
		if (timeout_ms >= 0) {
			left = until - now_ms ();
			if (left < 0)
				return LHK_ETIMEOUT;
		}
		r = host_turn (host, (int) left);
		if (r == LHK_OK && (run->doomed || host->loop->doomed))
			r = LHK_ESTATE;
		else if (r == LHK_OK && run->result == NULL
			 && host->loop->woken)
			r = LHK_AGAIN;
		host_bury (host);
	}
	return r;
}

int
lhk_run_next_json (struct lhk_run *run, struct lhk_str *ret)
{
	int r = run_check (run);

	if (r < 0)
		return r;
	if (run->on_event != NULL || ret == NULL)
		return LHK_EINVAL;
	r = queue_next (&run->queue, ret);
	return r == LHK_AGAIN && run->result != NULL ? LHK_END : r;
}

int
lhk_run_pause (struct lhk_run *run)
{
	int r = run_check (run);

	if (r == LHK_OK)
		run_pause (run);
	return r;
}

int
lhk_run_resume (struct lhk_run *run)
{
	int r = run_check (run);

	if (r == LHK_OK)
		run_resume (run);
	return r;
}

void
lhk_run_cancel (struct lhk_run *run, int signo)
{
	if (run_check (run) == LHK_OK)
		run_ask_cancel (run, signo);
}

const struct lhk_result *
lhk_run_result (const struct lhk_run *run)
{
	return run_check (run) == LHK_OK ? run->result : NULL;
}

void
lhk_run_free (struct lhk_run *run)
{
	if (run_check (run) < 0 || run->doomed)
		return;
	if (!run->loop->turning) {
		run_destroy (run);
		return;
	}
	/* From inside a callback, perhaps its own. */
	run->doomed = 1;
	run->on_event = NULL;
	run->opts.on_stdout = NULL;
	run->opts.on_stderr = NULL;
}
