/* SPDX-License-Identifier: MIT */
/* stream_lost.c - calls whose end may have been in a line that was lost. */
#include "config.h"

#include <string.h>

#include <linehook/json.h>

#include "run/stream.h"

struct lost {
	struct lhk_text type;
	struct lhk_raw parent;
};

static int
can_end_a_call (const struct lhk_plugin *plugin, const struct lhk_text *type)
{
	const char *const *end = plugin->call_ends;

	if (end == NULL)
		return 1;
	while (*end != NULL && !lhk_text_is (type, *end, strlen (*end)))
		end++;
	return *end != NULL;
}

static void
lost_object (struct lhk_stream *s, const struct lhk_str *saved)
{
	const char *parent = s->plugin->call_parent;
	const struct lhk_field fields[] = {
		LHK_FIELD ("type", LHK_FIELD_TEXT, struct lost, type),
		{ parent, parent != NULL ? (uint32_t) strlen (parent) : 0,
		  LHK_FIELD_RAW, 0, offsetof (struct lost, parent), 0, NULL },
	};
	const struct lhk_fields table = { fields, parent != NULL ? 2 : 1,
					  sizeof (struct lost) };
	struct lhk_text thread = { NULL, 0, 0, 0 };
	struct lost lost;

	if (lhk_json_line (saved->ptr, saved->len, &table, &lost) != LHK_OK
	    || !can_end_a_call (s->plugin, &lost.type))
		return;
	lhk_raw_text (&lost.parent, &thread);
	summary_lost_call (s->summary,
			   parent != NULL && lost.parent.type == LHK_JSON_NONE
				   ? NULL
				   : &thread);
}

void
stream_lost_calls (struct lhk_stream *s, const struct lhk_str *saved, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		lost_object (s, &saved[i]);
}

void
stream_lost_line (struct lhk_stream *s, const struct frame_line *line)
{
	struct lhk_str saved[SALVAGE_OBJECTS];

	if (summary_tools_open (s->summary) == 0)
		return;
	salvage_init (&s->salvage);
	salvage_feed (&s->salvage, line->data, line->len);
	stream_lost_calls (s, saved, salvage_end (&s->salvage, saved));
}
