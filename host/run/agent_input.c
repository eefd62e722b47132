/* SPDX-License-Identifier: MIT */
/* agent_input.c - stdin of the agent, when it is copied. */
#include "config.h"

#include <string.h>

#include "run/agent_input.h"
#include "run/host.h"

void
agent_input_init (struct agent_input *in, struct run_core *core,
		  struct run_events *events)
{
	in->core = core;
	in->events = events;
	in->copier = (struct copier) COPIER_INIT;
}

/* The agent gets what was read, and end of file: nobody answers it any more. */
static void
on_ended (void *user, int sys_errno)
{
	struct agent_input *in = user;

	stream_set_can_answer (in->core->stream, 0);
	if (sys_errno == 0)
		return;
	in->core->outcome.flags |= LHK_FLAG_STDIN_FAILED;
	run_notice (in->events, LHK_LOG_WARN, LHK_CODE_HOST,
		    "cannot read the input to its end: %s; the agent gets no "
		    "more of it",
		    strerror (sys_errno));
}

int
agent_input_start (struct agent_input *in, int fd, int *ret_fd)
{
	return copier_start (&in->copier, in->core->loop, fd, ret_fd, on_ended,
			     in);
}

void
agent_input_stop (struct agent_input *in, int forked)
{
	copier_stop (&in->copier, forked);
}
