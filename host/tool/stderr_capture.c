/* SPDX-License-Identifier: MIT */
/* stderr_capture.c - stderr of a call, redacted: its lines, its head and tail. */
#include "config.h"

#include <string.h>

#include "tool/stderr_capture.h"

void
stderr_capture_init (struct stderr_capture *c, const struct lhk_alloc *alloc,
		     struct redact *redact, size_t keep)
{
	head_tail_init (&c->ends, alloc, keep);
	c->redact = redact;
	c->bytes = 0;
	c->on_line = NULL;
	c->user = NULL;
	c->n_line = 0;
}

static void
emit_line (struct stderr_capture *c, const char *line, size_t len, int more)
{
	if (c->on_line != NULL)
		c->on_line (c->user, line, len, more);
}

/* The longest beginning of a line that does not end inside a character. */
static size_t
whole_chars (const char *p, size_t len)
{
	size_t n = len, back = 0;

	while (back < 3 && n > 1 && ((unsigned char) p[n - 1] & 0xc0) == 0x80) {
		n--;
		back++;
	}
	if (n > 1 && (unsigned char) p[n - 1] >= 0xc0)
		return n - 1;
	return len;
}

static void
emit_piece (struct stderr_capture *c)
{
	size_t n = whole_chars (c->line, c->n_line);

	emit_line (c, c->line, n, 1);
	c->n_line -= n;
	memmove (c->line, c->line + n, c->n_line);
}

/* LEN bytes of a line, without a newline. */
static void
append (struct stderr_capture *c, const char *p, size_t len)
{
	size_t n;

	while (len > 0) {
		if (c->n_line == sizeof c->line)
			emit_piece (c);
		n = sizeof c->line - c->n_line;
		n = n < len ? n : len;
		memcpy (c->line + c->n_line, p, n);
		c->n_line += n;
		p += n;
		len -= n;
	}
}

static void
on_redacted (void *user, const char *data, size_t len)
{
	struct stderr_capture *c = user;
	const char *lf;

	head_tail_add (&c->ends, data, len);
	if (c->on_line == NULL)
		return;
	while ((lf = memchr (data, '\n', len)) != NULL) {
		append (c, data, (size_t) (lf - data));
		emit_line (c, c->line, c->n_line, 0);
		c->n_line = 0;
		len -= (size_t) (lf - data) + 1;
		data = lf + 1;
	}
	append (c, data, len);
}

void
stderr_capture_feed (struct stderr_capture *c, const char *data, size_t len)
{
	c->bytes += len;
	redact_feed (c->redact, data, len, on_redacted, c);
}

void
stderr_capture_end (struct stderr_capture *c)
{
	redact_end (c->redact, 0, on_redacted, c);
	if (c->n_line > 0)
		emit_line (c, c->line, c->n_line, 0);
	c->n_line = 0;
}

void
stderr_capture_free (struct stderr_capture *c)
{
	head_tail_free (&c->ends);
}
