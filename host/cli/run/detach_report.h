/* SPDX-License-Identifier: MIT */
/* detach_report.h - what the host of a detached run tells its starter. */
#ifndef CLI_RUN_DETACH_REPORT_H
#define CLI_RUN_DETACH_REPORT_H

#include "cli/run/detach.h"

/* The writing end of the pipe, in the host. */
#define DETACH_FD 4

enum {
	DETACH_HOST = 1,    /* the pid of the host; comes first */
	DETACH_STARTED = 2, /* the agent has started; comes last */
	DETACH_ENDED = 3    /* or: the exit status of a start that failed */
};

struct detach_report {
	int32_t kind;
	int32_t value;
};

/* Nobody may be there to read it. */
void detach_report (const struct detach *d, int kind, int value);

#endif /* CLI_RUN_DETACH_REPORT_H */
