/* SPDX-License-Identifier: MIT */
/*
 * frame_log.h - callbacks of a framer that write each line down.
 *
 *	1@0 line 5 "hello"		number, offset, kind, length, content
 *	2@6 line 3000000 #1a2b3c4d	checksum when longer than 40 bytes
 *	3@9 line 2 "ab" cr open		flags: had CR, unterminated
 *	4@20 skip 5000 size head=4096 raw=5001
 */
#ifndef TESTS_FRAME_LOG_H
#define TESTS_FRAME_LOG_H

#include "frame/frame.h"
#include "lib/failing.h"

struct frame_log {
	struct frame frame;
	struct failing memory;
	struct budget budget;
	char *text;
	size_t len, cap;
	uint64_t raw;	  /* bytes of the line that is skipped */
	uint64_t skips;	  /* skip_begin without skip_end yet */
	uint64_t copied;  /* lines that were not in the caller's bytes */
	uint64_t faults;  /* no '\n' at data[len], calls in wrong order */
	const char *from; /* the caller's bytes, for COPIED */
	size_t from_len;
	int quiet; /* write nothing down */
};

/* Aborts when there is no memory for the first buffer. */
void frame_log_init (struct frame_log *log, size_t line_max, int keep_head);

/* Feed in pieces of CHUNK bytes (0: all at once). */
void frame_log_feed (struct frame_log *log, const char *data, size_t len,
		     size_t chunk);

/* End of stream. */
void frame_log_end (struct frame_log *log);

/* 1 if all memory came back and no fault was seen. */
int frame_log_done (struct frame_log *log);

#endif /* TESTS_FRAME_LOG_H */
