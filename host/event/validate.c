/* SPDX-License-Identifier: MIT */
/*
 * validate.c - events of a plugin become events this host can rely on.
 *
 * A table says which members of a kind are texts, arrays or bytes; its numbers
 * have a function.
 */
#include "config.h"

#include <string.h>

#include "event/validate.h"
#include "common/limits.h"
#include "common/macros.h"

/* The members of a kind; an offset of 0 ends a list. */
struct kind {
	size_t size;
	uint16_t texts[9]; /* offsets of struct lhk_text */
	uint16_t bytes;	   /* offset of a struct lhk_str */
	uint16_t array;	   /* offset of a pointer, with its count behind */
	uint16_t element;  /* bytes of an element, which begins with a text */
	void (*numbers) (union event_union *e);
};

static void
check_session (union event_union *e)
{
	int32_t r = e->session.resumed;

	e->session.resumed = r > 0 ? 1 : r < 0 ? -1 : 0;
	e->session.reserved = 0;
}

/* VALUE if it is in FIRST..LAST, else OTHER. */
static int32_t
in_range (int32_t value, int32_t first, int32_t last, int32_t other)
{
	return value >= first && value <= last ? value : other;
}

static void
check_text (union event_union *e)
{
	e->text.role =
		in_range (e->text.role, LHK_ROLE_ASSISTANT, LHK_ROLE_SYSTEM, 0);
	e->text.delta = e->text.delta != 0;
	e->text.flags &= LHK_TEXT_SYNTHETIC | LHK_TEXT_SAME_MESSAGE;
	e->text.reserved = 0;
}

static void
check_tool (union event_union *e)
{
	e->tool.status =
		in_range (e->tool.status, LHK_TOOL_PENDING, LHK_TOOL_DENIED, 0);
	e->tool.type = in_range (e->tool.type, LHK_TYPE_OTHER, LHK_TYPE_FETCH,
				 LHK_TYPE_OTHER);
	e->tool.flags &=
		LHK_TOOL_HAS_EXIT | LHK_TOOL_TRUNCATED
		| LHK_TOOL_OUTPUT_JSON | LHK_TOOL_NEXT_MESSAGE;
}

static void
check_usage (union event_union *e)
{
	struct lhk_ev_usage *u = &e->usage;
	int64_t *const values[] = {
		&u->input,	  &u->output,	     &u->cache_read,
		&u->cache_write,  &u->reasoning,     &u->context_used,
		&u->context_size, &u->cost_nano_usd,
	};
	size_t i;

	u->scope = in_range (u->scope, LHK_SCOPE_CALL, LHK_SCOPE_SESSION, 0);
	u->has &= 2u * LHK_USAGE_COST - 1;
	/* The bits are in the order of the values. */
	for (i = 0; i < ARRAY_SIZE (values); i++) {
		if (*values[i] >= 0)
			continue;
		*values[i] = 0;
		u->has &= ~(1u << i);
	}
}

static void
check_notice (union event_union *e)
{
	switch (e->notice.level) {
	case LHK_LOG_ERROR:
	case LHK_LOG_WARN:
	case LHK_LOG_INFO:
	case LHK_LOG_DEBUG:
		break;
	default:
		e->notice.level = LHK_LOG_INFO;
	}
	e->notice.reserved = 0;
}

static void
check_result (union event_union *e)
{
	e->result.verdict = in_range (e->result.verdict, LHK_VERDICT_OK,
				      LHK_VERDICT_CANCELED, 0);
	e->result.terminal = e->result.terminal != 0;
}

#define AT(type, member) ((uint16_t) offsetof (struct type, member))

static const struct kind kinds[] = {
	[LHK_EV_SESSION] = {
		sizeof (struct lhk_ev_session),
		{ AT (lhk_ev_session, id), AT (lhk_ev_session, model),
		  AT (lhk_ev_session, cwd),
		  AT (lhk_ev_session, agent_version),
		  AT (lhk_ev_session, provider) },
		0, AT (lhk_ev_session, tools), sizeof (struct lhk_text),
		check_session,
	},
	[LHK_EV_TEXT] = {
		sizeof (struct lhk_ev_text),
		{ AT (lhk_ev_text, id), AT (lhk_ev_text, text) },
		0, 0, 0, check_text,
	},
	[LHK_EV_TOOL] = {
		sizeof (struct lhk_ev_tool),
		{ AT (lhk_ev_tool, id), AT (lhk_ev_tool, name),
		  AT (lhk_ev_tool, server), AT (lhk_ev_tool, brief),
		  AT (lhk_ev_tool, output) },
		AT (lhk_ev_tool, input),
		AT (lhk_ev_tool, paths), sizeof (struct lhk_text),
		check_tool,
	},
	[LHK_EV_PLAN] = {
		sizeof (struct lhk_ev_plan), { 0 },
		0, AT (lhk_ev_plan, entries), sizeof (struct lhk_plan_entry),
		NULL,
	},
	[LHK_EV_ASK] = {
		sizeof (struct lhk_ev_ask),
		{ AT (lhk_ev_ask, id), AT (lhk_ev_ask, tool),
		  AT (lhk_ev_ask, text), AT (lhk_ev_ask, outcome) },
		0, AT (lhk_ev_ask, options), sizeof (struct lhk_text), NULL,
	},
	[LHK_EV_USAGE] = {
		sizeof (struct lhk_ev_usage),
		{ AT (lhk_ev_usage, id), AT (lhk_ev_usage, model),
		  AT (lhk_ev_usage, cost_source) },
		0, 0, 0, check_usage,
	},
	[LHK_EV_NOTICE] = {
		sizeof (struct lhk_ev_notice),
		{ AT (lhk_ev_notice, code), AT (lhk_ev_notice, text) },
		AT (lhk_ev_notice, data), 0, 0, check_notice,
	},
	[LHK_EV_RESULT] = {
		sizeof (struct lhk_ev_result),
		{ AT (lhk_ev_result, stop_reason), AT (lhk_ev_result, text),
		  AT (lhk_ev_result, error) },
		0, 0, 0, check_result,
	},
};

static int
text_is_valid (const char *at)
{
	const struct lhk_text *t = (const struct lhk_text *) (const void *) at;

	return t->ptr != NULL || t->len == 0;
}

static void
fix_form (struct lhk_text *t)
{
	if (t->form > LHK_TEXT_RAW)
		t->form = LHK_TEXT_PLAIN;
	t->reserved = 0;
}

/* The array and its count lie next to each other in every kind. */
struct array {
	const void *elements;
	size_t n;
};

static int
check_members (const struct kind *k, char *base)
{
	struct lhk_str s = { NULL, 0 };
	struct array a = { NULL, 0 };
	size_t i;

	for (i = 0; k->texts[i] != 0; i++) {
		if (!text_is_valid (base + k->texts[i]))
			return LHK_EINVAL;
		fix_form ((struct lhk_text *) (void *) (base + k->texts[i]));
	}
	if (k->bytes != 0)
		memcpy (&s, base + k->bytes, sizeof s);
	if (k->array != 0)
		memcpy (&a, base + k->array, sizeof a);
	if ((s.ptr == NULL && s.len > 0) || (a.elements == NULL && a.n > 0))
		return LHK_EINVAL;
	for (i = 0; i < a.n; i++)
		if (!text_is_valid ((const char *) a.elements + i * k->element))
			return LHK_EINVAL;
	return LHK_OK;
}

int
event_validate (const struct lhk_event *event, union event_union *ret)
{
	const struct kind *k;
	size_t known;
	int r;

	if (event == NULL || event->size < sizeof (struct lhk_event)
	    || event->size > LIMIT_EVENT_SIZE)
		return LHK_EINVAL;
	if (event->kind < LHK_EV_SESSION || event->kind > LHK_EV_RESULT)
		return LHK_EUNSUPPORTED;
	k = &kinds[event->kind];
	known = event->size < k->size ? event->size : k->size;
	memcpy (ret, event, known);
	memset ((char *) ret + known, 0, k->size - known);
	if (event->kind == LHK_EV_RESULT && ret->result.final != NULL)
		return LHK_EUNSUPPORTED;
	ret->ev.size = (uint32_t) k->size;
	if (!text_is_valid ((const char *) &ret->ev.parent))
		return LHK_EINVAL;
	fix_form (&ret->ev.parent);
	r = check_members (k, (char *) ret);
	if (r < 0)
		return r;
	if (k->numbers != NULL)
		k->numbers (ret);
	return LHK_OK;
}
