/* SPDX-License-Identifier: MIT */
/* stream_json.h - what formats like Claude Code's stream-json share. */
#ifndef PLUGINS_STREAM_JSON_H
#define PLUGINS_STREAM_JSON_H

#include "common.h"

/* A member of an object; absent values and null are left out. */
struct json_member {
	const char *key;
	struct lhk_str value; /* JSON text */
};

/* Make {"KEY":VALUE,..} in the arena.  0 or LHK_ENOMEM. */
int json_object_of (struct arena *a, const struct json_member *members,
		    size_t n, struct lhk_raw *ret);

/* A text as the JSON string that it was in its line. */
struct lhk_str json_string_of (const struct lhk_text *text);

/* The text of message.content or of a tool's result: a string, or the text
 * blocks joined by newlines.  *ret_others, if it is not NULL, gets the number
 * of blocks of other kinds.  0 or LHK_ENOMEM. */
int content_text (struct arena *a, const struct lhk_raw *content,
		  struct lhk_text *ret, size_t *ret_others);

/* Say that a request to the model failed, and when it is made again.  0 or
 * LHK_ENOMEM. */
int retry_text (struct arena *a, const struct lhk_num *attempt,
		const struct lhk_num *max, const struct lhk_num *delay_ms,
		struct lhk_text *ret);

/* Is DATA an object that IS_OURS accepts, or an array with one?  1 or 0. */
int probe_objects (const char *data, size_t len,
		   int (*is_ours) (const struct lhk_raw *object));

#endif /* PLUGINS_STREAM_JSON_H */
