/* SPDX-License-Identifier: MIT */
/*
 * surrogate_join.h - surrogate pairs that were split over two deltas.
 *
 * A delta may end in the escape of a high surrogate whose other half begins
 * the next delta of the same id.  The half is held back and put in front of
 * that delta; if something else comes for the id (another text, a tool event of
 * the same parent, a result), or the stream ends, it is delivered as
 * U+FFFD.  An id is told apart by its
 * role and parent too.  Holds at most SURROGATE_JOIN_MAX halves; the oldest goes first.
 *
 * Memory only when a half is met, and of constant size: of a delta too long to
 * be copied the pair goes in front as a delta of its own.  Without memory the
 * halves stay where they are.
 */
#ifndef EVENT_SURROGATE_JOIN_H
#define EVENT_SURROGATE_JOIN_H

#include <linehook/host.h>

#include "event/any.h"

#define SURROGATE_JOIN_MAX 8

struct surrogate_join;

/* NULL: no memory. */
struct surrogate_join *surrogate_join_new (const struct lhk_alloc *alloc);
void surrogate_join_free (struct surrogate_join *j);

/* Where the events go on to; never reenters. */
typedef void surrogate_join_fn (void *user, const struct lhk_event *event);

/* Pass one event on, after zero or more that were held back before it.  The
 * event is only changed (a copy of it is) when it ends or begins in a half. */
void surrogate_join_event (struct surrogate_join *j,
			   const struct lhk_event *event,
			   surrogate_join_fn *next, void *user);

/* End of stream: deliver what is still held back. */
void surrogate_join_flush (struct surrogate_join *j, surrogate_join_fn *next,
			   void *user);

#endif /* EVENT_SURROGATE_JOIN_H */
