/* SPDX-License-Identifier: MIT */
/* lines.c - the plugin for what no other one reads: every line is a text. */
#include "config.h"

#include "plugin/instance.h"
#include "plugin/lines.h"

/* The context of the functions that a plugin may call is its instance, which is
 * all that this one needs to keep. */
static int
lines_open (const struct lhk_api *api, const struct lhk_option *options,
	    size_t n_options, void **ret)
{
	(void) options;
	(void) n_options;
	*ret = api->ctx;
	return LHK_OK;
}

static int
lines_line_hook (void *handle, const struct lhk_line *line)
{
	struct plugin_instance *inst = handle;
	struct lhk_ev_text text = {
		.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT),
		.role = LHK_ROLE_ASSISTANT,
		.text = { line->data, line->len, LHK_TEXT_PLAIN, 0 },
	};

	/* Members of an object that was too long are not the line. */
	if ((line->flags & LHK_LINE_SALVAGED) != 0)
		return LHK_OK;
	return inst->api.emit (inst->api.ctx, &text.ev);
}

static void
lines_close (void *handle)
{
	(void) handle;
}

const struct lhk_plugin plugin_lines = {
	LHK_PLUGIN_HEADER,
	.flags = LHK_PLUGIN_NO_TOKENS | LHK_PLUGIN_NO_COST,
	.name = "lines",
	.provider = "lines",
	.version = "1.0",
	.summary = "every line is a text",
	.open = lines_open,
	.line_hook = lines_line_hook,
	.close = lines_close,
};
