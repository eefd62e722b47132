/* SPDX-License-Identifier: MIT */
/*
 * event_text.h - events as a person reads them.
 *
 * Text of agents is hostile on a terminal, and a pipe may lead to one: escape
 * sequences, other control characters (but newline and tab), C1, bidirectional
 * and zero-width controls and tag characters are made visible as \x1b,
 * \u{202e} and so on.  A carriage return before a newline is dropped.  In what
 * is shown on a line of its own (tool names, briefs, notices) newlines are made
 * visible too.
 *
 * Assistant text is shown once, by deltas or whole, never both: a whole text
 * is only shown from where its deltas ended, or again on a new line if they
 * were something else.  Deltas are written without a newline; the end of a
 * whole text is the end of a line, and so is a tool call or a claim that comes
 * after deltas without an id.  The text of a claim is shown only if the main
 * thread did not say it.
 *
 * FORMAT_TEXT_VERBOSE adds a marker when a tool is first seen, directly behind
 * an unfinished line of deltas (`before[tool: Write(f)]after') or else on a
 * line of its own; a line when a tool ends badly; reasoning, dimmed or behind
 * `[thinking] '; notices from warn on, plans and questions; what subagents
 * say, behind `  | '; and the summary line at the final result.  The final
 * result finishes an open line in both modes.
 */
#ifndef FORMAT_EVENT_TEXT_H
#define FORMAT_EVENT_TEXT_H

#include <linehook/run.h>

#include "common/outbuf.h"

enum {
	FORMAT_TEXT_VERBOSE = 1 << 0, /* tools, reasoning, the summary line */
	FORMAT_TEXT_COLOR = 1 << 1    /* dim reasoning: for terminals alone */
};

struct format_text;

/* ALLOC is borrowed until format_text_free; FLAGS are FORMAT_TEXT_*.  NULL if
 * there is no memory. */
struct format_text *format_text_new (const struct lhk_alloc *alloc,
				     unsigned int flags);

/* S may be NULL. */
void format_text_free (struct format_text *s);

/* Write what EVENT adds to the view; nothing of it is kept but short copies.
 * Without memory the end of a tool call may go unshown. */
void format_text_event (struct format_text *s, struct outbuf *o,
			const struct lhk_event *event);

/* Finish a line that has no newline yet: something else is about to be written.
 * The text goes on in the next line. */
void format_text_end_line (struct format_text *s, struct outbuf *o);

#endif /* FORMAT_EVENT_TEXT_H */
