/* SPDX-License-Identifier: MIT */
/*
 * author.c - a plugin as an author in C writes it, in C99 and in C11: the
 * reader, a text of pieces, a descriptor with designators.
 */
#include <stdlib.h>

#include <linehook/json.h>
#include <linehook/plugin.h>

struct author {
	const struct lhk_api *api;
	char words[64];
};

struct message {
	struct lhk_text say;
	struct lhk_num n;
};

static const struct lhk_field fields[] = {
	LHK_FIELD ("say", LHK_FIELD_TEXT, struct message, say),
	LHK_FIELD ("n", LHK_FIELD_INT, struct message, n),
};
LHK_FIELDS (message_fields, struct message, fields);

static int
author_open (const struct lhk_api *api, const struct lhk_option *options,
	     size_t n_options, void **ret)
{
	struct author *a = calloc (1, sizeof *a);

	(void) options;
	(void) n_options;
	if (a == NULL)
		return LHK_ENOMEM;
	a->api = api;
	*ret = a;
	return LHK_OK;
}

static int
author_line_hook (void *handle, const struct lhk_line *line)
{
	struct lhk_ev_text text = {
		.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT),
		.role = LHK_ROLE_ASSISTANT,
	};
	struct author *a = handle;
	struct lhk_text_buf b;
	struct message m;

	if (lhk_json_line (line->data, line->len, &message_fields, &m) < 0)
		return LHK_EPARSE;
	if (m.say.ptr == NULL)
		return LHK_SKIP;
	lhk_text_begin (&b, a->words, sizeof a->words);
	lhk_text_put_int (&b, m.n.value);
	LHK_TEXT_PUT (&b, ": ");
	lhk_text_put_text (&b, &m.say);
	text.text = lhk_text_end (&b);
	return a->api->emit (a->api->ctx, &text.ev);
}

static void
author_close (void *handle)
{
	free (handle);
}

LHK_PLUGIN_DEFINE = {
	LHK_PLUGIN_HEADER,     .flags = LHK_PLUGIN_JSON,
	.name = "author",      .provider = "author",
	.version = "1",	       .summary = "C as an author writes it",
	.open = author_open,   .line_hook = author_line_hook,
	.close = author_close,
};
