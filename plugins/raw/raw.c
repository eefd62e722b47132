/* SPDX-License-Identifier: MIT */
/*
 * raw.c - every line becomes a text: the plugin for any program, and the
 * first one to read for whoever writes a plugin of their own.
 *
 * It shows all that a plugin must have: open, line_hook, close, and the one
 * constant that is exported.  What the numbers mean is in <linehook/plugin.h>.
 */
#include <stdlib.h>

#include <linehook/plugin.h>

/* All state of one stream lives in its handle, never in a static variable:
 * the host may have many streams open, in many threads. */
struct raw {
	const struct lhk_api *api;
};

static int
raw_open (const struct lhk_api *api, const struct lhk_option *options,
	  size_t n_options, void **ret)
{
	struct raw *r;

	/* A plugin ignores options that it does not know. */
	(void) options;
	(void) n_options;

	r = malloc (sizeof (*r));
	if (r == NULL) {
		api->log (api->ctx, LHK_LOG_ERROR, "raw: no memory");
		return LHK_ENOMEM;
	}
	r->api = api;
	*ret = r;
	return LHK_OK;
}

static int
raw_line_hook (void *handle, const struct lhk_line *line)
{
	struct raw *r = handle;
	struct lhk_ev_text text = {
		.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT),
		.role = LHK_ROLE_ASSISTANT,
		/* PLAIN: the host makes valid UTF-8 of whatever this is. */
		.text = { line->data, line->len, LHK_TEXT_PLAIN, 0 },
	};

	/* Too long: what is in DATA are fields of an object, and not the line.
	 * The host has already said so. */
	if (line->flags & LHK_LINE_SALVAGED)
		return LHK_OK;

	/* The text is borrowed until this function has returned. */
	return r->api->emit (r->api->ctx, &text.ev);
}

static void
raw_close (void *handle)
{
	free (handle);
}

LHK_PLUGIN_DEFINE = {
	LHK_PLUGIN_HEADER,
	/* Nobody knows what any program costs. */
	.flags = LHK_PLUGIN_NO_TOKENS | LHK_PLUGIN_NO_COST,
	.name = "raw",
	.provider = "raw",
	.version = "1.0",
	.summary = "any program: every line is a text",
	.open = raw_open,
	.line_hook = raw_line_hook,
	.close = raw_close,
};
