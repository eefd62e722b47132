/* SPDX-License-Identifier: MIT */
/*
 * fuzz_plugin.c - any bytes through a stream with the plugin linked in.
 *
 * The first byte says how the bytes are cut into pieces, the second which cap
 * a line has.  The events, written as JSON, must not hang on the pieces, must
 * each be one valid JSON object, and end in exactly one final result.
 */
#include "config.h"

#include <string.h>

#include <linehook/json.h>

#include "fuzz/fuzz.h"
#include "format/event_json.h"

extern const struct lhk_plugin linehook_plugin_1;

/* What came out, and the output buffer it passes through. */
struct observed {
	char *text;
	size_t len, cap;
	unsigned int finals;
	struct outbuf out;
};

static void
take (void *user, const char *data, size_t len)
{
	struct observed *h = user;

	if (h->len + len + LHK_LINE_PADDING > h->cap) {
		h->cap = (h->len + len) * 2 + 4096;
		h->text = realloc (h->text, h->cap);
		if (h->text == NULL)
			abort ();
	}
	memcpy (h->text + h->len, data, len);
	h->len += len;
}

static void
on_event (void *user, const struct lhk_meta *meta,
	  const struct lhk_event *event)
{
	struct observed *h = user;
	const struct lhk_ev_result *r = (const struct lhk_ev_result *) event;

	h->finals += event->kind == LHK_EV_RESULT && r->final != NULL;
	format_json_event (&h->out, meta, event, FORMAT_JSON_SOURCE);
}

/* One stream of pieces of CHUNK bytes, each in memory of its own size. */
static void
run (const uint8_t *data, size_t size, size_t chunk, size_t cap,
     struct observed *h)
{
	struct lhk_stream_opts so = LHK_STREAM_OPTS_INIT;
	const struct lhk_plugin_ref *plugin;
	const struct lhk_result *result;
	struct lhk_stream *stream;
	struct lhk_host *host;
	size_t at, n;
	char *piece;

	memset (h, 0, sizeof *h);
	outbuf_init (&h->out, take, h);
	so.line_max = cap;
	so.on_event = on_event;
	so.user = h;
	if (lhk_host_new (NULL, &host, NULL) < 0
	    || lhk_host_add_plugin (host, &linehook_plugin_1, NULL) < 0
	    || lhk_host_plugin (host, linehook_plugin_1.name, &plugin, NULL) < 0
	    || lhk_stream_new (host, plugin, &so, &stream, NULL) < 0)
		abort ();
	for (at = 0; at < size; at += n) {
		n = size - at < chunk ? size - at : chunk;
		piece = malloc (n);
		if (piece == NULL)
			abort ();
		memcpy (piece, data + at, n);
		lhk_stream_write (stream, piece, n);
		free (piece);
	}
	if (lhk_stream_finish (stream, NULL, &result) < 0)
		abort ();
	outbuf_flush (&h->out);
	lhk_stream_free (stream);
	lhk_host_free (host);
}

/* Each line of TEXT is one JSON object. */
static void
check_lines (const struct observed *h)
{
	static const struct lhk_fields none = { NULL, 0, 0 };
	size_t at, len;
	char *line, ignored;

	for (at = 0; at < h->len; at += len + 1) {
		len = (size_t) ((const char *) memchr (h->text + at, '\n',
						       h->len - at)
				- (h->text + at));
		line = fuzz_line (h->text + at, len);
		FUZZ_CHECK (lhk_json_line (line, len, &none, &ignored)
				    == LHK_OK,
			    line, len);
		free (line);
	}
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	static const size_t caps[] = { 4096, 5000, 65536, 1u << 20 };
	struct observed whole, pieces;
	size_t cap;

	if (size < 2)
		return 0;
	cap = caps[data[1] % 4];
	run (data + 2, size - 2, size, cap, &whole);
	run (data + 2, size - 2, (size_t) data[0] + 1, cap, &pieces);
	FUZZ_CHECK (whole.finals == 1, (const char *) data, size);
	FUZZ_CHECK (whole.len == pieces.len
			    && memcmp (whole.text, pieces.text, whole.len) == 0,
		    (const char *) data, size);
	check_lines (&whole);
	free (whole.text);
	free (pieces.text);
	return 0;
}
