/* SPDX-License-Identifier: MIT */
/*
 * slice.h - is what somebody calls a JSON body or a JSON value one?
 *
 * The reader needs a newline and padding behind what it reads.  A slice of a
 * line has the rest of the line there; behind other bytes nothing may be read.
 */
#ifndef JSON_SLICE_H
#define JSON_SLICE_H

#include <linehook/host.h>
#include <linehook/json.h>

/* Are LEN bytes at P, with a newline and padding behind them, one JSON value, maybe
 * with blanks around it?  1 or 0. */
int json_slice_is_padded_value (const char *p, size_t len);

/* The form, LHK_TEXT_*, that the reader would give LEN bytes at P as the body
 * of a string; LHK_TEXT_PLAIN if they are no such body. */
uint32_t json_slice_form (const char *p, size_t len);

/* Are LEN bytes at P one JSON value, maybe with blanks around it?  With IN_LINE
 * they are a slice of a line; else they are copied with ALLOC, if they are
 * many, for the time of the call.  1 or 0, or LHK_ENOMEM. */
int json_slice_is_value (const struct lhk_alloc *alloc, const char *p,
			 size_t len, int in_line);

#endif /* JSON_SLICE_H */
