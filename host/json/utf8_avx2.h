/* SPDX-License-Identifier: MIT */
/*
 * utf8_avx2.h - strict UTF-8, 32 bytes at a time.
 *
 * The file that includes it defines look_up first.  Each wrong pair of neighbours
 * is one of seven mistakes that two bytes show; a mistake is a bit, and it is
 * made when the high half of the first byte, its low half and the high half
 * of the second all allow it (three tables).  What two bytes cannot show,
 * that a third or fourth byte continues a character, is compared with the
 * leads two and three bytes before.  (Keiser and Lemire, "Validating UTF-8 in
 * less than one instruction per byte", 2020.)
 */

#define TOO_SHORT 0x01 /* a lead, then no continuation */
#define TOO_LONG 0x02  /* ASCII, then a continuation */
#define OVERLONG_3 0x04
#define TOO_LARGE 0x08 /* above U+10FFFF, second byte 90 to bf */
#define SURROGATE 0x10
#define OVERLONG_2 0x20
#define OVERLONG_4 0x40 /* with TOO_LARGE_80: the second byte is 80 to 8f */
#define TOO_LARGE_80 0x40
#define TWO_CONTS 0x80 /* right only behind a lead of 3 or 4 bytes */
#define CARRY (TOO_SHORT | TOO_LONG | TWO_CONTS)

static const uint8_t first_high[16] = {
	TOO_LONG,
	TOO_LONG,
	TOO_LONG,
	TOO_LONG,
	TOO_LONG,
	TOO_LONG,
	TOO_LONG,
	TOO_LONG,
	TWO_CONTS,
	TWO_CONTS,
	TWO_CONTS,
	TWO_CONTS,
	TOO_SHORT | OVERLONG_2,
	TOO_SHORT,
	TOO_SHORT | OVERLONG_3 | SURROGATE,
	TOO_SHORT | TOO_LARGE | TOO_LARGE_80 | OVERLONG_4,
};

static const uint8_t first_low[16] = {
	CARRY | OVERLONG_3 | OVERLONG_2 | OVERLONG_4,
	CARRY | OVERLONG_2,
	CARRY,
	CARRY,
	CARRY | TOO_LARGE,
	CARRY | TOO_LARGE | TOO_LARGE_80,
	CARRY | TOO_LARGE | TOO_LARGE_80,
	CARRY | TOO_LARGE | TOO_LARGE_80,
	CARRY | TOO_LARGE | TOO_LARGE_80,
	CARRY | TOO_LARGE | TOO_LARGE_80,
	CARRY | TOO_LARGE | TOO_LARGE_80,
	CARRY | TOO_LARGE | TOO_LARGE_80,
	CARRY | TOO_LARGE | TOO_LARGE_80,
	CARRY | TOO_LARGE | TOO_LARGE_80 | SURROGATE,
	CARRY | TOO_LARGE | TOO_LARGE_80,
	CARRY | TOO_LARGE | TOO_LARGE_80,
};

static const uint8_t second_high[16] = {
	TOO_SHORT,
	TOO_SHORT,
	TOO_SHORT,
	TOO_SHORT,
	TOO_SHORT,
	TOO_SHORT,
	TOO_SHORT,
	TOO_SHORT,
	TOO_LONG | OVERLONG_2 | TWO_CONTS | OVERLONG_3 | OVERLONG_4
		| TOO_LARGE_80,
	TOO_LONG | OVERLONG_2 | TWO_CONTS | OVERLONG_3 | TOO_LARGE,
	TOO_LONG | OVERLONG_2 | TWO_CONTS | SURROGATE | TOO_LARGE,
	TOO_LONG | OVERLONG_2 | TWO_CONTS | SURROGATE | TOO_LARGE,
	TOO_SHORT,
	TOO_SHORT,
	TOO_SHORT,
	TOO_SHORT,
};

/* For each byte of V the byte N places before it; BEFORE is the block before
 * V. */
#define BEHIND(v, before, n)                                                   \
	_mm256_alignr_epi8 ((v),                                               \
			    _mm256_permute2x128_si256 ((before), (v), 0x21),   \
			    16 - (n))

/* Each byte is not zero where a separator ends: c2 85, e2 80 a8 or e2 80 a9.
 * ONE and TWO are the bytes one and two places before those of V. */
static inline __m256i
utf8_separators (__m256i v, __m256i one, __m256i two)
{
	const __m256i short_one =
		_mm256_and_si256 (equals (one, '\xc2'), equals (v, '\x85'));
	const __m256i last =
		equals (_mm256_or_si256 (v, _mm256_set1_epi8 (1)), '\xa9');
	const __m256i long_one = _mm256_and_si256 (
		_mm256_and_si256 (equals (two, '\xe2'), equals (one, '\x80')),
		last);

	return _mm256_or_si256 (short_one, long_one);
}

/* Each byte is not zero where something is wrong; of *SEPARATORS, where a
 * separator ends. */
static inline __m256i
utf8_errors (__m256i v, __m256i before, __m256i *separators)
{
	const __m256i one = BEHIND (v, before, 1);
	const __m256i two = BEHIND (v, before, 2);
	const __m256i three = BEHIND (v, before, 3);
	const __m256i low_halves = _mm256_set1_epi8 (0x0f);
	const __m256i pairs = _mm256_and_si256 (
		_mm256_and_si256 (look_up (first_high, high_halves (one)),
				  look_up (first_low,
					   _mm256_and_si256 (one, low_halves))),
		look_up (second_high, high_halves (v)));
	/* The top bit stays set for leads from e0 and from f0 on. */
	const __m256i third = _mm256_subs_epu8 (two, _mm256_set1_epi8 (0x60));
	const __m256i fourth =
		_mm256_subs_epu8 (three, _mm256_set1_epi8 (0x70));
	const __m256i must = _mm256_and_si256 (_mm256_or_si256 (third, fourth),
					       _mm256_set1_epi8 ((char) 0x80));

	*separators = utf8_separators (v, one, two);
	return _mm256_xor_si256 (must, pairs);
}

/*
 * Is it valid UTF-8 from P to END, and has it a separator?  UTF8_*.  END is a
 * quote, which is ASCII: a character that is cut there shows as TOO_SHORT, and
 * the bytes that are read behind it do not matter.
 */
static int
scan_utf8 (const char *p, const char *end)
{
	__m256i before = _mm256_setzero_si256 ();
	__m256i v, errors, separators;
	uint32_t wrong, inside, found = 0;

	for (; p <= end; p += 32) {
		v = load (p);
		if ((bits_of (v) | bits_of (before)) == 0) {
			before = v;
			continue;
		}
		errors = utf8_errors (v, before, &separators);
		wrong = ~bits_of (
			_mm256_cmpeq_epi8 (errors, _mm256_setzero_si256 ()));
		inside = end - p >= 31 ? ~(uint32_t) 0
				       : ((uint32_t) 2 << (end - p)) - 1;
		if (wrong & inside)
			return UTF8_BAD;
		found |= bits_of (separators) & inside;
		before = v;
	}
	return found ? UTF8_SEPARATORS : UTF8_OK;
}
