/* SPDX-License-Identifier: MIT */
/* cancel.h - cancel a run: by a call, a signal, or a file in its record. */
#ifndef RUN_CANCEL_H
#define RUN_CANCEL_H

#include <stdatomic.h>

#include "io/inotify.h"
#include "run/timers.h"

struct run_cancel {
	struct run_core *core;
	struct run_events *events;
	struct run_timers *timers;
	_Atomic unsigned int request; /* CANCEL_* */
	unsigned int applied;	      /* the request that was applied last */
	uint64_t file_inode;	      /* of the request in the record that was
					 read last; 0: none */
	struct inotify_watch file_watch;
	struct timer poll_timer; /* where a directory cannot be watched */
};

void run_cancel_init (struct run_cancel *c, struct run_core *core,
		      struct run_events *events, struct run_timers *timers);

/* Watch for the file `cancel' in the directory of the record.  One that replaces
 * another is a second request. */
void run_cancel_watch_file (struct run_cancel *c);

/* Stop watching.  FORKED 1: this is a child of the process that owns the
 * loop. */
void run_cancel_unwatch_file (struct run_cancel *c, int forked);

/* Request the end of the run by SIGNO.  It may be called from any thread and
 * from signal handlers. */
void run_request_cancel (struct run_cancel *c, int signo);

/* Apply the requests that came since the last call. */
void run_apply_cancel (struct run_cancel *c);

/* Look for a request in the record, as is done when the loop sees one. */
void run_cancel_check_file (struct run_cancel *c);

/* How often a cancel was asked for, 0 to 2, and by which signal. */
unsigned int run_cancel_read (const struct run_cancel *c, int *ret_signo);

#endif /* RUN_CANCEL_H */
