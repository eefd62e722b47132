/* SPDX-License-Identifier: MIT */
/* agent_input.h - stdin of the agent, when it is copied. */
#ifndef RUN_AGENT_INPUT_H
#define RUN_AGENT_INPUT_H

#include "io/copier.h"
#include "run/events.h"

struct agent_input {
	struct run_core *core;
	struct run_events *events;
	struct copier copier;
};

void agent_input_init (struct agent_input *in, struct run_core *core,
		       struct run_events *events);

/* Copy from FD, which stays its owner's; *RET_FD is the agent's end, for the
 * caller to close.  0, or -1 with errno. */
int agent_input_start (struct agent_input *in, int fd, int *ret_fd);

/* Read no more.  FORKED 1: this is a child of the process that owns the
 * loop. */
void agent_input_stop (struct agent_input *in, int forked);

#endif /* RUN_AGENT_INPUT_H */
