/* SPDX-License-Identifier: MIT */
/* summary_text.h - facts of a final result for people. */
#ifndef FORMAT_SUMMARY_TEXT_H
#define FORMAT_SUMMARY_TEXT_H

#include <linehook/run.h>

#include "common/outbuf.h"

/* "$0.0215"; nothing if the cost is not known. */
void format_cost (struct outbuf *o, const struct lhk_result *result);

/* "6 tools, 1 failed"; nothing if there was none. */
void format_tools (struct outbuf *o, const struct lhk_result *result);

#endif /* FORMAT_SUMMARY_TEXT_H */
