/* SPDX-License-Identifier: MIT */
/*
 * rig.h - a host with the plugins of echo.h, a stream, and a sink behind it.
 */
#ifndef TESTS_RIG_H
#define TESTS_RIG_H

#include "lib/echo.h"
#include "lib/failing.h"
#include "lib/sink.h"

#define RIG_LOGS 64

struct rig {
	struct failing memory;
	struct lhk_host *host;
	struct lhk_stream *stream;
	struct lhk_stream_opts opts; /* change them before rig_start */
	struct lhk_error err;
	struct sink sink;
	uint64_t raw_bytes;	  /* by on_raw */
	int64_t now_ms;		  /* of the clock, if rig_clock is set */
	uint64_t n_logs;	  /* records */
	char logs[RIG_LOGS][160]; /* "code text key=value .." */
};

/* A host; BUDGET as in its options. */
void rig_init (struct rig *r, size_t budget);

/* A stream for plugin "echo" or "plain"; its code. */
int rig_start (struct rig *r, const char *plugin);

/* rig_init without budget, and rig_start that must succeed. */
void rig_open (struct rig *r, const char *plugin);

/* A clock for opts.clock_ms: now_ms. */
int64_t rig_clock (void *user);

void rig_write (struct rig *r, const char *text);
void rig_feed (struct rig *r, const char *data, size_t len, size_t chunk);

/* N bytes 'x' as one text line "t..." without its newline, in pieces. */
void rig_long (struct rig *r, size_t n, size_t chunk);

struct lhk_stream_stats rig_stats (const struct rig *r);

/* Finish; the result. */
const struct lhk_result *rig_finish (struct rig *r);

/* Records of CODE. */
size_t rig_logs (const struct rig *r, const char *code);

/* Free all; asserts that nothing is left and that the sink saw no fault. */
void rig_done (struct rig *r);

#endif /* TESTS_RIG_H */
