/* SPDX-License-Identifier: MIT */
/*
 * event_queue.h - a bounded queue of events as lines of JSON.
 *
 * When it is full, events are dropped until half of it was taken; one notice
 * (code gap, the first and the last seq) stands where they would be, and its
 * own seq is the last of theirs.  The final result is never dropped.
 */
#ifndef IO_EVENT_QUEUE_H
#define IO_EVENT_QUEUE_H

#include <linehook/run.h>

#include "io/spool.h"
#include "common/outbuf.h"

struct event_queue {
	struct spool backlog; /* records: length, then the line */
	struct outbuf *out;
	char *stage; /* the record that is being written */
	size_t stage_cap, stage_len;
	int stage_lost; /* 1: there was no memory for it */
	char *line;	/* the line that the caller took last */
	size_t line_cap;
	uint64_t head;		/* length of the line that is being read */
	size_t head_got, got;	/* bytes read of the length, of the line */
	uint64_t bytes_max;	/* the bound, which one event may exceed */
	int full;		/* 1: events are dropped */
	uint64_t lost;		/* events: dropped, or no memory for them */
	uint64_t gap_from;	/* seq of the first that was dropped; 0: none */
	struct lhk_meta gap_to; /* of the last that was dropped */
};

/* LHK_OK or LHK_ENOMEM. */
int event_queue_init (struct event_queue *q, const struct lhk_alloc *alloc,
		      const char *dir, uint64_t bytes_max);

/* Append an event.  FLAGS: FORMAT_JSON_*. */
void event_queue_event (struct event_queue *q, const struct lhk_meta *meta,
			const struct lhk_event *event, unsigned int flags);

/* Take the oldest line.  LHK_OK, or LHK_AGAIN if there is none.  The line has
 * no newline and is valid until the next call.  LHK_ENOMEM: it is still in the
 * queue, try again later. */
int event_queue_next (struct event_queue *q, struct lhk_str *ret);

void event_queue_free (struct event_queue *q);

#endif /* IO_EVENT_QUEUE_H */
