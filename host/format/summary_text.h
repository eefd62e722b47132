/* SPDX-License-Identifier: MIT */
/* summary_text.h - a final result in one line for people. */
#ifndef FORMAT_SUMMARY_TEXT_H
#define FORMAT_SUMMARY_TEXT_H

#include <linehook/run.h>

#include "common/outbuf.h"

/* Write verdict, tokens, cost, tools, time, session and error, and a newline.
 * What the result does not know is left out. */
void format_summary_line (struct outbuf *o, const struct lhk_result *result);

/* "$0.0215"; nothing if the cost is not known. */
void format_cost (struct outbuf *o, const struct lhk_result *result);

/* "6 tools, 1 failed"; nothing if there was none. */
void format_tools (struct outbuf *o, const struct lhk_result *result);

#endif /* FORMAT_SUMMARY_TEXT_H */
