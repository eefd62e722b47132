/* SPDX-License-Identifier: MIT */
/*
 * host.h - struct lhk_host and its loop.
 *
 * It is included by run/ and tool/ alone; rooms below them get what they need
 * as arguments.
 */
#ifndef RUN_HOST_H
#define RUN_HOST_H

#include <sys/types.h>

#include <linehook/run.h>

#include "frame/budget.h"
#include "plugin/call_watch.h"
#include "plugin/registry.h"
#include "run/isolation.h"

#ifndef LHK_MONITOR
#define LHK_MONITOR "/usr/local/libexec/linehook/linehook-exec"
#endif

struct loop;
struct host_child;

#define HOST_MAGIC 0x4c686f73u

/* What a host calls for the runs and tool calls that were made from it.  A NULL
 * is not called. */
struct host_child_ops {
	/* Stop calling back; it is freed at the end of this turn. */
	void (*silence) (struct host_child *child);
	/* Begin to kill it, without waiting; the host begins with all of
	 * them before it waits for one. */
	void (*kill) (struct host_child *child);
	/* Kill it, free it, and call host_detach. */
	void (*close) (struct host_child *child);
	/* Apply calls of lhk_run_cancel from other threads. */
	void (*apply_cancel) (struct host_child *child);
};

/* A member of the struct that owns it.  The child that was attached last is
 * closed first, so a child that uses another one is attached after it. */
struct host_child {
	struct host_child *next;
	const struct host_child_ops *ops;
	int free_pending; /* 1: close it after this turn */
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
	struct isolation isolation; /* of the registry, if there is any */
	struct call_watch watch;    /* read by other threads */
	struct loop *loop; /* NULL until the first run or lhk_host_fd */
	struct host_child *children;
	struct host_child *next_child; /* that a loop over them visits */
	int free_after_turn;  /* 1: lhk_host_free was called in a turn */
	int n_ended;	      /* runs that ended in this turn */
	uint32_t n_streams;   /* that exist; they use the members above */
	int32_t free_pending; /* 1: freed, but streams exist */
};

/* LHK_OK, LHK_EINVAL (NULL or no host), LHK_EFORKED. */
int host_check (const struct lhk_host *host);

/* Log one record, if the host has a log.  FIELDS: key, value, .., NULL. */
void host_log (struct lhk_host *host, int level, const char *code,
	       const char *const *fields, const char *fmt, ...)
	LHK_PRINTF (5, 6);

/* Drop the reference of a stream.  Frees the host if lhk_host_free was called
 * and this was the last stream. */
void host_drop_stream (struct lhk_host *host);

void host_attach (struct lhk_host *host, struct host_child *child);
void host_detach (struct lhk_host *host, struct host_child *child);

/* Get the host's loop, which the first call makes.  HOST was checked. */
int host_loop (struct lhk_host *host, struct loop **ret, struct lhk_error *err);

/* Run one turn of the loop, then apply requests to cancel.  What is freed
 * inside the turn exists until host_free_deferred.  LHK_ESTATE from inside a
 * turn. */
int host_turn (struct lhk_host *host, int timeout_ms);
void host_free_deferred (struct lhk_host *host);

/* Get what a run used so far: input and output tokens, and 10^-9 USD. */
void stream_sum (struct lhk_stream *stream, int64_t *ret_tokens,
		 int64_t *ret_cost_nano, int *ret_has_cost);

/* What the tokens cover: LHK_SCOPE_SESSION, if any of them may be older than the
 * run, or LHK_SCOPE_RUN. */
int stream_usage_scope (const struct lhk_stream *stream);

/* When the last of the calls in progress and the open tasks was begun, in
 * milliseconds since the start; -1 if there is none.  With TASKS_ALONE, calls do
 * not count. */
int64_t stream_last_begun (struct lhk_stream *stream, int tasks_alone);

/* The clock stood still for MS, from FROM_MS since the start on. */
void stream_paused (struct lhk_stream *stream, int64_t from_ms, int64_t ms);

/* 1: somebody may answer what the agent asks; 0, as at first: nobody can. */
void stream_set_can_answer (struct lhk_stream *stream, int can_answer);

/* A number that differs from an earlier one if progress was made since: lines
 * that are no heartbeats, or a part of one. */
uint64_t stream_progress (const struct lhk_stream *stream);

/* The number of the turn, one more after each claim. */
uint32_t stream_turn (const struct lhk_stream *stream);

#endif /* RUN_HOST_H */
