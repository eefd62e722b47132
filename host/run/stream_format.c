/* SPDX-License-Identifier: MIT */
/* stream_format.c - is the output of the plugin's format at all? */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "common/macros.h"
#include "common/text.h"
#include "run/stream.h"

/* After so many objects that no other plugin knows, it is this one's format,
 * of a version that its probe does not know. */
#define OFFERS_MAX 64u

void
stream_format_begin (struct lhk_stream *s)
{
	strbuf_init (&s->format.text, &s->host->alloc);
	s->format.settled = (s->plugin->flags & LHK_PLUGIN_JSON) == 0;
}

void
stream_format_free (struct lhk_stream *s)
{
	if (s->format.text.alloc != NULL)
		strbuf_free (&s->format.text);
	plugin_probes_free (&s->format.probes);
}

static void
settle (struct lhk_stream *s)
{
	s->format.settled = 1;
	stream_format_free (s);
}

void
stream_format_stop (struct lhk_stream *s, const char *sentence)
{
	settle (s);
	snprintf (s->format.sentence, sizeof s->format.sentence, "%s",
		  sentence);
}

/* ---- lines ---- */

static void
keep_line (struct lhk_stream *s, const struct frame_line *line)
{
	struct strbuf *text = &s->format.text;

	if (line->len >= FORMAT_CHECK_KEPT - text->len)
		return;
	strbuf_add (text, line->data, line->len);
	strbuf_add (text, "\n", 1);
}

static int
is_own (const struct lhk_stream *s, const char *object, size_t len)
{
	return s->plugin->probe != NULL
	       && registry_probe (registry_ref_of (s->plugin), &s->host->watch,
				  object, len)
			  == 1;
}

static void
offer_to_others (struct lhk_stream *s, const char *object, size_t len)
{
	struct format_check *f = &s->format;
	const struct lhk_plugin_ref *ref;

	if (f->other != NULL || f->n_offered >= OFFERS_MAX)
		return;
	f->n_offered++;
	/* Without them nothing is known of other plugins. */
	if (!f->loaded)
		(void) !plugin_probes_load (&f->probes, s->host->registry);
	f->loaded = 1;
	ref = plugin_probes_match (&f->probes, &s->host->watch, object, len,
				   s->plugin);
	f->other = lhk_plugin_ref_descriptor (ref);
}

void
stream_format_object (struct lhk_stream *s, const char *data, size_t len)
{
	if (s->format.settled)
		return;
	if (is_own (s, data, len))
		settle (s);
	else
		offer_to_others (s, data, len);
}

void
stream_format_line (struct lhk_stream *s, int r, const struct frame_line *line)
{
	struct format_check *f = &s->format;
	const char *object;

	if (f->settled)
		return;
	f->n_lines++;
	f->n_read += r == LHK_OK || r == LHK_HEARTBEAT;
	object = stream_object (line->data, line->len);
	if (object != NULL)
		stream_format_object (
			s, object, line->len - (size_t) (object - line->data));
	if (f->settled)
		return;
	/* Without a probe, what a plugin reads is of its format. */
	if (f->n_read > 0
	    && (s->plugin->probe == NULL
		|| (f->other == NULL && f->n_offered == OFFERS_MAX)))
		settle (s);
	else
		keep_line (s, line);
}

/* ---- the end ---- */

static void
say (struct lhk_stream *s)
{
	struct format_check *f = &s->format;
	const struct lhk_plugin *p = s->plugin;
	char *to = f->sentence;
	size_t size = sizeof f->sentence;

	if (f->other != NULL && f->n_read > 0)
		snprintf (to, size,
			  "the output looks like that of %s and not that of "
			  "%s; use -p %s",
			  f->other->provider, p->provider, f->other->name);
	else if (f->other != NULL)
		snprintf (to, size,
			  "no line of the output is in the format of %s; the "
			  "lines look like those of %s; use -p %s",
			  p->provider, f->other->provider, f->other->name);
	else if (p->hint != NULL)
		snprintf (to, size,
			  "no line of the output is in the format of %s: "
			  "%.160s",
			  p->provider, p->hint);
	else
		snprintf (to, size,
			  "no line of the output is in the format of %s",
			  p->provider);
}

static void
deliver_text (struct lhk_stream *s)
{
	const struct strbuf *kept = &s->format.text;
	struct lhk_ev_text event = {
		.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT),
		.role = LHK_ROLE_ASSISTANT,
	};
	size_t len = kept->len;

	while (len > 0 && kept->data[len - 1] == '\n')
		len--;
	if (len == 0)
		return;
	event.text = text_from_bytes (kept->data, len);
	stream_set_source (s, NULL);
	stream_deliver (s, &event.ev);
}

void
stream_format_end (struct lhk_stream *s)
{
	struct format_check *f = &s->format;

	if (f->settled || f->n_lines == 0
	    || (f->n_read > 0 && f->other == NULL)) {
		settle (s);
		return;
	}
	say (s);
	/* What was read of another format is no claim, and no usage either. */
	if (f->n_read > 0) {
		stream_forget (s);
		summary_lost (s->summary, 1);
	}
	if (summary_text (s->summary).len == 0)
		deliver_text (s);
	settle (s);
}

/* ---- bytes ---- */

/* How a stream of UTF-16 begins: with its byte order mark. */
static const struct {
	char bytes[2];
	const char *text;
} wide[] = {
	{ { '\xff', '\xfe' }, "UTF-16 (it begins with the bytes FF FE)" },
	{ { '\xfe', '\xff' }, "UTF-16 (it begins with the bytes FE FF)" },
};

/* The row whose first N bytes are those of the stream, or NULL. */
static const char *
wide_text (const char *first, size_t n)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE (wide); i++)
		if (memcmp (first, wide[i].bytes, n) == 0)
			return wide[i].text;
	return NULL;
}

static void
refuse (struct lhk_stream *s, const char *what)
{
	struct format_check *f = &s->format;

	f->is_wide = 1;
	snprintf (f->sentence, sizeof f->sentence,
		  "the output is in %s and was not read; convert it to UTF-8 "
		  "with iconv -f UTF-16 -t UTF-8",
		  what);
	stream_detect_release (s);
	settle (s);
	summary_lost (s->summary, 1);
	stream_set_source (s, NULL);
	stream_send_notice (s, LHK_LOG_ERROR, LHK_CODE_UNPARSED, f->sentence,
			    NULL);
}

/* A plugin that takes any text is given any text. */
static int
is_checked (const struct lhk_stream *s)
{
	return s->detect.on || (s->plugin->flags & LHK_PLUGIN_JSON) != 0;
}

void
stream_format_last_byte (struct lhk_stream *s)
{
	struct format_check *f = &s->format;

	if (f->n_first == 1)
		frame_feed (&s->frame, f->first, 1);
	f->n_first = sizeof f->first;
}

int
stream_format_bytes (struct lhk_stream *s, const char *data, size_t *len)
{
	struct format_check *f = &s->format;
	uint32_t had = f->n_first;
	const char *what;

	if (f->n_first == sizeof f->first)
		return f->is_wide;
	if (!is_checked (s)) {
		f->n_first = sizeof f->first;
		return 0;
	}
	while (f->n_first < sizeof f->first && f->n_first - had < *len) {
		f->first[f->n_first] = data[f->n_first - had];
		f->n_first++;
	}
	what = wide_text (f->first, f->n_first);
	if (f->n_first == sizeof f->first && what != NULL) {
		s->frame.off += had;
		refuse (s, what);
		return 1;
	}
	if (what != NULL) {
		*len = 0;
		return 0;
	}
	/* What was kept back goes first. */
	if (had > 0)
		frame_feed (&s->frame, f->first, had);
	f->n_first = sizeof f->first;
	return 0;
}
