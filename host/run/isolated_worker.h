/* SPDX-License-Identifier: MIT */
/*
 * isolated_worker.h - the process of one handle, and the calls that are made
 * there.
 */
#ifndef RUN_ISOLATED_WORKER_H
#define RUN_ISOLATED_WORKER_H

#include <linehook/plugin.h>

#include "plugin/instance.h"
#include "process/isolate_client.h"
#include "run/isolated_queue.h"

struct isolated_worker {
	const struct lhk_api *api;	  /* where events and log records go */
	struct plugin_instance *instance; /* whose faults they are, or NULL */
	struct isolate_client client;
	struct strbuf request;
	struct strbuf answers; /* the body of a message */
	size_t taken;	       /* bytes of it that were taken */
	uint32_t n_answers;    /* that are left in it */
	uint32_t generation;
	struct isolated_queue *queue; /* borrowed, or NULL */
	int gone; /* 1: a call could not be answered any more */
};

/*
 * The client is started by the caller.  API, INSTANCE and ALLOC are borrowed until
 * isolated_worker_free, which ends it.  Without an INSTANCE a call must have no
 * events and no faults.
 */
void isolated_worker_init (struct isolated_worker *w, const struct lhk_api *api,
			   struct plugin_instance *instance,
			   const struct lhk_alloc *alloc);
void isolated_worker_free (struct isolated_worker *w);

/*
 * Make a call with its DATA, or wait for the answer to the first line of the
 * queue, if it is that.  What it has emitted and logged goes to the api.  What
 * the plugin has returned; or, when the process is gone, LHK_OK, as if nothing had
 * come of it.
 */
int isolated_worker_call (struct isolated_worker *w,
			  const struct isolate_call *call, const char *data);

/* Send lines of the queue for which it is time. */
void isolated_worker_send (struct isolated_worker *w);

#endif /* RUN_ISOLATED_WORKER_H */
