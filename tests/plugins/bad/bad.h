/* SPDX-License-Identifier: MIT */
/*
 * bad.h - a plugin that is right but for what its file defines before.
 *
 *	#define BAD_NAME "wrong-magic"
 *	#define BAD_MAGIC 0x12345678u
 *	#include "bad.h"
 */
#ifndef TESTS_BAD_H
#define TESTS_BAD_H

#include <linehook/plugin.h>

#ifndef BAD_MAGIC
#define BAD_MAGIC LHK_PLUGIN_MAGIC
#endif
#ifndef BAD_SIZE
#define BAD_SIZE ((uint32_t) sizeof (struct lhk_plugin))
#endif
#ifndef BAD_FLAGS
#define BAD_FLAGS 0
#endif
#ifndef BAD_NEEDS_MINOR
#define BAD_NEEDS_MINOR 0
#endif
#ifndef BAD_SUMMARY
#define BAD_SUMMARY "for tests"
#endif
#ifndef BAD_LINE_HOOK
#define BAD_LINE_HOOK bad_line_hook
#endif
#ifndef BAD_CLOSE
#define BAD_CLOSE bad_close
#endif
#ifndef BAD_PROGRAMS
#define BAD_PROGRAMS NULL
#endif
#ifndef BAD_COMMAND
#define BAD_COMMAND NULL
#endif

static int
bad_open (const struct lhk_api *api, const struct lhk_option *options,
	  size_t n_options, void **ret)
{
	(void) options;
	(void) n_options;
	*ret = (void *) api;
	return LHK_OK;
}

static inline int
bad_line_hook (void *handle, const struct lhk_line *line)
{
	const struct lhk_api *api = handle;
	struct lhk_ev_text text = {
		.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT),
		.role = LHK_ROLE_ASSISTANT,
		.text = { line->data, line->len, LHK_TEXT_PLAIN, 0 },
	};

	return api->emit (api->ctx, &text.ev);
}

static inline void
bad_close (void *handle)
{
	(void) handle;
}

#ifndef BAD_NO_SYMBOL
LHK_PLUGIN_DEFINE = {
	.magic = BAD_MAGIC,
	.size = BAD_SIZE,
	.abi_minor = LHK_ABI_MINOR,
	.needs_minor = BAD_NEEDS_MINOR,
	.flags = BAD_FLAGS,
	.name = BAD_NAME,
	.provider = "test",
	.version = "1",
	.summary = BAD_SUMMARY,
	.programs = BAD_PROGRAMS,
	.open = bad_open,
	.line_hook = BAD_LINE_HOOK,
	.close = BAD_CLOSE,
	.command = BAD_COMMAND,
};
#else
LHK_EXPORT int (*const bad_no_symbol) (const struct lhk_api *,
				       const struct lhk_option *, size_t,
				       void **);
LHK_EXPORT int (*const bad_no_symbol) (const struct lhk_api *,
				       const struct lhk_option *, size_t,
				       void **) = bad_open;
#endif

#endif /* TESTS_BAD_H */
