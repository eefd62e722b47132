/* SPDX-License-Identifier: MIT */
/*
 * core.h - what every part of a run shares: its state and what came of it.
 *
 * The parts stand on a ladder: start > run > output, cancel > orphan scan >
 * timers > monitor > events > core.  A part includes only what stands below
 * it; upwards it calls the functions of struct run_owner.
 */
#ifndef RUN_CORE_H
#define RUN_CORE_H

#include <linehook/run.h>

#include "common/monitor_proto.h"
#include "io/loop.h"

enum run_state {
	RUN_STARTING, /* the monitor was asked to start the agent */
	RUN_RUNNING,
	RUN_ENDING, /* the agent was asked to end; the grace runs */
	RUN_KILLING,
	RUN_LEAVING,	/* it has ended as asked; others of its tree may yet */
	RUN_DRAINING,	/* the agent has ended; its outputs are open */
	RUN_SETTLING,	/* its tree has ended too; its outputs are open */
	RUN_SWEEPING,	/* what the agent left behind is killed */
	RUN_SCANNING,	/* the monitor is lost: its tree is searched for */
	RUN_COLLECTING, /* the tree is gone: last bytes, the monitor's end */
	RUN_DONE
};

enum run_event {
	RUN_EV_STARTED,
	RUN_EV_FAILED, /* the agent could not be started */
	RUN_EV_EXITED,
	RUN_EV_EMPTY, /* the tree is empty, or its survivors are named */
	RUN_EV_LOST,  /* the monitor ended and had not reported that */
	RUN_EV_MONITOR_HUNG,
	RUN_EV_STOP,	  /* a cause was latched: end in order */
	RUN_EV_KILL,	  /* end at once */
	RUN_EV_INPUT_END, /* both outputs are at their end */
	RUN_EV_LATE	  /* the clock of this state is over */
};

struct run_core;

/* What a part may ask of the run that it is a part of. */
struct run_owner {
	void (*event) (struct run_core *core, enum run_event event);
	/* Something that the state waits for may have come. */
	void (*check) (struct run_core *core);
	/* Bytes of an output that were not read yet: 1 or 0. */
	int (*has_unread) (struct run_core *core);
};

struct run_core {
	const struct run_owner *owner;
	enum run_state state;
	struct lhk_host *host;
	struct loop *loop;
	struct lhk_stream *stream;
	int free_pending;	  /* freed by a callback; silent from then on */
	struct lhk_run_opts opts; /* after the start without its pointers */
	int64_t started_ms;

	int cause;	 /* LHK_END_* that the run is ended for; 0: none */
	int stop_signo;	 /* signal that asks the agent to end */
	int agent_ended; /* EXITED was reported */
	struct lhk_outcome outcome;
	int32_t survivors[PROTO_SURVIVORS_MAX];
};

/* Has the agent ended, as far as it can be known? */
static inline int
run_has_exited (const struct run_core *core)
{
	return core->agent_ended || core->state >= RUN_DRAINING;
}

#endif /* RUN_CORE_H */
