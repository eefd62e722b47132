/* SPDX-License-Identifier: MIT */
/* threads.c - the threads of a run, and the open tool calls of each. */
#include "config.h"

#include <string.h>

#include "event/threads.h"

/* Threads that are known at once.  No agent has so many subagents. */
#define THREADS_MAX 4096u

/* How deep a subagent of a subagent is followed. */
#define DEPTH_MAX 16u

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

/* Do the holds of a thread count? */
static int
is_current (const struct threads *t, const struct thread *thread)
{
	return thread->is_task || thread->turn == t->turn;
}

static struct thread *
look_up (struct threads *t, const struct idmap_key *key)
{
	return idmap_key_absent (key) ? &t->main : idmap_find (&t->map, key);
}

static void
begin_epoch (struct threads *t, struct thread *thread)
{
	thread->open = thread->suspended = 0;
	thread->epoch = ++t->epoch;
	thread->turn = t->turn;
	memset (&thread->first, 0, sizeof thread->first);
}

/* The thread of KEY, as it stands in this turn; NULL if it is not known. */
static struct thread *
find (struct threads *t, const struct idmap_key *key)
{
	struct thread *thread = look_up (t, key);

	if (thread != NULL && !is_current (t, thread))
		begin_epoch (t, thread);
	return thread;
}

/* ---- threads that others have started ---- */

static void
enlist (struct thread *parent, const struct idmap_key *key,
	struct thread *thread)
{
	thread->next = parent->first;
	parent->first = *key;
	thread->listed = parent->epoch;
}

/* Put the list that begins with FIRST in front of the one at *LIST. */
static void
prepend (struct threads *t, const struct idmap_key *first,
	 struct idmap_key *list)
{
	struct thread *last = NULL, *thread;
	struct idmap_key key = *first;

	while (!idmap_key_absent (&key)
	       && (thread = idmap_find (&t->map, &key)) != NULL) {
		last = thread;
		key = thread->next;
	}
	if (last == NULL)
		return;
	last->next = *list;
	*list = *first;
}

/* All holds of a list of threads are over, and those of threads that these have
 * started. */
static void
close_list (struct threads *t, struct idmap_key list)
{
	struct thread *thread;

	while (!idmap_key_absent (&list)) {
		thread = idmap_find (&t->map, &list);
		if (thread == NULL)
			return;
		list = thread->next;
		memset (&thread->next, 0, sizeof thread->next);
		thread->listed = 0;
		if (thread->is_task || !is_current (t, thread))
			continue;
		t->open[0] -= thread->open;
		prepend (t, &thread->first, &list);
		begin_epoch (t, thread);
	}
}

/* All holds of a thread are over. */
static void
move_on (struct threads *t, struct thread *thread)
{
	const struct idmap_key list = thread->first;

	t->open[thread->is_task != 0] -= thread->open;
	begin_epoch (t, thread);
	close_list (t, list);
}

/* No call of the thread is open: nor is one of those that these started. */
static void
close_idle (struct threads *t, struct thread *thread)
{
	const struct idmap_key list = thread->first;

	if (thread->open > 0 || thread->suspended > 0)
		return;
	memset (&thread->first, 0, sizeof thread->first);
	close_list (t, list);
}

/* ---- room ---- */

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
	int current = is_current (f->threads, thread);

	if (f->left == 0
	    || (current && !f->also_open
		&& (thread->open > 0 || !idmap_key_absent (&thread->first))))
		return 1;
	f->left--;
	if (current)
		f->threads->open[thread->is_task != 0] -= thread->open;
	return 0;
}

static void
clear_lists (struct threads *t)
{
	struct thread *thread;
	size_t i;

	memset (&t->main.first, 0, sizeof t->main.first);
	for (i = 0; i < t->map.n; i++) {
		thread = idmap_value (&t->map, i);
		memset (&thread->first, 0, sizeof thread->first);
		memset (&thread->next, 0, sizeof thread->next);
	}
}

/* Make the lists anew after some threads were forgotten.  What such a thread
 * had started holds nothing more. */
static void
list_again (struct threads *t)
{
	struct thread *thread, *parent;
	size_t i;

	clear_lists (t);
	for (i = 0; i < t->map.n; i++) {
		thread = idmap_value (&t->map, i);
		parent = look_up (t, &thread->parent);
		if (parent != NULL && parent->epoch == thread->listed)
			enlist (parent, &t->map.ids[i], thread);
	}
	for (i = 0; i < t->map.n; i++) {
		thread = idmap_value (&t->map, i);
		if (thread->listed == 0 || thread->is_task
		    || !is_current (t, thread)
		    || look_up (t, &thread->parent) != NULL)
			continue;
		thread->listed = 0;
		move_on (t, thread);
	}
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
	list_again (t);
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
	t->open[thread->is_task != 0]++;
}

int
threads_adopt (struct threads *t, const struct idmap_key *key,
	       const struct idmap_key *parent)
{
	struct thread *thread = idmap_find (&t->map, key);
	struct thread *over = thread != NULL ? find (t, parent) : NULL;
	struct thread *before;

	if (over == NULL)
		return 0;
	before = thread->listed != 0 ? look_up (t, &thread->parent) : NULL;
	if (before != NULL && before->epoch == thread->listed)
		return 0;
	thread->parent = *parent;
	enlist (over, key, thread);
	return 1;
}

/* The thread of a hold that is not over; NULL if it is. */
static struct thread *
thread_of (struct threads *t, const struct hold *hold)
{
	struct thread *thread =
		hold->epoch != 0 ? find (t, &hold->thread) : NULL;

	return thread != NULL && thread->epoch == hold->epoch ? thread : NULL;
}

int
threads_is_held (struct threads *t, const struct hold *hold)
{
	const struct thread *thread = thread_of (t, hold);

	return thread != NULL && thread->open > 0;
}

static void
take_one (struct threads *t, struct thread *thread)
{
	/* A hold that was lost is no longer counted. */
	if (thread->open == 0)
		return;
	thread->open--;
	t->open[thread->is_task != 0]--;
}

void
threads_release (struct threads *t, struct hold *hold)
{
	struct thread *thread = thread_of (t, hold);

	hold->epoch = 0;
	if (thread == NULL)
		return;
	take_one (t, thread);
	close_idle (t, thread);
}

int
threads_suspend (struct threads *t, const struct hold *hold)
{
	struct thread *thread = thread_of (t, hold);

	if (thread == NULL)
		return 0;
	take_one (t, thread);
	thread->suspended++;
	return 1;
}

int
threads_resume (struct threads *t, const struct hold *hold)
{
	struct thread *thread = thread_of (t, hold);

	if (thread == NULL)
		return 0;
	thread->suspended--;
	thread->open++;
	t->open[thread->is_task != 0]++;
	return 1;
}

/* The thread that waits for no other one, as far as is known: what a call of it
 * has started last, and so on. */
static struct thread *
innermost (struct threads *t)
{
	struct idmap_key main_key = { 0, 0 };
	struct thread *thread = find (t, &main_key), *next;
	unsigned int depth;

	for (depth = 0; depth < DEPTH_MAX; depth++) {
		next = idmap_find (&t->map, &thread->first);
		if (next == NULL || next->open == 0 || next->is_task
		    || !is_current (t, next))
			break;
		thread = next;
	}
	return thread;
}

void
threads_lose (struct threads *t, const struct idmap_key *key)
{
	struct thread *thread;

	thread = key != NULL ? find (t, key) : innermost (t);
	if (thread == NULL)
		return;
	take_one (t, thread);
	close_idle (t, thread);
}

void
threads_close (struct threads *t, const struct idmap_key *key, int its_call)
{
	struct thread *thread = find (t, key);

	if (thread == NULL || (thread->is_task && its_call))
		return;
	if (thread->open > 0 || thread->suspended > 0
	    || !idmap_key_absent (&thread->first))
		move_on (t, thread);
}

void
threads_close_turn (struct threads *t)
{
	t->open[0] = 0;
	t->turn++;
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
	move_on (t, thread);
	thread->is_task = 0;
}
