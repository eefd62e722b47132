/* SPDX-License-Identifier: MIT */
/*
 * safe.h - text that can do nothing to a terminal or to a reader's eye.
 *
 * What is not harmless stays visible: \x1b, \r, \u{202e}.
 */
#ifndef SINK_SAFE_H
#define SINK_SAFE_H

#include "sink/out.h"

/* N bytes of valid UTF-8, whole characters.  ONE_LINE: newlines and tabs are
 * made visible too. */
void safe_bytes (struct out *o, const char *p, size_t n, int one_line);

#endif /* SINK_SAFE_H */
