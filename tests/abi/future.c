/* SPDX-License-Identifier: MIT */
/*
 * future.c - a plugin of a later ABI 1.x: a longer descriptor, longer events,
 * a kind and a host function that this host does not know.
 */
#include <stdlib.h>

#include <linehook/plugin.h>

struct future_api {
	struct lhk_api api;
	int (*remember) (void *ctx, const char *what);
};

struct future_plugin {
	struct lhk_plugin plugin;
	int (*tick) (void *handle);
	void *more[6];
};

struct future_text {
	struct lhk_ev_text text;
	struct lhk_text language;
	int64_t tokens;
};

struct future {
	const struct lhk_api *api;
};

static int
future_open (const struct lhk_api *api, const struct lhk_option *options,
	     size_t n_options, void **ret)
{
	struct future *f = malloc (sizeof *f);

	(void) options;
	(void) n_options;
	if (f == NULL)
		return LHK_ENOMEM;
	f->api = api;
	*ret = f;
	return LHK_OK;
}

static int
future_line_hook (void *handle, const struct lhk_line *line)
{
	static const struct future_text text = {
		.text = {
			.ev = LHK_EV (struct future_text, LHK_EV_TEXT),
			.role = LHK_ROLE_ASSISTANT,
			.text = LHK_TEXT_INIT ("new"),
		},
		.language = LHK_TEXT_INIT ("en"),
		.tokens = 5,
	};
	static const struct lhk_event unknown = {
		sizeof unknown,
		77,
		{ NULL, 0, 0, 0 },
	};
	struct future *f = handle;
	const struct future_api *api =
		(const struct future_api *) (const void *) f->api;

	(void) line;
	/* A host that had the function would say so by its size. */
	if (f->api->size >= sizeof *api && api->remember != NULL)
		api->remember (f->api->ctx, "x");
	if (f->api->emit (f->api->ctx, &unknown) != LHK_EUNSUPPORTED)
		return LHK_EABI;
	return f->api->emit (f->api->ctx, &text.text.ev);
}

static void
future_close (void *handle)
{
	free (handle);
}

static int
future_tick (void *handle)
{
	(void) handle;
	abort ();
}

/* The header declares the symbol with the type of today. */
LHK_EXPORT extern const struct future_plugin
	future_plugin __asm__("linehook_plugin_1");
LHK_EXPORT const struct future_plugin future_plugin = {
	.plugin = {
		.magic = LHK_PLUGIN_MAGIC,
		.size = sizeof (struct future_plugin),
		.abi_minor = LHK_ABI_MINOR + 3,
		.needs_minor = 0,
		.name = "future",
		.provider = "future",
		.version = "9",
		.summary = "of a later ABI",
		.open = future_open,
		.line_hook = future_line_hook,
		.close = future_close,
	},
	.tick = future_tick,
};
