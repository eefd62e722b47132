/* SPDX-License-Identifier: MIT */
/*
 * fuzz_tool.c - decoding and redaction of any bytes.
 *
 * The first byte is the size of the pieces that the text is cut into; the result
 * must not depend on it.  What decodes is JSON for the strict reader as well,
 * and what that one accepts decodes.
 */
#include "config.h"

#include <string.h>

#include <json-c/json.h>

#include "fuzz/fuzz.h"
#include "json/ops.h"
#include "tool/decode.h"
#include "tool/redact.h"
#include "common/mem.h"

struct text {
	char *data;
	size_t len;
};

static void
gather (void *user, const char *data, size_t len)
{
	struct text *t = user;

	t->data = realloc (t->data, t->len + len + 1);
	if (t->data == NULL)
		abort ();
	memcpy (t->data + t->len, data, len);
	t->len += len;
}

static struct text
redacted (const char *p, size_t len, size_t chunk)
{
	const char *const words[] = { "=hunter2", "=unter2x", "name" };
	const struct lhk_str config = { p, len };
	const struct redact_sources from = { words, 3, NULL, &config, &config };
	struct redact *r = redact_new (&mem_system, &from);
	struct text t = { NULL, 0 };
	size_t n;

	if (r == NULL)
		abort ();
	for (; len > 0; len -= n, p += n) {
		n = len < chunk ? len : chunk;
		redact_feed (r, p, n, gather, &t);
	}
	redact_end (r, 0, gather, &t);
	redact_free (r);
	return t;
}

static void
check_redact (const char *p, size_t len, size_t chunk)
{
	struct text whole = redacted (p, len, len + 1), pieces;

	if (fuzz_turn (0, FUZZ_SELDOM, p, len)) {
		pieces = redacted (p, len, chunk);
		FUZZ_CHECK (whole.len == pieces.len, p, len);
		FUZZ_CHECK (
			whole.len == 0
				|| memcmp (whole.data, pieces.data, whole.len)
					   == 0,
			p, len);
		free (pieces.data);
	}
	FUZZ_CHECK (whole.len == 0
			    || memmem (whole.data, whole.len, "hunter2", 7)
				       == NULL,
		    p, len);
	fuzz_count (whole.len == len ? "as it was" : "redacted");
	free (whole.data);
}

static int
decoded (const char *p, size_t len, size_t chunk, uint64_t cost_max, char **ret)
{
	struct decode *d = malloc (sizeof *d);
	struct json_object *tree;
	size_t n;
	int error;

	if (d == NULL)
		abort ();
	decode_init (d, cost_max);
	for (; len > 0; len -= n, p += n) {
		n = len < chunk ? len : chunk;
		decode_feed (d, p, n);
	}
	error = decode_is_blank (d) ? DECODE_END : decode_end (d);
	tree = decode_take (d);
	*ret = error != DECODE_OK || cost_max == 0
		       ? NULL
		       : strdup (json_object_to_json_string_ext (tree, 0));
	json_object_put (tree);
	decode_free (d);
	free (d);
	return error;
}

static int
is_json (const char *line, size_t len)
{
	struct lhk_json j;
	int type;

	lhk_json_begin (&j, line, len);
	type = lhk_json_peek (&j);
	lhk_json_skip (&j);
	return lhk_json_end (&j) == LHK_OK
	       && (type == LHK_JSON_OBJECT || type == LHK_JSON_NULL);
}

/* Errors that the strict reader does not have. */
static int
is_decoder_rule (int error)
{
	return error == DECODE_NAME || error == DECODE_NUMERAL;
}

/* In pieces, and without a tree, the line gives ERROR, or the tree WHOLE, too. */
static void
check_pieces (const char *whole, int error, const char *line, size_t len,
	      size_t chunk)
{
	char *pieces, *none;

	FUZZ_CHECK (decoded (line, len, chunk, 1 << 26, &pieces) == error, line,
		    len);
	FUZZ_CHECK (decoded (line, len, chunk, 0, &none) == error, line, len);
	if (error == DECODE_OK)
		FUZZ_CHECK (strcmp (whole, pieces) == 0, line, len);
	free (pieces);
}

static void
check_decode (const char *line, size_t len, size_t chunk)
{
	char *whole;
	int error = decoded (line, len, len + 1, 1 << 26, &whole);

	if (fuzz_turn (0, FUZZ_SELDOM, line, len))
		check_pieces (whole, error, line, len, chunk);
	if (error == DECODE_OK)
		fuzz_count ("decoded");
	else if (!is_decoder_rule (error))
		FUZZ_CHECK (!is_json (line, len), line, len);
	free (whole);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	size_t chunk;
	char *line;

	if (size == 0)
		return 0;
	chunk = data[0] ? data[0] : 1;
	line = fuzz_line ((const char *) data + 1, size - 1);
	check_decode (line, size - 1, chunk);
	check_redact (line, size - 1, chunk);
	free (line);
	return 0;
}
