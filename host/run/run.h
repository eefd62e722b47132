/* SPDX-License-Identifier: MIT */
/* run.h - struct lhk_run; private to run/. */
#ifndef RUN_RUN_H
#define RUN_RUN_H

#include "run/cancel.h"
#include "run/host.h"
#include "run/agent_input.h"
#include "run/orphan_scan.h"
#include "run/output.h"
#include "run/timers.h"
#include "plugin/choose.h"

#define RUN_MAGIC 0x52756e21u

struct lhk_run {
	struct host_child child; /* first */
	uint32_t magic;
	struct run_core core;
	struct run_events events;
	struct run_monitor monitor;
	struct orphan_scan scan;
	struct run_timers timers;
	struct run_output output;
	struct agent_input input;
	struct run_cancel cancel;
	struct plugin_refusal refused;	 /* of a plugin file for the command */
	const struct lhk_result *result; /* NULL: the run goes on */
	struct lhk_result fallback;	 /* used if the stream has none */
};

/* Make a run and attach it to HOST, without starting anything.  NULL: no
 * memory. */
struct lhk_run *run_new (struct lhk_host *host, struct loop *l,
			 const struct lhk_run_opts *opts,
			 const struct lhk_stream_opts *stream);

/* Free the run and all it owns; kill its processes if it has not ended. */
void run_destroy (struct lhk_run *run);

/* Nothing more is to come: make the result, deliver it, end the record. */
void run_finish (struct lhk_run *run);

/* Returns 1 if a part of stderr could not be read. */
int run_lost_stderr (const struct lhk_run *run);

#endif /* RUN_RUN_H */
