/* SPDX-License-Identifier: MIT */
/*
 * sink.h - a consumer that writes down what it hears, for comparison.
 *
 * One line per event, without seq and time (their rules are checked on the
 * way: see faults):
 *
 *	run mock
 *	text one			delta text: text+ one
 *	text 9437184 bytes		when longer than FORMAT_SHOWN
 *	notice oversize line=3
 *	result ok			a claim; final: final ok
 *	session ID, tool NAME STATUS, usage IN OUT, plan N, ask ID
 */
#ifndef TESTS_SINK_H
#define TESTS_SINK_H

#include <linehook/run.h>

#define FORMAT_SHOWN 64

struct sink {
	char *text; /* NUL-terminated, never NULL */
	size_t len, cap;
	uint64_t n;	    /* events */
	uint64_t kinds[16]; /* of each kind */
	uint64_t faults;    /* seq with a gap, a size or turn of 0, events
			       after the final one */
	int final;
	char data[1024];	/* of the last notice with data */
	char notice[256];	/* text of the last notice */
	struct lhk_meta meta;	/* of the last event that had a line */
	char raw[FORMAT_SHOWN]; /* its raw line */
	int64_t last_ms;	/* time of the last event */
};

void sink_init (struct sink *s);
void sink_done (struct sink *s);

/* Forget the text, not the counts. */
void sink_clear (struct sink *s);

/* An lhk_event_fn; USER is the sink. */
void sink_event (void *user, const struct lhk_meta *meta,
		 const struct lhk_event *event);

/* Times that NEEDLE is in the text. */
size_t sink_count (const struct sink *s, const char *needle);

/* The number of member NAME in the data of the last notice, -1: none. */
long long sink_data_number (const struct sink *s, const char *name);

#endif /* TESTS_SINK_H */
