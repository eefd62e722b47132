/* SPDX-License-Identifier: MIT */
/* queue.c - events as lines of JSON that wait to be asked for. */
#include "config.h"

#include <string.h>

#include "sink/json.h"
#include "sink/queue.h"
#include "util/limits.h"
#include "util/mem.h"

struct head {
	uint64_t len;		/* of the line behind it */
};

static int
reserve (const struct lhk_alloc *alloc, char **buf, size_t *cap, size_t need)
{
	void *p = *buf;

	if (mem_grow (alloc, &p, cap, need, 1) < 0)
		return LHK_ENOMEM;
	*buf = p;
	return LHK_OK;
}

static void
collect (void *user, const char *data, size_t len)
{
	struct queue *q = user;

	if (q->stage_lost
	    || reserve (q->backlog.alloc, &q->stage, &q->stage_cap,
			q->stage_len + len) < 0) {
		q->stage_lost = 1;
		return;
	}
	memcpy (q->stage + q->stage_len, data, len);
	q->stage_len += len;
}

int
queue_init (struct queue *q, const struct lhk_alloc *alloc, const char *dir)
{
	memset (q, 0, sizeof *q);
	if (backlog_init (&q->backlog, alloc, dir, LIMIT_OUT_MEMORY) < 0)
		return LHK_ENOMEM;
	q->out = mem_new (alloc, sizeof *q->out);
	if (q->out == NULL) {
		queue_free (q);
		return LHK_ENOMEM;
	}
	out_init (q->out, collect, q);
	return LHK_OK;
}

void
queue_event (struct queue *q, const struct lhk_meta *meta,
	     const struct lhk_event *event, unsigned int flags)
{
	struct head head = { 0 };

	q->stage_len = 0;
	q->stage_lost = 0;
	collect (q, (const char *) &head, sizeof head);
	sink_json_event (q->out, meta, event, flags);
	out_flush (q->out);
	if (q->stage_lost || q->stage_len <= sizeof head) {
		q->lost++;
		return;
	}
	/* Without its newline. */
	q->stage_len--;
	head.len = q->stage_len - sizeof head;
	memcpy (q->stage, &head, sizeof head);
	if (backlog_push (&q->backlog, q->stage, q->stage_len) < 0)
		q->lost++;
	if (q->stage_cap > OUT_BUFFER) {
		mem_free (q->backlog.alloc, q->stage, q->stage_cap);
		q->stage = NULL;
		q->stage_cap = 0;
	}
}

/* The length stays in `pending' until there is memory for the line. */
int
queue_next (struct queue *q, struct lhk_str *ret)
{
	struct head head;

	if (q->pending == 0) {
		if (!backlog_take (&q->backlog, (char *) &head, sizeof head))
			return LHK_AGAIN;
		q->pending = head.len;
	}
	if (q->line_cap > OUT_BUFFER && q->pending <= OUT_BUFFER) {
		mem_free (q->backlog.alloc, q->line, q->line_cap);
		q->line = NULL;
		q->line_cap = 0;
	}
	if (reserve (q->backlog.alloc, &q->line, &q->line_cap,
		     (size_t) q->pending) < 0
	    || !backlog_take (&q->backlog, q->line, (size_t) q->pending))
		return LHK_ENOMEM;
	ret->ptr = q->line;
	ret->len = (size_t) q->pending;
	q->pending = 0;
	return LHK_OK;
}

void
queue_free (struct queue *q)
{
	const struct lhk_alloc *alloc = q->backlog.alloc;

	if (alloc == NULL)
		return;
	mem_free (alloc, q->out, sizeof *q->out);
	mem_free (alloc, q->stage, q->stage_cap);
	mem_free (alloc, q->line, q->line_cap);
	backlog_free (&q->backlog);
	memset (q, 0, sizeof *q);
}
