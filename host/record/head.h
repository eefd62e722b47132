/* SPDX-License-Identifier: MIT */
/*
 * head.h - the first members of result.json and run.json, and what they say
 * of the host that wrote them.
 */
#ifndef RECORD_HEAD_H
#define RECORD_HEAD_H

#include <stdint.h>

#include <linehook/record.h>

struct record_head {
	char run[LHK_RECORD_ID_MAX + 1];
	char plugin[32], provider[32], verdict[32];
	char started[32], ended[32];
	int64_t started_ms, ended_ms; /* since 1970; 0: unknown */
	int exit_status;	      /* -1: unknown */
	int is_detached;
	/* Members of run.json alone. */
	int64_t host_pid;
	uint64_t host_start; /* when the process began, in clock ticks */
	char host_boot[64], host_name[72];
	char host_space[64]; /* its pid namespace */
};

/* A head of which nothing is known. */
#define RECORD_HEAD_NONE                                                       \
	(struct record_head)                                                   \
	{                                                                      \
		.exit_status = -1                                              \
	}

/* Read the head from the beginning of FD, a result.json or a run.json.  Missing
 * members are empty.  0, or -1 with errno. */
int record_head_read (int fd, struct record_head *ret);

/* Returns 1 if the file is complete: its last bytes are a brace and a newline,
 * which stand nowhere else in it.  0: it was cut short when the machine
 * crashed; -1 with errno. */
int record_head_is_whole (int fd);

/*
 * Write to PATH the file of /proc that shows whether the host is alive, and
 * return it.  "": this cannot be known (the run is of another machine or
 * container, or run.json does not say); NULL: the machine was booted since.
 */
#define RECORD_HEAD_PATH 48
const char *record_head_host_path (const struct record_head *h,
				   char path[RECORD_HEAD_PATH]);

/* Returns 1 if the process at PATH, as above, began at START, or if this cannot
 * be known; else 0.  It opens at most one file. */
int record_head_host_is_alive (const char *path, uint64_t start);

#endif /* RECORD_HEAD_H */
