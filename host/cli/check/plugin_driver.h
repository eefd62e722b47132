/* SPDX-License-Identifier: MIT */
/*
 * plugin_driver.h - a plugin without a host around it: the suite makes every
 * call and checks every answer.
 */
#ifndef CLI_CHECK_PLUGIN_DRIVER_H
#define CLI_CHECK_PLUGIN_DRIVER_H

#include "cli/check/event_trace.h"
#include "cli/check/suite.h"
#include "plugin/instance.h"

/* Bytes of a transcript that are enough for any mistake of state. */
#define CHECK_HEAD_MAX ((size_t) 4 << 20)

struct plugin_driver {
	struct check *c;
	const struct lhk_plugin *plugin;
	struct lhk_api api;
	struct plugin_stage stage; /* events, as the host would keep them */
	struct event_trace *trace; /* or NULL */
	const char *callback;	   /* that is running, or NULL */
	void *handle;
	int is_open;
	int inside;    /* emit is allowed */
	int on_thread; /* it runs beside another */
	uint64_t line_no;
	char fault[CHECK_TEXT]; /* of an event of the call, or "" */

	/* What emit returns instead of taking the event; LHK_OK: it takes it.
	 * Set it when the handle is open. */
	int emit_code;
	/* Called in emit before the event is copied; or NULL. */
	void (*before_copy) (struct plugin_driver *d);
	void *user;
};

/* Open a handle with an option that no plugin knows.  TRACE, which may be NULL,
 * gets the events.  1, or 0 with the problem noted. */
int plugin_driver_open (struct plugin_driver *d, struct check *c,
			struct event_trace *trace);

/* Call line_hook; returns its answer.  The bytes of LINE must stay until the
 * call returns. */
int plugin_driver_line (struct plugin_driver *d, const struct lhk_line *line);

/* Line I of T as line_hook gets it. */
struct lhk_line plugin_driver_make_line (const struct transcript *t, size_t i);

/* Call line_hook with line I of T, in place. */
int plugin_driver_transcript_line (struct plugin_driver *d,
				   const struct transcript *t, size_t i);

/* Call flush, exited and close. */
void plugin_driver_close (struct plugin_driver *d);

/* Call close alone. */
void plugin_driver_abandon (struct plugin_driver *d);

/* Feed all of T to one handle. */
void plugin_driver_transcript (struct check *c, const struct transcript *t,
			       struct event_trace *trace);

/* Compare the first N events of two traces.  1 if they are the same; else 0 and
 * a problem that says WHAT, with the number of the event. */
int plugin_driver_compare (struct check *c, const struct event_trace *found,
			   const struct event_trace *wanted, size_t n,
			   const char *what);

/* Call FN with the whole lines in the first MAX bytes of the transcript, and two
 * traces. */
void plugin_driver_with_traces (struct check *c, size_t max,
				void (*fn) (struct check *c,
					    const struct transcript *t,
					    struct event_trace *wanted,
					    struct event_trace *found));

#endif /* CLI_CHECK_PLUGIN_DRIVER_H */
