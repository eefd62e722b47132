/* SPDX-License-Identifier: MIT */
/* ascii.h - how far a text is ASCII, and may be copied as it stands. */
#ifndef JSON_ASCII_H
#define JSON_ASCII_H

#include <stddef.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Does a byte need an escape in the body of a JSON string? */
static inline int
ascii_needs_escape (unsigned char c)
{
	return c < 0x20 || c == '"' || c == '\\';
}

#ifdef __SSE2__
/* A bit for each of 16 bytes that is not ASCII or, for a body, needs an
 * escape. */
static inline unsigned int
ascii_stops (const unsigned char *p, int body)
{
	const __m128i low = _mm_set1_epi8 (body ? 0x20 : 0);
	const __m128i quote = _mm_set1_epi8 (body ? '"' : -1);
	const __m128i slash = _mm_set1_epi8 (body ? '\\' : -1);
	__m128i x = _mm_loadu_si128 ((const __m128i *) (const void *) p);

	/* The comparison is signed: bytes from 0x80 on are below LOW too. */
	return (unsigned int) _mm_movemask_epi8 (
		_mm_or_si128 (_mm_cmplt_epi8 (x, low),
			      _mm_or_si128 (_mm_cmpeq_epi8 (x, quote),
					    _mm_cmpeq_epi8 (x, slash))));
}
#endif

/* The number of bytes from P that are ASCII and, for a body, need no escape. */
static inline size_t
ascii_span (const unsigned char *p, size_t n, int body)
{
	size_t i = 0;

#ifdef __SSE2__
	unsigned int bits;

	for (; i + 16 <= n; i += 16) {
		bits = ascii_stops (p + i, body);
		if (bits != 0)
			return i + (size_t) __builtin_ctz (bits);
	}
	/* The rest is shorter than 16 bytes: look at the last 16 of P and
	 * shift those away that are known. */
	if (n >= 16 && i < n) {
		bits = ascii_stops (p + n - 16, body) >> (16 - (n - i));
		return bits != 0 ? i + (size_t) __builtin_ctz (bits) : n;
	}
#endif
	while (i < n && p[i] < 0x80 && !(body && ascii_needs_escape (p[i])))
		i++;
	return i;
}

/* Are N bytes at P the body of a JSON string, in ASCII, without escapes? */
static inline int
ascii_is_clean (const char *p, size_t n)
{
	return ascii_span ((const unsigned char *) p, n, 1) == n;
}

/* The same where 16 bytes from each of them on may be read. */
static inline int
ascii_is_clean_padded (const char *p, size_t n)
{
#ifdef __SSE2__
	unsigned int bits;
	size_t i;

	for (i = 0; i < n; i += 16) {
		bits = ascii_stops ((const unsigned char *) p + i, 1);
		if (bits != 0)
			return i + (size_t) __builtin_ctz (bits) >= n;
	}
	return 1;
#else
	return ascii_is_clean (p, n);
#endif
}

#endif /* JSON_ASCII_H */
