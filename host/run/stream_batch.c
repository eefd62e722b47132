/* SPDX-License-Identifier: MIT */
/* stream_batch.c - lines that the process of an isolated plugin reads in batches. */
#include "config.h"

#include "run/isolated.h"
#include "run/stream.h"

/* Only when nothing but the plugin has to look at the lines: what may be found in
 * one, such as another plugin, would come too late for those behind it. */
static int
may_wait (struct lhk_stream *s, const struct frame_line *line)
{
	return isolated_attach (s->instance.plugin, s->instance.handle,
				&s->queue)
	       && s->format.settled && !s->detect.on
	       && isolated_queue_takes (line);
}

static void
read_first (struct lhk_stream *s, const struct frame_line *line)
{
	stream_read_line (s, line);
	isolated_queue_drop (&s->queue);
}

int
stream_batch_line (struct lhk_stream *s, const struct frame_line *line)
{
	struct frame_line first;

	if (!may_wait (s, line)
	    || isolated_queue_add (&s->queue, line) != LHK_OK) {
		stream_batch_end (s);
		return 0;
	}
	isolated_send (s->instance.handle);
	if (isolated_queue_is_full (&s->queue)
	    && isolated_queue_first (&s->queue, &first))
		read_first (s, &first);
	return 1;
}

void
stream_batch_end (struct lhk_stream *s)
{
	struct frame_line first;

	s->queue.is_last = 1;
	while (isolated_queue_first (&s->queue, &first))
		read_first (s, &first);
	s->queue.is_last = 0;
}
