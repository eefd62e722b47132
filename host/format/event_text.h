/* SPDX-License-Identifier: MIT */
/*
 * event_text.h - what the assistant says, and nothing else.
 *
 * Text of agents is hostile on a terminal, and a pipe may lead to one: escape
 * sequences, other control characters (but newline and tab), C1, bidirectional
 * and zero-width controls and tag characters are made visible as \x1b,
 * \u{202e} and so on.  A carriage return before a newline is dropped.
 *
 * Text is shown once, by deltas or whole, never both: a whole text is only
 * shown from where its deltas ended, or again on a new line if they were
 * something else.  Deltas are written without a newline; the end of a whole
 * text is the end of a line, and so is a tool call or a claim that comes after
 * deltas without an id, and the final result.  The text of a claim is shown
 * only if the main thread did not say it.  Subagents are not shown.
 */
#ifndef FORMAT_EVENT_TEXT_H
#define FORMAT_EVENT_TEXT_H

#include <linehook/run.h>

#include "common/outbuf.h"

struct format_text;

/* ALLOC is borrowed until format_text_free.  NULL if there is no memory. */
struct format_text *format_text_new (const struct lhk_alloc *alloc);

/* S may be NULL. */
void format_text_free (struct format_text *s);

/* Write what EVENT adds to the text; nothing of it is kept but what may be sent
 * again. */
void format_text_event (struct format_text *s, struct outbuf *o,
			const struct lhk_event *event);

/* Finish a line that has no newline yet: something else is about to be written.
 * The text goes on in the next line. */
void format_text_end_line (struct format_text *s, struct outbuf *o);

#endif /* FORMAT_EVENT_TEXT_H */
