/* SPDX-License-Identifier: MIT */
/*
 * isolated.h - plugins that run in processes of their own, behind the same
 * callbacks as any other.
 *
 * A descriptor is described by a process that has loaded the file; each stream
 * has a process for its handle.  To the rest of the library it is a plugin whose
 * callbacks send the call there and emit what comes back.
 */
#ifndef RUN_ISOLATED_H
#define RUN_ISOLATED_H

#include "plugin/registry.h"
#include "run/isolated_queue.h"

/* Of one host. */
struct isolation {
	struct registry_isolation registry; /* first */
	const struct lhk_alloc *alloc;
	/* Log a warning, a sentence, about a plugin.  USER is given to it. */
	void (*warn) (void *user, const char *plugin, const char *text);
	void *user;
	char *program;		 /* path of linehook-isolate, own copy */
	const char *trusted_dir; /* whose files run in this process, or NULL */
};

/* MONITOR is the path of linehook-exec, beside which linehook-isolate is.  The
 * members ALLOC, WARN, USER and TRUSTED_DIR were set before; what they point to is
 * borrowed until isolation_done.  LHK_OK or LHK_ENOMEM. */
int isolation_init (struct isolation *isolation, const char *monitor);
void isolation_done (struct isolation *isolation);

/* Why the process of HANDLE, which PLUGIN has opened, is gone: the rest of a
 * sentence that begins with the plugin.  NULL: it is there, or PLUGIN is not
 * isolated. */
const char *isolated_why_gone (const struct lhk_plugin *plugin,
			       const void *handle);

/* From now on calls of line_hook with the first line of QUEUE, which is borrowed
 * until HANDLE is closed, are answers to a batch.  1; 0: PLUGIN is not isolated, or
 * its process is gone. */
int isolated_attach (const struct lhk_plugin *plugin, void *handle,
		     struct isolated_queue *queue);

/* Send lines of the queue of HANDLE for which it is time. */
void isolated_send (void *handle);

#endif /* RUN_ISOLATED_H */
