/* SPDX-License-Identifier: MIT */
/* event_queue.c - a bounded queue of events as lines of JSON. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "format/event_json.h"
#include "io/event_queue.h"
#include "common/limits.h"
#include "common/mem.h"

/* Each line in the spool is preceded by its length. */
struct head {
	uint64_t len;
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
	struct event_queue *q = user;

	if (q->stage_lost
	    || reserve (q->backlog.alloc, &q->stage, &q->stage_cap,
			q->stage_len + len)
		       < 0) {
		q->stage_lost = 1;
		return;
	}
	memcpy (q->stage + q->stage_len, data, len);
	q->stage_len += len;
}

int
event_queue_init (struct event_queue *q, const struct lhk_alloc *alloc,
		  const char *dir, uint64_t bytes_max)
{
	memset (q, 0, sizeof *q);
	q->bytes_max = bytes_max;
	if (spool_init (&q->backlog, alloc, dir, LIMIT_OUT_MEMORY) < 0)
		return LHK_ENOMEM;
	q->out = mem_new (alloc, sizeof *q->out);
	if (q->out == NULL) {
		event_queue_free (q);
		return LHK_ENOMEM;
	}
	outbuf_init (q->out, collect, q);
	return LHK_OK;
}

static int
push (struct event_queue *q, const struct lhk_meta *meta,
      const struct lhk_event *event, unsigned int flags)
{
	struct head head = { 0 };
	int r;

	q->stage_len = 0;
	q->stage_lost = 0;
	collect (q, (const char *) &head, sizeof head);
	format_json_event (q->out, meta, event, flags);
	outbuf_flush (q->out);
	if (q->stage_lost || q->stage_len <= sizeof head)
		return LHK_ENOMEM;
	/* The newline is not part of the line that is returned. */
	q->stage_len--;
	head.len = q->stage_len - sizeof head;
	memcpy (q->stage, &head, sizeof head);
	r = spool_push (&q->backlog, q->stage, q->stage_len);
	if (q->stage_cap > OUTBUF_SIZE) {
		mem_free (q->backlog.alloc, q->stage, q->stage_cap);
		q->stage = NULL;
		q->stage_cap = 0;
	}
	return r;
}

static int
push_gap (struct event_queue *q)
{
	struct lhk_ev_notice ev = { .ev = LHK_EV (struct lhk_ev_notice,
						  LHK_EV_NOTICE) };
	unsigned long long from = q->gap_from, to = q->gap_to.seq;
	char text[96], data[64];

	snprintf (text, sizeof text,
		  "%llu events were dropped, because too many were waiting to "
		  "be read",
		  to - from + 1);
	snprintf (data, sizeof data, "{\"from\":%llu,\"to\":%llu}", from, to);
	ev.level = LHK_LOG_WARN;
	ev.code = (struct lhk_text) LHK_TEXT_INIT (LHK_CODE_GAP);
	ev.text = (struct lhk_text){ text, strlen (text), LHK_TEXT_CLEAN, 0 };
	ev.data = (struct lhk_str){ data, strlen (data) };
	return push (q, &q->gap_to, &ev.ev, 0);
}

static int
is_full (struct event_queue *q)
{
	uint64_t waits = spool_size (&q->backlog);

	q->full = waits >= (q->full ? q->bytes_max / 2 : q->bytes_max);
	return q->full;
}

static int
is_final (const struct lhk_event *event)
{
	return event->kind == LHK_EV_RESULT
	       && ((const struct lhk_ev_result *) event)->final != NULL;
}

static void
drop (struct event_queue *q, const struct lhk_meta *meta)
{
	if (q->gap_from == 0)
		q->gap_from = meta->seq;
	q->gap_to = (struct lhk_meta){ .size = sizeof q->gap_to,
				       .turn = meta->turn,
				       .seq = meta->seq,
				       .time_ms = meta->time_ms };
	q->lost++;
}

void
event_queue_event (struct event_queue *q, const struct lhk_meta *meta,
		   const struct lhk_event *event, unsigned int flags)
{
	if (is_full (q) && !is_final (event)) {
		drop (q, meta);
		return;
	}
	if (q->gap_from != 0 && push_gap (q) == LHK_OK)
		q->gap_from = 0;
	if (push (q, meta, event, flags) < 0)
		drop (q, meta);
}

/* The spool returned less than a line.  The rest may be read later, unless it
 * is lost. */
static int
no_more (struct event_queue *q)
{
	if (spool_size (&q->backlog) != 0)
		return LHK_ENOMEM;
	q->lost += q->head_got != 0;
	q->head_got = q->got = 0;
	return LHK_AGAIN;
}

/* A part of a line that was read stays for the next call. */
int
event_queue_next (struct event_queue *q, struct lhk_str *ret)
{
	size_t len;

	q->head_got += spool_take (&q->backlog, (char *) &q->head + q->head_got,
				   sizeof q->head - q->head_got);
	if (q->head_got < sizeof q->head)
		return no_more (q);
	len = (size_t) q->head;
	if (q->line_cap > OUTBUF_SIZE && len <= OUTBUF_SIZE) {
		mem_free (q->backlog.alloc, q->line, q->line_cap);
		q->line = NULL;
		q->line_cap = 0;
	}
	if (reserve (q->backlog.alloc, &q->line, &q->line_cap, len) < 0)
		return LHK_ENOMEM;
	q->got += spool_take (&q->backlog, q->line + q->got, len - q->got);
	if (q->got < len)
		return no_more (q);
	ret->ptr = q->line;
	ret->len = len;
	q->head_got = q->got = 0;
	return LHK_OK;
}

void
event_queue_free (struct event_queue *q)
{
	const struct lhk_alloc *alloc = q->backlog.alloc;

	if (alloc == NULL)
		return;
	mem_free (alloc, q->out, sizeof *q->out);
	mem_free (alloc, q->stage, q->stage_cap);
	mem_free (alloc, q->line, q->line_cap);
	spool_free (&q->backlog);
	memset (q, 0, sizeof *q);
}
