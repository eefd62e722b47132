/* SPDX-License-Identifier: MIT */
/* event_queue.c - what waits to be pulled is bounded, and what is not there told. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/tap.h"
#include "io/event_queue.h"
#include "common/mem.h"

#define MOST 65536

static void
put_text (struct event_queue *q, uint64_t seq)
{
	struct lhk_ev_text ev = { .ev = LHK_EV (struct lhk_ev_text,
						LHK_EV_TEXT) };
	struct lhk_meta meta = { .size = sizeof meta,
				 .seq = seq,
				 .turn = 1,
				 .time_ms = (int64_t) seq };
	char text[64];

	snprintf (text, sizeof text, "event %llu", (unsigned long long) seq);
	ev.role = LHK_ROLE_ASSISTANT;
	ev.text = (struct lhk_text){ text, strlen (text), LHK_TEXT_PLAIN, 0 };
	event_queue_event (q, &meta, &ev.ev, 0);
}

static void
put_final (struct event_queue *q, uint64_t seq)
{
	struct lhk_ev_result ev = { .ev = LHK_EV (struct lhk_ev_result,
						  LHK_EV_RESULT) };
	struct lhk_result result = { .size = sizeof result,
				     .verdict = LHK_VERDICT_OK };
	struct lhk_meta meta = { .size = sizeof meta,
				 .seq = seq,
				 .turn = 1,
				 .time_ms = (int64_t) seq };

	ev.verdict = LHK_VERDICT_OK;
	ev.final = &result;
	event_queue_event (q, &meta, &ev.ev, 0);
}

/* seq of a line, or 0; a gap gives *RET_FROM too. */
static unsigned long long
seq_of (const struct lhk_str *line, unsigned long long *ret_from)
{
	char buf[1024];
	unsigned long long seq = 0;
	const char *p;

	*ret_from = 0;
	snprintf (buf, sizeof buf, "%.*s", (int) line->len, line->ptr);
	p = strstr (buf, "\"seq\":");
	if (p != NULL)
		seq = strtoull (p + 6, NULL, 10);
	p = strstr (buf, "\"from\":");
	if (p != NULL && strstr (buf, "\"code\":\"gap\"") != NULL)
		*ret_from = strtoull (p + 7, NULL, 10);
	return seq;
}

/* All that waits, from NEXT on, without a seq that is not accounted for; the
 * number of gaps. */
static int
drain (struct event_queue *q, unsigned long long *next)
{
	unsigned long long seq, from;
	struct lhk_str line;
	int gaps = 0;

	while (event_queue_next (q, &line) == LHK_OK) {
		seq = seq_of (&line, &from);
		gaps += from != 0;
		if (!TAP_EQ_INT (from != 0 ? from : seq, *next))
			break;
		*next = seq + 1;
	}
	return gaps;
}

static void
bounded (void)
{
	unsigned long long next = 1;
	struct event_queue q;
	uint64_t i;

	CU_ASSERT_EQUAL_FATAL (event_queue_init (&q, &mem_system, "/tmp", MOST),
			       LHK_OK);
	for (i = 1; i <= 10000; i++)
		put_text (&q, i);
	CU_ASSERT (spool_size (&q.backlog) < MOST + 256);
	CU_ASSERT (q.lost > 5000);
	put_final (&q, i);
	TAP_EQ_INT (drain (&q, &next), 1);
	TAP_EQ_INT (next, 10002);
	event_queue_free (&q);
}

/* Full and half empty in turn: each gap is told once, where it is. */
static void
several_gaps (void)
{
	unsigned long long next = 1, from;
	struct lhk_str line;
	struct event_queue q;
	uint64_t seq = 1;
	int gaps = 0, round, i;

	CU_ASSERT_EQUAL_FATAL (event_queue_init (&q, &mem_system, "/tmp", MOST),
			       LHK_OK);
	for (round = 0; round < 3; round++) {
		while (!q.full)
			put_text (&q, seq++);
		/* Room for one does not open it again. */
		CU_ASSERT_EQUAL (event_queue_next (&q, &line), LHK_OK);
		TAP_EQ_INT (seq_of (&line, &from), next);
		next++;
		put_text (&q, seq++);
		CU_ASSERT (q.full);
		if (round == 2)
			break;
		gaps += drain (&q, &next);
		for (i = 0; i < 10; i++)
			put_text (&q, seq++);
		CU_ASSERT (!q.full);
		gaps += drain (&q, &next);
	}
	put_final (&q, seq++);
	gaps += drain (&q, &next);
	TAP_EQ_INT (gaps, 3);
	TAP_EQ_INT (next, seq);
	event_queue_free (&q);
}

/* Nothing is said where nothing is missing. */
static void
no_gap (void)
{
	unsigned long long next = 1;
	struct event_queue q;
	uint64_t i;

	CU_ASSERT_EQUAL_FATAL (event_queue_init (&q, &mem_system, "/tmp", MOST),
			       LHK_OK);
	for (i = 1; i <= 100; i++)
		put_text (&q, i);
	put_final (&q, i);
	TAP_EQ_INT (drain (&q, &next), 0);
	TAP_EQ_INT (next, 102);
	TAP_EQ_INT (q.lost, 0);
	event_queue_free (&q);
}

static const struct tap_case cases[] = {
	{ "what_waits_is_bounded_and_the_final_result_always_comes", bounded },
	{ "each_gap_is_told_once_and_in_its_place", several_gaps },
	{ "a_queue_that_is_not_full_drops_nothing", no_gap },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("event_queue", cases);
}
