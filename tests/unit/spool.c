/* SPDX-License-Identifier: MIT */
/* spool.c - bytes and lines that wait, in memory and then on disk. */
#include "config.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "lib/tap.h"
#include "io/spool.h"
#include "io/event_queue.h"
#include "common/mem.h"

#define MIB (1 << 20)

static long left; /* allocations until they fail; -1: never */

static void *
failing_resize (void *ctx, void *ptr, size_t old_size, size_t new_size)
{
	(void) ctx;
	(void) old_size;
	if (new_size == 0) {
		free (ptr);
		return NULL;
	}
	if (left == 0)
		return NULL;
	if (left > 0)
		left--;
	return realloc (ptr, new_size);
}

static const struct lhk_alloc failing = { NULL, failing_resize };

/* ---- the backlog ---- */

/* Bytes that tell their place. */
static char
at_place (uint64_t n)
{
	return (char) ('a' + n * 31 % 26 + n / 9973 % 5);
}

static void
push_some (struct spool *b, uint64_t *at, size_t len)
{
	char *p = malloc (len);
	size_t i;

	if (p == NULL)
		exit (99);
	for (i = 0; i < len; i++)
		p[i] = at_place (*at + i);
	TAP_EQ_INT (spool_push (b, p, len), LHK_OK);
	*at += len;
	free (p);
}

/* 1: the next LEN bytes are the right ones. */
static int
pop_some (struct spool *b, uint64_t *at, size_t len)
{
	const char *p = NULL;
	size_t n, i;

	while (len != 0) {
		n = spool_peek (b, &p);
		if (n == 0)
			return 0;
		if (n > len)
			n = len;
		for (i = 0; i < n; i++)
			if (p[i] != at_place (*at + i))
				return 0;
		spool_drop (b, n);
		*at += n;
		len -= n;
	}
	return 1;
}

static void
backlog_in_order (void)
{
	struct spool b;
	uint64_t in = 0, out = 0;
	unsigned int noise = 7;
	size_t n;
	int i, used_file = 0;

	TAP_EQ_INT (spool_init (&b, &mem_system, "/tmp", 10000), LHK_OK);
	for (i = 0; i < 3000; i++) {
		noise = noise * 1103515245 + 12345;
		n = (noise >> 8) % 5000;
		if ((noise >> 24) % 2 == 0) {
			push_some (&b, &in, n);
		} else {
			if (n > in - out)
				n = (size_t) (in - out);
			CU_ASSERT_FATAL (pop_some (&b, &out, n));
		}
		TAP_EQ_INT (spool_size (&b), in - out);
		used_file |= b.fd >= 0;
		CU_ASSERT (b.cap <= 131072);
	}
	CU_ASSERT (pop_some (&b, &out, (size_t) (in - out)));
	CU_ASSERT (used_file);
	TAP_EQ_INT (b.fd, -1);
	TAP_EQ_INT (b.lost, 0);
	spool_free (&b);
}

static void
backlog_without_file (void)
{
	struct spool b;
	uint64_t in = 0, out = 0;

	TAP_EQ_INT (spool_init (&b, &mem_system, "/no/such/dir", 1000), LHK_OK);
	push_some (&b, &in, 900);
	push_some (&b, &in, 900);
	push_some (&b, &in, 900000);
	CU_ASSERT (pop_some (&b, &out, 901800));
	TAP_EQ_INT (b.lost, 0);
	spool_free (&b);
}

/* A disk that fills up in between. */
static void
backlog_disk_full (void)
{
	struct rlimit old, tight;
	struct spool b;
	uint64_t in = 0, out = 0;

	signal (SIGXFSZ, SIG_IGN);
	getrlimit (RLIMIT_FSIZE, &old);
	tight = old;
	tight.rlim_cur = 50000;
	TAP_EQ_INT (spool_init (&b, &mem_system, "/tmp", 1000), LHK_OK);
	setrlimit (RLIMIT_FSIZE, &tight);
	push_some (&b, &in, 900);
	push_some (&b, &in, 40000);
	CU_ASSERT (b.fd >= 0);
	push_some (&b, &in, 40000);
	push_some (&b, &in, 40000);
	setrlimit (RLIMIT_FSIZE, &old);
	CU_ASSERT (pop_some (&b, &out, 120900));
	TAP_EQ_INT (b.lost, 0);
	spool_free (&b);
}

static void
backlog_without_both (void)
{
	struct spool b;
	uint64_t in = 0, out = 0;

	left = -1;
	TAP_EQ_INT (spool_init (&b, &failing, "/no/such/dir", 1000), LHK_OK);
	push_some (&b, &in, 900);
	left = 0;
	TAP_EQ_INT (spool_push (&b, "0123456789", 10), LHK_OK);
	TAP_EQ_INT (spool_push (&b, "x", 0), LHK_OK);
	{
		static char much[100000];

		TAP_EQ_INT (spool_push (&b, much, sizeof much), LHK_ENOMEM);
	}
	TAP_EQ_INT (b.lost, 100000);
	CU_ASSERT (pop_some (&b, &out, 900));
	TAP_EQ_INT (spool_size (&b), 10);
	spool_free (&b);
	left = -1;
}

/* ---- the queue ---- */

static void
text_event (struct event_queue *q, char c, size_t len)
{
	struct lhk_meta meta = {
		.size = sizeof meta, .turn = 1, .seq = 1, .time_ms = -1
	};
	struct lhk_ev_text ev = { .ev = LHK_EV (struct lhk_ev_text,
						LHK_EV_TEXT) };
	char *p = malloc (len + 1);

	if (p == NULL)
		exit (99);
	memset (p, c, len + 1);
	ev.role = LHK_ROLE_ASSISTANT;
	ev.text = (struct lhk_text){ p, len, LHK_TEXT_PLAIN, 0 };
	event_queue_event (q, &meta, &ev.ev, 0);
	free (p);
}

static void
queue_lines (void)
{
	static const size_t sizes[] = { 0, 10, 3 * MIB, 5, 100000, 70000, 1 };
	struct lhk_str line = { NULL, 0 };
	struct event_queue q;
	size_t i, n;

	TAP_EQ_INT (event_queue_init (&q, &mem_system, "/tmp", 1 << 30),
		    LHK_OK);
	TAP_EQ_INT (event_queue_next (&q, &line), LHK_AGAIN);
	for (i = 0; i < sizeof sizes / sizeof *sizes; i++)
		text_event (&q, (char) ('a' + i), sizes[i]);
	for (i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		TAP_EQ_INT (event_queue_next (&q, &line), LHK_OK);
		CU_ASSERT (line.len > sizes[i] && line.len < sizes[i] + 200);
		TAP_EQ_INT (line.ptr[0], '{');
		TAP_EQ_INT (line.ptr[line.len - 1], '}');
		n = 0;
		while (n < line.len
		       && memcmp (line.ptr + n, "\"text\":\"", 8) != 0)
			n++;
		if (sizes[i] != 0 && n + 8 < line.len)
			TAP_EQ_INT (line.ptr[n + 8], 'a' + (int) i);
	}
	TAP_EQ_INT (event_queue_next (&q, &line), LHK_AGAIN);
	TAP_EQ_INT (q.lost, 0);
	event_queue_free (&q);
}

static const struct tap_case cases[] = {
	{ "spool_keeps_order_through_memory_and_file", backlog_in_order },
	{ "backlog_without_a_file_stays_in_memory", backlog_without_file },
	{ "backlog_survives_a_disk_that_fills_up", backlog_disk_full },
	{ "backlog_without_memory_and_file_counts_what_is_lost",
	  backlog_without_both },
	{ "queue_gives_lines_of_any_size_in_order", queue_lines },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("spool", cases);
}
