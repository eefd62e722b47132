/* SPDX-License-Identifier: MIT */
/*
 * plugin_cases.c - cases with the plugin alone, without a host around it: what
 * it answers, what it may touch, and what it must free.
 */
#include "config.h"

#include <malloc.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli/check/plugin_driver.h"
#include "common/mem.h"
#include "common/macros.h"

/* Bytes of a transcript that are enough for any mistake of state, and for any
 * mistake with memory, where each line costs two system calls. */
#define HEAD_MAX ((size_t) 4 << 20)
#define PAGES_HEAD_MAX ((size_t) 1 << 20)

void
check_empty (struct check *c)
{
	struct transcript none = *c->input;

	none.n_lines = 0;
	none.len = 0;
	plugin_driver_transcript (c, &none, NULL);
	plugin_driver_transcript (c, &none, NULL);
}

void
check_options (struct check *c)
{
	/* Options as `run' gives them, odd ones, and none at all. */
	static const struct lhk_option options[] = {
		{ "arg", "command" },
		{ "arg", "" },
		{ "arg", "--flag=\xff" },
		{ "", "" },
		{ "check-unknown-option", "1" },
	};
	struct plugin_driver d;
	size_t n;

	for (n = 0; n <= ARRAY_SIZE (options); n++) {
		void *handle = NULL;
		int r;

		if (c->n_problems > 0 || !plugin_driver_open (&d, c, NULL))
			return;
		check_call.callback = "open";
		d.inside = 1;
		r = d.plugin->open (&d.api, n == 0 ? NULL : options, n,
				    &handle);
		d.inside = 0;
		if (r == LHK_OK) {
			check_call.callback = "close";
			d.plugin->close (handle);
		} else {
			check_problem (c,
				       "open returns %d (%s) with %zu options, "
				       "expected LHK_OK: ignore options that "
				       "you do not know",
				       r, lhk_strerror (r), n);
		}
		plugin_driver_close (&d);
	}
}

/* ---- lines that it must refuse without a trace ---- */

/* Offer half of line I.  1 if the plugin refused it and emitted nothing. */
static int
offer_half (struct plugin_driver *d, const struct transcript *t, size_t i)
{
	struct lhk_str text = transcript_line (t, i);
	size_t len = text.len / 2;
	struct lhk_line line = {
		.size = sizeof line,
		.flags = LHK_LINE_UNTERMINATED,
		.len = len,
		.full_len = len,
		.number = i + 1,
	};
	char *copy = mem_zero (&mem_system, len + LHK_LINE_PADDING);
	size_t before = d->trace->n;
	int r;

	if (copy == NULL)
		return 0;
	memcpy (copy, text.ptr, len);
	copy[len] = '\n';
	line.data = copy;
	r = plugin_driver_line (d, &line);
	mem_free (&mem_system, copy, len + LHK_LINE_PADDING);
	return r == LHK_EPARSE && d->trace->n == before;
}

static void
compare_refused (struct check *c, const struct transcript *t,
		 struct event_trace *wanted, struct event_trace *found)
{
	struct plugin_driver d;
	size_t n_refused = 0;
	int clean = 1;
	size_t i;

	plugin_driver_transcript (c, t, wanted);
	if (!plugin_driver_open (&d, c, found))
		return;
	for (i = 0; i < t->n_lines && clean; i++) {
		if (transcript_line (t, i).len >= 2) {
			clean = offer_half (&d, t, i);
			n_refused += (size_t) clean;
		}
		if (clean)
			(void) plugin_driver_transcript_line (&d, t, i);
	}
	plugin_driver_close (&d);
	if (clean)
		(void) plugin_driver_compare (
			c, found, wanted, SIZE_MAX - 1,
			"after lines that line_hook had refused "
			"with LHK_EPARSE: the handle must be as it "
			"was before them");
	else if (n_refused == 0)
		check_skip (c, "it also accepts half a line");
}

static void
with_traces (struct check *c, size_t max,
	     void (*fn) (struct check *c, const struct transcript *t,
			 struct event_trace *wanted, struct event_trace *found))
{
	struct transcript head = transcript_head (c->input, max);
	struct event_trace wanted, found;

	if (event_trace_init (&wanted) == LHK_OK) {
		if (event_trace_init (&found) == LHK_OK) {
			fn (c, &head, &wanted, &found);
			event_trace_free (&found);
		}
		event_trace_free (&wanted);
	}
}

static void
compare_again (struct check *c, const struct transcript *t,
	       struct event_trace *wanted, struct event_trace *found)
{
	plugin_driver_transcript (c, t, wanted);
	plugin_driver_transcript (c, t, found);
	(void) plugin_driver_compare (
		c, found, wanted, SIZE_MAX - 1,
		"when a second handle reads the same lines: keep "
		"all state in the handle");
}

void
check_events (struct check *c)
{
	with_traces (c, HEAD_MAX, compare_again);
}

void
check_refused_lines (struct check *c)
{
	with_traces (c, HEAD_MAX, compare_refused);
}

/* ---- two handles ---- */

#define LAG 3

static void
interleave (struct check *c, const struct transcript *t, struct event_trace *a,
	    struct event_trace *b)
{
	struct plugin_driver first, second;
	size_t i;

	if (!plugin_driver_open (&first, c, a))
		return;
	if (plugin_driver_open (&second, c, b)) {
		for (i = 0; i < t->n_lines + LAG; i++) {
			if (i < t->n_lines)
				(void) plugin_driver_transcript_line (&first, t,
								      i);
			if (i >= LAG)
				(void) plugin_driver_transcript_line (
					&second, t, i - LAG);
		}
		plugin_driver_close (&second);
	}
	plugin_driver_close (&first);
}

static void
compare_handles (struct check *c, const struct transcript *t,
		 struct event_trace *wanted, struct event_trace *found)
{
	struct event_trace other;

	plugin_driver_transcript (c, t, wanted);
	if (event_trace_init (&other) < 0)
		return;
	interleave (c, t, found, &other);
	if (plugin_driver_compare (
		    c, found, wanted, SIZE_MAX - 1,
		    "while a second handle reads the same lines: keep "
		    "all state in the handle"))
		(void) plugin_driver_compare (
			c, &other, wanted, SIZE_MAX - 1,
			"from the second of two handles: keep all "
			"state in the handle");
	event_trace_free (&other);
}

void
check_two_handles (struct check *c)
{
	with_traces (c, HEAD_MAX, compare_handles);
}

/* ---- pages ---- */

/* Two rooms for a line, between and around which no page may be touched. */
struct arena {
	char *map;
	size_t size;
	size_t page;
	size_t room; /* bytes, whole pages */
};

static int
arena_make (struct arena *a, size_t longest)
{
	size_t page = (size_t) sysconf (_SC_PAGESIZE);

	a->page = page;
	a->room = (longest + LHK_LINE_PADDING + page - 1) / page * page;
	a->size = 2 * a->room + 3 * page;
	a->map = mmap (NULL, a->size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
		       -1, 0);
	return a->map != MAP_FAILED;
}

static char *
arena_room (const struct arena *a, size_t i)
{
	return a->map + a->page + (i % 2) * (a->room + a->page);
}

/* Where a line lies in its room, and which bytes follow it. */
struct placing {
	int at_end;
	char fill;
	const char *what;
};

static const struct placing placings[] = {
	{ 1, '\0', "when NUL bytes follow the line" },
	{ 1, '"',
	  "when quotes follow the line: the bytes after data[len] mean "
	  "nothing" },
	{ 1, '}',
	  "when braces follow the line: the bytes after data[len] mean "
	  "nothing" },
	{ 0, '\xff', "at another address, or with other bytes after the line" },
};

static int
offer_placed (struct plugin_driver *d, const struct arena *a,
	      const struct placing *p, const struct transcript *t, size_t i)
{
	struct lhk_str text = transcript_line (t, i);
	struct lhk_line line = {
		.size = sizeof line,
		.len = text.len,
		.full_len = text.len,
		.number = i + 1,
	};
	char *room = arena_room (a, i);
	char *data =
		p->at_end ? room + a->room - LHK_LINE_PADDING - text.len : room;

	if (mprotect (room, a->room, PROT_READ | PROT_WRITE) < 0)
		return 0;
	memcpy (data, text.ptr, text.len);
	memset (data + text.len, p->fill, LHK_LINE_PADDING);
	data[text.len] = '\n';
	if (mprotect (room, a->room, PROT_READ) < 0)
		return 0;
	line.data = data;
	check_call.low = room;
	check_call.high = room + a->room;
	check_call.old_low = i == 0 ? NULL : arena_room (a, i + 1);
	check_call.old_high = i == 0 ? NULL : check_call.old_low + a->room;
	(void) plugin_driver_line (d, &line);
	check_call.low = NULL;
	check_call.high = NULL;
	return mprotect (room, a->room, PROT_NONE) == 0;
}

static void
read_placed (struct check *c, const struct arena *a, const struct placing *p,
	     const struct transcript *t, struct event_trace *trace)
{
	struct plugin_driver d;
	size_t i;

	if (!plugin_driver_open (&d, c, trace))
		return;
	for (i = 0; i < t->n_lines; i++)
		if (!offer_placed (&d, a, p, t, i)) {
			check_skip (c, "the system refuses to protect pages");
			break;
		}
	plugin_driver_close (&d);
	/* A crash in flush must not be blamed on a line. */
	check_call.old_low = NULL;
}

static void
compare_placed (struct check *c, const struct transcript *t,
		const struct arena *a, struct event_trace *wanted,
		struct event_trace *found)
{
	size_t i;

	read_placed (c, a, &placings[0], t, wanted);
	read_placed (c, a, &placings[0], t, found);
	if (event_trace_differs (found, wanted, SIZE_MAX - 1) != SIZE_MAX) {
		check_skip (c, "no two handles give the same events");
		return;
	}
	for (i = 1; i < ARRAY_SIZE (placings); i++) {
		event_trace_reset (found, SIZE_MAX);
		read_placed (c, a, &placings[i], t, found);
		if (!plugin_driver_compare (c, found, wanted, SIZE_MAX - 1,
					    placings[i].what))
			return;
	}
}

void
check_page (struct check *c)
{
	struct transcript head = transcript_head (c->input, PAGES_HEAD_MAX);
	struct arena a;
	struct event_trace wanted, found;

	if (!arena_make (&a, head.longest)) {
		check_skip (c, "no memory for pages to protect");
		return;
	}
	if (event_trace_init (&wanted) == LHK_OK) {
		if (event_trace_init (&found) == LHK_OK) {
			compare_placed (c, &head, &a, &wanted, &found);
			event_trace_free (&found);
		}
		event_trace_free (&wanted);
	}
	munmap (a.map, a.size);
}

/* ---- leaks ---- */

#define ROUNDS_WARM 8
#define ROUNDS 32
#define LEAK_HEAD ((size_t) 64 << 10)

static size_t
in_use (void)
{
#ifdef HAVE_MALLINFO2
	struct mallinfo2 info = mallinfo2 ();

	return info.uordblks + info.hblkhd;
#else
	return 0;
#endif
}

/* Does mallinfo2 count what is allocated?  Not under a tool that has an
 * allocator of its own. */
static int
can_count (void)
{
	size_t before = in_use ();
	void *p = mem_new (&mem_system, 100000);
	size_t after = in_use ();

	mem_free (&mem_system, p, 100000);
	return p != NULL && after >= before + 100000;
}

static size_t
use_after (struct check *c, const struct transcript *t, int rounds)
{
	int i;

	for (i = 0; i < rounds; i++)
		plugin_driver_transcript (c, t, NULL);
	return in_use ();
}

void
check_leaks (struct check *c)
{
	struct transcript head = transcript_head (c->input, LEAK_HEAD);
	size_t warm, first, second;

	if (!can_count ()) {
		check_skip (c, "this allocator does not count");
		return;
	}
	/* What grows at first only may be a table that fills; what grows
	 * again and again is lost. */
	warm = use_after (c, &head, ROUNDS_WARM);
	first = use_after (c, &head, ROUNDS);
	second = use_after (c, &head, ROUNDS);
	if (first > warm && second > first)
		check_problem (c,
			       "%zu bytes more are allocated after %d rounds "
			       "of open and close, expected none: close gives "
			       "back all that the handle has",
			       second - first, ROUNDS);
}
