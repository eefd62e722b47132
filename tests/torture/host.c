/* SPDX-License-Identifier: MIT */
/* host.c - hosts with counted memory and two plugins. */
#include "config.h"

#include <string.h>
#include <unistd.h>

#include "torture/torture.h"

static int
plugin_open (const struct lhk_api *api, const struct lhk_option *options,
	     size_t n_options, void **ret)
{
	(void) options;
	(void) n_options;
	*ret = (void *) (uintptr_t) api;
	return LHK_OK;
}

/* Each line becomes a text event, except "CLAIM", which claims success. */
static int
plugin_line (void *handle, const struct lhk_line *line)
{
	const struct lhk_api *api = handle;
	struct lhk_ev_text text = { .ev = LHK_EV (struct lhk_ev_text,
						  LHK_EV_TEXT) };
	struct lhk_ev_result claim = { .ev = LHK_EV (struct lhk_ev_result,
						     LHK_EV_RESULT) };

	if (line->len == 5 && memcmp (line->data, "CLAIM", 5) == 0) {
		claim.verdict = LHK_VERDICT_OK;
		claim.terminal = 1;
		return api->emit (api->ctx, &claim.ev);
	}
	text.role = LHK_ROLE_ASSISTANT;
	text.text =
		(struct lhk_text){ line->data, line->len, LHK_TEXT_PLAIN, 0 };
	return api->emit (api->ctx, &text.ev);
}

static void
plugin_close (void *handle)
{
	(void) handle;
}

/* clang-format off */
#define PLUGIN(name_, flags_)						\
	{ LHK_PLUGIN_HEADER, .flags = (flags_), .name = (name_),	\
	  .provider = "torture", .version = "1", .summary = "for tests", \
	  .open = plugin_open, .line_hook = plugin_line, .close = plugin_close }
/* clang-format on */

static const struct lhk_plugin plugins[] = {
	PLUGIN ("raw", 0),
	PLUGIN ("claims", LHK_PLUGIN_CLAIMS),
};

struct lhk_host *
sandbox_host (struct sandbox *s)
{
	struct lhk_host_opts o = LHK_HOST_OPTS_INIT;
	struct lhk_host *host = NULL;

	o.monitor = s->monitor;
	o.alloc = &s->memory.alloc;
	if (lhk_host_new (&o, &host, NULL) < 0
	    || lhk_host_add_plugin (host, &plugins[0], NULL) < 0
	    || lhk_host_add_plugin (host, &plugins[1], NULL) < 0
	    || lhk_host_fd (host) < 0)
		_exit (89);
	return host;
}

const struct lhk_plugin_ref *
sandbox_plugin (struct lhk_host *host, const char *name)
{
	const struct lhk_plugin_ref *ref = NULL;

	if (lhk_host_plugin (host, name, &ref, NULL) < 0)
		_exit (89);
	return ref;
}
