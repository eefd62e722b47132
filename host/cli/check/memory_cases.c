/* SPDX-License-Identifier: MIT */
/*
 * memory_cases.c - cases about memory: what a plugin may touch, and what it
 * must give back.
 */
#include "config.h"

#include <malloc.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli/check/plugin_driver.h"
#include "common/mem.h"

#define HEAD_MAX ((size_t) 1 << 20)

/* ---- pages ---- */

/* Two rooms with a page between and around them that nobody may touch. */
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

/* Where the line lies in its room, and what is behind it. */
struct placing {
	int at_end;
	char fill;
	const char *what;
};

static const struct placing placings[] = {
	{ 1, '\0', "when NUL bytes are behind the line" },
	{ 1, '"',
	  "when quotes are behind the line: nothing behind data[len] "
	  "means anything" },
	{ 1, '}',
	  "when braces are behind the line: nothing behind data[len] "
	  "means anything" },
	{ 0, '\xff',
	  "at another address, or with other bytes behind the "
	  "line" },
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
	check_place.low = room;
	check_place.high = room + a->room;
	check_place.old_low = i == 0 ? NULL : arena_room (a, i + 1);
	check_place.old_high = i == 0 ? NULL : check_place.old_low + a->room;
	(void) plugin_driver_line (d, &line);
	check_place.low = NULL;
	check_place.high = NULL;
	return mprotect (room, a->room, PROT_NONE) == 0;
}

static void
read_placed (struct check *c, const struct arena *a, const struct placing *p,
	     const struct transcript *t, struct trace *trace)
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
	/* A crash in flush is no crash at a line. */
	check_place.old_low = NULL;
}

static void
compare_placed (struct check *c, const struct transcript *t,
		const struct arena *a, struct trace *wanted,
		struct trace *found)
{
	size_t i;

	read_placed (c, a, &placings[0], t, wanted);
	read_placed (c, a, &placings[0], t, found);
	if (trace_differs (found, wanted, SIZE_MAX - 1) != SIZE_MAX) {
		check_skip (c, "no two handles give the same events");
		return;
	}
	for (i = 1; i < sizeof placings / sizeof placings[0]; i++) {
		trace_reset (found, SIZE_MAX);
		read_placed (c, a, &placings[i], t, found);
		if (!plugin_driver_same (c, found, wanted, SIZE_MAX - 1,
					 placings[i].what))
			return;
	}
}

void
check_page (struct check *c)
{
	struct transcript head = transcript_head (c->input, HEAD_MAX);
	struct arena a;
	struct trace wanted, found;

	if (!arena_make (&a, head.longest)) {
		check_skip (c, "no memory for pages to protect");
		return;
	}
	if (trace_init (&wanted) == LHK_OK) {
		if (trace_init (&found) == LHK_OK) {
			compare_placed (c, &head, &a, &wanted, &found);
			trace_free (&found);
		}
		trace_free (&wanted);
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

/* Does the number follow what is allocated?  Not under a tool that brings an
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
		plugin_driver_all (c, t, NULL);
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
			       "%zu bytes more are allocated after %d "
			       "rounds of open to close, wanted none: close "
			       "gives back all that the handle has",
			       second - first, ROUNDS);
}
