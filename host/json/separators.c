/* SPDX-License-Identifier: MIT */
/* separators.c - where some readers of JSON lines would cut one. */
#include "config.h"

#include <stdint.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "json/separators.h"
#include "json/utf8.h"

static int
is_stop (const char *p, size_t n, char this, char that)
{
	return *p == this || *p == that || lhk_json_separator (p, n) != 0;
}

#ifdef __SSE2__
static inline __m128i
equals (__m128i v, char c)
{
	return _mm_cmpeq_epi8 (v, _mm_set1_epi8 (c));
}

/* A bit for each of 16 bytes that is THIS or THAT or may begin a separator. */
static inline unsigned int
candidates (const char *p, char this, char that)
{
	const __m128i v = _mm_loadu_si128 ((const __m128i *) (const void *) p);
	const __m128i leads =
		_mm_or_si128 (equals (v, '\xe2'), equals (v, '\xc2'));
	const __m128i others =
		_mm_or_si128 (equals (v, this), equals (v, that));

	return (unsigned int) _mm_movemask_epi8 (_mm_or_si128 (leads, others));
}
#endif

size_t
separators_find (const char *p, size_t n, char this, char that)
{
	size_t i = 0;

#ifdef __SSE2__
	unsigned int bits;
	size_t at;

	for (; n - i >= 16; i += 16) {
		bits = candidates (p + i, this, that);
		for (; bits != 0; bits &= bits - 1) {
			at = i + (size_t) __builtin_ctz (bits);
			if (is_stop (p + at, n - at, this, that))
				return at;
		}
	}
#endif
	while (i < n && !is_stop (p + i, n - i, this, that))
		i++;
	return i;
}
