/* SPDX-License-Identifier: MIT */
/* isolated_queue.c - lines on their way to the process of a plugin. */
#include "config.h"

#include <string.h>

#include "run/isolated_queue.h"

/* Bytes of a line that may wait; lines of a message, and messages on their way;
 * lines and bytes that wait at most. */
#define LINE_MAX_BYTES 16384u
#define BATCH_MAX 128u
#define BATCHES 2u
#define LINES_MAX ((BATCHES + 1) * BATCH_MAX)
#define BYTES_MAX ((size_t) 256 << 10)

void
isolated_queue_init (struct isolated_queue *q, const struct lhk_alloc *alloc)
{
	memset (q, 0, sizeof *q);
	strbuf_init (&q->bytes, alloc);
	q->batch = 1;
}

void
isolated_queue_free (struct isolated_queue *q)
{
	strbuf_free (&q->bytes);
}

int
isolated_queue_takes (const struct frame_line *line)
{
	return line->len <= LINE_MAX_BYTES;
}

/* Forget the bytes of lines that are gone. */
static void
compact (struct isolated_queue *q)
{
	if (q->n > 0 && q->first < BYTES_MAX)
		return;
	q->bytes.len -= q->first;
	memmove (q->bytes.data, q->bytes.data + q->first, q->bytes.len);
	q->unsent -= q->first;
	q->first = 0;
}

int
isolated_queue_add (struct isolated_queue *q, const struct frame_line *line)
{
	const struct isolate_call call = {
		.kind = ISOLATE_LINE,
		.flags = line->flags,
		.len = line->len,
		.full_len = line->full_len,
		.number = line->number,
		.off = line->off,
	};
	const size_t size = (size_t) isolate_call_size (&call);
	char *to;

	if (q->first > 0)
		compact (q);
	if (strbuf_reserve (&q->bytes, size + LHK_LINE_PADDING) < 0) {
		q->bytes.failed = 0;
		return LHK_ENOMEM;
	}
	to = q->bytes.data + q->bytes.len;
	memcpy (to, &call, sizeof call);
	memcpy (to + sizeof call, line->data, line->len);
	memset (to + sizeof call + line->len, '\n', LHK_LINE_PADDING);
	q->bytes.len += size;
	q->n++;
	return LHK_OK;
}

int
isolated_queue_is_full (const struct isolated_queue *q)
{
	return q->n >= LINES_MAX || q->bytes.len - q->first >= BYTES_MAX;
}

static const struct isolate_call *
call_at (const struct isolated_queue *q, size_t at)
{
	return (const void *) (q->bytes.data + at);
}

int
isolated_queue_first (const struct isolated_queue *q, struct frame_line *ret)
{
	const struct isolate_call *call;

	if (q->n == 0)
		return 0;
	call = call_at (q, q->first);
	*ret = (struct frame_line){
		.data = (const char *) (call + 1),
		.len = (size_t) call->len,
		.full_len = call->full_len,
		.off = call->off,
		.number = call->number,
		.flags = call->flags,
	};
	return 1;
}

int
isolated_queue_is_first (const struct isolated_queue *q, const char *line)
{
	return q->n > 0 && line == (const char *) (call_at (q, q->first) + 1);
}

const char *
isolated_queue_batch (struct isolated_queue *q, struct isolate_head *head)
{
	const uint32_t n_unsent = q->n - q->n_sent;
	const uint32_t n = n_unsent < q->batch ? n_unsent : q->batch;
	const size_t start = q->unsent;
	uint32_t i;

	/* A part of a batch goes when nothing else will. */
	if (n == 0 || q->n_sent > (BATCHES - 1) * q->batch
	    || (n < q->batch && q->n_sent > 0 && !q->is_last))
		return NULL;
	for (i = 0; i < n; i++)
		q->unsent += isolate_call_size (call_at (q, q->unsent));
	q->n_sent += n;
	head->n = n;
	head->len = q->unsent - start;
	return q->bytes.data + start;
}

void
isolated_queue_answered (struct isolated_queue *q, int refused)
{
	if (!refused) {
		q->batch += q->batch < BATCH_MAX;
		return;
	}
	q->batch = 1;
	q->n_sent = 1;
	q->unsent = q->first + isolate_call_size (call_at (q, q->first));
}

void
isolated_queue_drop (struct isolated_queue *q)
{
	q->first += isolate_call_size (call_at (q, q->first));
	if (q->n_sent > 0)
		q->n_sent--;
	else
		q->unsent = q->first;
	q->n--;
}
