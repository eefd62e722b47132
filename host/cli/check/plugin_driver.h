/* SPDX-License-Identifier: MIT */
/*
 * plugin_driver.h - a plugin without a host around it: every call is ours,
 * and every answer is looked at.
 */
#ifndef CLI_CHECK_PLUGIN_DRIVER_H
#define CLI_CHECK_PLUGIN_DRIVER_H

#include "cli/check/suite.h"
#include "plugin/instance.h"

#define DIRECT_SEEN 4096

struct plugin_driver {
	struct check *c;
	const struct lhk_plugin *plugin;
	struct lhk_api api;
	struct plugin_stage stage; /* as the host keeps them */
	union any_event *seen;	   /* as they were given; the first of a call */
	size_t n_seen;
	struct trace *trace; /* or NULL */
	void *handle;
	int is_open;
	int inside; /* emit is allowed */
	uint64_t line_no;
};

/* Open a handle with an option that no plugin knows.  1, or 0 with the
 * problem noted.  TRACE gets the events; or NULL. */
int plugin_driver_open (struct plugin_driver *d, struct check *c,
			struct trace *trace);

/* What line_hook said of a line.  The bytes at LINE are kept as long as the
 * events need them. */
int plugin_driver_line (struct plugin_driver *d, const struct lhk_line *line);

/* Line I of T, where T has it. */
int plugin_driver_of (struct plugin_driver *d, const struct transcript *t,
		      size_t i);

/* flush, exited, close. */
void plugin_driver_close (struct plugin_driver *d);

/* All of T with one handle. */
void plugin_driver_all (struct check *c, const struct transcript *t,
			struct trace *trace);

/* Compare two traces, the first N events: a problem that says WHAT, with the
 * number of the event.  1 if they are the same. */
int plugin_driver_same (struct check *c, const struct trace *found,
			const struct trace *wanted, size_t n, const char *what);

#endif /* CLI_CHECK_PLUGIN_DRIVER_H */
