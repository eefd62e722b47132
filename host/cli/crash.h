/* SPDX-License-Identifier: MIT */
/*
 * crash.h - a plugin that crashes, or ends the process, leaves a result.
 *
 * The thread is then inside a callback of the plugin.  The library and the
 * output are whole, since they have called it, but the C library may not be: no
 * memory comes from malloc any more, and the process ends by _exit, after a
 * result was written.  A child dies of the signal in its place, for a core file.
 */
#ifndef CLI_CRASH_H
#define CLI_CRASH_H

#include <linehook/host.h>

struct crash_owner {
	struct lhk_host *host;
	const char *who;      /* subcommand */
	unsigned int seconds; /* in which END is done, but for its output */
	/* Write a result that says TEXT, which is an error of ours if the plugin
	 * has crashed.  Call crash_is_survived when nothing is left but output
	 * whose reader may be slow.  Returns the exit status. */
	int (*end) (void *user, int crashed, const char *text);
	void *user;
};

/* From now on, in callbacks of the host that the calling thread is in.  A signal
 * that somebody else handles (a sanitizer, a preloaded library) stays theirs. */
void crash_catch (const struct crash_owner *owner);

/* The host is about to be freed. */
void crash_release (void);

void crash_is_survived (void);

/* "line_hook, line 12". */
void crash_describe (const struct lhk_callback *callback, char *to,
		     size_t size);

/* Another thread ends the process: the thread of the host is stopped for ever in
 * a callback, as TEXT says. */
void crash_end_hung (const char *text) __attribute__ ((__noreturn__));

#endif /* CLI_CRASH_H */
