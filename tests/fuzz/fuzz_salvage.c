/* SPDX-License-Identifier: MIT */
/*
 * fuzz_salvage.c - salvage of any bytes.
 *
 * The first byte says how the line is cut into pieces; the result must not
 * hang on that, and must be an object whose members are those of the line.
 */
#include "config.h"

#include <string.h>

#include <linehook/plugin.h>

#include "fuzz/fuzz.h"
#include "json/ops.h"
#include "json/salvage.h"
#include "json/slice.h"
#include "lib/salvage_pieces.h"

/* The members of an object that fit, as the reader finds them; 0 if the line
 * is no object.  OUT has room for all that may be kept. */
static size_t
expect (const char *line, size_t len, char *out)
{
	struct lhk_text key;
	struct lhk_raw raw;
	struct lhk_json j;
	size_t n = 0;

	lhk_json_begin (&j, line, len);
	if (lhk_json_peek (&j) != LHK_JSON_OBJECT)
		return 0;
	lhk_json_enter (&j);
	while (lhk_json_key (&j, &key) && lhk_json_raw (&j, &raw)) {
		if (raw.len > LIMIT_SALVAGE_MEMBER
		    || n + 1 + key.len + 2 + 1 + raw.len + 1
			       > LIMIT_SALVAGE_TOTAL)
			continue;
		out[n] = n ? ',' : '{';
		out[n + 1] = '"';
		memcpy (out + n + 2, key.ptr, key.len);
		n += key.len + 2;
		out[n++] = '"';
		out[n++] = ':';
		memcpy (out + n, raw.ptr, raw.len);
		n += raw.len;
	}
	if (lhk_json_end (&j) != LHK_OK || n == 0)
		return 0;
	out[n] = '}';
	return n + 1;
}

/* In pieces, the objects are the N at WHOLE as well. */
static void
check_pieces (const struct lhk_str *whole, size_t n, const char *line,
	      size_t len, size_t chunk)
{
	static struct salvage pieces;
	struct lhk_str objects[SALVAGE_OBJECTS];
	size_t i;

	salvage_feed_pieces (&pieces, line, len, chunk);
	FUZZ_CHECK (salvage_end (&pieces, objects) == n, line, len);
	for (i = 0; i < n; i++)
		FUZZ_CHECK (whole[i].len == objects[i].len
				    && memcmp (whole[i].ptr, objects[i].ptr,
					       whole[i].len)
					       == 0,
			    line, len);
}

static void
check_salvage (const char *line, size_t len, size_t chunk)
{
	static struct salvage whole;
	char wanted[LIMIT_SALVAGE_TOTAL];
	struct lhk_str a[SALVAGE_OBJECTS];
	size_t n_a, n, i, all = 0;

	salvage_feed_pieces (&whole, line, len, len ? len : 1);
	n_a = salvage_end (&whole, a);
	if (fuzz_turn (0, FUZZ_SELDOM, line, len))
		check_pieces (a, n_a, line, len, chunk);
	for (i = 0; i < n_a; i++) {
		FUZZ_CHECK (json_slice_is_padded_value (a[i].ptr, a[i].len),
			    line, len);
		all += a[i].len;
		fuzz_count ("salvaged");
	}
	FUZZ_CHECK (all <= LIMIT_SALVAGE_TOTAL, line, len);
	n = expect (line, len, wanted);
	if (n > 0) {
		FUZZ_CHECK (n_a == 1 && a[0].len == n
				    && memcmp (a[0].ptr, wanted, n) == 0,
			    line, len);
		fuzz_count ("objects saved as expected");
	}
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	const char *p = (const char *) data;
	char *line;
	size_t i;

	if (size == 0)
		return 0;
	line = fuzz_line (p + 1, size - 1);
	for (i = 0; i < size - 1; i++) {
		if (line[i] == '\n')
			line[i] = ' ';
	}
	check_salvage (line, size - 1, data[0] ? data[0] : 1);
	free (line);
	return 0;
}
