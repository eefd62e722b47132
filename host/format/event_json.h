/* SPDX-License-Identifier: MIT */
/*
 * event_json.h - events and results as JSON, a line each.
 *
 * Keys come in a fixed order, which linehook-events(7) documents.  Strings are
 * in one normal form: escapes \" \\ \b \f \n \r \t, other control bytes as
 * \u00xx, everything else as UTF-8.  Large texts are not copied.
 */
#ifndef FORMAT_EVENT_JSON_H
#define FORMAT_EVENT_JSON_H

#include <linehook/run.h>

#include "common/outbuf.h"

enum {
	/* Add the keys line, off and len: where the event came from. */
	FORMAT_JSON_SOURCE = 1 << 0,
	/* Add the key raw: the line as JSON if it is JSON, else as a string.
	 * Behind meta->raw there must be a newline and the padding that struct
	 * lhk_line promises. */
	FORMAT_JSON_RAW = 1 << 1
};

/* Write EVENT and a newline; nothing if its kind is not known.  FLAGS are
 * FORMAT_JSON_*. */
void format_json_event (struct outbuf *o, const struct lhk_meta *meta,
			const struct lhk_event *event, unsigned int flags);

/* Write the final result and a newline: the members of the final event, but
 * without seq, t and turn, and behind them those of the header and the time of
 * the end. */
void format_json_result (struct outbuf *o, const struct lhk_result *result);

enum {
	/* The run and the exit status. */
	FORMAT_JSON_RUN = 1 << 0,
	/* Plugin, provider, and the times of the start and the end. */
	FORMAT_JSON_ORIGIN = 1 << 1,
	/* The command and its directory. */
	FORMAT_JSON_COMMAND = 1 << 2
};

/* Write the members of the final result, `,"final":true' and so on with a
 * comma before each, into an object that the caller has begun.  PARTS are
 * FORMAT_JSON_RUN, _ORIGIN and _COMMAND. */
void format_json_members (struct outbuf *o, const struct lhk_result *result,
			  unsigned int parts);

/* The members that tell of a process, with a comma before each: outcome;
 * flags; and survivors, contain, rusage and stderr. */
void format_json_outcome (struct outbuf *o, const struct lhk_outcome *how);
void format_json_flags (struct outbuf *o, uint32_t set);
void format_json_process (struct outbuf *o, const struct lhk_outcome *how);

/* The word for LHK_END_*; "unknown" for any other number. */
const char *format_json_end_reason (int end_reason);

#endif /* FORMAT_EVENT_JSON_H */
