/* SPDX-License-Identifier: MIT */
/* safe_text.h - a text of an event, harmless to a terminal and not too long. */
#ifndef FORMAT_SAFE_TEXT_H
#define FORMAT_SAFE_TEXT_H

#include <linehook/base.h>

#include "common/outbuf.h"

/*
 * Write TEXT, decoded, with each unsafe character made visible; with ONE_LINE
 * newlines and tabs too.  Of a text of more than MAX characters come the first
 * MAX - 3 and an ellipsis; a MAX of 0 means all of it.
 */
void format_safe_text (struct outbuf *o, const struct lhk_text *text,
		       int one_line, size_t max);

#endif /* FORMAT_SAFE_TEXT_H */
