/* SPDX-License-Identifier: MIT */
/* end.c - the outcome, the final result, and giving everything back. */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "run/run.h"
#include "common/fd.h"
#include "common/mem.h"

/* Bytes of a notice. */
#define SAY_MAX 240

void
run_notice (struct lhk_run *run, int level, const char *code, const char *fmt,
	    ...)
{
	char text[SAY_MAX];
	va_list args;

	va_start (args, fmt);
	vsnprintf (text, sizeof text, fmt, args);
	va_end (args);
	lhk_stream_notice (run->stream, level, code, text);
	/* Whoever follows the record is told now, too. */
	record_writer_flush (&run->keep);
}

/* The child's offset in its stdin is ours too. */
static int
left_input (const struct lhk_run *run)
{
	off_t at;

	if (run->input_fd < 0 || run->agent == 0)
		return 0;
	at = lseek (run->input_fd, 0, SEEK_CUR);
	return at >= 0 && (uint64_t) at < run->opts.input.len;
}

static int
how_of (const struct lhk_run *run)
{
	if (run->cause != 0)
		return run->cause;
	return run->outcome.signal != 0 ? LHK_END_SIGNALED : LHK_END_EXITED;
}

static const char *
contain_text (const struct lhk_run *run)
{
	static const char *const texts[][2] = {
		[CONTAIN_CGROUP] = { "cgroup", "cgroup+scope" },
		[CONTAIN_PIDNS] = { "pidns", "pidns+scope" },
		[CONTAIN_SUBREAPER] = { "subreaper", "subreaper+scope" },
	};

	if (run->outcome.flags & LHK_FLAG_MONITOR_LOST)
		return "scan";
	if (run->contain < CONTAIN_CGROUP || run->contain > CONTAIN_SUBREAPER)
		return NULL;
	return texts[run->contain][run->scoped != 0];
}

/* A helper that is not reaped yet is known by its pidfd alone: its number may
 * be that of another child of the embedder by then. */
static void
release (struct lhk_run *run)
{
	fd_close (&run->helper.control);
	if (run->helper.pid == 0)
		monitor_client_close (&run->helper);
	fd_close (&run->agent_fd);
	fd_close (&run->input_fd);
}

void
run_finish (struct lhk_run *run)
{
	struct lhk_outcome *o = &run->outcome;

	o->size = sizeof *o;
	o->end_reason = how_of (run);
	o->survivors = run->survivors;
	o->contain = contain_text (run);
	o->wall_ms = (uint64_t) (loop_now (run->loop) - run->started_ms);
	if (run->queue.lost != 0 || run->kept.lost)
		o->flags |= LHK_FLAG_DEGRADED;
	if (left_input (run))
		o->flags |= LHK_FLAG_STDIN_FAILED;
	head_tail_ends (&run->kept, &o->stderr_head, &o->stderr_tail);
	o->stderr_bytes = run->kept.total;
	loop_remove (run->loop, &run->control);
	loop_remove (run->loop, &run->ended);
	loop_remove (run->loop, &run->agent_ended);
	release (run);
	run_record_flush (run);
	if (lhk_stream_finish (run->stream, o, &run->result) < 0) {
		run->fallback.size = sizeof run->fallback;
		run->fallback.verdict = LHK_VERDICT_HOST_ERROR;
		run->fallback.outcome = *o;
		run->result = &run->fallback;
	}
	run_record_end (run);
	run->loop->n_done++;
}

static void
unlink_run (struct lhk_run *run)
{
	struct lhk_run **p;

	for (p = &run->host->runs; *p != NULL; p = &(*p)->next) {
		if (*p == run) {
			*p = run->next;
			return;
		}
	}
}

/* In a forked child the loop is the parent's too: it is left as it is. */
static void
leave_loop (struct lhk_run *run, int forked)
{
	struct timers *all = &run->loop->timers;

	if (!forked) {
		loop_remove (run->loop, &run->control);
		loop_remove (run->loop, &run->ended);
		loop_remove (run->loop, &run->agent_ended);
	}
	pipe_stop (&run->out, forked);
	pipe_stop (&run->err, forked);
	file_follow_stop (&run->spool, forked);
	timer_clear (all, &run->total);
	timer_clear (all, &run->idle);
	timer_clear (all, &run->linger);
	timer_clear (all, &run->phase);
	timer_clear (all, &run->deaf);
}

void
run_destroy (struct lhk_run *run)
{
	const struct lhk_alloc *alloc = &run->host->alloc;
	int forked = run->host->pid != getpid ();

	if (!forked) {
		run_kill_begin (run);
		run_kill_end (run);
	}
	leave_loop (run, forked);
	run_record_drop (run, forked);
	orphans_stop (&run->orphans);
	release (run);
	monitor_client_close (&run->helper);
	unlink_run (run);
	lhk_stream_free (run->stream);
	event_queue_free (&run->queue);
	head_tail_free (&run->kept);
	run->magic = 0;
	mem_free (alloc, run, sizeof *run);
}

void
run_free_all (struct lhk_host *host)
{
	struct lhk_run *run;

	if (host->pid == getpid ())
		for (run = host->runs; run != NULL; run = run->next)
			run_kill_begin (run);
	while (host->runs != NULL)
		run_destroy (host->runs);
}
