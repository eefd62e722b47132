/* SPDX-License-Identifier: MIT */
/* scan_sse2.c - strings 16 bytes at a time, on any x86-64 machine. */
#include "config.h"

#include <string.h>

#include "json/ops.h"

#ifdef LHK_JSON_X86

#include <emmintrin.h>

/* A bit for each byte. */
struct scan_masks {
	uint64_t slash;
	uint64_t quote;
	uint64_t control;
	uint64_t high; /* not ASCII */
};

static inline __m128i
load (const char *p)
{
	return _mm_loadu_si128 ((const __m128i *) (const void *) p);
}

static inline uint32_t
equals (__m128i v, char c)
{
	return (uint32_t) _mm_movemask_epi8 (
		_mm_cmpeq_epi8 (v, _mm_set1_epi8 (c)));
}

static inline __m128i
is_control (__m128i v)
{
	return _mm_cmpeq_epi8 (_mm_min_epu8 (v, _mm_set1_epi8 (0x1f)), v);
}

/* A bit for each quote, backslash and control byte. */
static inline uint32_t
find_special (__m128i v)
{
	const __m128i quote = _mm_cmpeq_epi8 (v, _mm_set1_epi8 ('"'));
	const __m128i slash = _mm_cmpeq_epi8 (v, _mm_set1_epi8 ('\\'));

	return (uint32_t) _mm_movemask_epi8 (
		_mm_or_si128 (_mm_or_si128 (quote, slash), is_control (v)));
}

static inline void
load_masks (const char *p, struct scan_masks *m)
{
	__m128i v;
	int i;

	memset (m, 0, sizeof (*m));
	for (i = 0; i < 64; i += 16) {
		v = load (p + i);
		m->slash |= (uint64_t) equals (v, '\\') << i;
		m->quote |= (uint64_t) equals (v, '"') << i;
		m->control |=
			(uint64_t) (uint32_t) _mm_movemask_epi8 (is_control (v))
			<< i;
		m->high |= (uint64_t) (uint32_t) _mm_movemask_epi8 (v) << i;
	}
}

/* The escapes are checked one by one: nine compares of each block were
 * measured to cost more. */
static inline int
check_escapes (const char *p, uint64_t escaped, int *raw)
{
	const char *at;
	uint8_t kind;

	for (; escaped; escaped &= escaped - 1) {
		at = p + __builtin_ctzll (escaped);
		kind = lhk_json_escapes[(uint8_t) *at];
		if (kind == ESCAPE_CANONICAL)
			continue;
		*raw = 1;
		if (kind == ESCAPE_BAD
		    || (kind == ESCAPE_U && !lhk_json_hex4_is_valid (at + 1)))
			return 0;
	}
	return 1;
}

static inline int
scan_utf8 (const char *p, const char *end)
{
	return lhk_json_utf8 (p, end);
}

#include "json/escape.h"

/* P is where to go on: all bytes before it are ASCII and not special. */
static const char *
scan_long (const char *start, const char *p, uint32_t *ret_form)
{
	uint32_t special, high = 0;
	__m128i v;

	for (;; p += 16) {
		v = load (p);
		special = find_special (v);
		if (special)
			break;
		high |= (uint32_t) _mm_movemask_epi8 (v);
	}
	high |= (uint32_t) _mm_movemask_epi8 (v) & ((special & -special) - 1);
	p += __builtin_ctz (special);
	if (high || *p != '"')
		return scan_hard (start, p, high, ret_form);
	*ret_form = LHK_TEXT_CLEAN;
	return p;
}

/* Most strings are short and plain: those need no call. */
static inline const char *
scan_string (const char *p, uint32_t *ret_form)
{
	const __m128i v = load (p);
	const uint32_t special = find_special (v);
	const uint32_t high = (uint32_t) _mm_movemask_epi8 (v);
	const char *end;

	if ((special | high) == 0)
		return scan_long (p, p + 16, ret_form);
	if (special && (high & (special - 1)) == 0) {
		end = p + __builtin_ctz (special);
		if (*end == '"') {
			*ret_form = LHK_TEXT_CLEAN;
			return end;
		}
	}
	return scan_long (p, p, ret_form);
}

#include "json/walk.h"
#include "json/fill.h"

static const char *
string (const char *p, uint32_t *ret_form)
{
	return scan_string (p, ret_form);
}

const struct lhk_json_ops lhk_json_ops_sse2 = {
	"sse2",
	string,
	walk_value,
	fill_object,
};

#endif /* LHK_JSON_X86 */
