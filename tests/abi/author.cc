// SPDX-License-Identifier: MIT
// author.cc - the plugin of author.c in C++17 and in C++20.
#include <new>

#include <linehook/json.h>
#include <linehook/plugin.h>

namespace
{

struct author {
	const struct lhk_api *api;
	char words[64];
};

struct message {
	struct lhk_text say;
	struct lhk_num n;
};

const struct lhk_field fields[] = {
	LHK_FIELD ("say", LHK_FIELD_TEXT, struct message, say),
	LHK_FIELD ("n", LHK_FIELD_INT, struct message, n),
};
LHK_FIELDS (message_fields, struct message, fields);

int
author_open (const struct lhk_api *api, const struct lhk_option *, size_t,
	     void **ret)
{
	author *a = new (std::nothrow) author ();

	if (a == nullptr)
		return LHK_ENOMEM;
	a->api = api;
	*ret = a;
	return LHK_OK;
}

int
author_line_hook (void *handle, const struct lhk_line *line)
{
	author *a = static_cast<author *> (handle);
	struct lhk_ev_text text = {};
	struct lhk_text_buf b;
	message m;

	if (lhk_json_line (line->data, line->len, &message_fields, &m) < 0)
		return LHK_EPARSE;
	if (m.say.ptr == nullptr)
		return LHK_SKIP;
	lhk_text_begin (&b, a->words, sizeof a->words);
	lhk_text_put_int (&b, m.n.value);
	LHK_TEXT_PUT (&b, ": ");
	lhk_text_put_text (&b, &m.say);
	text.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT);
	text.role = LHK_ROLE_ASSISTANT;
	text.text = lhk_text_end (&b);
	return a->api->emit (a->api->ctx, &text.ev);
}

void
author_close (void *handle)
{
	delete static_cast<author *> (handle);
}

constexpr struct lhk_plugin
describe ()
{
	struct lhk_plugin p = lhk_plugin_header ();

	p.flags = LHK_PLUGIN_JSON;
	p.name = "author";
	p.provider = "author";
	p.version = "1";
	p.summary = "C++ as an author writes it";
	p.open = author_open;
	p.line_hook = author_line_hook;
	p.close = author_close;
	return p;
}

} // namespace

LHK_PLUGIN_DEFINE = describe ();
