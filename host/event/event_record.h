/* SPDX-License-Identifier: MIT */
/*
 * event_record.h - an event as one piece of bytes, for another process.
 *
 * Both processes come from one build.  A record is the struct of the event,
 * in which pointers are places: in the line that the event was made of, which
 * both have, or in the record, behind the struct.  Whoever wrote a record is
 * not trusted: a place that is not there makes it bad.  What the event says is
 * not checked here: that is for the validator.
 */
#ifndef EVENT_EVENT_RECORD_H
#define EVENT_EVENT_RECORD_H

#include "common/strbuf.h"
#include "event/event_union.h"

/* Records begin at multiples of it, and have lengths of that kind. */
#define EVENT_RECORD_ALIGNMENT 8u

/*
 * Add a record of EVENT, which has passed the validator, to OUT, whose length
 * is aligned.  What points into the LEN bytes at LINE (which may be NULL) stays
 * there.  strbuf_failed tells if memory ran out.
 */
void event_record_write (struct strbuf *out, const union event_union *event,
			 const char *line, size_t len);

/*
 * The event of the record at DATA, which is aligned and of which LEN bytes are
 * there; its line is LINE_LEN bytes at LINE.  The record itself becomes the
 * event, which is valid as long as both.  *RET_LEN: bytes of the record.  NULL
 * if it is bad.
 */
struct lhk_event *event_record_read (char *data, size_t len, const char *line,
				     size_t line_len, size_t *ret_len);

#endif /* EVENT_EVENT_RECORD_H */
