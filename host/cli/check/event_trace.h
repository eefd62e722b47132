/* SPDX-License-Identifier: MIT */
/* event_trace.h - the events of a stream, as one hash each. */
#ifndef CLI_CHECK_EVENT_TRACE_H
#define CLI_CHECK_EVENT_TRACE_H

#include <linehook/event.h>

#include "common/outbuf.h"

struct event_trace {
	uint64_t *hashes;
	size_t n, cap;
	size_t want; /* index of the event whose text is kept, or SIZE_MAX */
	size_t shown_len;
	char shown[160];
	uint64_t hash; /* of the event being written */
	struct outbuf *out;
};

/* LHK_OK or LHK_ENOMEM. */
int event_trace_init (struct event_trace *t);
void event_trace_free (struct event_trace *t);
/* Drop the events; keep the text of event WANT of those that follow. */
void event_trace_reset (struct event_trace *t, size_t want);
void event_trace_add (struct event_trace *t, const struct lhk_meta *meta,
		      const struct lhk_event *event);

/* The index of the first of N events that differs, or SIZE_MAX. */
size_t event_trace_differs (const struct event_trace *a,
			    const struct event_trace *b, size_t n);

#endif /* CLI_CHECK_EVENT_TRACE_H */
