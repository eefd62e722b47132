/* SPDX-License-Identifier: MIT */
/*
 * page_rules.c - rules about the memory of a line: what a plugin may touch.
 *
 * Each line lies at the end of pages behind which there is none, may only be
 * read, and is taken away when line_hook has returned.
 */
#include "config.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli/check/plugin_driver.h"
#include "common/macros.h"

/* Each line costs three system calls. */
#define PAGES_HEAD_MAX ((size_t) 1 << 20)

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
	{ 1, '"', "when quotes follow the line" },
	{ 1, '}', "when braces follow the line" },
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
	check_call->low = room;
	check_call->high = room + a->room;
	check_call->old_low = i == 0 ? NULL : arena_room (a, i + 1);
	check_call->old_high = i == 0 ? NULL : check_call->old_low + a->room;
	(void) plugin_driver_line (d, &line);
	check_call->low = NULL;
	check_call->high = NULL;
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
	check_call->old_low = NULL;
}

static void
compare_placed (struct check *c, const struct transcript *t,
		const struct arena *a, struct event_trace *wanted,
		struct event_trace *found)
{
	size_t i;

	read_placed (c, a, &placings[0], t, wanted);
	for (i = 1; i < ARRAY_SIZE (placings); i++) {
		event_trace_reset (found, SIZE_MAX);
		read_placed (c, a, &placings[i], t, found);
		if (!plugin_driver_compare (c, found, wanted, SIZE_MAX - 1,
					    placings[i].what))
			return;
	}
}

static void
compare_padding (struct check *c, const struct transcript *t,
		 struct event_trace *wanted, struct event_trace *found)
{
	struct arena a;

	if (arena_make (&a, t->longest)) {
		compare_placed (c, t, &a, wanted, found);
		munmap (a.map, a.size);
	} else {
		check_skip (c, "no memory for pages to protect");
	}
}

void
check_padding (struct check *c)
{
	plugin_driver_with_traces (c, PAGES_HEAD_MAX, compare_padding);
}

/* Its crash is what the rule looks for. */
void
check_page (struct check *c)
{
	struct transcript head = transcript_head (c->input, PAGES_HEAD_MAX);
	struct arena a;
	size_t i;

	if (!arena_make (&a, head.longest)) {
		check_skip (c, "no memory for pages to protect");
		return;
	}
	for (i = 0; i < ARRAY_SIZE (placings); i++)
		read_placed (c, &a, &placings[i], &head, NULL);
	munmap (a.map, a.size);
}
