/* SPDX-License-Identifier: MIT */
/* event_rewrite.c - lines of events that are read and written again. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <linehook/json.h>
#include <linehook/plugin.h>

#include "format/event_json.h"
#include "lib/event_rewrite.h"
#include "lib/guarded_buffer.h"

/* The line, its newline, and the padding. */
static void
guard (struct guarded_buffer *g, const char *line, size_t len)
{
	char *copy = malloc (len + LHK_LINE_PADDING);

	if (copy == NULL)
		abort ();
	memcpy (copy, line, len);
	memset (copy + len, '\n', LHK_LINE_PADDING);
	guarded_buffer_init (g, copy, len + LHK_LINE_PADDING);
	guarded_buffer_lock (g);
	free (copy);
}

/* The same for any receiver of the bytes. */
static int
rewrite (struct event_reader *r, const char *line, size_t len,
	 unsigned int flags,
	 void (*write) (void *user, const char *data, size_t len), void *user)
{
	static struct outbuf out;
	const struct lhk_event *event;
	struct guarded_buffer g;
	struct lhk_meta meta;
	int code;

	guard (&g, line, len);
	outbuf_init (&out, write, user);
	code = event_reader_read (r, g.data, len, &meta, &event);
	if (code == LHK_OK)
		format_json_event (&out, &meta, event, flags);
	outbuf_flush (&out);
	guarded_buffer_done (&g);
	return code;
}

int
event_rewrite (struct event_reader *r, const char *line, size_t len,
	       unsigned int flags, struct capture *ret)
{
	ret->len = 0;
	return rewrite (r, line, len, flags, capture_write, ret);
}

/* What is still to come; NULL: something else came. */
struct wanted {
	const char *at, *end;
};

static void
compare (void *user, const char *data, size_t len)
{
	struct wanted *w = user;

	if (w->at == NULL || len > (size_t) (w->end - w->at)
	    || memcmp (w->at, data, len) != 0)
		w->at = NULL;
	else
		w->at += len;
}

static int
is_too_deep (const char *line, size_t len)
{
	struct guarded_buffer g;
	struct lhk_json j;

	guard (&g, line, len);
	lhk_json_begin (&j, g.data, len);
	(void) lhk_json_skip (&j);
	(void) lhk_json_end (&j);
	guarded_buffer_done (&g);
	return j.error == LHK_JSON_EDEPTH;
}

int
event_rewrite_is_same (struct event_reader *r, const char *line, size_t len,
		       unsigned int flags)
{
	struct wanted w = { line, line + len + 1 };
	int code = rewrite (r, line, len, flags, compare, &w);

	if (code != LHK_OK)
		return code == LHK_EPARSE && is_too_deep (line, len);
	return w.at == w.end;
}
