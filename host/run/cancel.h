/* SPDX-License-Identifier: MIT */
/* cancel.h - the end of a run that somebody asked for. */
#ifndef RUN_CANCEL_H
#define RUN_CANCEL_H

#include <stdatomic.h>

#include "io/inotify.h"
#include "run/timers.h"

struct run_cancel {
	struct run_core *core;
	struct run_events *events;
	struct run_timers *timers;
	_Atomic unsigned int request; /* see CANCEL_* */
	unsigned int applied;	      /* what of it was dealt with */
	struct inotify_watch file_watch;
	struct timer poll_timer; /* where a directory cannot be watched */
};

void run_cancel_init (struct run_cancel *c, struct run_core *core,
		      struct run_events *events, struct run_timers *timers);

/* Watch for the file `cancel' in the directory of the record. */
void run_cancel_watch_file (struct run_cancel *c);

/* FORKED 1: the loop is the parent's. */
void run_cancel_unwatch_file (struct run_cancel *c, int forked);

/* Ask for the end.  Any thread, and signal handlers. */
void run_request_cancel (struct run_cancel *c, int signo);

/* Do what was asked for since the last time. */
void run_apply_cancel (struct run_cancel *c);

#endif /* RUN_CANCEL_H */
