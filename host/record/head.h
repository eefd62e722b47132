/* SPDX-License-Identifier: MIT */
/*
 * head.h - the first members of result.json and run.json, and what they say
 * of the host that wrote them.
 */
#ifndef RECORD_HEAD_H
#define RECORD_HEAD_H

#include <stdint.h>

struct record_head {
	char plugin[32], provider[32], verdict[32];
	char started[32], ended[32];
	int64_t started_ms, ended_ms; /* since 1970; 0: not told */
	int exit_status;	      /* -1: not told */
	/* In run.json alone. */
	int64_t host_pid;
	uint64_t host_start; /* when the process began, in clock ticks */
	char host_boot[64], host_name[72];
	char host_space[64]; /* its pid namespace */
};

/* Nothing is told. */
#define RECORD_HEAD_NONE                                                       \
	(struct record_head)                                                   \
	{                                                                      \
		.exit_status = -1                                              \
	}

/* Read it from the beginning of FD, a result.json or a run.json.  What is not
 * there is empty.  0, or -1 with errno. */
int record_head_read (int fd, struct record_head *ret);

/* Is the file whole?  Its last bytes are a brace and a newline, which stand
 * nowhere else in it.  1; 0: it was cut short when the machine went down; -1
 * with errno. */
int record_head_is_whole (int fd);

/*
 * The file of /proc that tells whether the host is alive, in PATH.  "" when
 * that cannot be known (the run is of another machine or container, or run.json
 * does not tell); NULL when the machine was booted since.
 */
#define RECORD_HEAD_PATH 48
const char *record_head_host_path (const struct record_head *h,
				   char path[RECORD_HEAD_PATH]);

/* Is the process at PATH, as above, the one that began at START?  1, also when
 * it cannot be known; 0.  Opens at most one file. */
int record_head_host_is_alive (const char *path, uint64_t start);

#endif /* RECORD_HEAD_H */
