/* SPDX-License-Identifier: MIT */
/*
 * isolated.h - the callbacks of a plugin that runs in processes of its own.
 *
 * Each stream has a process for its handle.  To the rest of the library it is a
 * plugin whose callbacks send the call there and emit what comes back.
 */
#ifndef RUN_ISOLATED_H
#define RUN_ISOLATED_H

#include "run/isolated_queue.h"
#include "run/isolated_start.h"

/* The callbacks of PLUGIN, whose registry entry has a struct isolated_source as the
 * beginning of its `isolated', become those that call a process. */
void isolated_take_callbacks (struct lhk_plugin *plugin);

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
