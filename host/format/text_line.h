/* SPDX-License-Identifier: MIT */
/*
 * text_line.h - the line that is being written for a person.
 *
 * Knows whether it is finished and whom it belongs to, and puts the prefix of
 * a subagent or a thought in front of each of theirs.
 */
#ifndef FORMAT_TEXT_LINE_H
#define FORMAT_TEXT_LINE_H

#include <linehook/event.h>

#include "event/idmap.h"
#include "common/outbuf.h"

enum { LINE_NONE, LINE_TEXT, LINE_THOUGHT };

struct line {
	unsigned int flags;  /* FORMAT_TEXT_* */
	int kind;	     /* LINE_* of the unfinished one; or NONE */
	struct idmap_key of; /* the parent it belongs to */
	struct idmap_key id; /* the text at its end; absent: a marker */
};

void text_line_finish (struct line *l, struct outbuf *o);

/* Leave a line that belongs to something else.  Two texts with ids are two
 * lines, unless a marker stands between them. */
void text_line_go_to (struct line *l, struct outbuf *o, int kind,
		      const struct idmap_key *parent,
		      const struct idmap_key *id);

/* Plain UTF-8, whole characters, of the kind that was gone to. */
void text_line_piece (struct line *l, struct outbuf *o, int kind, const char *p,
		      size_t n);

/* A marker was written at the end of the line. */
void text_line_marker (struct line *l);

/* Begin a line of our own about EVENT; the caller writes all of it. */
void text_line_own (struct line *l, struct outbuf *o,
		    const struct lhk_event *event);

#endif /* FORMAT_TEXT_LINE_H */
