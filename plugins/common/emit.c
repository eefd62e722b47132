/* SPDX-License-Identifier: MIT */
/* emit.c - the events that every plugin builds in the same way. */
#include "config.h"

#include "common/common.h"

int
emit (const struct lhk_api *api, const struct lhk_event *event)
{
	int r = api->emit (api->ctx, event);

	/* An event that is refused for itself costs no other one. */
	return r == LHK_EUNSUPPORTED || r == LHK_EINVAL || r == LHK_ELIMIT
			       || r > 0
		       ? LHK_OK
		       : r;
}

int
emit_text (const struct lhk_api *api, int role, int delta,
	   const struct lhk_text *id, const struct lhk_text *text,
	   const struct lhk_text *parent)
{
	return emit_message_text (api, role, delta, id, text, parent, 0);
}

int
emit_message_text (const struct lhk_api *api, int role, int delta,
		   const struct lhk_text *id, const struct lhk_text *text,
		   const struct lhk_text *parent, int same)
{
	struct lhk_ev_text e = {
		.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT),
		.role = role,
		.delta = delta,
		.flags = same ? LHK_TEXT_SAME_MESSAGE : 0,
		.text = *text,
	};

	if (id != NULL)
		e.id = *id;
	if (parent != NULL)
		e.ev.parent = *parent;
	return emit (api, &e.ev);
}

int
emit_tool_question (const struct lhk_api *api, const struct lhk_ev_tool *call)
{
	struct lhk_ev_ask e = {
		.ev = LHK_EV (struct lhk_ev_ask, LHK_EV_ASK),
		.id = call->id,
		.tool = call->id,
		.text = text_empty (&call->brief) ? call->name : call->brief,
	};

	e.ev.parent = call->ev.parent;
	return emit (api, &e.ev);
}

int
emit_notice (const struct lhk_api *api, int level, const char *code,
	     const struct lhk_text *text, const struct lhk_raw *data)
{
	struct lhk_ev_notice e = {
		.ev = LHK_EV (struct lhk_ev_notice, LHK_EV_NOTICE),
		.level = level,
		.code = text_str (code),
		.text = *text,
	};

	if (data != NULL)
		e.data = str_of_raw (data);
	return emit (api, &e.ev);
}

int64_t
counts_add (int64_t a, int64_t b)
{
	int64_t sum;

	if (a < 0 || b < 0)
		return -1;
	return __builtin_add_overflow (a, b, &sum) ? INT64_MAX : sum;
}

int
usage_event_is_known (const struct lhk_ev_usage *e)
{
	return e->input != 0 || e->output != 0 || e->cache_read != 0
	       || e->cache_write != 0 || e->reasoning != 0
	       || e->cost_nano_usd != 0;
}

void
usage_event_set (struct lhk_ev_usage *e, uint32_t bit, int64_t *member,
		 const struct lhk_num *num)
{
	if (!num->has)
		return;
	e->has |= bit;
	*member = num->value;
}
