/* SPDX-License-Identifier: MIT */
/*
 * event_json.h - an event as one line of JSON (linehook-events(7)).
 *
 * Own writer: no tree, no locale, no copy of large texts.  Keys in a fixed
 * order.  Strings in one normal form: escapes \" \\ \b \f \n \r \t, other
 * control bytes as \u00xx, everything else as UTF-8.
 */
#ifndef FORMAT_EVENT_JSON_H
#define FORMAT_EVENT_JSON_H

#include <linehook/run.h>

#include "common/outbuf.h"
#include "json/writer.h"

enum {
	FORMAT_JSON_SOURCE = 1 << 0, /* line, off, len */
	FORMAT_JSON_RAW = 1 << 1     /* raw: as JSON if it is, else as a
					string; behind meta->raw there must
					be a newline and the padding that
					struct lhk_line promises */
};

/* Writes the line and its newline. */
void format_json_event (struct outbuf *o, const struct lhk_meta *meta,
			const struct lhk_event *event, unsigned int flags);

/* The final result as one JSON object without seq, t and turn, for --result:
 * else the same fields as the final event.  Writes the newline. */
void format_json_result (struct outbuf *o, const struct lhk_result *result);

/* The word for LHK_END_*. */
const char *format_json_how (int end_reason);

/* Its members alone, a comma before each, for a larger object. */
void format_json_members (struct outbuf *o, const struct lhk_result *result);

/* `,"final":true,..': the members of a final result. */
void json_put_final (struct outbuf *o, const struct lhk_result *result);

/* The members that tell of a process: `,"outcome":{..}', `,"flags":[..]', and
 * `,"survivors":[..]' to `,"stderr":{..}'. */
void json_put_outcome (struct outbuf *o, const struct lhk_outcome *how);
void json_put_flags (struct outbuf *o, uint32_t set);
void json_put_process (struct outbuf *o, const struct lhk_outcome *how);

/* "call", "turn", "run", "session"; NULL for none. */
const char *json_scope (int32_t scope);

#endif /* FORMAT_EVENT_JSON_H */
