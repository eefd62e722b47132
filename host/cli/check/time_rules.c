/* SPDX-License-Identifier: MIT */
/*
 * time_rules.c - rules about the time that callbacks take.
 *
 * It is CPU time of this thread, or the number of instructions where the
 * machine counts them: a busy machine is no fault of the plugin.
 */
#include "config.h"

#include <linux/perf_event.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "cli/check/plugin_driver.h"
#include "common/macros.h"
#include "common/mem.h"

#define TIME_HEAD ((size_t) 1 << 20)

static int64_t
cpu_us (void)
{
	struct timespec t;

	clock_gettime (CLOCK_THREAD_CPUTIME_ID, &t);
	return (int64_t) t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* ---- each call ---- */

/* CPU time for each started MiB of the line. */
#define CALL_US 100000
/* A call that was slow is slow again: the machine may have had other work. */
#define ATTEMPTS 3

struct slow_call {
	int64_t us, limit;
	size_t at; /* index of the call */
	const char *callback;
	uint64_t line_no;
};

static struct timing {
	int64_t before;
	size_t at;
	struct slow_call *slow;
} timing;

static void
time_call (struct check *c, const char *callback, uint64_t line_no)
{
	struct timing *t = &timing;
	int64_t us = cpu_us () - t->before;
	size_t len = line_no == 0 || line_no > c->input->n_lines
			     ? 0
			     : transcript_line (c->input, line_no - 1).len;
	int64_t limit = CALL_US * (1 + (int64_t) (len >> 20));

	if (us > limit && t->slow->callback == NULL) {
		t->slow->us = us;
		t->slow->limit = limit;
		t->slow->at = t->at;
		t->slow->callback = callback;
		t->slow->line_no = line_no;
	} else if (t->slow->callback != NULL && t->at == t->slow->at
		   && us < t->slow->us) {
		t->slow->us = us;
	}
	t->at++;
	t->before = cpu_us ();
}

void
check_call_time (struct check *c)
{
	struct transcript head = transcript_head (c->input, TIME_HEAD);
	struct slow_call slow = { 0, 0, 0, NULL, 0 };
	int i;

	timing.slow = &slow;
	c->after_call = time_call;
	for (i = 0; i < ATTEMPTS && (i == 0 || slow.callback != NULL); i++) {
		timing.at = 0;
		timing.before = cpu_us ();
		plugin_driver_transcript (c, &head, NULL);
	}
	c->after_call = NULL;
	if (slow.callback != NULL && slow.us > slow.limit)
		check_problem (c,
			       "%s takes %lld ms of CPU time for line %llu, "
			       "expected at most %lld",
			       slow.callback, (long long) (slow.us / 1000),
			       (unsigned long long) slow.line_no,
			       (long long) (slow.limit / 1000));
}

/* ---- growth ---- */

/* Lengths double twice: four times as much is linear, sixteen times quadratic.
 * Less than this much work is not worth a word. */
#define GROWTH_LEN ((size_t) 8 << 10)
#define GROWTH_MAX 8
#define WORK_US 2000
#define WORK_INSTRUCTIONS 4000000
#define GROWTH_LINES 12

static int
open_counter (void)
{
	struct perf_event_attr attr;

	memset (&attr, 0, sizeof attr);
	attr.size = sizeof attr;
	attr.type = PERF_TYPE_HARDWARE;
	attr.config = PERF_COUNT_HW_INSTRUCTIONS;
	attr.exclude_kernel = 1;
	attr.exclude_hv = 1;
	return (int) syscall (SYS_perf_event_open, &attr, 0, -1, -1,
			      PERF_FLAG_FD_CLOEXEC);
}

static uint64_t
spent (int counter)
{
	uint64_t n = 0;

	if (counter >= 0 && read (counter, &n, sizeof n) == (ssize_t) sizeof n)
		return n;
	return (uint64_t) cpu_us ();
}

/* What is put into a line, again and again, and where. */
static const struct stretch {
	const char *what;
	enum { ALONE, LAST_MEMBER, LONGEST_STRING } where;
	const char *head, *unit, *tail;
} stretches[] = {
	{ "of words", ALONE, "", "word ", "" },
	{ "with a long string", LAST_MEMBER, ",\"pad\":\"", "a", "\"" },
	{ "with many escapes", LAST_MEMBER, ",\"pad\":\"", "\\n", "\"" },
	{ "with a long list", LAST_MEMBER, ",\"pad\":[0", ",1", "]" },
	{ "with many members", LAST_MEMBER, "", ",\"pad\":1", "" },
	{ "with a long value", LONGEST_STRING, "", "a", "" },
};

/* Where the longest string of TEXT that has no escape ends; 0: nowhere. */
static size_t
end_of_longest (const struct lhk_str *text)
{
	size_t best = 0, end = 0, from = 0, i;

	for (i = 0; i < text->len; i++) {
		if (text->ptr[i] != '"' && text->ptr[i] != '\\')
			continue;
		if (text->ptr[i] == '"' && from > 1 && i - from >= best
		    && text->ptr[from - 1] == '"'
		    && text->ptr[from - 2] == ':') {
			best = i - from;
			end = i;
		}
		from = i + 1;
	}
	return end;
}

/* Where S goes; SIZE_MAX: nowhere in this line. */
static size_t
place (const struct stretch *s, const struct lhk_str *base)
{
	size_t end;

	if (s->where == ALONE)
		return 0;
	if (base->len < 8 || base->ptr[0] != '{'
	    || base->ptr[base->len - 1] != '}')
		return SIZE_MAX;
	if (s->where == LAST_MEMBER)
		return base->len - 1;
	end = end_of_longest (base);
	return end == 0 ? SIZE_MAX : end;
}

/* OUT has room for BASE, LEN bytes of units, and 64 more. */
static size_t
write_long (char *out, const struct lhk_str *base, const struct stretch *s,
	    size_t at, size_t len)
{
	size_t n_unit = strlen (s->unit);
	size_t rest = s->where == ALONE ? 0 : base->len - at;
	char *to = out;
	size_t n;

	memcpy (to, base->ptr, at);
	to += at;
	memcpy (to, s->head, strlen (s->head));
	to += strlen (s->head);
	for (n = 0; n + n_unit <= len; n += n_unit, to += n_unit)
		memcpy (to, s->unit, n_unit);
	memcpy (to, s->tail, strlen (s->tail));
	to += strlen (s->tail);
	memcpy (to, base->ptr + at, rest);
	to += rest;
	*to = '\n';
	return (size_t) (to - out);
}

/* What line_hook of a new handle costs for LEN bytes; 0: it does not open. */
static uint64_t
cost_of (struct check *c, int counter, const char *data, size_t len)
{
	struct lhk_line line = {
		.size = sizeof line,
		.data = data,
		.len = len,
		.full_len = len,
		.number = 1,
	};
	uint64_t least = UINT64_MAX;
	int i;

	for (i = 0; i < ATTEMPTS; i++) {
		struct plugin_driver d;
		uint64_t before, cost;

		if (!plugin_driver_open (&d, c, NULL))
			return 0;
		before = spent (counter);
		(void) plugin_driver_line (&d, &line);
		cost = spent (counter) - before;
		plugin_driver_close (&d);
		if (cost < least)
			least = cost;
	}
	return least;
}

struct growth {
	int counter;
	char *room;
	size_t size;
};

static void
try_stretch (struct check *c, const struct growth *g, size_t i,
	     const struct stretch *s)
{
	struct lhk_str base = transcript_line (c->input, i);
	size_t at = place (s, &base);
	uint64_t work = g->counter >= 0 ? WORK_INSTRUCTIONS : WORK_US;
	uint64_t one, four;
	size_t len;

	if (at == SIZE_MAX || base.len > GROWTH_LEN)
		return;
	len = write_long (g->room, &base, s, at, GROWTH_LEN);
	one = cost_of (c, g->counter, g->room, len);
	len = write_long (g->room, &base, s, at, 4 * GROWTH_LEN);
	four = cost_of (c, g->counter, g->room, len);
	if (four > work && four / GROWTH_MAX > one)
		check_problem (c,
			       "line_hook takes %llu times as long for %zu "
			       "bytes as for %zu, expected about 4 times (line "
			       "%zu %s)",
			       (unsigned long long) (four / (one + 1)), len,
			       GROWTH_LEN, i + 1, s->what);
}

void
check_time_growth (struct check *c)
{
	struct growth g = { open_counter (), NULL, 5 * GROWTH_LEN + 256 };
	size_t n = c->input->n_lines;
	size_t step = n / GROWTH_LINES + 1;
	size_t i, k;

	g.room = mem_zero (&mem_system, g.size);
	if (g.room == NULL) {
		check_skip (c, "out of memory");
		return;
	}
	for (k = 0; k < ARRAY_SIZE (stretches); k++)
		for (i = 0; i < n && c->n_problems == 0
			    && (i == 0 || stretches[k].where != ALONE);
		     i += step)
			try_stretch (c, &g, i, &stretches[k]);
	mem_free (&mem_system, g.room, g.size);
}
