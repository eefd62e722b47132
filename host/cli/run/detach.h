/* SPDX-License-Identifier: MIT */
/*
 * detach.h - a run that outlives the command that started it.
 *
 * The process that the user started (the starter) forks the host of the run
 * before anything of the run exists, and waits until the host has reported that
 * the agent has started, or that it has not.  Only this report counts: a record
 * of that id may be another run's.  Until then the host writes to the starter's
 * stderr; afterwards it has nothing of the starter any more, and is reached by
 * the record alone.
 */
#ifndef CLI_RUN_DETACH_H
#define CLI_RUN_DETACH_H

#include <linehook/record.h>

#include "cli/run/run_options.h"

/* In the directory of the record; it gets so many bytes at most. */
#define DETACH_LOG "host.log"
#define DETACH_LOG_MAX (1u << 20)

/* All zero: this is not the host of a detached run. */
struct detach {
	int32_t mode;		/* DETACH_* */
	int32_t is_started;	/* the start was reported */
	int32_t report;		/* to the starter; closed once is_started */
	int32_t input_is_there; /* bytes waited in the starter's stdin */
	uint64_t log_room;	/* bytes that the log may still get */
	char id[LHK_RECORD_ID_MAX + 1];
};

/*
 * Check what O asks for, complete it (an id, no output, a record), and fork the
 * host of the run.  In the host: -1, with stdin and stdout exchanged.  In the
 * starter: the exit status, after the host has reported.  In either: the exit
 * status after a sentence, if the run cannot be detached.
 */
int detach_start (struct detach *d, const char *who, struct run_options *o);

/* ---- in the host ---- */

/* The agent has started: report that, and go on without the starter.  Stderr is
 * the log of the record then, which is in the store DIR. */
void detach_set_started (struct detach *d, const char *dir);

/* The same, if the agent of RUN has started.  RUN NULL: it is not made yet. */
void detach_check_start (struct detach *d, const struct lhk_run *run,
			 const char *dir);

/* Write to stderr; to a log only as much as there is room for. */
void detach_write (struct detach *d, const char *data, size_t len);

/* The host ends with STATUS, which becomes that of the starter if that still
 * waits. */
void detach_end (struct detach *d, int status);

#endif /* CLI_RUN_DETACH_H */
