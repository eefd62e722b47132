/* SPDX-License-Identifier: MIT */
/*
 * host.h - struct lhk_host and the loop that it is driven by.
 *
 * For run/ and tool/; rooms below them get what they need as arguments.
 */
#ifndef RUN_HOST_H
#define RUN_HOST_H

#include <sys/types.h>

#include <linehook/run.h>

#include "frame/budget.h"
#include "plugin/registry.h"

struct loop;
struct host_child;

#define HOST_MAGIC 0x4c686f73u

/* What a host does with what was made from it.  A NULL is left out. */
struct host_child_ops {
	/* Call back no more; it is freed at the end of this turn. */
	void (*silence) (struct host_child *child);
	/* Begin to end it, without waiting; all are asked before any is
	 * waited for. */
	void (*kill) (struct host_child *child);
	/* End it, free it, and call host_detach. */
	void (*close) (struct host_child *child);
	/* Do what lhk_run_cancel asked for from another thread. */
	void (*apply_cancel) (struct host_child *child);
};

/* Inside its owner.  The child that was attached last is closed first: who
 * uses another child is attached behind it. */
struct host_child {
	struct host_child *next;
	const struct host_child_ops *ops;
	int free_pending; /* close it after this turn */
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
	struct loop *loop; /* NULL until the first run or lhk_host_fd */
	struct host_child *children;
	struct host_child *next_child; /* of a walk; kept right by detach */
	int free_after_turn;  /* lhk_host_free was called inside a turn */
	int n_ended;	      /* runs that ended in this turn */
	uint32_t n_streams;   /* live; they need what is above */
	int32_t free_pending; /* freed, but for its streams */
};

/* LHK_OK, LHK_EINVAL (NULL or no host), LHK_EFORKED. */
int host_check (const struct lhk_host *host);

/* One log record, if there is a log.  FIELDS: key, value, .., NULL. */
void host_log (struct lhk_host *host, int level, const char *code,
	       const char *const *fields, const char *fmt, ...)
	LHK_PRINTF (5, 6);

/* Drop the reference of a stream.  Frees the host if lhk_host_free was called
 * and this was the last stream. */
void host_drop_stream (struct lhk_host *host);

void host_attach (struct lhk_host *host, struct host_child *child);
void host_detach (struct lhk_host *host, struct host_child *child);

/* The host's loop, made by the first call.  HOST was checked. */
int host_loop (struct lhk_host *host, struct loop **ret, struct lhk_error *err);

/* One turn of the loop, then the cancels that were asked for.  What is freed
 * inside it is there until host_free_deferred.  LHK_ESTATE from inside a
 * turn. */
int host_turn (struct lhk_host *host, int timeout_ms);
void host_free_deferred (struct lhk_host *host);

/* What a run used so far: input and output tokens, and 10^-9 USD. */
void stream_sum (struct lhk_stream *stream, int64_t *ret_tokens,
		 int64_t *ret_cost_nano, int *ret_has_cost);

/* The number of the turn, one more after each claim. */
uint32_t stream_turn (const struct lhk_stream *stream);

#endif /* RUN_HOST_H */
