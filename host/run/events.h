/* SPDX-License-Identifier: MIT */
/* events.h - events of a run on their way to its consumer and its record. */
#ifndef RUN_EVENTS_H
#define RUN_EVENTS_H

#include "io/event_queue.h"
#include "record/writer.h"
#include "run/core.h"

struct run_events {
	struct run_core *core;
	lhk_event_fn *on_event; /* NULL: events wait to be pulled */
	void (*on_raw) (void *user, const char *data, size_t len);
	void *user;

	/* Events that wait for lhk_run_next_json. */
	struct event_queue queue;
	unsigned int json_flags;    /* FORMAT_JSON_* of their lines */
	uint64_t given_seq;	    /* of the line that was given out last */
	struct lhk_meta final_meta; /* of the final result; seq 0: none yet */

	struct record_writer record;
	int record_error_reported; /* the record ended early */
};

/* Begin the record, if one is asked for, of a run that started at UNIX_MS.
 * LHK_OK, or a code and a sentence. */
int run_record_begin (struct run_events *e, const struct lhk_run_opts *opts,
		      const struct lhk_plugin *plugin,
		      const struct lhk_stream_opts *stream, const char *id,
		      int64_t unix_ms, struct lhk_error *err);

/* Let others see what was written; a record that failed gets one notice. */
void run_record_flush (struct run_events *e);

/* Write RESULT, if it was not written, and close the record. */
void run_record_end (struct run_events *e, const struct lhk_result *result);

/* For the stream: USER is the struct run_events. */
void run_on_event (void *user, const struct lhk_meta *meta,
		   const struct lhk_event *event);
void run_on_raw (void *user, const char *data, size_t len);

/* A notice of the host among the events. */
void run_notice (struct run_events *e, int level, const char *code,
		 const char *fmt, ...) LHK_PRINTF (4, 5);

/* The next line that waits: LHK_OK, LHK_AGAIN, LHK_ENOMEM; RESULT not NULL,
 * the run has ended: LHK_END behind the final result, which always comes. */
int run_events_next (struct run_events *e, const struct lhk_result *result,
		     struct lhk_str *ret);

#endif /* RUN_EVENTS_H */
