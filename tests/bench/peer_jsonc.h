/* SPDX-License-Identifier: MIT */
/*
 * peer_jsonc.h - shared by the json-c peer and its providers.
 */
#ifndef BENCH_PEER_JSONC_H
#define BENCH_PEER_JSONC_H

#include <stdint.h>

#include <json-c/json.h>

#define JSONC_CALLS 64 /* open tool calls that are remembered */

enum { JSONC_INPUT, JSONC_OUTPUT, JSONC_READ, JSONC_WRITE, JSONC_COUNTS };

struct jsonc_state {
	uint64_t seq;
	int turn;
	int said_session;
	int in_text; /* gemini: deltas belong to one text */
	unsigned int n_texts;
	char text_id[512]; /* of a text (gemini), of the message */
	char model[128];
	int64_t used[JSONC_COUNTS]; /* claude: by the message */
	int usage_said;
	int block; /* claude: that is told now */
	struct {
		char id[128];
		char name[64];
	} calls[JSONC_CALLS];
	unsigned int next_call;
};

typedef void jsonc_line_fn (struct jsonc_state *s, struct json_object *line);

jsonc_line_fn jsonc_claude, jsonc_codex, jsonc_gemini;

/* Return a new event with the common members; PARENT may be NULL. */
struct json_object *jsonc_event (const char *kind, const char *parent);

/* Print the event and free it. */
void jsonc_emit (struct json_object *ev);

/* Add a member unless VALUE is NULL.  KEY is a constant and not yet there. */
void jsonc_add (struct json_object *ev, const char *key,
		struct json_object *value);

/* Copy the member unchanged if it has this type. */
void jsonc_copy (struct json_object *ev, const char *key,
		 struct json_object *from, const char *name,
		 enum json_type type);

void jsonc_add_word (struct json_object *ev, const char *key,
		     const char *value);
void jsonc_add_int (struct json_object *ev, const char *key, int64_t value);

struct json_object *jsonc_get (struct json_object *from, const char *name);

/* Return the text of the member, or "". */
const char *jsonc_word (struct json_object *from, const char *name);
int64_t jsonc_int (struct json_object *from, const char *name);

/* Add name, type, status, brief, input and paths of a call that starts. */
void jsonc_call (struct jsonc_state *s, struct json_object *ev,
		 const char *name, const char *status,
		 struct json_object *input);

/* Return the name of the call with this id, and its type. */
void jsonc_recall (struct jsonc_state *s, struct json_object *ev,
		   const char *id);

#endif /* BENCH_PEER_JSONC_H */
