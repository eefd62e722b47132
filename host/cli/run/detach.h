/* SPDX-License-Identifier: MIT */
/*
 * detach.h - a run that outlives the command that started it.
 *
 * The process that the user started (the starter) forks the host of the run
 * before anything of the run exists, and waits until the host has reported that
 * the agent has started, or that it has not.  Only this report counts: a record
 * of that id may be another run's.
 */
#ifndef CLI_RUN_DETACH_H
#define CLI_RUN_DETACH_H

#include "cli/run/detach_host.h"
#include "cli/run/run_options.h"

/*
 * Check what O asks for, complete it (an id, no output, a record), and fork the
 * host of the run.  In the host: -1, with stdin and stdout exchanged.  In the
 * starter: the exit status, after the host has reported.  In either: the exit
 * status after a sentence, if the run cannot be detached.
 */
int detach_start (struct detach *d, const char *who, struct run_options *o);

#endif /* CLI_RUN_DETACH_H */
