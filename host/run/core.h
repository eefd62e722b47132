/* SPDX-License-Identifier: MIT */
/*
 * core.h - what every part of a run shares: its state and its outcome.
 *
 * The parts are in layers: start > run > output, cancel > orphan scan > timers
 * > monitor > agent input, events > core.  A part includes only layers below its own, and
 * calls those above through struct run_owner.
 */
#ifndef RUN_CORE_H
#define RUN_CORE_H

#include <linehook/run.h>

#include "common/monitor_proto.h"
#include "io/loop.h"

enum run_state {
	RUN_STARTING, /* START was sent to the monitor */
	RUN_RUNNING,
	RUN_ENDING, /* the agent was signaled to end; the grace runs */
	RUN_KILLING,
	RUN_LEAVING,	/* it has ended; others of its tree were asked to */
	RUN_DRAINING,	/* the agent has ended; its outputs are open */
	RUN_SETTLING,	/* its tree has ended too; its outputs are open */
	RUN_SWEEPING,	/* what the agent left behind is killed */
	RUN_SCANNING,	/* the monitor is lost: its tree is searched for */
	RUN_COLLECTING, /* the tree is empty: read the last bytes, reap the
			   monitor */
	RUN_CONFIRMING, /* nothing is left; a cancel may explain the exit */
	RUN_DONE
};

enum run_event {
	RUN_EV_STARTED,
	RUN_EV_FAILED, /* the agent could not be started */
	RUN_EV_EXITED,
	RUN_EV_EMPTY, /* the tree is empty, or its survivors are named */
	RUN_EV_LOST,  /* the monitor ended and had not reported that */
	RUN_EV_MONITOR_HUNG,
	RUN_EV_STOP,	  /* `cause' was set: end the agent in its grace */
	RUN_EV_KILL,	  /* end the agent at once */
	RUN_EV_INPUT_END, /* both outputs are at their end */
	RUN_EV_LATE	  /* the time of this state is over */
};

struct run_core;

/* What a part may call of the run that it is a part of. */
struct run_owner {
	void (*event) (struct run_core *core, enum run_event event);
	/* Look whether the state of the run can advance. */
	void (*check) (struct run_core *core);
	/* Returns 1 if an output has bytes that were not read. */
	int (*has_unread) (struct run_core *core);
};

struct run_core {
	const struct run_owner *owner;
	enum run_state state;
	struct lhk_host *host;
	struct loop *loop;
	struct lhk_stream *stream;
	int free_pending; /* 1: freed by a callback; calls back no more */
	struct lhk_run_opts opts; /* its pointers are valid until the start */
	int64_t started_ms;

	int hurried;	 /* 1: a second cancel came */
	int cause;	 /* LHK_END_* for which we end the run; 0: none */
	int stop_signo;	 /* signal to end the agent with */
	int agent_ended; /* 1: EXITED was reported */
	/* A cancel with this signal before that time explains the exit. */
	int exit_signo; /* 0: none does */
	int64_t confirm_ms;
	struct lhk_outcome outcome;
	int32_t survivors[PROTO_SURVIVORS_MAX];
};

/* Returns 1 if the agent has ended, as far as is known. */
static inline int
run_has_exited (const struct run_core *core)
{
	return core->agent_ended || core->state >= RUN_DRAINING;
}

#endif /* RUN_CORE_H */
