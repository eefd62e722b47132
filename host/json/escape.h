/* SPDX-License-Identifier: MIT */
/*
 * escape.h - strings with backslashes, 64 bytes at a time; a template.
 *
 * Included by scan_sse2.c and scan_avx2.c behind load_masks and
 * check_escapes.  What is escaped is found by carries, so that the cost does
 * not hang on how dense the backslashes are.
 */

/*
 * Which of 64 bytes stand behind a backslash that counts, given where the
 * backslashes are.  CARRY: 1 if that is so of the first byte; of the next
 * block, on return.
 *
 * In a run of backslashes every other one counts, from its first on.  Runs
 * that begin at odd places and those at even ones differ in which bits of the
 * run count; subtracting the places from a comb of odd bits lets the borrow
 * run through each run and leaves just that.
 */
static inline uint64_t
find_escaped (uint64_t slash, uint64_t *carry)
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

/* P at the first backslash of a string; the closing quote or NULL. */
static const char *
scan_escapes (const char *p, uint32_t *ret_form, uint64_t *high)
{
	uint64_t carry = 0, escaped, stop, below;
	struct masks m;
	int raw = 0;

	for (;; p += 64) {
		load_masks (p, &m);
		escaped = find_escaped (m.slash, &carry);
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
	*ret_form = raw ? LHK_TEXT_RAW : LHK_TEXT_SAME;
	return *p == '"' ? p : NULL;
}
