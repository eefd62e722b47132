/* SPDX-License-Identifier: MIT */
/* output.h - read stdout and stderr of the agent, up to the limits on them. */
#ifndef RUN_OUTPUT_H
#define RUN_OUTPUT_H

#include "io/file_follow.h"
#include "io/head_tail.h"
#include "io/pipe.h"
#include "run/timers.h"

struct run_output {
	struct run_core *core;
	struct run_events *events;
	struct run_timers *timers;
	struct pipe_reader out, err;
	struct file_follower spool; /* stdout, when it is a file */
	struct head_tail stderr_capture;
	int stderr_lost; /* 1: it could not be read to its end */
	int stderr_cut;	 /* 1: a notice says that the record has not all */
	/* What became of stdout: how often, and how many bytes. */
	struct {
		uint64_t times, bytes;
	} troubles[READER_TROUBLES];
	uint64_t stdout_bytes; /* written to the stream */
	struct timer release;  /* of what the stream holds back */
	int holds_lines;       /* 1: lines, too */
};

void run_output_init (struct run_output *o, struct run_core *core,
		      struct run_events *events, struct run_timers *timers);

/* Callbacks of the readers; USER is the struct run_output. */
extern const struct reader_callbacks run_stdout_callbacks;
extern const struct reader_callbacks run_stderr_callbacks;

/* Events were made of the output: what they say of usage and claims may end the
 * run. */
void run_output_parsed (struct run_output *o);

/* The output is to tell which plugin reads it: limit the time that its header
 * and its first lines are held back for that. */
void run_output_await_plugin (struct run_output *o);

/* Nothing follows: end the stream.  By now it has told which plugin reads it, or
 * none does. */
void run_output_end (struct run_output *o);

/* Returns 1 if both outputs are at their end. */
int run_output_is_closed (const struct run_output *o);

/* Returns 1 if a process still has one of them open for writing. */
int run_output_is_held (const struct run_output *o);

/* Returns 1 if there are bytes that were not read. */
int run_output_has_unread (const struct run_output *o);

/* Read what is there now, and close. */
void run_output_finish (struct run_output *o);

/* Do not read what is left. */
void run_output_cut (struct run_output *o);

/* Close without reading.  FORKED 1: this is a child of the process that owns
 * the loop. */
void run_output_stop (struct run_output *o, int forked);

#endif /* RUN_OUTPUT_H */
