/* SPDX-License-Identifier: MIT */
/*
 * event_text.h - events as a person reads them (SPEC 9).
 *
 * Text of agents is hostile on a terminal: with FORMAT_TEXT_SAFE escape
 * sequences, other control characters (but newline and tab), C1, bidirectional
 * and zero-width controls and tag characters are made visible as \x1b,
 * \u{202e}.. ; without it (output to a file or pipe) text passes unchanged.
 * What is shown on a line of ours (tool names, briefs, notices) is always made
 * safe, newlines too.
 *
 * Assistant text is shown once, by deltas or whole, never both: a whole text
 * is only shown from where its deltas ended, or again on a new line if they
 * were something else.  Deltas are written without a newline, the end of a
 * whole text is the end of a line.  The text of a claim is shown only if the
 * main thread has said nothing at all.
 *
 * VERBOSE adds: a marker when a tool is first seen, directly behind an
 * unfinished line of deltas (`before[tool: Write(f)]after'), else on a line of
 * its own; a line when it ends badly; reasoning, dimmed or behind
 * `[thinking] '; notices from warn on, plans, questions; what subagents say,
 * behind `  | '; and on the final result the verdict line.  The final result
 * finishes an open line in both modes.
 */
#ifndef FORMAT_EVENT_TEXT_H
#define FORMAT_EVENT_TEXT_H

#include <linehook/run.h>

#include "common/outbuf.h"

enum {
	FORMAT_TEXT_VERBOSE = 1 << 0, /* tools, reasoning, last line.. */
	FORMAT_TEXT_SAFE = 1 << 1,    /* neutralise control characters */
	FORMAT_TEXT_COLOR = 1 << 2    /* dim reasoning: on terminals alone */
};

struct format_text;

struct format_text *format_text_new (const struct lhk_alloc *alloc,
				     unsigned int flags);
void format_text_free (struct format_text *s);

void format_text_event (struct format_text *s, struct outbuf *o,
			const struct lhk_event *event);

/* The sanitiser alone: any text on one line (newlines and tabs made visible
 * too) or on several.  More than MAX characters: MAX - 3 and an ellipsis; 0:
 * all. */
void termsafe_text (struct outbuf *o, const struct lhk_text *text, int one_line,
		    size_t max);

/* The verdict line: verdict, tokens, cost, tools, time, session, error.  For
 * others than format_text_event, which writes it by itself in verbose. */
void format_text_verdict (struct outbuf *o, const struct lhk_result *result);

#endif /* FORMAT_EVENT_TEXT_H */
