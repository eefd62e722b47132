/* SPDX-License-Identifier: MIT */
/* sentence.c - the sentences of the program on stderr. */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/sentence.h"

#define SENTENCE_MAX 512

size_t
cli_sentence (char *buf, size_t size, const char *who, const char *fmt,
	      va_list args)
{
	int n = snprintf (buf, size - 1, "linehook: %s%s",
			  who == NULL ? "" : who, who == NULL ? "" : ": ");
	size_t len;
	char *p;

	vsnprintf (buf + n, size - 1 - (size_t) n, fmt, args);
	for (p = buf; *p != '\0'; p++)
		if ((unsigned char) *p < 0x20 || *p == 0x7f)
			*p = '?';
	len = (size_t) (p - buf);
	memcpy (p, "\n", 2);
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
