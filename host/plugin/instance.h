/* SPDX-License-Identifier: MIT */
/*
 * instance.h - one handle of a plugin, and the only way to it.
 *
 * Each function calls one callback and says what it comes to: LHK_OK or
 * LHK_SKIP, and the events it emitted wait in the stage; or a negative code,
 * and the stage is empty.  A return value that no plugin may give, and a
 * callback that went on after emit had refused an event, count as failures.
 */
#ifndef PLUGIN_INSTANCE_H
#define PLUGIN_INSTANCE_H

#include <linehook/host.h>

#include "plugin/stage.h"

/* Bytes of what a plugin says to the operator. */
#define PLUGIN_LOG_MAX 512

typedef void plugin_log_fn (void *user, int level, const char *text);

struct plugin_instance {
	const struct lhk_plugin *plugin;
	struct lhk_api api;
	struct plugin_stage stage;
	plugin_log_fn *log;
	void *user;
	void *handle;
	int32_t is_open;
	int32_t inside;		   /* a callback is running */
	char said[PLUGIN_LOG_MAX]; /* the last words of the plugin */
};

/* All are borrowed until plugin_instance_done.  C must not move.  LHK_OK or
 * LHK_ENOMEM. */
int plugin_instance_init (struct plugin_instance *c,
			  const struct lhk_alloc *alloc,
			  const struct lhk_plugin *plugin, plugin_log_fn *log,
			  void *user);

int plugin_instance_open (struct plugin_instance *c,
			  const struct lhk_option *options, size_t n_options,
			  struct lhk_error *err);
int plugin_instance_line (struct plugin_instance *c,
			  const struct lhk_line *line);
int plugin_instance_flush (struct plugin_instance *c);
int plugin_instance_exited (struct plugin_instance *c,
			    const struct lhk_exit *how);

/* Closes the handle if it is open. */
void plugin_instance_done (struct plugin_instance *c);

#endif /* PLUGIN_INSTANCE_H */
