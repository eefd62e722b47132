/* SPDX-License-Identifier: MIT */
/* event_lines.h - tools, notices, plans and questions, each in one line. */
#ifndef FORMAT_EVENT_LINES_H
#define FORMAT_EVENT_LINES_H

#include "format/text_line.h"

struct marks {
	struct idmap tools; /* those that have their marker */
};

void marks_init (struct marks *m, const struct lhk_alloc *alloc);
void marks_free (struct marks *m);

void marks_tool (struct marks *m, struct line *l, struct outbuf *o,
		 const struct lhk_event *event);
void marks_notice (struct line *l, struct outbuf *o,
		   const struct lhk_event *event);
void marks_plan (struct line *l, struct outbuf *o,
		 const struct lhk_event *event);
void marks_ask (struct line *l, struct outbuf *o,
		const struct lhk_event *event);

#endif /* FORMAT_EVENT_LINES_H */
