/* SPDX-License-Identifier: MIT */
/* slice.c - is what somebody calls a JSON body or a JSON value one? */
#include "config.h"

#include <string.h>

#include <linehook/plugin.h>

#include "common/mem.h"
#include "json/ops.h"
#include "json/slice.h"

/* The bytes of the escape at P, and in *FORM what it makes of a body; 0 if it
 * is none. */
static size_t
read_escape (const char *p, const char *end, uint32_t *form)
{
	if (end - p < 2)
		return 0;
	switch (lhk_json_escapes[(uint8_t) p[1]]) {
	case ESCAPE_CANONICAL:
		if (*form == LHK_TEXT_CLEAN)
			*form = LHK_TEXT_CANONICAL;
		return 2;
	case ESCAPE_SLASH:
		*form = LHK_TEXT_RAW;
		return 2;
	case ESCAPE_U:
		*form = LHK_TEXT_RAW;
		return end - p >= 6 && lhk_json_hex4_is_valid (p + 2) ? 6 : 0;
	default:
		return 0;
	}
}

uint32_t
json_slice_form (const char *p, size_t len)
{
	const char *start = p, *end = p + len;
	uint32_t form = LHK_TEXT_CLEAN;
	int utf8;
	size_t n;

	while (p < end) {
		n = 1;
		if ((uint8_t) *p < 0x20 || *p == '"')
			return LHK_TEXT_PLAIN;
		if (*p == '\\')
			n = read_escape (p, end, &form);
		if (n == 0)
			return LHK_TEXT_PLAIN;
		p += n;
	}
	utf8 = lhk_json_utf8 (start, end);
	if (utf8 == UTF8_BAD)
		return LHK_TEXT_PLAIN;
	return utf8 == UTF8_SEPARATORS ? (uint32_t) LHK_TEXT_RAW : form;
}

int
json_slice_is_padded_value (const char *p, size_t len)
{
	struct lhk_json j;

	lhk_json_begin (&j, p, len);
	lhk_json_skip (&j);
	return lhk_json_end (&j) == LHK_OK;
}

/* The same with a copy at TO, whose newlines may stand between tokens: the
 * writer makes blanks of them. */
static int
is_value_copied (char *to, const char *p, size_t len)
{
	char *lf = to;

	memcpy (to, p, len);
	while ((lf = memchr (lf, '\n', len - (size_t) (lf - to))) != NULL)
		*lf = ' ';
	memset (to + len, '\n', LHK_LINE_PADDING);
	return json_slice_is_padded_value (to, len);
}

int
json_slice_is_value (const struct lhk_alloc *alloc, const char *p, size_t len,
		     int in_line)
{
	char few[1024];
	char *copy;
	int r;

	if (in_line)
		return json_slice_is_padded_value (p, len);
	if (len <= sizeof few - LHK_LINE_PADDING)
		return is_value_copied (few, p, len);
	if (len > SIZE_MAX - LHK_LINE_PADDING)
		return LHK_ENOMEM;
	copy = mem_new (alloc, len + LHK_LINE_PADDING);
	if (copy == NULL)
		return LHK_ENOMEM;
	r = is_value_copied (copy, p, len);
	mem_free (alloc, copy, len + LHK_LINE_PADDING);
	return r;
}
