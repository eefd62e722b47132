/* SPDX-License-Identifier: MIT */
/*
 * damage_rules.c - rules about bytes that no program should print: damage at
 * random, and what real streams are known to have.
 */
#include "config.h"

#include <string.h>

#include "cli/check/plugin_driver.h"
#include "cli/check/stream_feed.h"
#include "common/macros.h"
#include "common/mem.h"

/* ---- damage at random ---- */

#define DAMAGE_ROUNDS 300

/* xorshift64*: the same on every machine. */
static uint64_t
next_random (uint64_t *state)
{
	uint64_t x = *state;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	*state = x;
	return x * UINT64_C (0x2545f4914f6cdd1d);
}

static void
damage (char *data, size_t len, uint64_t *state)
{
	static const char bytes[] = "\0\n\r\"\\{}[],:0\xff\xc3\xed\x1b\x80";
	size_t n = 1 + next_random (state) % 8;

	for (; n > 0; n--) {
		uint64_t r = next_random (state);
		size_t at = (size_t) (next_random (state) % len);
		size_t run = (size_t) (next_random (state) % 40);

		if (run > len - at)
			run = len - at;
		if (r % 4 == 0)
			data[at] ^= (char) (1 << (r >> 8) % 8);
		else if (r % 4 == 1)
			memmove (data + at, data + len - run, run);
		else
			data[at] = bytes[(r >> 8) % (sizeof bytes - 1)];
	}
}

/* Feed a damaged copy, whole and in small reads. */
static int
try_damage (struct check *c, const struct transcript *t, const char *data,
	    unsigned int round)
{
	const struct feed whole = { 0 };
	const struct feed small = { .chunk = 61 };
	struct event_trace wanted, found;
	struct feeding f;
	int ok = 0;

	if (event_trace_init (&wanted) < 0)
		return 0;
	if (event_trace_init (&found) == LHK_OK) {
		ok = feed_bytes (&f, c, &wanted, t, data, t->len, &whole)
		     && f.n_failed == 0;
		if (!ok)
			check_problem (c,
				       "callbacks fail on damaged lines (round "
				       "%u): expected LHK_EPARSE",
				       round);
		if (ok && feed_bytes (&f, c, &found, t, data, t->len, &small)
		    && event_trace_differs (&found, &wanted, SIZE_MAX - 1)
			       != SIZE_MAX) {
			check_problem (c,
				       "damaged lines (round %u) give "
				       "other events in reads of 61 bytes",
				       round);
			ok = 0;
		}
		event_trace_free (&found);
	}
	event_trace_free (&wanted);
	return ok;
}

void
check_damaged (struct check *c)
{
	struct transcript head = transcript_head (c->input, SPLIT_HEAD);
	uint64_t state = c->seed;
	unsigned int rounds = DAMAGE_ROUNDS;
	unsigned int i;
	char *copy;

	if (head.len == 0)
		return;
	copy = mem_new (&mem_system, head.len);
	if (copy == NULL) {
		check_skip (c, "out of memory");
		return;
	}
	for (i = 0; i < rounds; i++) {
		memcpy (copy, head.data, head.len);
		damage (copy, head.len, &state);
		if (!try_damage (c, &head, copy, i))
			break;
	}
	mem_free (&mem_system, copy, head.len);
}

/* ---- known bytes ---- */

/* Lines of which each of these is made. */
#define BYTES_LINES 40

/* PUT goes before the line, behind its first quote or in its middle. */
static const struct insertion {
	const char *put;
	size_t len;
	enum { FRONT, STRING, MIDDLE, BACK } where;
	uint32_t flags;
} insertions[] = {
	{ "\0", 1, STRING, 0 },
	{ "\0", 1, MIDDLE, 0 },
	{ "\0", 1, FRONT, 0 },
	{ "", 0, BACK, LHK_LINE_HAD_CR },
	{ "\r", 1, BACK, 0 },
	{ "\r", 1, STRING, 0 },
	{ "\xef\xbb\xbf", 3, FRONT, 0 },
	{ "\xff", 1, STRING, 0 },
	{ "\xc3", 1, STRING, 0 },
	{ "\xed\xa0\x80", 3, STRING, 0 },
	{ "\xf4\x90\x80\x80", 4, STRING, 0 },
	{ "\xc0\xaf", 2, MIDDLE, 0 },
	{ "\\ud800", 6, STRING, 0 },
	{ "\\udc00", 6, STRING, 0 },
	{ "\\ud83d\\ud83d", 12, STRING, 0 },
	{ "\\u0000", 6, STRING, 0 },
	{ " ", 1, BACK, LHK_LINE_UNTERMINATED },
};

/* The last quote that opens a string, so that its value is met; or the middle. */
static size_t
place (const struct insertion *n, const struct lhk_str *text)
{
	size_t at = text->len;

	if (n->where == FRONT)
		return 0;
	if (n->where == BACK)
		return text->len;
	while (n->where == STRING && at > 1)
		if (text->ptr[--at] == '"' && text->ptr[at - 1] == ':')
			return at + 1;
	return text->len / 2;
}

static int
offer_inserted (struct plugin_driver *d, const struct insertion *n,
		const struct transcript *t, size_t i)
{
	struct lhk_line line = plugin_driver_make_line (t, i);
	struct lhk_str text = { line.data, line.len };
	size_t at = place (n, &text);
	size_t size = text.len + n->len + LHK_LINE_PADDING;
	char *copy = mem_zero (&mem_system, size);

	if (copy == NULL)
		return 0;
	memcpy (copy, text.ptr, at);
	memcpy (copy + at, n->put, n->len);
	memcpy (copy + at + n->len, text.ptr + at, text.len - at);
	line.len += n->len;
	line.full_len = line.len;
	line.flags = n->flags;
	copy[line.len] = '\n';
	line.data = copy;
	(void) plugin_driver_line (d, &line);
	mem_free (&mem_system, copy, size);
	return 1;
}

void
check_bytes (struct check *c)
{
	size_t i, k;

	for (k = 0; k < ARRAY_SIZE (insertions) && c->n_problems == 0; k++) {
		struct plugin_driver d;

		if (!plugin_driver_open (&d, c, NULL))
			return;
		for (i = 0; i < c->input->n_lines && i < BYTES_LINES; i++)
			if (!offer_inserted (&d, &insertions[k], c->input, i))
				check_skip (c, "out of memory");
		plugin_driver_close (&d);
	}
}
