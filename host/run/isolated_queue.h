/* SPDX-License-Identifier: MIT */
/*
 * isolated_queue.h - lines on their way to the process of a plugin.
 *
 * A message for each line would cost more than the plugin does.  So lines wait
 * here, are sent in batches, and each stays until its answer was dealt with,
 * which is in their order.  Nothing waits longer than the write to the stream
 * that has brought it.
 *
 * A line that the plugin refuses ends its batch, and what was sent behind it is
 * sent again: the host may have another call to make first.  So batches begin with
 * one line and grow with each line that was read.
 */
#ifndef RUN_ISOLATED_QUEUE_H
#define RUN_ISOLATED_QUEUE_H

#include "common/isolate_proto.h"
#include "common/strbuf.h"
#include "frame/frame.h"

struct isolated_queue {
	struct strbuf bytes; /* calls, each with its line */
	size_t first;	     /* where the first one begins */
	size_t unsent;	     /* where the first one begins that is not sent */
	uint32_t n, n_sent;  /* lines; those that are sent */
	uint32_t batch;	     /* lines of the next message */
	int32_t is_last;     /* no line is added until it is empty */
};

/* ALLOC is borrowed until isolated_queue_free. */
void isolated_queue_init (struct isolated_queue *q,
			  const struct lhk_alloc *alloc);
void isolated_queue_free (struct isolated_queue *q);

/* Is the line short enough to wait?  1 or 0. */
int isolated_queue_takes (const struct frame_line *line);

/* Copy a line that may wait.  LHK_OK or LHK_ENOMEM.  No line of the queue may be
 * in use. */
int isolated_queue_add (struct isolated_queue *q,
			const struct frame_line *line);

/* Are there so many lines that the first one is to be dealt with?  1 or 0. */
int isolated_queue_is_full (const struct isolated_queue *q);

/* Get the first line, which is valid until the next isolated_queue_add.  1; 0:
 * the queue is empty. */
int isolated_queue_first (const struct isolated_queue *q,
			  struct frame_line *ret);

/* Is this the first line?  1 or 0. */
int isolated_queue_is_first (const struct isolated_queue *q, const char *line);

/* The lines to be sent now: HEAD gets their number and length.  The bytes, or
 * NULL: there are none, or enough are on their way. */
const char *isolated_queue_batch (struct isolated_queue *q,
				  struct isolate_head *head);

/* The first line was read.  REFUSED 1: what was sent behind it was not. */
void isolated_queue_answered (struct isolated_queue *q, int refused);

/* The first line was dealt with, whoever has read it. */
void isolated_queue_drop (struct isolated_queue *q);

#endif /* RUN_ISOLATED_QUEUE_H */
