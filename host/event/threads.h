/* SPDX-License-Identifier: MIT */
/*
 * threads.h - the threads of a run, and the open tool calls of each.
 *
 * A thread is a conversation with a model: the main one, whose key is absent,
 * and one for each tool call that started a subagent, whose key is that of the
 * call's id.  An open call holds the idle limit until it is released, or until
 * its thread moves on: by another message of the model, by the end of the
 * turn, of the call or of the task that the thread belongs to.  A thread that
 * moves on takes those with it that its calls have started, but for background
 * tasks.  What an event costs does not grow with the number of open calls: a
 * thread that is taken along is not looked at again before it holds anew.
 */
#ifndef EVENT_THREADS_H
#define EVENT_THREADS_H

#include "event/idmap.h"

struct thread {
	uint64_t epoch; /* a hold of another epoch is over */
	uint64_t turn;	/* that its holds belong to */
	uint32_t open;	/* holds of this epoch */
	uint32_t suspended;
	int64_t is_task; /* a background task: it outlives the turn */
	/* The threads that calls of this epoch have started, as a list. */
	struct idmap_key first;
	struct idmap_key next;	 /* in the list of its parent */
	struct idmap_key parent; /* whose list it is in .. */
	uint64_t listed;	 /* .. of this epoch; 0: in none */
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

/* The thread of KEY was started by a call of the thread of PARENT.  0 if that is
 * known, or cannot be remembered, else 1. */
int threads_adopt (struct threads *t, const struct idmap_key *key,
		   const struct idmap_key *parent);

/* Is this hold not over, as far as is known? */
int threads_is_held (struct threads *t, const struct hold *hold);

/* Give a hold back, unless it is over. */
void threads_release (struct threads *t, struct hold *hold);

/* Give it back for a while; take it again.  0 if it is over, else 1. */
int threads_suspend (struct threads *t, const struct hold *hold);
int threads_resume (struct threads *t, const struct hold *hold);

/* One of the holds of the thread of KEY is over, and nobody knows which.  KEY is
 * NULL if the thread is not known either: it is the innermost one. */
void threads_lose (struct threads *t, const struct idmap_key *key);

/* The thread of KEY has moved on: its holds are over, unless it is that of a
 * background task and ITS_CALL, the end of the call that started it, is 1. */
void threads_close (struct threads *t, const struct idmap_key *key,
		    int its_call);

/* The turn has ended: so have all holds but those of background tasks. */
void threads_close_turn (struct threads *t);

/* The thread of KEY became that of a background task; its task has ended. */
void threads_begin_task (struct threads *t, const struct idmap_key *key);
void threads_end_task (struct threads *t, const struct idmap_key *key);

#endif /* EVENT_THREADS_H */
