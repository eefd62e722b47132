/* SPDX-License-Identifier: MIT */
/*
 * writer.h - the pieces that lines of JSON are made of.
 *
 * For sink/json and for those who write such objects of their own.  A KEY is written as it stands: its comma, quotes
 * and colon are part of it.
 */
#ifndef JSON_WRITER_H
#define JSON_WRITER_H

#include <linehook/run.h>

#include "format/event_json.h"

/* Nothing for an absent text.  KEY is a literal. */
#define JSON_TEXT(o, key, text)                                                \
	json_put_text ((o), "" key, sizeof (key) - 1, (text))

static inline void
json_put_text (struct outbuf *o, const char *key, size_t len,
	       const struct lhk_text *text)
{
	if (text->ptr == NULL)
		return;
	outbuf_put (o, key, len);
	json_put_body (o, text);
}

/* VALUE in quotes, without any escape; nothing for NULL. */
void json_put_word (struct outbuf *o, const char *key, const char *value);

/* Nothing unless GIVEN. */
void json_put_count (struct outbuf *o, const char *key, int given,
		     int64_t value);

void json_put_list (struct outbuf *o, const char *key,
		    const struct lhk_text *texts, size_t n);

/* Valid JSON as it stands, but for its newlines: they can only be between
 * tokens, and would end the line. */
void json_put_value (struct outbuf *o, const char *key, const char *data,
		     size_t len);

/* Nano-USD as a decimal number of USD: exact, no trailing zeros. */
void json_put_cost (struct outbuf *o, int64_t nano);

/* `,"final":true,..': the members of a final result. */
void json_put_final (struct outbuf *o, const struct lhk_result *result);

/* The members that tell of a process: `,"outcome":{..}', `,"flags":[..]', and
 * `,"survivors":[..]' to `,"stderr":{..}'. */
void json_put_outcome (struct outbuf *o, const struct lhk_outcome *how);
void json_put_flags (struct outbuf *o, uint32_t set);
void json_put_process (struct outbuf *o, const struct lhk_outcome *how);

/* "call", "turn", "run", "session"; NULL for none. */
const char *json_scope (int32_t scope);

#endif /* JSON_WRITER_H */
