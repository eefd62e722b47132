/* SPDX-License-Identifier: MIT */
/* memory_rules.c - rules about what a plugin holds. */
#include "config.h"

#include <fcntl.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/check/plugin_driver.h"
#include "common/fd.h"
#include "common/io.h"
#include "common/mem.h"

#define ROUNDS_WARM 8
#define ROUNDS 32
#define LEAK_HEAD ((size_t) 64 << 10)
/* A handle reads so much in the rounds that it is opened very often. */
#define MANY_HANDLES 500
#define MANY_HEAD ((size_t) 2 << 10)

/* Bytes that malloc has given out. */
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

/* Bytes that were mapped by anyone but malloc. */
static size_t
mapped (void)
{
#ifdef HAVE_MALLINFO2
	struct mallinfo2 info = mallinfo2 ();
	size_t of_malloc = info.arena + info.hblkhd;
#else
	size_t of_malloc = 0;
#endif
	unsigned long pages = 0;
	char text[64];

	if (io_read_text (fd_open ("/proc/self/statm", O_RDONLY | O_CLOEXEC, 0),
			  text, sizeof text)
		    < 0
	    || sscanf (text, "%lu", &pages) != 1)
		return 0;
	return pages * (size_t) sysconf (_SC_PAGESIZE) - of_malloc;
}

/* Does mallinfo2 count what is allocated?  Not under a tool that has an
 * allocator of its own. */
static int
can_count (struct check *c)
{
	size_t before = in_use ();
	void *p = mem_new (&mem_system, 100000);
	size_t after = in_use ();

	mem_free (&mem_system, p, 100000);
	if (p != NULL && after >= before + 100000)
		return 1;
	check_skip (c, "this allocator does not count");
	return 0;
}

/* ---- after close ---- */

struct held {
	size_t in_use, mapped;
};

static struct held
use_after (struct check *c, const struct transcript *t, int rounds)
{
	struct held held;
	int i;

	for (i = 0; i < rounds; i++)
		plugin_driver_transcript (c, t, NULL);
	held.in_use = in_use ();
	held.mapped = mapped ();
	return held;
}

/* What grows at first only may be a table that fills; what grows again and
 * again is lost. */
static void
try_handles (struct check *c, const struct transcript *t, int rounds)
{
	struct held warm = use_after (c, t, ROUNDS_WARM);
	struct held first = use_after (c, t, rounds);
	struct held second = use_after (c, t, rounds);

	if (first.in_use > warm.in_use && second.in_use > first.in_use)
		check_problem (c,
			       "%zu bytes more are allocated after %d rounds "
			       "of open and close, expected none",
			       second.in_use - first.in_use, rounds);
	else if (first.mapped > warm.mapped && second.mapped > first.mapped)
		check_problem (c,
			       "%zu bytes more are mapped after %d rounds of "
			       "open and close, expected none",
			       second.mapped - first.mapped, rounds);
}

void
check_leaks (struct check *c)
{
	struct transcript head = transcript_head (c->input, LEAK_HEAD);
	struct transcript few = transcript_head (c->input, MANY_HEAD);

	if (!can_count (c))
		return;
	try_handles (c, &head, ROUNDS);
	if (c->n_problems == 0)
		try_handles (c, &few, MANY_HANDLES);
}

/* ---- of one handle ---- */

/* Each part of a stream is as long as all before it, so that what grows by
 * doubling is found too. */
#define PARTS 4
#define FIRST_PART 32

void
check_growth (struct check *c)
{
	struct transcript head = transcript_head (c->input, LEAK_HEAD);
	struct plugin_driver d;
	size_t held[PARTS + 1];
	size_t i, n_rounds = 0;
	int part, grows = 1;

	if (!can_count (c) || !plugin_driver_open (&d, c, NULL))
		return;
	for (part = 0; part <= PARTS; part++) {
		for (; n_rounds < (size_t) FIRST_PART << part; n_rounds++)
			for (i = 0; i < head.n_lines; i++)
				(void) plugin_driver_transcript_line (&d, &head,
								      i);
		held[part] = in_use () + mapped ();
		grows = grows && (part == 0 || held[part] > held[part - 1]);
	}
	plugin_driver_close (&d);
	if (grows && head.n_lines > 0)
		check_problem (c,
			       "a handle holds %zu bytes more when it has read "
			       "the same %zu lines %d times than when it had "
			       "read them %d times",
			       held[PARTS] - held[0], head.n_lines,
			       FIRST_PART << PARTS, FIRST_PART);
}
