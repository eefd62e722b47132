/* SPDX-License-Identifier: MIT */
/* listing.c - a plugin that was found or refused, as one JSON object. */
#include "config.h"

#include <string.h>

#include "cli/plugins/listing.h"
#include "format/event_json.h"

static const struct {
	uint32_t flag;
	const char *name;
} flag_names[] = {
	{ LHK_PLUGIN_JSON, "json" },
	{ LHK_PLUGIN_STDOUT_FILE, "stdout-file" },
	{ LHK_PLUGIN_CLAIMS, "claims" },
};

static struct lhk_text
text_of (const char *s)
{
	struct lhk_text text = { s, strlen (s), LHK_TEXT_PLAIN, 0 };

	return text;
}

void
listing_flags (struct out *o, uint32_t flags, int json)
{
	const char *comma = "";
	size_t i;

	for (i = 0; i < sizeof flag_names / sizeof flag_names[0]; i++) {
		if ((flags & flag_names[i].flag) == 0)
			continue;
		out_str (o, comma);
		if (json)
			out_byte (o, '"');
		out_str (o, flag_names[i].name);
		if (json)
			out_byte (o, '"');
		comma = ",";
	}
	if (!json && *comma == '\0')
		out_byte (o, '-');
}

static void
put_member (struct out *o, const char *key, const char *value)
{
	struct lhk_text text;

	if (value == NULL)
		return;
	text = text_of (value);
	out_str (o, ",\"");
	out_str (o, key);
	out_str (o, "\":");
	sink_json_text (o, &text);
}

static void
put_programs (struct out *o, const char *const *programs)
{
	const char *comma = "";

	out_str (o, ",\"programs\":[");
	for (; programs != NULL && *programs != NULL; programs++) {
		struct lhk_text text = text_of (*programs);

		out_str (o, comma);
		sink_json_text (o, &text);
		comma = ",";
	}
	out_byte (o, ']');
}

void
listing_json (struct out *o, const struct lhk_plugin_entry *e)
{
	const struct lhk_plugin *p =
		e->ref == NULL ? NULL : lhk_plugin_ref_descriptor (e->ref);
	struct lhk_text name = text_of (e->name);

	out_str (o, "{\"name\":");
	sink_json_text (o, &name);
	if (p != NULL) {
		put_member (o, "provider", p->provider);
		put_member (o, "version", p->version);
		out_str (o, ",\"abi\":\"1.");
		out_u64 (o, p->abi_minor);
		out_str (o, "\",\"flags\":[");
		listing_flags (o, p->flags, 1);
		out_byte (o, ']');
		put_programs (o, p->programs);
		put_member (o, "summary", p->summary);
	}
	put_member (o, "path", e->path);
	if (e->shadowed)
		out_str (o, ",\"shadowed\":true");
	else if (p == NULL)
		put_member (o, "refused",
			    e->err == NULL ? "unknown reason" : e->err->text);
	out_byte (o, '}');
}
