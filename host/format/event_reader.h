/* SPDX-License-Identifier: MIT */
/*
 * event_reader.h - one line of the JSON of events back into an event.
 *
 * The inverse of the writer: what is read can be given to every view of events
 * and, written again, is the same bytes.  Only what the JSON does not carry is
 * missing: the flags that tell messages of a model apart, `terminal', `oom' and
 * `cancel_signal'.
 *
 * Nothing that a line says is trusted.  It must be valid JSON; kinds and members
 * that are not known are ignored; a value of another type or out of its range is
 * absent.  Texts are bodies of JSON strings that were checked, so they are as
 * hostile as the agent made them and nothing worse.  A line costs time and
 * memory in proportion to its length, and the memory serves the next line.
 */
#ifndef FORMAT_EVENT_READER_H
#define FORMAT_EVENT_READER_H

#include <linehook/run.h>

#include "common/strbuf.h"
#include "event/event_union.h"

/* An array that grows; CAP elements are allocated, N of them in use. */
struct event_reader_array {
	void *items;
	size_t n, cap;
};

/* All members are private.  It is large enough to be static or allocated, small
 * enough for the stack. */
struct event_reader {
	const struct lhk_alloc *alloc;
	union event_union event;  /* the last one */
	struct lhk_result result; /* the last final one */
	struct lhk_ev_run header; /* of the result, if it tells of it */
	struct event_reader_array texts, entries, totals, pids;
	struct strbuf plain; /* strings of the outcome, decoded */
};

/* ALLOC is borrowed until event_reader_free. */
void event_reader_init (struct event_reader *r, const struct lhk_alloc *alloc);
void event_reader_free (struct event_reader *r);

/*
 * Read the event in LEN bytes at LINE, which stands without its newline as
 * lhk_json_line wants it: LINE[LEN] is '\n', and LHK_LINE_PADDING bytes from
 * there may be read.  *RET_META and *RET_EVENT are valid until the next call on
 * R and as long as the line is: texts are slices of it.
 *
 * META->raw is the value of the member `raw' as JSON, so a source line that was
 * not JSON stands there as a string.  META->seq is 0 if there is none.
 *
 * LHK_OK; LHK_SKIP: the event is of an unknown kind; LHK_EPARSE: the line is not
 * an event; LHK_ENOMEM.
 */
int event_reader_read (struct event_reader *r, const char *line, size_t len,
		       struct lhk_meta *ret_meta,
		       const struct lhk_event **ret_event);

/* Read a final result from an object that has its members, as the final event
 * and result.json have.  The same holds for LINE.  *RET is valid as long as the
 * event would be.  LHK_OK, LHK_EPARSE, LHK_ENOMEM. */
int event_reader_result (struct event_reader *r, const char *line, size_t len,
			 const struct lhk_result **ret);

#endif /* FORMAT_EVENT_READER_H */
