/* SPDX-License-Identifier: MIT */
/* isolated_queue.c - lines on their way to a process: batches, order, refusals. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "common/mem.h"
#include "lib/tap.h"
#include "run/isolated_queue.h"

/* Lines that a test adds at most. */
#define LINES 2000u

static struct isolated_queue queue;
static uint64_t n_added;

static void
begin (void)
{
	isolated_queue_init (&queue, &mem_system);
	n_added = 0;
}

static int
add (size_t len)
{
	char bytes[256 + LHK_LINE_PADDING];
	struct frame_line line = {
		.data = bytes,
		.len = len,
		.full_len = len,
		.off = n_added * 7,
		.number = n_added + 1,
		.flags = LHK_LINE_HAD_CR,
	};

	memset (bytes, '\n', sizeof bytes);
	snprintf (bytes, sizeof bytes, "%0*u", (int) len, (unsigned) n_added);
	bytes[len] = '\n';
	n_added++;
	return isolated_queue_add (&queue, &line);
}

/* The first line is the one that was added as number N, from 1. */
static int
first_is (uint64_t n)
{
	struct frame_line line;
	char want[256];

	if (!isolated_queue_first (&queue, &line))
		return 0;
	snprintf (want, sizeof want, "%0*u", (int) line.len, (unsigned) n - 1);
	return line.number == n && line.off == (n - 1) * 7
	       && line.full_len == line.len && line.flags == LHK_LINE_HAD_CR
	       && memcmp (line.data, want, line.len) == 0
	       && line.data[line.len] == '\n'
	       && isolated_queue_is_first (&queue, line.data);
}

/* Lines of the next message, or 0. */
static uint32_t
batch (void)
{
	struct isolate_head head = { 0 };
	const struct isolate_call *call;
	uint64_t size = 0;
	const char *data = isolated_queue_batch (&queue, &head);
	uint32_t i;

	if (data == NULL)
		return 0;
	for (i = 0; i < head.n; i++) {
		call = (const void *) (data + size);
		size += isolate_call_size (call);
	}
	return size == head.len ? head.n : 0;
}

static void
settle (int refused)
{
	isolated_queue_answered (&queue, refused);
	isolated_queue_drop (&queue);
}

static void
lines_keep_their_order (void)
{
	uint64_t n = 0;
	int good = 1;

	begin ();
	while (n_added < LINES) {
		good &= add (n_added % 200 + 4) == LHK_OK;
		while (batch () > 0)
			;
		if (!isolated_queue_is_full (&queue))
			continue;
		good &= first_is (++n);
		settle (0);
	}
	queue.is_last = 1;
	while (n < LINES) {
		while (batch () > 0)
			;
		good &= first_is (++n);
		settle (0);
	}
	CU_ASSERT (good);
	CU_ASSERT (queue.n == 0 && !first_is (n + 1));
	CU_ASSERT (queue.bytes.cap <= (size_t) 1 << 20);
	isolated_queue_free (&queue);
}

static void
batches_grow (void)
{
	uint32_t n, most = 0, at_once = 0;

	begin ();
	CU_ASSERT (batch () == 0);
	add (10);
	CU_ASSERT (batch () == 1);
	add (10);
	CU_ASSERT (batch () == 1);
	add (10);
	CU_ASSERT (batch () == 0);
	while (n_added < LINES) {
		while ((n = batch ()) > 0)
			most = n > most ? n : most;
		at_once = queue.n_sent > at_once ? queue.n_sent : at_once;
		if (queue.n_sent > 1)
			settle (0);
		add (10);
	}
	CU_ASSERT (most > 32);
	CU_ASSERT (at_once <= 2 * most);
	isolated_queue_free (&queue);
}

static void
a_part_goes_at_the_end (void)
{
	int i;

	begin ();
	for (i = 0; i < 20; i++) {
		add (10);
		batch ();
		settle (0);
	}
	add (10);
	CU_ASSERT (batch () == 1);
	add (10);
	CU_ASSERT (batch () == 0);
	queue.is_last = 1;
	CU_ASSERT (batch () == 1);
	isolated_queue_free (&queue);
}

static void
a_refusal_sends_the_rest_again (void)
{
	int i;

	begin ();
	for (i = 0; i < 20; i++) {
		add (10);
		batch ();
		settle (0);
	}
	for (i = 0; i < 40; i++)
		add (10);
	CU_ASSERT (batch () > 10 && queue.n_sent > 10);
	settle (1);
	CU_ASSERT (queue.n_sent == 0 && queue.n == 39);
	CU_ASSERT (first_is (22));
	CU_ASSERT (batch () == 1);
	isolated_queue_free (&queue);
}

static void
who_is_gone_is_sent_nothing (void)
{
	int i, good = 1;

	begin ();
	for (i = 0; i < 10; i++)
		add (10);
	batch ();
	for (i = 1; i <= 10; i++) {
		good &= first_is ((uint64_t) i);
		isolated_queue_drop (&queue);
	}
	CU_ASSERT (good && queue.n == 0);
	add (10);
	CU_ASSERT (first_is (11) && batch () == 1);
	isolated_queue_free (&queue);
}

static void
long_lines_do_not_wait (void)
{
	struct frame_line line = { .len = 16384 };

	CU_ASSERT (isolated_queue_takes (&line));
	line.len++;
	CU_ASSERT (!isolated_queue_takes (&line));
}

static const struct tap_case cases[] = {
	{ "isolated_queue_keeps_the_order_of_its_lines",
	  lines_keep_their_order },
	{ "isolated_queue_sends_more_the_more_is_read", batches_grow },
	{ "isolated_queue_sends_a_part_when_no_more_comes",
	  a_part_goes_at_the_end },
	{ "isolated_queue_sends_again_what_follows_a_refused_line",
	  a_refusal_sends_the_rest_again },
	{ "isolated_queue_keeps_what_a_lost_process_has_not_read",
	  who_is_gone_is_sent_nothing },
	{ "isolated_queue_does_not_take_long_lines", long_lines_do_not_wait },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("isolated_queue", cases);
}
