/* SPDX-License-Identifier: MIT */
/*
 * probe.c - is a line, taken alone, one of Claude Code's?
 *
 * Only what no other program prints: others have `type' too.
 */
#include "config.h"

#include "claude/claude.h"

struct probe {
	struct lhk_text type;
	struct lhk_text subtype;
	struct lhk_text session_id;
	struct lhk_raw message;
	struct lhk_raw event;
	struct lhk_raw part;   /* of others */
	struct lhk_raw status; /* of others */
};

static const struct lhk_field probe_fields[] = {
	LHK_FIELD ("type", LHK_FIELD_TEXT, struct probe, type),
	LHK_FIELD ("subtype", LHK_FIELD_TEXT, struct probe, subtype),
	LHK_FIELD ("session_id", LHK_FIELD_TEXT, struct probe, session_id),
	LHK_FIELD ("message", LHK_FIELD_RAW, struct probe, message),
	LHK_FIELD ("event", LHK_FIELD_RAW, struct probe, event),
	LHK_FIELD ("part", LHK_FIELD_RAW, struct probe, part),
	LHK_FIELD ("status", LHK_FIELD_RAW, struct probe, status),
};
LHK_FIELDS (probe_table, struct probe, probe_fields);

static int
is_ours (const struct probe *p)
{
	int in_session = !text_empty (&p->session_id);

	if (p->part.type != LHK_JSON_NONE)
		return 0;
	if (LHK_TEXT_IS (&p->type, "system"))
		return in_session && !text_empty (&p->subtype);
	if (LHK_TEXT_IS (&p->type, "assistant")
	    || LHK_TEXT_IS (&p->type, "user"))
		return in_session && p->message.type == LHK_JSON_OBJECT;
	if (LHK_TEXT_IS (&p->type, "stream_event"))
		return p->event.type == LHK_JSON_OBJECT;
	if (LHK_TEXT_IS (&p->type, "result"))
		return !text_empty (&p->subtype)
		       && p->status.type == LHK_JSON_NONE;
	return 0;
}

int
claude_probe (const char *data, size_t len)
{
	struct lhk_raw raw;
	struct lhk_json j;
	struct probe p;

	lhk_json_begin (&j, data, len);
	if (!lhk_json_raw (&j, &raw) || lhk_json_end (&j) != LHK_OK)
		return 0;
	if (raw.type == LHK_JSON_ARRAY) {
		lhk_json_begin_raw (&j, &raw);
		lhk_json_enter (&j);
		if (!lhk_json_element (&j) || !lhk_json_raw (&j, &raw))
			return 0;
	}
	return raw.type == LHK_JSON_OBJECT
	       && lhk_json_raw_object (&raw, &probe_table, &p) == LHK_OK
	       && is_ours (&p);
}
