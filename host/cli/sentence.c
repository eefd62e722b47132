/* SPDX-License-Identifier: MIT */
/* sentence.c - the sentences of the program on stderr. */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/sentence.h"
#include "common/termsafe.h"
#include "common/utf8.h"
#include "json/utf8.h"

#define SENTENCE_MAX 512

/* Put '?' in place of each character of TEXT that is not safe or not valid: the
 * text gets no longer.  Its length. */
static size_t
make_harmless (char *text)
{
	const char *from = text, *end = text + strlen (text);
	char *to = text;
	size_t n, ignored;

	for (; from < end; from += n) {
		n = lhk_json_utf8_len (from, end);
		if (n > 0 && termsafe_is_safe (utf8_decode (from, &ignored))) {
			memmove (to, from, n);
			to += n;
			continue;
		}
		*to++ = '?';
		n = n > 0 ? n : lhk_json_utf8_bad (from, end);
	}
	*to = '\0';
	return (size_t) (to - text);
}

static const char *line_prefix = "";

void
cli_sentence_set_prefix (const char *prefix)
{
	line_prefix = prefix;
}

size_t
cli_sentence (char *buf, size_t size, const char *who, const char *fmt,
	      va_list args)
{
	int n = snprintf (buf, size - 1, "%slinehook: %s%s", line_prefix,
			  who == NULL ? "" : who, who == NULL ? "" : ": ");
	size_t len;

	vsnprintf (buf + n, size - 1 - (size_t) n, fmt, args);
	len = make_harmless (buf);
	memcpy (buf + len, "\n", 2);
	return len + 1;
}

void
cli_say (const char *who, const char *fmt, ...)
{
	char text[SENTENCE_MAX];
	va_list args;

	va_start (args, fmt);
	cli_sentence (text, sizeof text, who, fmt, args);
	va_end (args);
	fputs (text, stderr);
}
