/* SPDX-License-Identifier: MIT */
/*
 * event_log.h - an event callback that writes each event down as a line.
 *
 * A test compares the text with what it expects.  Sequence number and time are
 * left out; their rules are checked as the events come, see `faults'.
 *
 *	run mock
 *	text one			delta text: text+ one
 *	text 9437184 bytes		when longer than EVENT_LOG_SHOWN
 *	notice oversize line=3
 *	result ok			a claim; final: final ok
 *	session ID, tool NAME STATUS, usage IN OUT, plan N, ask ID
 */
#ifndef TESTS_EVENT_LOG_H
#define TESTS_EVENT_LOG_H

#include <linehook/run.h>

#define EVENT_LOG_SHOWN 64

struct event_log {
	char *text; /* NUL-terminated, never NULL */
	size_t len, cap;
	uint64_t n;	    /* events */
	uint64_t kinds[16]; /* of each kind */
	uint64_t faults;    /* seq with a gap, a size or turn of 0, events
			       after the final one */
	int final;
	char data[1024];	   /* of the last notice with data */
	char notice[256];	   /* text of the last notice */
	struct lhk_meta meta;	   /* of the last event that had a line */
	char raw[EVENT_LOG_SHOWN]; /* its raw line */
	int64_t last_ms;	   /* time of the last event */
};

void event_log_init (struct event_log *log);
void event_log_done (struct event_log *log);

/* Empty the text; the counts go on. */
void event_log_clear (struct event_log *log);

/* An lhk_event_fn; USER is the event_log. */
void event_log_event (void *user, const struct lhk_meta *meta,
		      const struct lhk_event *event);

/* How often NEEDLE is in the text. */
size_t event_log_count (const struct event_log *log, const char *needle);

/* The value of member NAME in the data of the last notice; -1: none. */
long long event_log_data_number (const struct event_log *log, const char *name);

#endif /* TESTS_EVENT_LOG_H */
