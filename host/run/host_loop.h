/* SPDX-License-Identifier: MIT */
/*
 * host_loop.h - the loop of a host, for run/ and the program.
 */
#ifndef RUN_HOST_LOOP_H
#define RUN_HOST_LOOP_H

#include "run/host.h"
#include "io/loop.h"

/* The host's loop, made by the first call.  HOST was checked. */
int host_loop (struct lhk_host *host, struct loop **ret, struct lhk_error *err);

/* One turn of it, with what was asked for from other threads; runs that were
 * freed inside it are still there.  LHK_ESTATE from inside a turn. */
int host_turn (struct lhk_host *host, int timeout_ms);

/* Free the runs that were freed inside a turn, and the host, if it was. */
void host_free_deferred (struct lhk_host *host);

/* For lhk_host_free: 1 from inside a turn, and the host is freed after it;
 * its runs say nothing any more. */
int host_defer_free (struct lhk_host *host);

#endif /* RUN_HOST_LOOP_H */
