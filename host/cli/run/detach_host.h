/* SPDX-License-Identifier: MIT */
/*
 * detach_host.h - the host of a detached run, and what it reports.
 *
 * Until the agent has started, the host writes to the stderr of its starter.
 * Afterwards it has nothing of the starter any more: stderr is a file in the
 * record, which alone leads to the run.
 */
#ifndef CLI_RUN_DETACH_HOST_H
#define CLI_RUN_DETACH_HOST_H

#include <linehook/record.h>
#include <linehook/run.h>

/* In the directory of the record; it gets so many bytes at most. */
#define DETACH_LOG "host.log"
#define DETACH_LOG_MAX (1u << 20)

/* The writing end of the pipe of the reports, in the host. */
#define DETACH_FD 4

enum {
	DETACH_NONE = 0,
	DETACH_SESSION = 1, /* in a session of its own */
	DETACH_SCOPE = 2    /* in a scope of systemd, too */
};

enum {
	DETACH_HOST = 1,    /* the pid of the host; comes first */
	DETACH_STARTED = 2, /* the agent has started; comes last */
	DETACH_ENDED = 3    /* or: the exit status of a start that failed */
};

struct detach_report {
	int32_t kind;
	int32_t value;
};

/* All zero: this is not the host of a detached run. */
struct detach {
	int32_t mode;		/* DETACH_* */
	int32_t is_started;	/* the start was reported */
	int32_t report;		/* to the starter; closed once is_started */
	int32_t input_is_there; /* bytes waited in the starter's stdin */
	uint64_t log_room;	/* bytes that the log may still get */
	char id[LHK_RECORD_ID_MAX + 1];
};

/* Nobody may be there to read it. */
void detach_report (const struct detach *d, int kind, int value);

/* The agent has started: report that, and go on without the starter.  Stderr is
 * the log of the record then, which is in the store DIR. */
void detach_set_started (struct detach *d, const char *dir);

/* The same, if the agent of RUN has started.  RUN NULL: it is not made yet. */
void detach_check_start (struct detach *d, const struct lhk_run *run,
			 const char *dir);

/* Write to stderr; to a log only as much as there is room for. */
void detach_write (struct detach *d, const char *data, size_t len);

/* Wait until FD is readable, which tells that the loop has something to do, or
 * until a signal comes; after a while, take little memory.  FD may be an error.
 * How long the turn of the loop may wait: 0, or -1 for no limit. */
int detach_await (int fd);

/* The host ends with STATUS, which becomes that of the starter if that still
 * waits. */
void detach_end (struct detach *d, int status);

#endif /* CLI_RUN_DETACH_HOST_H */
