/* SPDX-License-Identifier: MIT */
/*
 * watchdog.h - the run ends, whatever its plugin does.
 *
 * One thread sleeps until a signal comes, somebody asks in the record for the
 * end of the run, or a time limit is over.  If the main thread is then in a
 * callback of the plugin, it is stopped for a moment, and asked whether the run
 * should have ended.  If so, it stays stopped for ever and this thread ends the
 * run.
 */
#ifndef CLI_RUN_WATCHDOG_H
#define CLI_RUN_WATCHDOG_H

#include <linehook/run.h>

struct run_command;

/* The run that the thread watches, and the functions that it calls. */
struct watchdog_opts {
	struct lhk_host *host;
	uint32_t total_ms, idle_ms, grace_ms; /* 0: no limit, or no grace */
	/* Somebody waits for the start: look at the main thread so long. */
	uint32_t start_ms;
	/* The run, once there is one; the main thread is stopped in a callback. */
	struct lhk_run *(*run) (void *user);
	/* End the run, which CALLBACK holds up; does not return. */
	void (*abandon) (void *user, const struct lhk_callback *callback);
	void *user;
};

/* Begin to watch.  The calling thread is the one that uses the host.  Without a
 * thread, or what it needs, nobody watches. */
void watchdog_start (const struct watchdog_opts *opts);

/* The run is kept, as ID in the store DIR. */
void watchdog_watch_record (const char *dir, const char *id);

/* The result was delivered: a callback that does not return now, that closes the
 * plugin, ends the process with STATUS. */
void watchdog_set_status (int status);

/* The host is about to be freed.  Nothing is watched any more. */
void watchdog_stop (void);

#endif /* CLI_RUN_WATCHDOG_H */
