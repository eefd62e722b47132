/* SPDX-License-Identifier: MIT */
/*
 * escape.h - strings with backslashes, 64 bytes at a time; a template.
 *
 * The file that includes it defines load_masks, check_escapes and
 * scan_utf8 first.
 * Carries of an addition find what is escaped, so the cost does not depend on
 * how many backslashes there are.
 */

/*
 * Which of 64 bytes are escaped by the backslash before them?  SLASH has a
 * bit for each backslash.  CARRY is 1 if the first byte is escaped; on return
 * it says the same of the first byte of the next block.
 *
 * In a run of backslashes every other one escapes, beginning with the first.
 * Runs that begin at odd places and those at even ones differ in which bits
 * of the run count; subtracting the places from a comb of odd bits lets the
 * borrow run through each run and leaves just that.
 */
static inline uint64_t
scan_find_escaped (uint64_t slash, uint64_t *carry)
{
	const uint64_t odd = 0xaaaaaaaaaaaaaaaa;
	uint64_t starts, comb, counts;

	if (slash == 0) {
		starts = *carry;
		*carry = 0;
		return starts;
	}
	starts = slash & ~*carry;
	comb = ((starts << 1 | odd) - starts) ^ odd;
	counts = comb & starts;
	comb ^= slash | *carry;
	*carry = counts >> 63;
	return comb;
}

/* P is at the first backslash of a string.  Returns the closing quote, or
 * NULL if the string is not valid; *HIGH gets the bits that are not ASCII. */
static const char *
scan_escapes (const char *p, uint32_t *ret_form, uint64_t *high)
{
	uint64_t carry = 0, escaped, stop, below;
	struct scan_masks m;
	int raw = 0;

	for (;; p += 64) {
		load_masks (p, &m);
		escaped = scan_find_escaped (m.slash, &carry);
		stop = (m.quote & ~escaped) | m.control;
		below = stop ? (stop & -stop) - 1 : ~(uint64_t) 0;
		escaped &= below;
		*high |= m.high & below;
		if (escaped && !check_escapes (p, escaped, &raw))
			return NULL;
		if (stop)
			break;
	}
	p += __builtin_ctzll (stop);
	*ret_form = raw ? LHK_TEXT_RAW : LHK_TEXT_CANONICAL;
	return *p == '"' ? p : NULL;
}

/* START is the body of a string, P the first quote, backslash or control byte
 * in it; HIGH is not zero if a byte before P is not ASCII.  Returns the
 * closing quote or NULL. */
static __attribute__ ((__noinline__)) const char *
scan_hard (const char *start, const char *p, uint64_t high, uint32_t *ret_form)
{
	int utf8 = UTF8_OK;

	*ret_form = LHK_TEXT_CLEAN;
	if (*p == '\\')
		p = scan_escapes (p, ret_form, &high);
	else if (*p != '"')
		return NULL;
	if (p != NULL && high)
		utf8 = scan_utf8 (start, p);
	if (p == NULL || utf8 == UTF8_BAD)
		return NULL;
	if (utf8 == UTF8_SEPARATORS)
		*ret_form = LHK_TEXT_RAW;
	return p;
}
