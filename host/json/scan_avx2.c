/* SPDX-License-Identifier: MIT */
/*
 * scan_avx2.c - strings 32 bytes at a time, on machines with AVX2.
 *
 * The whole file is compiled for AVX2 and BMI by a pragma, so that no build
 * needs flags per file; nothing here runs before lhk_json_ops_here has asked
 * the machine.
 */
#include "config.h"

#include <string.h>

#include "json/ops.h"

#ifdef LHK_JSON_X86

#include <immintrin.h>

#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx2,bmi"))),              \
			     apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,bmi")
#endif

/* A bit for each byte. */
struct scan_masks {
	uint64_t slash;
	uint64_t quote;
	uint64_t control;
	uint64_t high; /* not ASCII */
};

static inline __m256i
load (const char *p)
{
	return _mm256_loadu_si256 ((const __m256i *) (const void *) p);
}

static inline uint32_t
bits_of (__m256i v)
{
	return (uint32_t) _mm256_movemask_epi8 (v);
}

static inline __m256i
equals (__m256i v, char c)
{
	return _mm256_cmpeq_epi8 (v, _mm256_set1_epi8 (c));
}

static inline __m256i
is_control (__m256i v)
{
	return _mm256_cmpeq_epi8 (_mm256_min_epu8 (v, _mm256_set1_epi8 (0x1f)),
				  v);
}

/* A bit for each quote, backslash and control byte. */
static inline uint32_t
find_special (__m256i v)
{
	return bits_of (_mm256_or_si256 (
		_mm256_or_si256 (equals (v, '"'), equals (v, '\\')),
		is_control (v)));
}

static inline uint64_t
join (uint32_t low, uint32_t high)
{
	return low | (uint64_t) high << 32;
}

static inline void
load_masks (const char *p, struct scan_masks *m)
{
	const __m256i a = load (p), b = load (p + 32);

	m->slash =
		join (bits_of (equals (a, '\\')), bits_of (equals (b, '\\')));
	m->quote = join (bits_of (equals (a, '"')), bits_of (equals (b, '"')));
	m->control = join (bits_of (is_control (a)), bits_of (is_control (b)));
	m->high = join (bits_of (a), bits_of (b));
}

/* A table of 16 bytes looked up by the low four bits of each byte. */
static inline __m256i
look_up (const uint8_t table[16], __m256i v)
{
	return _mm256_shuffle_epi8 (
		_mm256_broadcastsi128_si256 (_mm_loadu_si128 (
			(const __m128i *) (const void *) table)),
		v);
}

static inline __m256i
high_halves (__m256i v)
{
	return _mm256_and_si256 (_mm256_srli_epi16 (v, 4),
				 _mm256_set1_epi8 (0x0f));
}

#include "json/utf8_avx2.h"

/*
 * Bytes that may stand behind a backslash: the halves of each have a bit in
 * common in these tables and no other byte's do.  Bits 0 to 3: the writer's
 * own escapes, by the high half 2, 5, 6, 7.  Bit 4: slash.  Bit 5: u.
 */
#define KIND_SAME 0x0f
#define KIND_RAW 0x30
static const uint8_t kinds_by_low[16] = {
	[0x2] = 1 | 4 | 8, [0xc] = 2,  [0x6] = 4,  [0xe] = 4,
	[0x4] = 8,	   [0xf] = 16, [0x5] = 32,
};
static const uint8_t kinds_by_high[16] = {
	[0x2] = 1 | 16,
	[0x5] = 2,
	[0x6] = 4,
	[0x7] = 8 | 32,
};

/* A bit for each byte of V that has none of the bits of KINDS. */
static inline uint32_t
have_none (__m256i v, char kinds)
{
	return bits_of (_mm256_cmpeq_epi8 (
		_mm256_and_si256 (v, _mm256_set1_epi8 (kinds)),
		_mm256_setzero_si256 ()));
}

static inline int
check_escapes (const char *p, uint64_t escaped, int *raw)
{
	const __m256i a = load (p), b = load (p + 32);
	const __m256i x =
		_mm256_and_si256 (look_up (kinds_by_low, a),
				  look_up (kinds_by_high, high_halves (a)));
	const __m256i y =
		_mm256_and_si256 (look_up (kinds_by_low, b),
				  look_up (kinds_by_high, high_halves (b)));
	const char *at;

	escaped &= join (have_none (x, KIND_SAME), have_none (y, KIND_SAME));
	if (escaped == 0)
		return 1;
	*raw = 1;
	if (escaped & join (have_none (x, KIND_RAW), have_none (y, KIND_RAW)))
		return 0;
	for (; escaped; escaped &= escaped - 1) {
		at = p + __builtin_ctzll (escaped);
		if (*at == 'u' && !lhk_json_hex4_is_valid (at + 1))
			return 0;
	}
	return 1;
}

#include "json/escape.h"

/* P is where to go on: all bytes before it are ASCII and not special. */
static const char *
scan_long (const char *start, const char *p, uint32_t *ret_form)
{
	uint32_t special, high = 0;
	__m256i v;

	for (;; p += 32) {
		v = load (p);
		special = find_special (v);
		if (special)
			break;
		high |= bits_of (v);
	}
	high |= bits_of (v) & ((special & -special) - 1);
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
	const __m256i v = load (p);
	const uint32_t special = find_special (v);
	const uint32_t high = bits_of (v);
	const char *end;

	if ((special | high) == 0)
		return scan_long (p, p + 32, ret_form);
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

#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

const struct lhk_json_ops lhk_json_ops_avx2 = {
	"avx2",
	string,
	walk_value,
	fill_object,
};

#endif /* LHK_JSON_X86 */
