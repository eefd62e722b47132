/* SPDX-License-Identifier: MIT */
/*
 * stream_cases.c - cases with the plugin inside a stream of the host: splits,
 * truncation, damage, the cap; and what every stream must keep.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include <linehook/json.h>

#include "cli/check/suite.h"
#include "common/mem.h"
#include "common/macros.h"

/* How bytes are fed: all at once (zeros), in chunks, or each line cut in two
 * behind its SPLIT'th byte. */
struct feed {
	size_t line_max; /* 0: the default */
	size_t chunk;
	size_t split; /* 0: not; needs a transcript */
};

struct feeding {
	struct check *c;
	struct event_trace *trace;
	uint64_t seq;
	uint64_t n_final;
	uint64_t n_failed;   /* notices of a callback that failed */
	size_t n_before_end; /* events until the end of the bytes */
	struct lhk_stream_stats stats;
};

/* Does the host report a callback that failed?  The errors that it counts are
 * also those of bad events, which the numbers of a bad line may give. */
static int
is_failure (const struct lhk_event *event)
{
	static const char words[] = "plugin failed: ";
	const struct lhk_ev_notice *n = (const void *) event;

	return event->kind == LHK_EV_NOTICE
	       && LHK_TEXT_IS (&n->code, LHK_CODE_PLUGIN)
	       && n->text.len >= sizeof words - 1
	       && memcmp (n->text.ptr, words, sizeof words - 1) == 0;
}

static void
on_event (void *user, const struct lhk_meta *meta,
	  const struct lhk_event *event)
{
	struct feeding *f = user;
	const struct lhk_ev_result *r = (const void *) event;

	f->seq++;
	if (meta->seq != f->seq)
		check_problem (f->c, "event %llu has the number %llu",
			       (unsigned long long) f->seq,
			       (unsigned long long) meta->seq);
	if (f->n_final > 0)
		check_problem (f->c, "an event comes after the final result");
	if (event->kind == LHK_EV_RESULT && r->final != NULL)
		f->n_final++;
	f->n_failed += is_failure (event);
	if (f->trace != NULL)
		event_trace_add (f->trace, meta, event);
}

static void
write_chunks (struct lhk_stream *s, const char *data, size_t len, size_t chunk)
{
	while (len > 0) {
		size_t n = chunk == 0 || chunk > len ? len : chunk;

		(void) lhk_stream_write (s, data, n);
		data += n;
		len -= n;
	}
}

/* Cut each line that is long enough behind its SPLIT'th byte; what lies between
 * two cuts is one write. */
static void
write_split (struct lhk_stream *s, const struct transcript *t, size_t split)
{
	size_t from = 0;
	size_t i;

	for (i = 0; i < t->n_lines; i++) {
		size_t cut = t->starts[i] + split;

		if (cut >= t->starts[i + 1])
			continue;
		(void) lhk_stream_write (s, t->data + from, cut - from);
		from = cut;
	}
	(void) lhk_stream_write (s, t->data + from, t->len - from);
}

/* Feed LEN bytes of T (DATA instead of T's own if not NULL, and then no SPLIT).
 * TRACE gets the events and is not reset.  1, or 0 with the problem noted. */
static int
feed_bytes (struct feeding *f, struct check *c, struct event_trace *trace,
	    const struct transcript *t, const char *data, size_t len,
	    const struct feed *how)
{
	struct lhk_stream_opts opts = LHK_STREAM_OPTS_INIT;
	struct lhk_error err = { 0, 0, "" };
	const struct lhk_result *result = NULL;
	struct lhk_stream *s;

	memset (f, 0, sizeof *f);
	f->c = c;
	f->trace = trace;
	f->stats.size = sizeof f->stats;
	opts.on_event = on_event;
	opts.user = f;
	if (how->line_max != 0)
		opts.line_max = how->line_max;
	check_call.callback = "a callback inside a stream";
	if (lhk_stream_new (c->host, c->ref, &opts, &s, &err) < 0) {
		check_call.callback = NULL;
		check_problem (c, "a stream cannot be opened: %s", err.text);
		return 0;
	}
	if (how->split != 0)
		write_split (s, t, how->split);
	else
		write_chunks (s, data != NULL ? data : t->data, len,
			      how->chunk);
	f->n_before_end = trace == NULL ? 0 : trace->n;
	if (lhk_stream_finish (s, NULL, &result) != LHK_OK)
		check_problem (c, "a stream has no result");
	lhk_stream_stats (s, &f->stats);
	lhk_stream_free (s);
	check_call.callback = NULL;
	if (f->n_final != 1)
		check_problem (c, "%llu final results, expected 1",
			       (unsigned long long) f->n_final);
	return 1;
}

/* Feed all of T; the plugin must not fail. */
static int
feed_all (struct feeding *f, struct check *c, struct event_trace *trace,
	  const struct transcript *t, const struct feed *how)
{
	if (!feed_bytes (f, c, trace, t, NULL, t->len, how))
		return 0;
	if (f->n_failed != 0)
		check_problem (c,
			       "callbacks failed at least %llu times: expected "
			       "LHK_OK, LHK_SKIP, or LHK_EPARSE for a line in "
			       "another format",
			       (unsigned long long) f->n_failed);
	return 1;
}

/* Feed T as HOW for the text of event AT. */
static void
event_text (struct check *c, const struct transcript *t, const struct feed *how,
	    size_t at, struct event_trace *trace)
{
	struct feeding f;

	event_trace_reset (trace, at);
	(void) feed_all (&f, c, trace, t, how);
	if (at >= trace->n) {
		trace->shown[0] = '\0';
		trace->shown_len = 0;
	}
}

/* T fed as HOW must give the first N events of WANTED; else a problem that
 * says WHAT and shows both events.  1 if they are the same. */
static int
feed_same (struct check *c, const struct transcript *t, const struct feed *how,
	   struct event_trace *wanted, size_t n, const char *what)
{
	const struct feed whole = { .line_max = how->line_max };
	struct feeding f;
	struct event_trace found, other;
	size_t at;

	if (event_trace_init (&found) < 0)
		return 0;
	at = SIZE_MAX;
	if (feed_all (&f, c, &found, t, how))
		at = event_trace_differs (&found, wanted, n);
	if (at != SIZE_MAX && event_trace_init (&other) == LHK_OK) {
		event_text (c, t, how, at, &found);
		event_text (c, t, &whole, at, &other);
		check_problem (c,
			       "event %zu differs %s: found '%s', expected "
			       "'%s': keep no pointer into a line, and no "
			       "state outside of the handle",
			       at + 1, what, found.shown, other.shown);
		event_trace_free (&other);
	}
	event_trace_free (&found);
	return at == SIZE_MAX;
}

/* Bytes of a transcript of which all split points are tried. */
#define SPLIT_HEAD ((size_t) 64 << 10)

/* Bytes that one case may feed in all; with more it takes samples. */
#define WORK ((size_t) 192 << 20)

/* ---- splits ---- */

static void
try_splits (struct check *c, const struct transcript *t,
	    struct event_trace *wanted)
{
	const struct feed whole = { 0, 0, 0 };
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
		const struct feed how = { 0, 0, k };

		snprintf (what, sizeof what,
			  "when each line is cut after byte %zu", k);
		if (!feed_same (c, t, &how, wanted, SIZE_MAX - 1, what))
			return;
	}
}

static void
with_trace (struct check *c, const struct transcript *t,
	    void (*fn) (struct check *c, const struct transcript *t,
			struct event_trace *wanted))
{
	struct event_trace wanted;

	if (event_trace_init (&wanted) < 0) {
		check_skip (c, "out of memory");
		return;
	}
	fn (c, t, &wanted);
	event_trace_free (&wanted);
}

void
check_splits (struct check *c)
{
	struct transcript head = transcript_head (c->input, SPLIT_HEAD);

	if (head.n_lines == 0 && c->input->n_lines > 0)
		check_skip (c, "the first line is longer than 64k");
	else
		with_trace (c, &head, try_splits);
}

static void
try_chunks (struct check *c, const struct transcript *t,
	    struct event_trace *wanted)
{
	static const size_t sizes[] = { 1, 7, 4096, 32768, 1 << 20 };
	const struct feed whole = { 0, 0, 0 };
	struct feeding f;
	char what[64];
	size_t i;

	if (!feed_all (&f, c, wanted, t, &whole))
		return;
	for (i = 0; i < ARRAY_SIZE (sizes); i++) {
		const struct feed how = { 0, sizes[i], 0 };

		snprintf (what, sizeof what, "in reads of %zu bytes", sizes[i]);
		if (!feed_same (c, t, &how, wanted, SIZE_MAX - 1, what))
			return;
	}
}

void
check_chunks (struct check *c)
{
	with_trace (c, c->input, try_chunks);
}

/* ---- truncation ---- */

/* Feed the first LEN bytes alone: the events until their end must be those of
 * the whole. */
static int
try_end (struct check *c, const struct transcript *t, size_t len,
	 const struct event_trace *wanted)
{
	const struct feed whole = { 0, 0, 0 };
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

static void
try_ends (struct check *c, const struct transcript *t,
	  struct event_trace *wanted)
{
	const struct feed whole = { 0, 0, 0 };
	size_t step = 1;
	struct feeding f;
	size_t i;

	if (!feed_all (&f, c, wanted, t, &whole))
		return;
	if (t->len > 0 && t->n_lines > WORK / t->len)
		step = t->n_lines / (WORK / t->len) + 1;
	for (i = 0; i < t->n_lines; i += step) {
		size_t len = t->starts[i + 1] - t->starts[i];

		if (!try_end (c, t, t->starts[i + 1], wanted)
		    || !try_end (c, t, t->starts[i] + len / 2, wanted)
		    || !try_end (c, t, t->starts[i + 1] - 1, wanted))
			return;
	}
}

void
check_truncated (struct check *c)
{
	struct transcript head = transcript_head (c->input, SPLIT_HEAD);

	with_trace (c, &head, try_ends);
}

/* ---- damage ---- */

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
	const struct feed whole = { 0, 0, 0 };
	const struct feed small = { 0, 61, 0 };
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

/* ---- the cap ---- */

#define CAP LHK_LINE_MAX_MIN

static const char *const ends[] = { "\n", "\r\n", "" };

/* Feed a line of LEN bytes and END: it must be oversize if it is over CAP. */
static void
try_length (struct check *c, size_t len, const char *end)
{
	static const char head[] = "{\"type\":\"check\",\"pad\":\"";
	static const char tail[] = "\"}";
	const struct feed how = { CAP, 0, 0 };
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

void
check_cap (struct check *c)
{
	size_t i, len;

	for (i = 0; i < ARRAY_SIZE (ends); i++)
		for (len = CAP - 1; len <= CAP + 1; len++)
			try_length (c, len, ends[i]);
}

static void
try_longest (struct check *c, const struct transcript *t,
	     struct event_trace *wanted)
{
	const struct feed whole = { 0, 0, 0 };
	const struct feed exact = { t->longest, 0, 0 };
	const struct feed less = { t->longest - 1, 0, 0 };
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
check_cap_longest (struct check *c)
{
	if (c->input->longest <= LHK_LINE_MAX_MIN
	    || c->input->longest > LHK_LINE_MAX_DEFAULT)
		check_skip (c,
			    "the longest line has %zu bytes, expected one of "
			    "%u to %u",
			    c->input->longest, LHK_LINE_MAX_MIN + 1,
			    LHK_LINE_MAX_DEFAULT);
	else
		with_trace (c, c->input, try_longest);
}
