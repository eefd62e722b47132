/* SPDX-License-Identifier: MIT */
/* message.c - sentences with words of the tool in them. */
#include "config.h"

#include <string.h>

#include "common/utf8.h"
#include "json/text_reader.h"
#include "common/outbuf.h"
#include "common/termsafe.h"
#include "tool/tool_private.h"
#include "common/mem.h"

/* Room for the longest that a character becomes, and for "...". */
#define CHARACTER 16u

struct saying {
	struct outbuf out;
	char *to;
	size_t len, most; /* bytes said, and that may be */
	int one_line;
	int full;
	char raw[TOOL_TRACE * 2]; /* redacted, as it is */
	size_t n_raw;
};

static void
gather (void *user, const char *data, size_t len)
{
	struct saying *s = user;

	if (len > sizeof s->raw - s->n_raw) {
		len = sizeof s->raw - s->n_raw;
		s->full = 1;
	}
	memcpy (s->raw + s->n_raw, data, len);
	s->n_raw += len;
}

/* What became of one character. */
static void
put (void *user, const char *data, size_t len)
{
	struct saying *s = user;

	if (s->full || len + CHARACTER > s->most - s->len) {
		s->full = 1;
		return;
	}
	memcpy (s->to + s->len, data, len);
	s->len += len;
}

static void
say_all (struct saying *s)
{
	struct lhk_text text = { s->raw, s->n_raw, LHK_TEXT_PLAIN, 0 };
	struct text_reader reader;
	char c[TEXT_CHAR];
	int cut = s->full;
	size_t n;

	s->full = 0;
	text_begin (&reader, &text);
	while (!s->full && (n = text_plain (&reader, c, sizeof c)) > 0) {
		size_t at = 0, one;

		for (; at < n && !s->full; at += one) {
			utf8_decode (c + at, &one);
			termsafe_write (&s->out, c + at, one, s->one_line);
			outbuf_flush (&s->out);
		}
	}
	s->full |= cut;
	if (s->full) {
		memcpy (s->to + s->len, "...", 3);
		s->len += 3;
	}
	s->to[s->len] = '\0';
}

void
message_words (struct lhk_tool *t, char *message, size_t most, const char *text,
	       size_t len, int one_line, int cut)
{
	const struct lhk_alloc *alloc = &t->host->alloc;
	struct saying *s = mem_new (alloc, sizeof *s);
	size_t before = strlen (message);

	if (s == NULL)
		return;
	outbuf_init (&s->out, put, s);
	s->to = message + before;
	s->len = 0;
	s->most = most;
	s->one_line = one_line;
	s->n_raw = 0;
	s->full = cut;
	if (len > sizeof s->raw) {
		len = sizeof s->raw;
		s->full = 1;
	}
	redact_feed (t->redact, text, len, gather, s);
	redact_end (t->redact, s->full, gather, s);
	say_all (s);
	mem_free (alloc, s, sizeof *s);
}

char *
message_copy (struct lhk_tool *t, size_t most, const char *text, size_t len)
{
	const struct lhk_alloc *alloc = &t->host->alloc;
	char *all = mem_new (alloc, most + CHARACTER);
	char *copy;

	if (all == NULL)
		return NULL;
	all[0] = '\0';
	message_words (t, all, most, text, len, 0, 0);
	copy = mem_strdup (alloc, all);
	mem_free (alloc, all, most + CHARACTER);
	return copy;
}
