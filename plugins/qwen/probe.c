/* SPDX-License-Identifier: MIT */
/*
 * probe.c - is a line, taken alone, one of Qwen Code's?
 *
 * It prints a dialect of Claude Code's lines: only what no other program prints
 * is a mark.  The uuid of a message is its id, too; results count all tokens, and
 * have no cost.
 */
#include "config.h"

#include "common/stream_json.h"
#include "qwen/qwen.h"

static int
is_system (const struct qwen_line *line)
{
	struct qwen_data d;

	if (LHK_TEXT_IS (&line->subtype, "init"))
		return line->version.ptr != NULL;
	if (!LHK_TEXT_IS (&line->subtype, "retry"))
		return 0;
	qwen_object (&line->data, QWEN_DATA, &d);
	return d.discarded.type == LHK_JSON_NUMBER;
}

static int
is_assistant (const struct qwen_line *line)
{
	const struct lhk_text *id = &line->message.id;
	const struct lhk_text *uuid = &line->uuid;

	return !text_empty (id) && id->len == uuid->len
	       && memcmp (id->ptr, uuid->ptr, id->len) == 0;
}

static int
is_stream (const struct qwen_line *line)
{
	return LHK_TEXT_IS (&line->event.type, "goal_state")
	       && line->event.goal_state.type == LHK_JSON_OBJECT;
}

static int
is_result (const struct qwen_line *line)
{
	struct qwen_small error;

	if (text_empty (&line->uuid) || !line->duration_api_ms.has
	    || line->denials.type != LHK_JSON_ARRAY
	    || line->cost.type != LHK_JSON_NONE)
		return 0;
	qwen_object (&line->error, QWEN_SMALL, &error);
	return line->usage.total.has || !text_empty (&error.message);
}

static const struct {
	const char *type;
	int (*fn) (const struct qwen_line *line);
} marks[] = {
	{ "system", is_system },
	{ "assistant", is_assistant },
	{ "stream_event", is_stream },
	{ "result", is_result },
};

static int
is_ours (const struct lhk_raw *raw)
{
	struct qwen_line line;
	size_t i;

	qwen_object (raw, QWEN_LINE, &line);
	for (i = 0; i < ARRAY_SIZE (marks); i++)
		if (lhk_text_is (&line.type, marks[i].type,
				 strlen (marks[i].type)))
			return marks[i].fn (&line);
	return 0;
}

int
qwen_probe (const char *data, size_t len)
{
	return probe_objects (data, len, is_ours);
}
