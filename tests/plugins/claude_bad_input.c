/* SPDX-License-Identifier: MIT */
/*
 * claude_bad_input.c - the catalogue of bad input, through the whole host.
 *
 * Each input, then a good line, in one write and in single bytes: the same
 * events, the good line's text among them, the counts of the table, one final
 * result; every line of the JSON output is one object, and the text output
 * has nothing in it that a terminal obeys.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linehook/json.h>

#include "lib/tap.h"
#include "plugins/bad_input.h"
#include "format/event_json.h"
#include "format/event_text.h"
#include "common/mem.h"

#define N_INPUTS (sizeof bad_inputs / sizeof bad_inputs[0])

extern const struct lhk_plugin linehook_plugin_1;

static const char head[] =
	"{\"type\":\"assistant\",\"session_id\":\"s\","
	"\"message\":{\"id\":\"m\",\"content\":[{\"type\":\"text\",\"text\":\"";
static const char good_line[] = "\n%Tthe good line%E";
static const char tail[] = "\"}]}}\n";

struct bytes {
	char *data;
	size_t len, cap;
};

struct observed {
	struct bytes json, text;
	struct outbuf json_out, text_out;
	struct format_text *sink;
	unsigned int events, texts, finals, last_is_good;
	struct lhk_stream_stats stats;
};

static void
add (struct bytes *b, const char *data, size_t len)
{
	if (b->len + len + LHK_LINE_PADDING > b->cap) {
		b->cap = (b->len + len) * 2 + 4096;
		b->data = realloc (b->data, b->cap);
		if (b->data == NULL)
			abort ();
	}
	memcpy (b->data + b->len, data, len);
	b->len += len;
	memset (b->data + b->len, '\n', LHK_LINE_PADDING);
}

static void
take (void *user, const char *data, size_t len)
{
	add (user, data, len);
}

/* DATA with %T and %E written out. */
static void
add_input (struct bytes *b, const char *data, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (data[i] == '%' && i + 1 < len && data[i + 1] == 'T')
			add (b, head, sizeof head - 1), i++;
		else if (data[i] == '%' && i + 1 < len && data[i + 1] == 'E')
			add (b, tail, sizeof tail - 1), i++;
		else
			add (b, data + i, 1);
	}
}

static void
add_sized (struct bytes *b, const struct sized *s)
{
	size_t content = (size_t) ((long) CAP + s->over), i, k;
	size_t fixed = sizeof head - 1 + sizeof tail - 2;

	for (i = 0; i < s->times; i++) {
		add (b, head, sizeof head - 1);
		for (k = fixed; k < content; k++)
			add (b, "x", 1);
		add (b, tail, sizeof tail - 2);
		add (b, s->end, strlen (s->end));
	}
}

static void
add_large (struct bytes *b, const struct large *l)
{
	unsigned int x = 7;
	size_t i;
	char c;

	if (l->piece != NULL)
		add_input (b, l->head, strlen (l->head));
	for (i = 0; i < l->n; i++) {
		x = x * 1103515245u + 12345u;
		c = (char) (x >> 16);
		if (l->piece != NULL)
			add (b, l->piece, strlen (l->piece));
		else
			add (b, &c, 1);
	}
	if (l->piece != NULL)
		add_input (b, l->tail, strlen (l->tail));
}

static void
on_event (void *user, const struct lhk_meta *meta,
	  const struct lhk_event *event)
{
	struct observed *h = user;
	const struct lhk_ev_text *t = (const struct lhk_ev_text *) event;
	const struct lhk_ev_result *r = (const struct lhk_ev_result *) event;

	h->events++;
	if (event->kind == LHK_EV_TEXT) {
		h->texts++;
		h->last_is_good = LHK_TEXT_IS (&t->text, "the good line");
	}
	h->finals += event->kind == LHK_EV_RESULT && r->final != NULL;
	format_json_event (&h->json_out, meta, event, FORMAT_JSON_SOURCE);
	format_text_event (h->sink, &h->text_out, event);
}

static void
run (const struct bytes *in, size_t chunk, size_t cap, struct observed *h)
{
	struct lhk_stream_opts so = LHK_STREAM_OPTS_INIT;
	const struct lhk_plugin_ref *plugin;
	const struct lhk_result *result;
	struct lhk_stream *stream;
	struct lhk_host *host;
	size_t at, n;

	memset (h, 0, sizeof *h);
	outbuf_init (&h->json_out, take, &h->json);
	outbuf_init (&h->text_out, take, &h->text);
	h->sink = format_text_new (&mem_system);
	so.line_max = cap;
	so.on_event = on_event;
	so.user = h;
	if (h->sink == NULL || lhk_host_new (NULL, &host, NULL) < 0
	    || lhk_host_add_plugin (host, &linehook_plugin_1, NULL) < 0
	    || lhk_host_plugin (host, "claude", &plugin, NULL) < 0
	    || lhk_stream_new (host, plugin, &so, &stream, NULL) < 0)
		abort ();
	for (at = 0; at < in->len; at += n) {
		n = in->len - at < chunk ? in->len - at : chunk;
		lhk_stream_write (stream, in->data + at, n);
	}
	if (lhk_stream_finish (stream, NULL, &result) < 0)
		abort ();
	h->stats = result->stats;
	outbuf_flush (&h->json_out);
	outbuf_flush (&h->text_out);
	format_text_free (h->sink);
	lhk_stream_free (stream);
	lhk_host_free (host);
}

/* Every line one object, as many as there were events. */
static void
check_json (const struct observed *h)
{
	static const struct lhk_fields none = { NULL, 0, 0 };
	const char *at = h->json.data, *end = at + h->json.len, *newline;
	unsigned int n = 0;
	char ignored;

	for (; at < end; at = newline + 1, n++) {
		newline = memchr (at, '\n', (size_t) (end - at));
		if (newline == NULL
		    || lhk_json_line (at, (size_t) (newline - at), &none,
				      &ignored)
			       < 0)
			break;
	}
	TAP_EQ_INT (at - h->json.data, h->json.len);
	TAP_EQ_INT (n, h->events);
}

/* No control byte but newline and tab; no C1, bidi, zero width, tag. */
static void
check_text (const struct observed *h)
{
	static const char *const banned[] = {
		"\xc2\x9b",	"\xe2\x80\xae",	    "\xe2\x81\xa6",
		"\xe2\x80\x8b", "\xf3\xa0\x81\x81",
	};
	size_t i, n = 0;

	for (i = 0; i < h->text.len; i++) {
		unsigned char c = (unsigned char) h->text.data[i];

		n += (c < 0x20 && c != '\n' && c != '\t') || c == 0x7f;
	}
	TAP_EQ_INT (n, 0);
	for (i = 0; h->text.len > 0 && i < sizeof banned / sizeof banned[0];
	     i++)
		CU_ASSERT (memmem (h->text.data, h->text.len, banned[i],
				   strlen (banned[i]))
			   == NULL);
}

static void
check_counts (const struct bad_input *b, const struct observed *h, int good)
{
	TAP_EQ_INT (h->finals, 1);
	if (b->large.n != 0 && b->large.piece == NULL)
		return;
	TAP_EQ_INT (h->texts, b->texts + (unsigned int) good);
	TAP_EQ_INT (h->stats.unparsed, b->unparsed);
	TAP_EQ_INT (h->stats.repaired, b->repaired);
	TAP_EQ_INT (h->stats.oversize, b->oversize);
	TAP_EQ_INT (h->stats.skipped, b->skipped);
	TAP_EQ_INT (h->stats.plugin_errors, b->errors);
}

static void
next_input (void)
{
	static size_t next;
	const struct bad_input *b = &bad_inputs[next++];
	/* An input that ends without a newline has no line behind it. */
	int good = b->sized.times == 0 || b->sized.end[0] != '\0';
	size_t cap = b->sized.times != 0 ? CAP : BIG;
	struct bytes in = { NULL, 0, 0 };
	struct observed whole, single;

	add_input (&in, b->input, b->len);
	add_sized (&in, &b->sized);
	add_large (&in, &b->large);
	if (good)
		add_input (&in, good_line, sizeof good_line - 1);
	run (&in, in.len, cap, &whole);
	run (&in, 1, cap, &single);
	check_counts (b, &whole, good);
	CU_ASSERT (!good || whole.last_is_good);
	check_json (&whole);
	check_text (&whole);
	TAP_EQ_MEM (single.json.data, single.json.len, whole.json.data,
		    whole.json.len);
	free (whole.json.data);
	free (whole.text.data);
	free (single.json.data);
	free (single.text.data);
	free (in.data);
}

int
main (void)
{
	struct tap_case cases[N_INPUTS + 1] = { { NULL, NULL } };
	size_t i;

	for (i = 0; i < N_INPUTS; i++) {
		cases[i].name = bad_inputs[i].name;
		cases[i].fn = next_input;
	}
	return tap_run ("bad_input", cases);
}
