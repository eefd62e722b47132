/* SPDX-License-Identifier: MIT */
/*
 * tool_counts.h - tool calls and background tasks: which are open, how they
 * ended.
 *
 * A call is started by the first event of its id and counts by the last status
 * of it.  At most LIMIT_TRACKED ids are known: the oldest calls that have ended
 * are forgotten first, then the oldest open ones, which no longer count as
 * open.
 */
#ifndef EVENT_TOOL_COUNTS_H
#define EVENT_TOOL_COUNTS_H

#include <linehook/event.h>

#include "event/idmap.h"

struct tool_counts {
	struct idmap tools;
	struct idmap tasks;
	uint64_t started;
	uint64_t states[LHK_TOOL_DENIED + 1]; /* calls by last status */
	size_t tools_open;
	size_t tasks_open;
	size_t tasks_nameless; /* open tasks without an id */
};

/* ALLOC is borrowed until tool_counts_free. */
void tool_counts_init (struct tool_counts *t, const struct lhk_alloc *alloc);
void tool_counts_free (struct tool_counts *t);

void tool_counts_tool (struct tool_counts *t, const struct lhk_ev_tool *ev);

/* A notice task_started or task_ended, by the id in its data; others are
 * ignored. */
void tool_counts_notice (struct tool_counts *t, const struct lhk_ev_notice *ev);

#endif /* EVENT_TOOL_COUNTS_H */
