/* SPDX-License-Identifier: MIT */
/* message.h - quoting a tool's own words in messages of ours. */
#ifndef TOOL_MESSAGE_H
#define TOOL_MESSAGE_H

#include <linehook/host.h>

struct redact;

/* Bytes that a quotation may take beyond its limit: one character in its longest
 * form, "..." and a NUL. */
#define MESSAGE_SLACK 16u

enum {
	MESSAGE_ONE_LINE = 1 << 0, /* newlines are escaped as well */
	MESSAGE_CUT = 1 << 1	   /* the text is only the beginning */
};

/*
 * Append a quotation of LEN bytes of TEXT, which may be anything, to the C
 * string MESSAGE: redacted, valid UTF-8, harmless for a terminal, and cut at
 * MAX bytes with "...".  MESSAGE has room for MAX bytes more, which include its
 * NUL.  Without memory nothing is appended: the message itself is more
 * important than the quotation.  REDACT must be between two texts.
 */
void message_append (char *message, size_t max, const struct lhk_alloc *alloc,
		     struct redact *redact, const char *text, size_t len,
		     int flags);

/* The quotation alone, to be freed with mem_free_str; NULL: no memory. */
char *message_quote (size_t max, const struct lhk_alloc *alloc,
		     struct redact *redact, const char *text, size_t len);

#endif /* TOOL_MESSAGE_H */
