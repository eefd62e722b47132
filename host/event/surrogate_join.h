/* SPDX-License-Identifier: MIT */
/*
 * surrogate_join.h - surrogate pairs that were split over two deltas.
 *
 * A delta may end in the escape of a high surrogate whose other half begins
 * the next delta of the same id, role and parent.  The half is held back and
 * put in front of that delta.  If something else comes first (a whole text of
 * the id, a tool event of the same parent, a result, the end of the stream),
 * the half is delivered as U+FFFD.  At most SURROGATE_JOIN_MAX halves are
 * held; the oldest gives way.
 *
 * Memory is taken only when a half is met, and its size is constant.  Without
 * memory the halves stay where they are.
 */
#ifndef EVENT_SURROGATE_JOIN_H
#define EVENT_SURROGATE_JOIN_H

#include <linehook/host.h>

#include "event/event_union.h"

#define SURROGATE_JOIN_MAX 8

struct surrogate_join;

/* ALLOC is borrowed until surrogate_join_free.  NULL if there is no memory. */
struct surrogate_join *surrogate_join_new (const struct lhk_alloc *alloc);
void surrogate_join_free (struct surrogate_join *j);

/* Where the events go on to.  EVENT is borrowed for the call; the function
 * must not call this module. */
typedef void surrogate_join_fn (void *user, const struct lhk_event *event);

/* Pass EVENT on to NEXT, after what was held back before it.  It is passed on
 * as it is, or as a changed copy if it begins or ends in a half. */
void surrogate_join_event (struct surrogate_join *j,
			   const struct lhk_event *event,
			   surrogate_join_fn *next, void *user);

/* End of the stream: deliver what is held back. */
void surrogate_join_flush (struct surrogate_join *j, surrogate_join_fn *next,
			   void *user);

#endif /* EVENT_SURROGATE_JOIN_H */
