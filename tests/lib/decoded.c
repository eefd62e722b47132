/* SPDX-License-Identifier: MIT */
/* decoded.c - decode a document in pieces and check the result. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "lib/decoded.h"
#include "lib/tap.h"

volatile int decoded_inside;

struct decoded
decoded_with (const char *p, size_t len, size_t chunk, uint64_t cost_max)
{
	struct decoded r = { 0, 0, NULL };
	struct decode *d = malloc (sizeof *d);
	struct json_object *tree;
	size_t n;
	char *piece;

	decoded_inside = 1;
	decode_init (d, cost_max);
	decoded_inside = 0;
	for (; len > 0; len -= n, p += n) {
		n = len < chunk ? len : chunk;
		piece = malloc (n);
		memcpy (piece, p, n);
		decoded_inside = 1;
		decode_feed (d, piece, n);
		decoded_inside = 0;
		free (piece);
	}
	decoded_inside = 1;
	r.error = decode_end (d);
	decoded_inside = 0;
	r.off = d->off;
	if (r.error == DECODE_OK) {
		tree = decode_take (d);
		r.text = strdup (json_object_to_json_string_ext (tree, 0));
		json_object_put (tree);
	}
	decode_free (d);
	free (d);
	return r;
}

struct decoded
decoded (const char *p, size_t len, size_t chunk)
{
	return decoded_with (p, len, chunk, DECODED_PLENTY);
}

void
decoded_gives (const char *text, const char *wanted)
{
	size_t len = strlen (text), chunk;
	struct decoded r;

	for (chunk = 1; chunk <= len; chunk++) {
		r = decoded (text, len, chunk);
		if (!TAP_EQ_INT (r.error, DECODE_OK)
		    || !TAP_EQ_STR (r.text, wanted)) {
			tap_note ("chunks of %zu: %s", chunk, text);
			free (r.text);
			return;
		}
		free (r.text);
	}
}

void
decoded_fails_len (const char *text, size_t len, int error, int off)
{
	struct decoded r;
	size_t chunk;
	int tree;

	for (chunk = 1; chunk <= len; chunk++)
		for (tree = 0; tree < 2; tree++) {
			r = decoded_with (text, len, chunk,
					  tree ? DECODED_PLENTY : 0);
			free (r.text);
			if (r.error == error
			    && (off < 0 || r.off == (uint64_t) off))
				continue;
			tap_note ("chunks of %zu: %.60s: %s at %d", chunk, text,
				  decode_reason (r.error), (int) r.off);
			CU_FAIL ("another error was wanted");
			return;
		}
}

void
decoded_fails (const char *text, int error, int off)
{
	decoded_fails_len (text, strlen (text), error, off);
}
