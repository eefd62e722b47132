/* SPDX-License-Identifier: MIT */
/* api.c - the public functions on a run that was started. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "run/host_loop.h"
#include "run/run.h"
#include "common/text.h"

/* A progress of the future is longer than ours; garbage is longer still. */
#define PROGRESS_MAX 4096u

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
		if (r == LHK_OK
		    && (run->free_pending || host->loop->free_pending))
			r = LHK_ESTATE;
		else if (r == LHK_OK && run->result == NULL
			 && host->loop->woken)
			r = LHK_AGAIN;
		host_free_deferred (host);
	}
	return r;
}

/* Lines begin with it. */
static uint64_t
seq_of (const struct lhk_str *line)
{
	static const char key[] = "{\"seq\":";
	const char *p = line->ptr + sizeof key - 1;
	uint64_t seq = 0;

	for (; *p >= '0' && *p <= '9'; p++)
		seq = seq * 10 + (uint64_t) (*p - '0');
	return seq;
}

static void
queue_final (struct lhk_run *run)
{
	const struct lhk_result *r = run->result;
	struct lhk_ev_result last = {
		.ev = LHK_EV (struct lhk_ev_result, LHK_EV_RESULT),
		.verdict = r->verdict,
		.terminal = 1,
		.stop_reason = r->stop_reason,
		.text = r->text,
		.error = r->error,
		.final = r,
	};

	event_queue_event (&run->queue, &run->final_meta, &last.ev, 0);
}

/* So many that no disk and no memory took, or that a disk took and did not
 * give back. */
static void
queue_loss (struct lhk_run *run, uint64_t n)
{
	struct lhk_meta meta = run->final_meta;
	struct lhk_ev_notice loss = {
		.ev = LHK_EV (struct lhk_ev_notice, LHK_EV_NOTICE),
		.level = LHK_LOG_ERROR,
		.code = LHK_TEXT_INIT (LHK_CODE_HOST),
	};
	char text[80];

	snprintf (text, sizeof text,
		  "%" PRIu64 " events are lost: no memory"
		  " and no disk to keep them",
		  n);
	loss.text = text_from_cstr (text);
	meta.seq--;
	event_queue_event (&run->queue, &meta, &loss.ev, 0);
}

/* The queue is empty and the run over.  Whatever became of the others, the
 * final result is given out. */
static int
next_at_end (struct lhk_run *run, struct lhk_str *ret)
{
	uint64_t missing = run->final_meta.seq - run->given_seq;

	if (run->final_meta.seq == 0 || missing == 0)
		return LHK_END;
	if (missing > 1)
		queue_loss (run, missing - 1);
	else
		queue_final (run);
	return event_queue_next (&run->queue, ret) == LHK_OK ? LHK_OK
							     : LHK_ENOMEM;
}

int
lhk_run_next_json (struct lhk_run *run, struct lhk_str *ret)
{
	int r = run_check (run);

	if (r < 0)
		return r;
	if (run->on_event != NULL || ret == NULL)
		return LHK_EINVAL;
	r = event_queue_next (&run->queue, ret);
	if (r == LHK_AGAIN && run->result != NULL)
		r = next_at_end (run, ret);
	if (r == LHK_OK)
		run->given_seq = seq_of (ret);
	return r;
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
		run_request_cancel (run, signo);
}

static int
phase_of (const struct lhk_run *run)
{
	if (run->result != NULL)
		return LHK_PHASE_ENDED;
	if (run->exited)
		return LHK_PHASE_EXITED;
	switch (run->state) {
	case RUN_STARTING:
		return LHK_PHASE_STARTING;
	case RUN_RUNNING:
		return LHK_PHASE_RUNNING;
	default:
		return LHK_PHASE_ENDING;
	}
}

static void
fill_progress (const struct lhk_run *run, struct lhk_run_progress *p)
{
	const struct lhk_outcome *o = &run->outcome;
	struct lhk_stream_stats stats;
	int64_t now = loop_now (run->loop);
	int has_cost = 0;

	p->phase = phase_of (run);
	p->pid = run->agent > 0 ? run->agent : 0;
	p->paused = run->paused;
	p->has_exit = o->has_exit;
	p->exit_code = o->exit_code;
	p->signal = o->signal;
	p->tools_open = lhk_stream_tools_open (run->stream);
	p->tasks_open = lhk_stream_tasks_open (run->stream);
	p->claimed = lhk_stream_claimed (run->stream);
	p->wall_ms = run->result != NULL ? run->result->outcome.wall_ms
					 : (uint64_t) (now - run->started_ms);
	p->silent_ms =
		now > run->output_ms ? (uint64_t) (now - run->output_ms) : 0;
	stream_sum (run->stream, &p->tokens, &p->cost_nano_usd, &has_cost);
	p->has_cost = has_cost;
	lhk_stream_stats (run->stream, &stats);
	p->events = stats.events;
	p->stdout_bytes = run->outbuf_bytes;
	p->stderr_bytes = run->kept.total;
}

int
lhk_run_progress (const struct lhk_run *run, struct lhk_run_progress *progress)
{
	struct lhk_run_progress own = LHK_RUN_PROGRESS_INIT;
	int r = run_check (run);

	if (r < 0)
		return r;
	if (progress == NULL || progress->size < sizeof progress->size
	    || progress->size > PROGRESS_MAX)
		return LHK_EINVAL;
	fill_progress (run, &own);
	own.size = progress->size;
	memcpy (progress, &own, own.size < sizeof own ? own.size : sizeof own);
	return LHK_OK;
}

const struct lhk_result *
lhk_run_result (const struct lhk_run *run)
{
	return run_check (run) == LHK_OK ? run->result : NULL;
}

void
lhk_run_free (struct lhk_run *run)
{
	if (run_check (run) < 0 || run->free_pending)
		return;
	if (!run->loop->turning) {
		run_destroy (run);
		return;
	}
	/* From inside a callback, perhaps its own. */
	run->free_pending = 1;
	run->on_event = NULL;
	run->opts.on_stdout = NULL;
	run->opts.on_stderr = NULL;
}
