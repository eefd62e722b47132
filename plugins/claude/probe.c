/* SPDX-License-Identifier: MIT */
/*
 * probe.c - is a line, taken alone, one of Claude Code's?
 *
 * Other programs print lines of the same types, with the same sessions and
 * messages: only what none of them prints is a mark.
 */
#include "config.h"

#include "claude/claude.h"
#include "common/stream_json.h"

struct probe {
	struct lhk_text type;
	struct lhk_text subtype;
	struct probe_message {
		struct lhk_text id;
		struct lhk_text model;
	} message;
	struct probe_event {
		struct lhk_text type;
		struct probe_message message;
	} event;
	struct lhk_raw version;
	struct lhk_raw key_source;
	struct lhk_raw tools;
	struct lhk_raw mcp_servers;
	struct lhk_raw retry_delay;
	struct lhk_raw thinking_tokens;
	struct lhk_raw tool_use_result;
	struct lhk_raw cost;
	struct lhk_raw rate_limit;
};

static const struct lhk_field message_fields[] = {
	LHK_FIELD ("id", LHK_FIELD_TEXT, struct probe_message, id),
	LHK_FIELD ("model", LHK_FIELD_TEXT, struct probe_message, model),
};
LHK_FIELDS (message_table, struct probe_message, message_fields);

static const struct lhk_field event_fields[] = {
	LHK_FIELD ("type", LHK_FIELD_TEXT, struct probe_event, type),
	LHK_FIELD_SUB ("message", &message_table, struct probe_event, message),
};
LHK_FIELDS (event_table, struct probe_event, event_fields);

static const struct lhk_field probe_fields[] = {
	LHK_FIELD ("type", LHK_FIELD_TEXT, struct probe, type),
	LHK_FIELD ("subtype", LHK_FIELD_TEXT, struct probe, subtype),
	LHK_FIELD_SUB ("message", &message_table, struct probe, message),
	LHK_FIELD_SUB ("event", &event_table, struct probe, event),
	LHK_FIELD ("claude_code_version", LHK_FIELD_RAW, struct probe, version),
	LHK_FIELD ("apiKeySource", LHK_FIELD_RAW, struct probe, key_source),
	LHK_FIELD ("tools", LHK_FIELD_RAW, struct probe, tools),
	LHK_FIELD ("mcp_servers", LHK_FIELD_RAW, struct probe, mcp_servers),
	LHK_FIELD ("retry_delay_ms", LHK_FIELD_RAW, struct probe, retry_delay),
	LHK_FIELD ("estimated_tokens_delta", LHK_FIELD_RAW, struct probe,
		   thinking_tokens),
	LHK_FIELD ("tool_use_result", LHK_FIELD_RAW, struct probe,
		   tool_use_result),
	LHK_FIELD ("total_cost_usd", LHK_FIELD_RAW, struct probe, cost),
	LHK_FIELD ("rate_limit_info", LHK_FIELD_RAW, struct probe, rate_limit),
};
LHK_FIELDS (probe_table, struct probe, probe_fields);

/* Members that no other program prints in a line of this kind. */
static const struct mark {
	const char *type;
	const char *subtype; /* NULL: any */
	uint32_t member;     /* offset of a struct lhk_raw */
	int32_t value;	     /* LHK_JSON_* that it has; NONE: any value */
} marks[] = {
	{ "system", "init", (uint32_t) offsetof (struct probe, version),
	  LHK_JSON_STRING },
	{ "system", "api_retry",
	  (uint32_t) offsetof (struct probe, retry_delay), LHK_JSON_NUMBER },
	{ "system", "thinking_tokens",
	  (uint32_t) offsetof (struct probe, thinking_tokens),
	  LHK_JSON_NUMBER },
	{ "user", NULL, (uint32_t) offsetof (struct probe, tool_use_result),
	  LHK_JSON_NONE },
	{ "result", NULL, (uint32_t) offsetof (struct probe, cost),
	  LHK_JSON_NUMBER },
	{ "rate_limit_event", NULL,
	  (uint32_t) offsetof (struct probe, rate_limit), LHK_JSON_OBJECT },
};

static int
text_equals (const struct lhk_text *text, const char *word)
{
	return lhk_text_is (text, word, strlen (word));
}

static int
has_mark (const struct probe *p, const struct mark *m)
{
	const struct lhk_raw *raw =
		(const void *) ((const char *) p + m->member);

	return text_equals (&p->type, m->type)
	       && (m->subtype == NULL || text_equals (&p->subtype, m->subtype))
	       && (m->value == LHK_JSON_NONE ? raw->type != LHK_JSON_NONE
					     : raw->type == m->value);
}

/* Before there was a version in it: one program has the first of these members
 * without the others, one the others without the first. */
static int
is_old_init (const struct probe *p)
{
	return LHK_TEXT_IS (&p->type, "system")
	       && LHK_TEXT_IS (&p->subtype, "init")
	       && p->key_source.type == LHK_JSON_STRING
	       && p->tools.type == LHK_JSON_ARRAY
	       && p->mcp_servers.type == LHK_JSON_ARRAY;
}

/* The ids of the model API are passed on as they are; other programs make up
 * their own.  Messages of the program itself name no model. */
static int
is_message (const struct probe_message *m)
{
	return text_begins (&m->id, "msg_")
	       || LHK_TEXT_IS (&m->model, "<synthetic>");
}

static int
is_ours (const struct probe *p)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE (marks); i++)
		if (has_mark (p, &marks[i]))
			return 1;
	if (LHK_TEXT_IS (&p->type, "assistant"))
		return is_message (&p->message);
	if (LHK_TEXT_IS (&p->type, "stream_event"))
		return LHK_TEXT_IS (&p->event.type, "message_delta")
		       || is_message (&p->event.message);
	return is_old_init (p);
}

static int
is_our_object (const struct lhk_raw *raw)
{
	struct probe p;

	return raw->type == LHK_JSON_OBJECT
	       && lhk_json_raw_object (raw, &probe_table, &p) == LHK_OK
	       && is_ours (&p);
}

int
claude_probe (const char *data, size_t len)
{
	return probe_objects (data, len, is_our_object);
}
