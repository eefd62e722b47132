/* SPDX-License-Identifier: MIT */
/*
 * fuzz_plugin.c - any bytes through a stream of the host, with the plugin linked
 * in.
 *
 * The first byte says how the bytes are cut into pieces, the second which cap
 * a line has and how the agent ends.  What comes of them must be whole and must
 * not depend on the pieces.
 */
#include "config.h"

#include <string.h>

#include "fuzz/fuzz.h"
#include "fuzz/observe.h"
#include "common/macros.h"

extern const struct lhk_plugin linehook_plugin_1;

static const size_t caps[] = { 4096, 5000, 65536, 1u << 20 };

/* How an agent ends; the last one is not known. */
static const struct lhk_outcome outcomes[] = {
	{ .size = sizeof outcomes[0],
	  .end_reason = LHK_END_EXITED,
	  .has_exit = 1 },
	{ .size = sizeof outcomes[0],
	  .end_reason = LHK_END_EXITED,
	  .has_exit = 1,
	  .exit_code = 1 },
	{ .size = sizeof outcomes[0],
	  .end_reason = LHK_END_EXITED,
	  .signal = 9 },
};

/* The host of all inputs. */
static const struct lhk_plugin_ref *
plugin_of_host (struct lhk_host **ret)
{
	static const struct lhk_plugin_ref *plugin;
	static struct lhk_host *host;

	if (host == NULL
	    && (lhk_host_new (NULL, &host, NULL) < 0
		|| lhk_host_add_plugin (host, &linehook_plugin_1, NULL) < 0
		|| lhk_host_plugin (host, linehook_plugin_1.name, &plugin, NULL)
			   < 0))
		abort ();
	*ret = host;
	return plugin;
}

/* One stream of pieces of CHUNK bytes, each in memory of its own size. */
static void
run (const uint8_t *data, size_t size, size_t chunk, unsigned int how,
     struct observed *o)
{
	struct lhk_stream_opts so = LHK_STREAM_OPTS_INIT;
	const size_t outcome = how / ARRAY_SIZE (caps) % 4;
	const struct lhk_result *result;
	struct lhk_stream *stream;
	struct lhk_host *host;
	const struct lhk_plugin_ref *plugin = plugin_of_host (&host);
	size_t at, n;
	char *piece;

	observe_begin (o, (const char *) data, size, &so);
	so.line_max = caps[how % ARRAY_SIZE (caps)];
	if (lhk_stream_new (host, plugin, &so, &stream, NULL) < 0)
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
	if (lhk_stream_finish (
		    stream,
		    outcome < ARRAY_SIZE (outcomes) ? &outcomes[outcome] : NULL,
		    &result)
	    < 0)
		abort ();
	observe_end (o, result);
	lhk_stream_free (stream);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	static struct observed whole, pieces;

	if (size < 2)
		return 0;
	run (data + 2, size - 2, size, data[1], &whole);
	if (fuzz_turn (0, FUZZ_SELDOM, data, size)) {
		run (data + 2, size - 2, (size_t) data[0] + 1, data[1],
		     &pieces);
		observe_compare (&whole, &pieces);
		observe_free (&pieces);
	}
	observe_free (&whole);
	return 0;
}
