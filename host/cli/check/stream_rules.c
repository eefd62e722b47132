/* SPDX-License-Identifier: MIT */
/*
 * stream_rules.c - rules with the plugin inside a stream of the host: splits,
 * truncation, the limit of a line, isolation.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "cli/check/stream_feed.h"
#include "common/macros.h"

/* Bytes that one rule may feed in all; with more it takes samples. */
#define WORK ((size_t) 192 << 20)

/* ---- splits ---- */

static void
try_splits (struct check *c, const struct transcript *t,
	    struct event_trace *wanted)
{
	const struct feed whole = { 0 };
	size_t n_passes = t->longest + 1;
	size_t step = 1;
	struct feeding f;
	char what[64];
	size_t k;

	if (!feed_all (&f, c, wanted, t, &whole))
		return;
	if (t->len > 0 && n_passes > WORK / t->len)
		step = n_passes / (WORK / t->len) + 1;
	for (k = 1; k <= n_passes; k += k < 256 ? 1 : step) {
		const struct feed how = { .split = k };

		snprintf (what, sizeof what,
			  "when each line is cut after byte %zu", k);
		if (!feed_same (c, t, &how, wanted, SIZE_MAX - 1, what))
			return;
	}
}

static void
try_chunks (struct check *c, const struct transcript *t,
	    struct event_trace *wanted)
{
	static const size_t sizes[] = { 1, 7, 4096, 32768, 1 << 20 };
	const struct feed whole = { 0 };
	struct feeding f;
	char what[64];
	size_t i;

	if (!feed_all (&f, c, wanted, t, &whole))
		return;
	for (i = 0; i < ARRAY_SIZE (sizes); i++) {
		const struct feed how = { .chunk = sizes[i] };

		snprintf (what, sizeof what, "in reads of %zu bytes", sizes[i]);
		if (!feed_same (c, t, &how, wanted, SIZE_MAX - 1, what))
			return;
	}
}

void
check_splits (struct check *c)
{
	struct transcript head = transcript_head (c->input, SPLIT_HEAD);

	if (head.n_lines == 0 && c->input->n_lines > 0)
		check_skip (c, "the first line is longer than 64k");
	else
		feed_with_trace (c, &head, try_splits);
	if (c->n_problems == 0)
		feed_with_trace (c, c->input, try_chunks);
}

/* ---- truncation ---- */

/* Feed the first LEN bytes alone: the events until their end must be those of
 * the whole. */
static int
try_end (struct check *c, const struct transcript *t, size_t len,
	 const struct event_trace *wanted)
{
	const struct feed whole = { 0 };
	struct feeding f;
	struct event_trace found;
	size_t at = SIZE_MAX;

	if (event_trace_init (&found) < 0)
		return 0;
	if (feed_bytes (&f, c, &found, t, NULL, len, &whole))
		at = event_trace_differs (&found, wanted, f.n_before_end);
	if (f.n_failed != 0)
		check_problem (c,
			       "callbacks fail when the stream ends at "
			       "byte %zu",
			       len);
	if (at != SIZE_MAX)
		check_problem (c,
			       "event %zu differs when the stream ends later, "
			       "at byte %zu",
			       at + 1, len);
	event_trace_free (&found);
	return at == SIZE_MAX && f.n_failed == 0;
}

/* Bytes that the ends of a transcript may cost in all. */
#define ENDS_WORK ((size_t) 16 << 20)

/* Every byte of a short transcript may be the last; of a longer one, so many as
 * WORK allows, and those around each newline of its beginning. */
static void
try_ends (struct check *c, const struct transcript *t,
	  struct event_trace *wanted)
{
	const struct feed whole = { 0 };
	size_t most = t->len == 0 ? 0 : ENDS_WORK / t->len + 1;
	size_t step = most == 0 ? 1 : t->len / most + 1;
	size_t lines = most < t->n_lines ? most : t->n_lines;
	struct feeding f;
	size_t i;

	if (!feed_all (&f, c, wanted, t, &whole))
		return;
	for (i = 0; i < t->len; i += step)
		if (!try_end (c, t, i, wanted))
			return;
	for (i = 0; step > 1 && i < lines; i++)
		if (!try_end (c, t, t->starts[i + 1], wanted)
		    || !try_end (c, t, t->starts[i + 1] - 1, wanted))
			return;
}

void
check_truncated (struct check *c)
{
	struct transcript head = transcript_head (c->input, SPLIT_HEAD);

	feed_with_trace (c, &head, try_ends);
}

/* ---- the cap ---- */

#define CAP LHK_LINE_MAX_MIN

static const char *const ends[] = { "\n", "\r\n", "" };

/* Feed a line of LEN bytes and END: it must be oversize if it is over CAP. */
static void
try_length (struct check *c, size_t len, const char *end)
{
	static const char head[] = "{\"type\":\"check\",\"pad\":\"";
	static const char tail[] = "\"}";
	const struct feed how = { .line_max = CAP };
	const uint64_t wanted = len > CAP;
	char line[CAP + 8];
	struct feeding f;

	memset (line, 'a', len);
	memcpy (line, head, sizeof head - 1);
	memcpy (line + len - (sizeof tail - 1), tail, sizeof tail - 1);
	memcpy (line + len, end, strlen (end));
	if (!feed_bytes (&f, c, NULL, NULL, line, len + strlen (end), &how))
		return;
	if (f.stats.oversize != wanted || f.stats.lines != 1)
		check_problem (c,
			       "a line of %zu bytes with a limit of %u is "
			       "counted as %llu lines, %llu oversize, expected "
			       "1 and %llu",
			       len, CAP, (unsigned long long) f.stats.lines,
			       (unsigned long long) f.stats.oversize,
			       (unsigned long long) wanted);
	if (f.n_failed != 0)
		check_problem (c,
			       "callbacks fail on a line of %zu bytes with a "
			       "limit of %u",
			       len, CAP);
}

static void
try_longest (struct check *c, const struct transcript *t,
	     struct event_trace *wanted)
{
	const struct feed whole = { 0 };
	const struct feed exact = { .line_max = t->longest };
	const struct feed less = { .line_max = t->longest - 1 };
	struct feeding f;

	if (!feed_all (&f, c, wanted, t, &whole)
	    || !feed_same (c, t, &exact, wanted, SIZE_MAX - 1,
			   "when the limit is the longest line's length"))
		return;
	if (feed_all (&f, c, NULL, t, &less) && f.stats.oversize == 0)
		check_problem (c,
			       "no line is over a limit of %zu, the longest "
			       "has %zu bytes",
			       t->longest - 1, t->longest);
}

void
check_limit (struct check *c)
{
	size_t i, len;

	for (i = 0; i < ARRAY_SIZE (ends); i++)
		for (len = CAP - 1; len <= CAP + 1; len++)
			try_length (c, len, ends[i]);
	if (c->n_problems == 0 && c->input->longest > LHK_LINE_MAX_MIN
	    && c->input->longest <= LHK_LINE_MAX_DEFAULT)
		feed_with_trace (c, c->input, try_longest);
}

/* ---- a process of its own ---- */

static void
try_isolated (struct check *c, const struct transcript *t,
	      struct event_trace *wanted)
{
	const struct feed whole = { 0 };
	const struct feed isolated = { .isolated = 1 };
	struct feeding f;

	if (feed_all (&f, c, wanted, t, &whole))
		feed_same (c, t, &isolated, wanted, SIZE_MAX - 1,
			   "when it is isolated");
}

void
check_isolated (struct check *c)
{
	feed_with_trace (c, c->input, try_isolated);
}
