/* SPDX-License-Identifier: MIT */
/* stream_ask.c - questions to a stream, and a word of the embedder's own. */
#include "config.h"

#include <string.h>
#include <unistd.h>

#include "run/stream.h"

static int
usable (const struct lhk_stream *s)
{
	return s != NULL && s->magic == STREAM_MAGIC && s->pid == getpid ();
}

void
lhk_stream_stats (const struct lhk_stream *s, struct lhk_stream_stats *stats)
{
	struct lhk_stream_stats own = { .size = sizeof own };

	if (stats == NULL)
		return;
	if (usable (s)) {
		own = s->counts;
		own.size = sizeof own;
		own.lines = s->frame.lines;
		own.bytes = s->frame.off;
		own.buffer_peak = s->frame.peak;
	}
	*stats = own;
}

int
lhk_stream_tools_open (const struct lhk_stream *s)
{
	return usable (s) ? (int) summary_tools_open (s->track) : 0;
}

int
lhk_stream_tasks_open (const struct lhk_stream *s)
{
	return usable (s) ? (int) summary_tasks_open (s->track) : 0;
}

int
lhk_stream_claimed (const struct lhk_stream *s)
{
	return usable (s) && summary_claimed (s->track);
}

void
stream_sum (struct lhk_stream *s, int64_t *ret_tokens, int64_t *ret_cost_nano,
	    int *ret_has_cost)
{
	summary_sum (s->track, ret_tokens, ret_cost_nano, ret_has_cost);
}

uint32_t
stream_turn (const struct lhk_stream *s)
{
	return summary_turn (s->track);
}
