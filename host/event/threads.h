/* SPDX-License-Identifier: MIT */
/*
 * threads.h - the threads of a run, and the open tool calls of each.
 *
 * A thread is a conversation with a model: the main one, whose key is absent,
 * and one for each tool call that started a subagent, whose key is that of the
 * call's id.  An open call holds the idle limit until it is released, or until
 * its thread moves on: by another message of the model, by the end of the
 * turn, of the call or of the task that the thread belongs to.  None of these
 * looks at more than one entry, however many calls are open.
 */
#ifndef EVENT_THREADS_H
#define EVENT_THREADS_H

#include "event/idmap.h"

struct thread {
	uint64_t epoch;	 /* a hold of another epoch is over */
	uint64_t turn;	 /* that its holds belong to */
	uint32_t open;	 /* holds of this epoch */
	int32_t is_task; /* a background task: it outlives the turn */
};

/* What a call holds: a place in the epoch of its thread. */
struct hold {
	struct idmap_key thread;
	uint64_t epoch; /* 0: it holds nothing */
};

struct threads {
	struct idmap map; /* of struct thread */
	struct thread main;
	uint64_t epoch; /* the last one that was given out */
	uint64_t floor; /* holds of this and earlier epochs are over */
	uint64_t turn;
	size_t open[2]; /* holds of this turn; and of background tasks */
};

/* ALLOC is borrowed until threads_free. */
void threads_init (struct threads *t, const struct lhk_alloc *alloc);
void threads_free (struct threads *t);

/* Holds that are not over. */
size_t threads_open (const struct threads *t);

/* Take a hold in the thread of KEY.  Without memory HOLD holds nothing. */
void threads_hold (struct threads *t, const struct idmap_key *key,
		   struct hold *hold);

/* Give a hold back, unless it is over. */
void threads_release (struct threads *t, struct hold *hold);

/* The thread of KEY has moved on: its holds are over, unless it is that of a
 * background task and ITS_CALL, the end of the call that started it, is 1. */
void threads_close (struct threads *t, const struct idmap_key *key,
		    int its_call);

/* The turn has ended: so have all holds but those of background tasks. */
void threads_close_turn (struct threads *t);

/* All holds are over. */
void threads_close_all (struct threads *t);

/* The thread of KEY became that of a background task; its task has ended. */
void threads_begin_task (struct threads *t, const struct idmap_key *key);
void threads_end_task (struct threads *t, const struct idmap_key *key);

#endif /* EVENT_THREADS_H */
