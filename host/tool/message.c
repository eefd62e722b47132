/* SPDX-License-Identifier: MIT */
/* message.c - quoting a tool's own words in messages of ours. */
#include "config.h"

#include <string.h>

#include "common/mem.h"
#include "common/outbuf.h"
#include "common/termsafe.h"
#include "common/text.h"
#include "common/utf8.h"
#include "json/text_reader.h"
#include "tool/message.h"
#include "tool/redact.h"

/* Bytes of redacted text that are looked at: escapes make it longer, never
 * shorter, so that more could not be shown. */
#define TEXT_MAX 32768u

struct quotation {
	struct outbuf out;
	char *to;
	size_t len, max; /* bytes at TO */
	int one_line;
	int is_full;
	char text[TEXT_MAX]; /* redacted, not yet made harmless */
	size_t n_text;
};

static void
on_redacted (void *user, const char *data, size_t len)
{
	struct quotation *q = user;

	if (len > sizeof q->text - q->n_text) {
		len = sizeof q->text - q->n_text;
		q->is_full = 1;
	}
	memcpy (q->text + q->n_text, data, len);
	q->n_text += len;
}

/* One character in its harmless form. */
static void
append_char (void *user, const char *data, size_t len)
{
	struct quotation *q = user;

	if (q->is_full || len + MESSAGE_SLACK > q->max - q->len) {
		q->is_full = 1;
		return;
	}
	memcpy (q->to + q->len, data, len);
	q->len += len;
}

static void
append_text (struct quotation *q)
{
	const struct lhk_text text = text_from_bytes (q->text, q->n_text);
	struct text_reader reader;
	char c[TEXT_CHAR_MAX];
	int was_cut = q->is_full;
	size_t n;

	q->is_full = 0;
	text_reader_init (&reader, &text);
	while (!q->is_full
	       && (n = text_reader_plain (&reader, c, sizeof c)) > 0) {
		size_t at = 0, one;

		for (; at < n && !q->is_full; at += one) {
			utf8_decode (c + at, &one);
			termsafe_write (&q->out, c + at, one, q->one_line);
			outbuf_flush (&q->out);
		}
	}
	if (q->is_full || was_cut) {
		memcpy (q->to + q->len, "...", 3);
		q->len += 3;
	}
	q->to[q->len] = '\0';
}

void
message_append (char *message, size_t max, const struct lhk_alloc *alloc,
		struct redact *redact, const char *text, size_t len, int flags)
{
	struct quotation *q = mem_new (alloc, sizeof *q);

	if (q == NULL)
		return;
	outbuf_init (&q->out, append_char, q);
	q->to = message + strlen (message);
	q->len = 0;
	q->max = max;
	q->one_line = flags & MESSAGE_ONE_LINE;
	q->n_text = 0;
	q->is_full = flags & MESSAGE_CUT;
	if (len > sizeof q->text) {
		len = sizeof q->text;
		q->is_full = 1;
	}
	redact_feed (redact, text, len, on_redacted, q);
	redact_end (redact, q->is_full != 0, on_redacted, q);
	append_text (q);
	mem_free (alloc, q, sizeof *q);
}

char *
message_quote (size_t max, const struct lhk_alloc *alloc, struct redact *redact,
	       const char *text, size_t len)
{
	char *quotation = mem_new (alloc, max + MESSAGE_SLACK);
	char *copy;

	if (quotation == NULL)
		return NULL;
	quotation[0] = '\0';
	message_append (quotation, max, alloc, redact, text, len, 0);
	copy = mem_strdup (alloc, quotation);
	mem_free (alloc, quotation, max + MESSAGE_SLACK);
	return copy;
}
