/* SPDX-License-Identifier: MIT */
/* events.h - deliver the events of a run to its consumer and its record. */
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
	uint64_t given_seq;	    /* of the line that was returned last */
	struct lhk_meta final_meta; /* of the final result; seq 0: none yet */

	/* Of the caller; or NULL. */
	size_t (*on_plugin) (void *user, const struct lhk_plugin_ref *ref);
	/* A plugin that reads from now on, for limits that it cannot tell; NULL:
	 * they were checked. */
	const struct lhk_plugin *new_plugin;
	int is_scope_reported; /* 1: a notice says what the usage covers */

	struct record_writer record;
	int record_error_reported; /* 1: a notice says that it ended early */
};

/* Begin the record, if OPTS want one, of a run that started at UNIX_MS.  The
 * texts of the header of STREAM are strings with a NUL.  LHK_OK, or a code and
 * a sentence. */
int run_record_begin (struct run_events *e, const struct lhk_run_opts *opts,
		      const struct lhk_plugin *plugin,
		      const struct lhk_stream_opts *stream, int64_t unix_ms,
		      struct lhk_error *err);

/* Write buffered events to the record, for readers to see.  If the record has
 * failed, emit a notice once. */
void run_record_flush (struct run_events *e);

/* Write RESULT, unless it is written already, and close the record. */
void run_record_end (struct run_events *e, const struct lhk_result *result);

/* Callbacks of the stream; USER is the struct run_events. */
void run_on_event (void *user, const struct lhk_meta *meta,
		   const struct lhk_event *event);
void run_on_raw (void *user, const char *data, size_t len);

size_t run_on_plugin (void *user, const struct lhk_plugin_ref *ref);

/* Emit a notice of the host among the events. */
void run_notice (struct run_events *e, int level, const char *code,
		 const char *fmt, ...) LHK_PRINTF (4, 5);

/* Take the next line from the queue.  LHK_OK, LHK_AGAIN, LHK_ENOMEM.  If the
 * run has ended, RESULT is not NULL, the final result is always returned, and
 * LHK_END after it. */
int run_events_next (struct run_events *e, const struct lhk_result *result,
		     struct lhk_str *ret);

#endif /* RUN_EVENTS_H */
