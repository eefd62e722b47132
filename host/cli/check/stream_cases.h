/* SPDX-License-Identifier: MIT */
/* stream_cases.h - a plugin inside a stream, bytes cut in any way. */
#ifndef CLI_CHECK_STREAM_CASES_H
#define CLI_CHECK_STREAM_CASES_H

#include "cli/check/suite.h"

/* How bytes are fed: all at once (zeros), in chunks, or each line cut in two
 * behind its SPLIT'th byte. */
struct feed {
	size_t line_max; /* 0: the default */
	size_t chunk;
	size_t split; /* 0: not; needs a transcript */
};

struct feeding {
	struct check *c;
	struct trace *trace;
	uint64_t seq;
	uint64_t n_final;
	size_t n_before_end; /* events until the end of the bytes */
	struct lhk_stream_stats stats;
};

/* Feed LEN bytes of T (DATA instead of T's own if not NULL, and then no
 * SPLIT).  TRACE gets the events; it is not reset.  1, or 0 with the problem
 * noted. */
int feed_bytes (struct feeding *f, struct check *c, struct trace *trace,
		const struct transcript *t, const char *data, size_t len,
		const struct feed *how);

/* The same, all of T; the plugin must not have failed. */
int feed_all (struct feeding *f, struct check *c, struct trace *trace,
	      const struct transcript *t, const struct feed *how);

/* T fed as HOW must give the events of WANTED, the first N; else a problem,
 * that says WHAT and shows both events.  1 if they are the same. */
int feed_same (struct check *c, const struct transcript *t,
	       const struct feed *how, struct trace *wanted, size_t n,
	       const char *what);

#endif /* CLI_CHECK_STREAM_CASES_H */
