/* SPDX-License-Identifier: MIT */
/*
 * probe.c - is a line, taken alone, one of Droid's?
 *
 * Other programs print lines of the same types: those have no session, a time
 * that is a text, or other members.  The first line and the whole result look
 * like Claude Code's, but for one member each.
 */
#include "config.h"

#include "droid/droid.h"

/* Offsets of texts that a line of a type must have, may they be empty. */
#define MEMBER(name) ((uint32_t) offsetof (struct droid_line, name))

static const struct {
	const char *type;
	uint32_t members[2];
} probes[] = {
	{ "message", { MEMBER (role), MEMBER (text) } },
	{ "reasoning", { MEMBER (id), MEMBER (text) } },
	{ "tool_call", { MEMBER (message_id), MEMBER (tool_name) } },
	{ "tool_result", { MEMBER (message_id), MEMBER (tool_id) } },
	{ "error", { MEMBER (source), MEMBER (message) } },
	{ "completion", { MEMBER (final_text), MEMBER (session_id) } },
};

static int
has_text (const struct droid_line *l, uint32_t member)
{
	const struct lhk_text *text =
		(const void *) ((const char *) l + member);

	return text->ptr != NULL;
}

int
droid_probe (const char *data, size_t len)
{
	struct droid_line l;
	size_t i;

	if (droid_read (data, len, &l) != LHK_OK || l.session_id.ptr == NULL)
		return 0;
	if (LHK_TEXT_IS (&l.type, "system"))
		return LHK_TEXT_IS (&l.subtype, "init") && l.cwd.ptr != NULL
		       && l.model.ptr != NULL && l.effort.ptr != NULL;
	if (LHK_TEXT_IS (&l.type, "result"))
		return l.failed != 0 && l.usage.credits.has;
	if (!l.timestamp.has)
		return 0;
	for (i = 0; i < ARRAY_SIZE (probes); i++)
		if (lhk_text_is (&l.type, probes[i].type,
				 strlen (probes[i].type)))
			return has_text (&l, probes[i].members[0])
			       && has_text (&l, probes[i].members[1]);
	return 0;
}
