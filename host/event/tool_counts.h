/* SPDX-License-Identifier: MIT */
/*
 * tool_counts.h - tool calls and background tasks: how they ended, and which
 * are in progress.
 *
 * A call is started by the first event of its id and counts by the last status
 * of it.  It is in progress from then to its own end, or until it is plain that
 * it is no longer: its thread has moved on, or it waits for an answer
 * that nobody can give, or has a subagent that does.  At most LIMIT_TRACKED ids
 * are known: the oldest calls that have ended are forgotten first, then, if few
 * have, the oldest open ones, which are counted and no longer in progress.
 */
#ifndef EVENT_TOOL_COUNTS_H
#define EVENT_TOOL_COUNTS_H

#include <linehook/event.h>

#include "event/threads.h"

struct tool_counts {
	struct idmap tools;
	struct idmap tasks;
	struct threads threads;
	uint64_t events; /* of calls */
	uint64_t started;
	uint64_t states[LHK_TOOL_DENIED + 1]; /* calls by last status */
	uint64_t tasks_started;
	uint64_t forgotten; /* calls and tasks that were open then */
	size_t asks;	    /* calls that wait for an answer */
	size_t tasks_open;
	size_t tasks_waiting; /* of these: their subagents wait for an answer */
	size_t tasks_nameless; /* open tasks without an id */
	size_t tasks_ended;    /* entries of TASKS that have ended */
	int64_t now_ms;	       /* set by the owner */
	int64_t nameless_ms;   /* when the last task without an id began */
	int can_answer;	       /* somebody may answer questions of the agent */
};

/* ALLOC is borrowed until tool_counts_free. */
void tool_counts_init (struct tool_counts *t, const struct lhk_alloc *alloc);
void tool_counts_free (struct tool_counts *t);

/* 1 if the event tells of new work; 0 if it is about an earlier call, or the end
 * of a call whose begin was not told. */
int tool_counts_tool (struct tool_counts *t, const struct lhk_ev_tool *ev);

/* A question: the call that it is about waits until it is answered or goes on;
 * and so do the calls whose subagents have asked. */
void tool_counts_ask (struct tool_counts *t, const struct lhk_ev_ask *ev);

/* A message of the model in the thread of PARENT: it has the results of all
 * calls before it, as far as there are any. */
void tool_counts_message (struct tool_counts *t, const struct lhk_text *parent);

/* The turn has ended. */
void tool_counts_turn (struct tool_counts *t);

/* A line was lost which may have been the end of a call in the thread of PARENT;
 * NULL: nobody knows of which thread. */
void tool_counts_lost (struct tool_counts *t, const struct lhk_text *parent);

/* A notice task_started or task_ended, by the id in its data; others are
 * ignored. */
void tool_counts_notice (struct tool_counts *t, const struct lhk_ev_notice *ev);

/* When the last of the calls in progress and the open tasks was begun, but for
 * tasks that wait for an answer; -1 if there is none.  With TASKS_ALONE,
 * calls do not count.  This looks at all that is known. */
int64_t tool_counts_last_begun (struct tool_counts *t, int tasks_alone);

/* The clock stood still for MS, from FROM_MS on. */
void tool_counts_paused (struct tool_counts *t, int64_t from_ms, int64_t ms);

/* Calls that are in progress; calls that were begun and never ended. */
size_t tool_counts_working (const struct tool_counts *t);
uint64_t tool_counts_unfinished (const struct tool_counts *t);

#endif /* EVENT_TOOL_COUNTS_H */
