/* SPDX-License-Identifier: MIT */
/*
 * bytes.c - the plugin of a run whose stdout is no stream of events.
 *
 * It is never asked for a line, and has the name under which such a stdout can
 * be parsed later.  Linked in, so that such a run needs no plugin directory.
 */
#include "config.h"

#include "run/start.h"

static int
bytes_open (const struct lhk_api *api, const struct lhk_option *options,
	    size_t n_options, void **ret)
{
	(void) options;
	(void) n_options;
	*ret = (void *) (uintptr_t) api;
	return LHK_OK;
}

static int
bytes_line_hook (void *handle, const struct lhk_line *line)
{
	(void) handle;
	(void) line;
	return LHK_SKIP;
}

static void
bytes_close (void *handle)
{
	(void) handle;
}

const struct lhk_plugin_ref run_bytes_plugin = {
	.plugin = {
		LHK_PLUGIN_HEADER,
		.name = "raw",
		.provider = "raw",
		.version = "1.0",
		.summary = "bytes: nothing is parsed",
		.open = bytes_open,
		.line_hook = bytes_line_hook,
		.close = bytes_close,
	},
};
