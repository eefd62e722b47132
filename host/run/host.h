/* SPDX-License-Identifier: MIT */
/*
 * host.h - struct lhk_host; the only header that sees all rooms.
 *
 * Included by run/ and tool/ alone; the rooms before them in the flow get what
 * they need as arguments.
 */
#ifndef RUN_HOST_H
#define RUN_HOST_H

#include <sys/types.h>

#include <linehook/run.h>

#include "frame/budget.h"
#include "plugin/registry.h"

struct loop;

#define HOST_MAGIC 0x4c686f73u

/* Something made from a host that ends with it. */
struct host_child {
	struct host_child *next;
	void (*end) (struct host_child *guest); /* calls host_detach */
};

struct lhk_host {
	uint32_t magic;
	pid_t pid; /* of the process that made it */
	struct lhk_alloc alloc;
	void *user;
	void (*log) (void *user, const struct lhk_log *record);
	char *monitor; /* path of linehook-exec, own copy; or NULL */
	struct budget budget;
	struct registry *registry;
	struct loop *loop;    /* NULL until the first run or lhk_host_fd */
	struct lhk_run *runs; /* list of all that were not freed */
	struct host_child *guests;
	uint32_t n_streams;   /* live; they need what is above */
	int32_t free_pending; /* freed, but for its streams */
};

/* LHK_OK, LHK_EINVAL (NULL or no host), LHK_EFORKED. */
int host_check (const struct lhk_host *host);

/* One record, if anybody listens.  FIELDS: key, value, .., NULL. */
void host_log (struct lhk_host *host, int level, const char *code,
	       const char *const *fields, const char *fmt, ...)
	LHK_PRINTF (5, 6);

/* A stream of the host is gone; the last one of a host that was freed takes
 * it along. */
void host_drop_stream (struct lhk_host *host);

void host_attach (struct lhk_host *host, struct host_child *guest);
void host_detach (struct lhk_host *host, struct host_child *guest);

/* End all that are left. */
void host_close_children (struct lhk_host *host);

/* Implemented in run/run.c: kill and free all runs of the host. */
void run_free_all (struct lhk_host *host);

/* Implemented in run/run.c: free the loop.  NULL is fine. */
void host_loop_free (struct lhk_host *host);

/* Implemented in run/run_feed.c: could stderr not be read to its end? */
int run_lost_stderr (const struct lhk_run *run);

/* The ledger of a stream, for budgets. */
void stream_sum (struct lhk_stream *stream, int64_t *ret_tokens,
		 int64_t *ret_cost_nano, int *ret_has_cost);

/* One more after each claim. */
uint32_t stream_turn (const struct lhk_stream *stream);

#endif /* RUN_HOST_H */
