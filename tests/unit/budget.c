/* SPDX-License-Identifier: MIT */
/* budget.c - one limit holds for the buffers of several streams. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/frame_log.h"
#include "lib/tap.h"

#define KIB ((size_t) 1 << 10)
#define MIB ((size_t) 1 << 20)

static void
no_limit (void)
{
	struct budget b = { 0, 0 };

	CU_ASSERT (budget_lease (&b, SIZE_MAX / 2));
	TAP_EQ_INT (b.leased, SIZE_MAX / 2);
	budget_return (&b, SIZE_MAX / 2);
	TAP_EQ_INT (b.leased, 0);
}

static void
up_to_the_limit (void)
{
	struct budget b = { 100, 0 };

	CU_ASSERT (budget_lease (&b, 60));
	CU_ASSERT (!budget_lease (&b, 41));
	CU_ASSERT (!budget_lease (&b, SIZE_MAX));
	CU_ASSERT (budget_lease (&b, 40));
	CU_ASSERT (!budget_lease (&b, 1));
	budget_return (&b, 100);
	TAP_EQ_INT (b.leased, 0);
}

static void
limit_lowered (void)
{
	struct budget b = { 100, 0 };

	CU_ASSERT (budget_lease (&b, 100));
	b.limit = 50;
	CU_ASSERT (!budget_lease (&b, 1));
	budget_return (&b, 60);
	CU_ASSERT (budget_lease (&b, 10));
}

/* A frame under a budget that it has for itself. */
static void
start (struct frame_log *r, size_t limit)
{
	frame_log_init (r, 10 * MIB, 0);
	r->budget.limit = limit;
}

static char *
line_of (size_t len)
{
	char *data = malloc (len + 1);

	if (data == NULL)
		abort ();
	memset (data, 'x', len);
	data[len] = '\n';
	return data;
}

static void
small_lines_are_free (void)
{
	char *data = line_of (60 * KIB);
	struct frame_log r;

	start (&r, 1);
	frame_log_feed (&r, data, 60 * KIB + 1, 4096);
	CU_ASSERT (strncmp (r.text, "1@0 line 61440 ", 15) == 0);
	TAP_EQ_INT (r.budget.leased, 0);
	CU_ASSERT (frame_log_done (&r));
	free (data);
}

static void
large_line_leases (void)
{
	char *data = line_of (3 * MIB);
	struct frame_log r;

	start (&r, 5 * MIB);
	frame_log_feed (&r, data, 3 * MIB, 32768);
	CU_ASSERT (r.budget.leased + BUDGET_FREE >= 3 * MIB);
	CU_ASSERT (r.budget.leased <= 5 * MIB);
	frame_log_feed (&r, "\n", 1, 0);
	TAP_EQ_INT (r.budget.leased, 0);
	CU_ASSERT (strncmp (r.text, "1@0 line 3145728 ", 17) == 0);
	CU_ASSERT (frame_log_done (&r));
	free (data);
}

/* To the last byte: the leases double only as long as that fits. */
static void
exact_budget (void)
{
	size_t len = 3 * MIB;
	size_t need = len + LHK_LINE_PADDING - BUDGET_FREE;
	char *data = line_of (len);
	size_t less;

	for (less = 0; less < 2; less++) {
		struct frame_log r;

		start (&r, need - less);
		frame_log_feed (&r, data, len + 1, 32768);
		CU_ASSERT (strncmp (r.text,
				    less ? "1@0 skip 3145728 budget "
					 : "1@0 line 3145728 ",
				    17)
			   == 0);
		TAP_EQ_INT (r.budget.leased, 0);
		CU_ASSERT (frame_log_done (&r));
	}
	free (data);
}

static void
in_one_piece (void)
{
	size_t len = 3 * MIB;
	char *data = malloc (len + 200);
	struct frame_log r;

	CU_ASSERT_PTR_NOT_NULL_FATAL (data);
	memset (data, 'x', len + 200);
	data[len] = '\n';
	start (&r, 1);
	frame_log_feed (&r, data, len + 200, 0);
	CU_ASSERT (strncmp (r.text, "1@0 line 3145728 ", 17) == 0);
	CU_ASSERT (frame_log_done (&r));
	free (data);
}

/* Two frames: the one that comes second waits for nothing, its line goes. */
static void
shared (void)
{
	static const struct frame_calls *calls;
	char *data = line_of (3 * MIB);
	struct frame_log a, b;

	start (&a, 4 * MIB);
	frame_log_init (&b, 10 * MIB, 0);
	calls = b.frame.calls;
	frame_done (&b.frame);
	if (frame_init (&b.frame, calls, &b, &b.memory.alloc, &a.budget,
			10 * MIB, 0)
	    < 0)
		abort ();
	frame_log_feed (&a, data, 3 * MIB, 32768);
	frame_log_feed (&b, data, 3 * MIB + 1, 32768);
	frame_log_feed (&a, "\n", 1, 0);
	frame_log_feed (&b, data, 3 * MIB + 1, 32768);
	CU_ASSERT (strncmp (a.text, "1@0 line 3145728 ", 17) == 0);
	CU_ASSERT (strncmp (b.text, "1@0 skip 3145728 budget ", 24) == 0);
	CU_ASSERT (strstr (b.text, "2@3145729 line 3145728 ") != NULL);
	CU_ASSERT (frame_log_done (&b));
	CU_ASSERT (frame_log_done (&a));
	free (data);
}

static const struct tap_case cases[] = {
	{ "budget_without_a_limit_leases_anything", no_limit },
	{ "budget_leases_up_to_its_limit_and_not_beyond", up_to_the_limit },
	{ "budget_below_what_is_leased_leases_nothing", limit_lowered },
	{ "budget_is_not_asked_for_ordinary_lines", small_lines_are_free },
	{ "budget_has_its_lease_back_after_a_large_line", large_line_leases },
	{ "budget_can_be_used_to_the_last_byte", exact_budget },
	{ "budget_is_not_asked_for_lines_that_are_not_copied", in_one_piece },
	{ "budget_shared_by_two_streams_refuses_the_second", shared },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("budget", cases);
}
