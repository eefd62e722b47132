/* SPDX-License-Identifier: MIT */
/* cancel.c - cancel a run: by a call, a signal, or a file in its record. */
#include "config.h"

#include <signal.h>

#include "common/macros.h"
#include "run/cancel.h"

/* Bits of a request: there was a call, there was a second one, and the signal
 * of the first. */
#define CANCEL_REQUESTED 0x100u
#define CANCEL_REPEATED 0x200u
#define CANCEL_SIGNO 0x0ffu

/* Milliseconds between two checks where a directory cannot be watched. */
#define POLL_MS 1000

void
run_cancel_init (struct run_cancel *c, struct run_core *core,
		 struct run_events *events, struct run_timers *timers)
{
	c->core = core;
	c->events = events;
	c->timers = timers;
	c->file_watch.wd = -1;
}

void
run_request_cancel (struct run_cancel *c, int signo)
{
	unsigned int none = 0;
	unsigned int request =
		CANCEL_REQUESTED
		| ((unsigned int) (signo <= 0 || signo > 64 ? SIGTERM : signo)
		   & CANCEL_SIGNO);

	if (!atomic_compare_exchange_strong (&c->request, &none, request))
		atomic_fetch_or (&c->request, CANCEL_REPEATED);
	loop_post (c->core->loop);
}

void
run_apply_cancel (struct run_cancel *c)
{
	struct run_core *core = c->core;
	unsigned int request = atomic_load (&c->request);
	int signo = (int) (request & CANCEL_SIGNO);

	if (request == c->applied || core->state == RUN_DONE
	    || core->free_pending)
		return;
	if (c->applied == 0) {
		run_stop (c->timers, LHK_END_CANCELED, signo);
		if (core->cause == LHK_END_CANCELED)
			core->outcome.cancel_signal = signo;
		if (run_has_exited (core))
			core->owner->event (core, RUN_EV_STOP);
	}
	c->applied = request;
	if (request & CANCEL_REPEATED) {
		core->hurried = 1;
		core->owner->event (core, RUN_EV_KILL);
	}
}

/* ---- the file `cancel' in the record ---- */

unsigned int
run_cancel_read (const struct run_cancel *c, int *ret_signo)
{
	unsigned int request = atomic_load (&c->request);

	*ret_signo = (int) (request & CANCEL_SIGNO);
	return request == 0 ? 0 : (request & CANCEL_REPEATED) == 0 ? 1 : 2;
}

void
run_cancel_check_file (struct run_cancel *c)
{
	struct record_cancel asked;

	if (!record_writer_canceled (&c->events->record, &asked)
	    || asked.inode == c->file_inode)
		return;
	c->file_inode = asked.inode;
	run_request_cancel (c, asked.signo);
	/* Two that came at once are one file, the later one. */
	if (asked.again)
		run_request_cancel (c, asked.signo);
}

static void
on_directory_change (struct inotify_watch *w)
{
	run_cancel_check_file (container_of (w, struct run_cancel, file_watch));
}

static void
on_poll_timer (struct timer *timer)
{
	struct run_cancel *c =
		container_of (timer, struct run_cancel, poll_timer);

	loop_arm (c->core->loop, timer, POLL_MS);
	run_cancel_check_file (c);
}

void
run_cancel_watch_file (struct run_cancel *c)
{
	int dir = c->events->record.dir;

	if (dir < 0)
		return;
	c->file_watch.changed = on_directory_change;
	c->poll_timer.fire = on_poll_timer;
	if (inotify_watch_add_dir (c->core->loop, &c->file_watch, dir) < 0)
		loop_arm (c->core->loop, &c->poll_timer, POLL_MS);
}

void
run_cancel_unwatch_file (struct run_cancel *c, int forked)
{
	/* The inotify of a parent is its own. */
	if (!forked)
		inotify_watch_remove (c->core->loop, &c->file_watch);
	timer_clear (&c->core->loop->timers, &c->poll_timer);
}
