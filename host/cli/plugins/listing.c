/* SPDX-License-Identifier: MIT */
/* listing.c - a plugin that was found or refused, as one JSON object. */
#include "config.h"

#include <string.h>

#include "cli/plugins/listing.h"
#include "json/writer.h"
#include "common/text.h"

static const struct {
	uint32_t flag;
	const char *name;
} flag_names[] = {
	{ LHK_PLUGIN_JSON, "json" },
	{ LHK_PLUGIN_STDOUT_FILE, "stdout-file" },
	{ LHK_PLUGIN_CLAIMS, "claims" },
};

void
listing_flags (struct outbuf *o, uint32_t flags, int json)
{
	const char *comma = "";
	size_t i;

	for (i = 0; i < sizeof flag_names / sizeof flag_names[0]; i++) {
		if ((flags & flag_names[i].flag) == 0)
			continue;
		outbuf_str (o, comma);
		if (json)
			outbuf_byte (o, '"');
		outbuf_str (o, flag_names[i].name);
		if (json)
			outbuf_byte (o, '"');
		comma = ",";
	}
	if (!json && *comma == '\0')
		outbuf_byte (o, '-');
}

static void
put_member (struct outbuf *o, const char *key, const char *value)
{
	struct lhk_text text;

	if (value == NULL)
		return;
	text = text_from_cstr (value);
	outbuf_str (o, ",\"");
	outbuf_str (o, key);
	outbuf_str (o, "\":");
	json_put_body (o, &text);
}

static void
put_programs (struct outbuf *o, const char *const *programs)
{
	const char *comma = "";

	outbuf_str (o, ",\"programs\":[");
	for (; programs != NULL && *programs != NULL; programs++) {
		struct lhk_text text = text_from_cstr (*programs);

		outbuf_str (o, comma);
		json_put_body (o, &text);
		comma = ",";
	}
	outbuf_byte (o, ']');
}

void
listing_json (struct outbuf *o, const struct lhk_plugin_entry *e)
{
	const struct lhk_plugin *p =
		e->ref == NULL ? NULL : lhk_plugin_ref_descriptor (e->ref);
	struct lhk_text name = text_from_cstr (e->name);

	outbuf_str (o, "{\"name\":");
	json_put_body (o, &name);
	if (p != NULL) {
		put_member (o, "provider", p->provider);
		put_member (o, "version", p->version);
		outbuf_str (o, ",\"abi\":\"1.");
		outbuf_u64 (o, p->abi_minor);
		outbuf_str (o, "\",\"flags\":[");
		listing_flags (o, p->flags, 1);
		outbuf_byte (o, ']');
		put_programs (o, p->programs);
		put_member (o, "summary", p->summary);
	}
	put_member (o, "path", e->path);
	if (e->shadowed)
		outbuf_str (o, ",\"shadowed\":true");
	else if (p == NULL)
		put_member (o, "refused",
			    e->err == NULL ? "unknown reason" : e->err->text);
	outbuf_byte (o, '}');
}
