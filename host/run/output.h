/* SPDX-License-Identifier: MIT */
/* output.h - stdout and stderr of the agent, and the limits on them. */
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
	int stderr_lost;       /* it could not be read to its end */
	uint64_t stdout_bytes; /* given to the stream */
	int input_fd;	       /* the agent's stdin, of opts.input.len bytes;
				  -1: none of ours */
};

void run_output_init (struct run_output *o, struct run_core *core,
		      struct run_events *events, struct run_timers *timers);

/* USER is the struct run_output. */
extern const struct reader_callbacks run_stdout_callbacks;
extern const struct reader_callbacks run_stderr_callbacks;

/* Are both outputs closed? */
int run_output_is_closed (const struct run_output *o);

/* Does somebody hold one of them open? */
int run_output_is_held (const struct run_output *o);

/* Are there bytes that were not read yet? */
int run_output_has_unread (const struct run_output *o);

/* Read what is there, then close. */
void run_output_finish (struct run_output *o);

/* Close without reading.  FORKED 1: the loop is the parent's. */
void run_output_stop (struct run_output *o, int forked);

/* Was some of INPUT not read?  The agent's offset in it is ours too. */
int run_output_has_unread_input (const struct run_output *o);

#endif /* RUN_OUTPUT_H */
