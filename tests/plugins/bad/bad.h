/* SPDX-License-Identifier: MIT */
/*
 * bad.h - a plugin that is right but for what its file defines before.
 *
 *	#define BAD_NAME "wrong-magic"
 *	#define BAD_MAGIC 0x12345678u
 *	#include "bad.h"
 *
 * With BAD_OWN_LINE_HOOK the file has a function own_line_hook behind the
 * include, and likewise for the other callbacks.  With BAD_STATE its handle is
 * a struct bad in memory of its own.
 */
#ifndef TESTS_BAD_H
#define TESTS_BAD_H

#include <stdlib.h>

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
/* ---- callbacks of the file ---- */

#ifdef BAD_OWN_OPEN
static int own_open (const struct lhk_api *api,
		     const struct lhk_option *options, size_t n_options,
		     void **ret);
#define BAD_OPEN own_open
#endif
#ifdef BAD_OWN_LINE_HOOK
static int own_line_hook (void *handle, const struct lhk_line *line);
#define BAD_LINE_HOOK own_line_hook
#endif
#ifdef BAD_OWN_FLUSH
static int own_flush (void *handle);
#define BAD_FLUSH own_flush
#endif
#ifdef BAD_OWN_CLOSE
static void own_close (void *handle);
#define BAD_CLOSE own_close
#endif
#ifdef BAD_OWN_PROBE
static int own_probe (const char *data, size_t len);
#define BAD_PROBE own_probe
#endif

#ifndef BAD_OPEN
#define BAD_OPEN bad_open
#endif
#ifndef BAD_FLUSH
#define BAD_FLUSH NULL
#endif
#ifndef BAD_PROBE
#define BAD_PROBE NULL
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

/* ---- callbacks that are right ---- */

#ifdef BAD_STATE
struct bad {
	const struct lhk_api *api;
	unsigned long n;  /* 0 */
	void *memory;	  /* NULL */
	const char *kept; /* NULL */
	size_t kept_len;
};
#endif

static inline int
bad_open (const struct lhk_api *api, const struct lhk_option *options,
	  size_t n_options, void **ret)
{
	(void) options;
	(void) n_options;
#ifdef BAD_STATE
	struct bad *b = calloc (1, sizeof *b);

	if (b == NULL)
		return LHK_ENOMEM;
	b->api = api;
	*ret = b;
#else
	*ret = (void *) (uintptr_t) api;
#endif
	return LHK_OK;
}

/* Emit a text of the FORM LHK_TEXT_*. */
static inline int
bad_say (const struct lhk_api *api, const char *data, size_t len, uint32_t form)
{
	struct lhk_ev_text text = {
		.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT),
		.role = LHK_ROLE_ASSISTANT,
	};

	text.text.ptr = data;
	text.text.len = len;
	text.text.form = form;
	return api->emit (api->ctx, &text.ev);
}

static inline int
bad_line_hook (void *handle, const struct lhk_line *line)
{
#ifdef BAD_STATE
	struct bad *b = handle;

	return bad_say (b->api, line->data, line->len, LHK_TEXT_PLAIN);
#else
	return bad_say (handle, line->data, line->len, LHK_TEXT_PLAIN);
#endif
}

static inline void
bad_close (void *handle)
{
#ifdef BAD_STATE
	free (handle);
#else
	(void) handle;
#endif
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
	.probe = BAD_PROBE,
	.open = BAD_OPEN,
	.line_hook = BAD_LINE_HOOK,
	.flush = BAD_FLUSH,
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
