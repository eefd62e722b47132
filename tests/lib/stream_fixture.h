/* SPDX-License-Identifier: MIT */
/* stream_fixture.h - a host with the plugins "mock" and "plain", one stream,
 * and a log of its events. */
#ifndef TESTS_STREAM_FIXTURE_H
#define TESTS_STREAM_FIXTURE_H

#include "lib/mock_plugin.h"
#include "lib/failing.h"
#include "lib/event_log.h"

#define STREAM_FIXTURE_LOGS 64

struct stream_fixture {
	struct failing memory;
	struct lhk_host *host;
	struct lhk_stream *stream;
	struct lhk_stream_opts
		opts; /* change them before stream_fixture_start */
	struct lhk_error err;
	struct event_log events;
	uint64_t raw_bytes; /* by on_raw */
	int64_t now_ms;	    /* of the clock, if stream_fixture_clock is set */
	uint64_t n_logs;    /* records */
	char logs[STREAM_FIXTURE_LOGS][160]; /* "code text key=value .." */
};

/* Make a host; BUDGET as in its options. */
void stream_fixture_init (struct stream_fixture *r, size_t budget);

/* Start a stream for plugin "mock" or "plain".  Returns the code of
 * lhk_stream_new. */
int stream_fixture_start (struct stream_fixture *r, const char *plugin);

/* stream_fixture_init without budget, and stream_fixture_start that must
 * succeed. */
void stream_fixture_open (struct stream_fixture *r, const char *plugin);

/* A clock for opts.clock_ms that returns now_ms. */
int64_t stream_fixture_clock (void *user);

void stream_fixture_write (struct stream_fixture *r, const char *text);
void stream_fixture_feed (struct stream_fixture *r, const char *data,
			  size_t len, size_t chunk);

/* Feed N bytes 'x' as one text line "t..." without its newline, in pieces of
 * CHUNK bytes. */
void stream_fixture_long (struct stream_fixture *r, size_t n, size_t chunk);

struct lhk_stream_stats stream_fixture_stats (const struct stream_fixture *r);

/* Finish the stream.  Returns its result. */
const struct lhk_result *stream_fixture_finish (struct stream_fixture *r);

/* How many log records have CODE. */
size_t stream_fixture_logs (const struct stream_fixture *r, const char *code);

/* Free everything, and assert that no memory is leaked and that no event
 * broke a rule. */
void stream_fixture_done (struct stream_fixture *r);

#endif /* TESTS_STREAM_FIXTURE_H */
