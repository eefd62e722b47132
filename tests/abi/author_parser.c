/* SPDX-License-Identifier: MIT */
/*
 * author_parser.c - the plugin of author.c with a parser of its own, which
 * knows one form of line, {"say":"WORDS"}, and refuses every other.
 */
#include <stdlib.h>
#include <string.h>

#include <linehook/plugin.h>

static const char begin[] = "{\"say\":\"";

static int
author_open (const struct lhk_api *api, const struct lhk_option *options,
	     size_t n_options, void **ret)
{
	const struct lhk_api **handle = malloc (sizeof *handle);

	(void) options;
	(void) n_options;
	if (handle == NULL)
		return LHK_ENOMEM;
	*handle = api;
	*ret = handle;
	return LHK_OK;
}

/* ASCII without a quote, a backslash or a control byte. */
static int
is_simple (const char *p, size_t n)
{
	for (; n > 0; p++, n--)
		if (*p < 0x20 || *p == 0x7f || *p == '"' || *p == '\\')
			return 0;
	return 1;
}

static int
author_line_hook (void *handle, const struct lhk_line *line)
{
	const struct lhk_api *const *api = handle;
	size_t head = sizeof begin - 1;
	struct lhk_ev_text text = {
		.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT),
		.role = LHK_ROLE_ASSISTANT,
	};

	if (line->len < head + 2 || memcmp (line->data, begin, head) != 0
	    || memcmp (line->data + line->len - 2, "\"}", 2) != 0
	    || !is_simple (line->data + head, line->len - head - 2))
		return LHK_EPARSE;
	text.text.ptr = line->data + head;
	text.text.len = line->len - head - 2;
	return (*api)->emit ((*api)->ctx, &text.ev);
}

static void
author_close (void *handle)
{
	free (handle);
}

LHK_PLUGIN_DEFINE = {
	LHK_PLUGIN_HEADER,     .flags = LHK_PLUGIN_JSON,
	.name = "author",      .provider = "author",
	.version = "1",	       .summary = "a parser of its own",
	.open = author_open,   .line_hook = author_line_hook,
	.close = author_close,
};
