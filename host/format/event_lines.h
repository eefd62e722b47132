/* SPDX-License-Identifier: MIT */
/* event_lines.h - tools, notices, plans and questions, each in one line. */
#ifndef FORMAT_EVENT_LINES_H
#define FORMAT_EVENT_LINES_H

#include "format/text_line.h"

struct event_lines {
	struct idmap tools; /* those that have their marker */
};

void event_lines_init (struct event_lines *m, const struct lhk_alloc *alloc);
void event_lines_free (struct event_lines *m);

void event_lines_tool (struct event_lines *m, struct line *l, struct outbuf *o,
		       const struct lhk_event *event);
void event_lines_notice (struct line *l, struct outbuf *o,
			 const struct lhk_event *event);
void event_lines_plan (struct line *l, struct outbuf *o,
		       const struct lhk_event *event);
void event_lines_ask (struct line *l, struct outbuf *o,
		      const struct lhk_event *event);

#endif /* FORMAT_EVENT_LINES_H */
