/* SPDX-License-Identifier: MIT */
/* threads.c - the threads of a run, and the open tool calls of each. */
#include "config.h"

#include <string.h>

#include "event/threads.h"

/* Threads that are known at once.  No agent has so many subagents. */
#define THREADS_MAX 4096u

void
threads_init (struct threads *t, const struct lhk_alloc *alloc)
{
	memset (t, 0, sizeof *t);
	idmap_init (&t->map, alloc, sizeof (struct thread), THREADS_MAX);
	t->main.epoch = ++t->epoch;
}

void
threads_free (struct threads *t)
{
	idmap_free (&t->map);
}

size_t
threads_open (const struct threads *t)
{
	return t->open[0] + t->open[1];
}

static void
begin_epoch (struct threads *t, struct thread *thread)
{
	thread->open = 0;
	thread->epoch = ++t->epoch;
	thread->turn = t->turn;
}

/* Do the holds of a thread count? */
static int
is_current (const struct threads *t, const struct thread *thread)
{
	return thread->epoch > t->floor
	       && (thread->is_task || thread->turn == t->turn);
}

/* The thread of KEY, as it stands in this turn; NULL if it is not known. */
static struct thread *
find (struct threads *t, const struct idmap_key *key)
{
	struct thread *thread =
		idmap_key_absent (key) ? &t->main : idmap_find (&t->map, key);

	if (thread != NULL && !is_current (t, thread))
		begin_epoch (t, thread);
	return thread;
}

struct forgetting {
	struct threads *threads;
	size_t left; /* how many are still to be forgotten */
	int also_open;
};

/* An idmap_keep_fn: forget the oldest threads. */
static int
is_remembered (void *user, void *value)
{
	struct forgetting *f = user;
	const struct thread *thread = value;
	int open = thread->open > 0 && is_current (f->threads, thread);

	if (f->left == 0 || (open && !f->also_open))
		return 1;
	f->left--;
	if (open)
		f->threads->open[thread->is_task] -= thread->open;
	return 0;
}

static void
make_room (struct threads *t)
{
	struct forgetting f = { t, THREADS_MAX / 4, 0 };

	if (t->map.n < THREADS_MAX)
		return;
	idmap_sweep (&t->map, is_remembered, &f);
	f.also_open = 1;
	if (f.left > 0)
		idmap_sweep (&t->map, is_remembered, &f);
}

/* The same as find, but the thread is added.  NULL if there is no memory. */
static struct thread *
find_or_add (struct threads *t, const struct idmap_key *key)
{
	struct thread *thread = find (t, key);

	if (thread != NULL)
		return thread;
	make_room (t);
	thread = idmap_add (&t->map, key);
	if (thread != NULL)
		begin_epoch (t, thread);
	return thread;
}

void
threads_hold (struct threads *t, const struct idmap_key *key, struct hold *hold)
{
	struct thread *thread = find_or_add (t, key);

	hold->thread = *key;
	hold->epoch = 0;
	if (thread == NULL)
		return;
	hold->epoch = thread->epoch;
	thread->open++;
	t->open[thread->is_task]++;
}

void
threads_release (struct threads *t, struct hold *hold)
{
	struct thread *thread;

	if (hold->epoch == 0)
		return;
	thread = find (t, &hold->thread);
	if (thread != NULL && thread->epoch == hold->epoch) {
		thread->open--;
		t->open[thread->is_task]--;
	}
	hold->epoch = 0;
}

void
threads_close (struct threads *t, const struct idmap_key *key, int its_call)
{
	struct thread *thread = find (t, key);

	if (thread == NULL || thread->open == 0
	    || (thread->is_task && its_call))
		return;
	t->open[thread->is_task] -= thread->open;
	begin_epoch (t, thread);
}

void
threads_close_turn (struct threads *t)
{
	t->open[0] = 0;
	t->turn++;
}

void
threads_close_all (struct threads *t)
{
	t->open[0] = t->open[1] = 0;
	t->floor = t->epoch;
}

void
threads_begin_task (struct threads *t, const struct idmap_key *key)
{
	struct thread *thread =
		idmap_key_absent (key) ? NULL : find_or_add (t, key);

	if (thread == NULL || thread->is_task)
		return;
	t->open[0] -= thread->open;
	t->open[1] += thread->open;
	thread->is_task = 1;
}

void
threads_end_task (struct threads *t, const struct idmap_key *key)
{
	struct thread *thread = idmap_key_absent (key) ? NULL : find (t, key);

	if (thread == NULL || !thread->is_task)
		return;
	t->open[1] -= thread->open;
	thread->is_task = 0;
	begin_epoch (t, thread);
}
