/* SPDX-License-Identifier: MIT */
/* text_line.c - the line that is being written for a person. */
#include "config.h"

#include <string.h>

#include "format/text_line.h"
#include "common/termsafe.h"
#include "format/event_text.h"

#define DIM "\033[2m"
#define UNDIM "\033[0m"

void
text_line_finish (struct line *l, struct outbuf *o)
{
	if (l->kind != LINE_NONE)
		OUT_LIT (o, "\n");
	l->kind = LINE_NONE;
}

static const char *
prefix_of (const struct line *l, int kind, const struct idmap_key *parent)
{
	int thought =
		kind == LINE_THOUGHT && (l->flags & FORMAT_TEXT_COLOR) == 0;

	if (idmap_key_absent (parent))
		return thought ? "[thinking] " : "";
	return thought ? "  | [thinking] " : "  | ";
}

/* A piece without a newline, or only at its end. */
static void
put_segment (struct line *l, struct outbuf *o, int kind, const char *p,
	     size_t n)
{
	int dim = kind == LINE_THOUGHT && (l->flags & FORMAT_TEXT_COLOR) != 0;
	size_t len = n > 0 && p[n - 1] == '\n' ? n - 1 : n;

	if (l->kind == LINE_NONE)
		outbuf_str (o, prefix_of (l, kind, &l->of));
	if (dim && len > 0)
		OUT_LIT (o, DIM);
	if ((l->flags & FORMAT_TEXT_SAFE) != 0)
		termsafe_write (o, p, len, 0);
	else
		outbuf_put (o, p, len);
	if (dim && len > 0)
		OUT_LIT (o, UNDIM);
	if (len < n)
		OUT_LIT (o, "\n");
	l->kind = len < n ? LINE_NONE : kind;
}

void
text_line_piece (struct line *l, struct outbuf *o, int kind, const char *p,
		 size_t n)
{
	const char *lf;
	size_t len;

	while (n > 0) {
		lf = memchr (p, '\n', n);
		len = lf != NULL ? (size_t) (lf - p) + 1 : n;
		put_segment (l, o, kind, p, len);
		p += len;
		n -= len;
	}
}

void
text_line_marker (struct line *l)
{
	memset (&l->id, 0, sizeof l->id);
}

void
text_line_go_to (struct line *l, struct outbuf *o, int kind,
		 const struct idmap_key *parent, const struct idmap_key *id)
{
	if (l->kind != LINE_NONE
	    && (l->kind != kind || !idmap_key_same (&l->of, parent)
		|| (!idmap_key_same (&l->id, id) && !idmap_key_absent (id)
		    && !idmap_key_absent (&l->id))))
		text_line_finish (l, o);
	l->of = *parent;
	l->id = *id;
}

void
text_line_own (struct line *l, struct outbuf *o, const struct lhk_event *event)
{
	struct idmap_key parent;

	text_line_finish (l, o);
	idmap_key_of (&event->parent, &parent);
	outbuf_str (o, prefix_of (l, LINE_TEXT, &parent));
}
