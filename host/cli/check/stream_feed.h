/* SPDX-License-Identifier: MIT */
/* stream_feed.h - bytes into a stream of the host that has the plugin. */
#ifndef CLI_CHECK_STREAM_FEED_H
#define CLI_CHECK_STREAM_FEED_H

#include "cli/check/event_trace.h"
#include "cli/check/suite.h"

/* Bytes of a transcript of which all split points are tried. */
#define SPLIT_HEAD ((size_t) 64 << 10)

/* How bytes are fed: all at once (zeros), in chunks, or each line cut in two
 * behind its SPLIT'th byte. */
struct feed {
	size_t line_max; /* 0: the default */
	size_t chunk;
	size_t split; /* 0: not; needs a transcript */
	int isolated; /* 1: the plugin has a process of its own */
};

struct feeding {
	struct check *c;
	struct event_trace *trace;
	uint64_t seq;
	uint64_t n_final;
	uint64_t n_failed;   /* notices of a callback that failed */
	size_t n_before_end; /* events until the end of the bytes */
	struct lhk_stream_stats stats;
};

/* Feed LEN bytes of T (DATA instead of T's own if not NULL, and then no SPLIT).
 * TRACE gets the events and is not reset.  1, or 0 with the problem noted. */
int feed_bytes (struct feeding *f, struct check *c, struct event_trace *trace,
		const struct transcript *t, const char *data, size_t len,
		const struct feed *how);

/* Feed all of T; the plugin must not fail. */
int feed_all (struct feeding *f, struct check *c, struct event_trace *trace,
	      const struct transcript *t, const struct feed *how);

/* T fed as HOW must give the first N events of WANTED; else a problem that
 * says WHAT and shows both events.  1 if they are the same. */
int feed_same (struct check *c, const struct transcript *t,
	       const struct feed *how, struct event_trace *wanted, size_t n,
	       const char *what);

/* Call FN with T and a trace. */
void feed_with_trace (struct check *c, const struct transcript *t,
		      void (*fn) (struct check *c, const struct transcript *t,
				  struct event_trace *wanted));

#endif /* CLI_CHECK_STREAM_FEED_H */
