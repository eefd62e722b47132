/* SPDX-License-Identifier: MIT */
/* scan_portable.c - strings in words of 64 bits, for any machine. */
#include "config.h"

#include <string.h>

#include "json/ops.h"

#define ONES 0x0101010101010101u
#define TOPS 0x8080808080808080u

/* Not 0 if a byte of X is 0. */
static inline uint64_t
has_zero (uint64_t x)
{
	return (x - ONES) & ~x & TOPS;
}

/* Eight bytes as a word whose lowest byte is the first one, whatever the byte
 * order of the machine is. */
static inline uint64_t
load (const char *p)
{
	uint64_t word;

	memcpy (&word, p, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	word = __builtin_bswap64 (word);
#endif
	return word;
}

/* Not 0 if a byte is a quote, a backslash, a control byte or not ASCII; the
 * lowest bit that is set is in the first such byte, because the borrow of a
 * subtraction only reaches bytes that come later. */
static inline uint64_t
find_special (uint64_t x)
{
	return has_zero (x ^ ONES * '"') | has_zero (x ^ ONES * '\\')
	       | ((x - ONES * 0x20) & TOPS) | (x & TOPS);
}

/* P is at a backslash.  Returns the byte behind the escape, or NULL. */
static const char *
scan_escape (const char *p, uint32_t *form)
{
	switch (lhk_json_escapes[(uint8_t) p[1]]) {
	case ESCAPE_CANONICAL:
		if (*form == LHK_TEXT_CLEAN)
			*form = LHK_TEXT_CANONICAL;
		return p + 2;
	case ESCAPE_SLASH:
		*form = LHK_TEXT_RAW;
		return p + 2;
	case ESCAPE_U:
		*form = LHK_TEXT_RAW;
		return lhk_json_hex4_is_valid (p + 2) ? p + 6 : NULL;
	default:
		return NULL;
	}
}

static inline const char *
scan_string (const char *p, uint32_t *ret_form)
{
	const char *start = p;
	uint32_t form = LHK_TEXT_CLEAN;
	int utf8 = UTF8_OK;
	int high = 0;
	uint64_t special;

	for (;;) {
		special = find_special (load (p));
		if (special == 0) {
			p += 8;
			continue;
		}
		p += __builtin_ctzll (special) / 8;
		if ((uint8_t) *p >= 0x80) {
			high = 1;
			while ((uint8_t) *p >= 0x80)
				p++;
		} else if (*p == '\\') {
			p = scan_escape (p, &form);
			if (p == NULL)
				return NULL;
		} else {
			break;
		}
	}
	if (*p == '"' && high)
		utf8 = lhk_json_utf8 (start, p);
	if (*p != '"' || utf8 == UTF8_BAD)
		return NULL;
	*ret_form = utf8 == UTF8_SEPARATORS ? (uint32_t) LHK_TEXT_RAW : form;
	return p;
}

#include "json/walk.h"
#include "json/fill.h"

static const char *
string (const char *p, uint32_t *ret_form)
{
	return scan_string (p, ret_form);
}

const struct lhk_json_ops lhk_json_ops_portable = {
	"portable",
	string,
	walk_value,
	fill_object,
};
