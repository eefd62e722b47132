/* SPDX-License-Identifier: MIT */
/* lines.c - cut at newlines, bounded. */
#include "config.h"

#include <linehook/event.h>

#include "cli/output/lines.h"

void
lines_init (struct lines *l, struct log *log)
{
	l->log = log;
	l->len = 0;
}

static void
say_line (struct lines *l)
{
	size_t len = l->len;

	l->len = 0;
	while (len > 0 && l->data[len - 1] == '\r')
		len--;
	if (len > 0)
		log_bytes (l->log, LHK_LOG_WARN, LHK_CODE_STDERR, NULL, l->data,
			   len);
}

void
lines_feed (struct lines *l, const char *data, size_t len)
{
	while (len > 0) {
		const char *nl = memchr (data, '\n', len);
		size_t n = nl == NULL ? len : (size_t) (nl - data);

		if (n > LINES_MAX - l->len)
			n = LINES_MAX - l->len;
		memcpy (l->data + l->len, data, n);
		l->len += n;
		data += n;
		len -= n;
		if (len > 0 && *data == '\n') {
			data++;
			len--;
			say_line (l);
		} else if (l->len == LINES_MAX) {
			say_line (l);
		}
	}
}

void
lines_end (struct lines *l)
{
	say_line (l);
}
