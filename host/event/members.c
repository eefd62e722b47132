/* SPDX-License-Identifier: MIT */
/* members.c - what an event of each kind points to. */
#include "config.h"

#include "common/limits.h"
#include "event/members.h"

/* clang-format off */
#define AT(type, member) { #member, (uint16_t) offsetof (struct type, member), 0 }
/* A name, which may stand in many events of one line. */
#define ID(type, member) \
	{ #member, (uint16_t) offsetof (struct type, member), LIMIT_ID }
#define NO { NULL, 0, 0 }
/* clang-format on */

const struct event_members event_members[EVENT_MEMBERS] = {
	[LHK_EV_SESSION] = {
		"session", sizeof (struct lhk_ev_session),
		{ ID (lhk_ev_session, id), ID (lhk_ev_session, model),
		  AT (lhk_ev_session, cwd),
		  ID (lhk_ev_session, agent_version),
		  ID (lhk_ev_session, provider) },
		NO, AT (lhk_ev_session, tools), sizeof (struct lhk_text),
	},
	[LHK_EV_TEXT] = {
		"text", sizeof (struct lhk_ev_text),
		{ ID (lhk_ev_text, id), AT (lhk_ev_text, text) },
		NO, NO, 0,
	},
	[LHK_EV_TOOL] = {
		"tool", sizeof (struct lhk_ev_tool),
		{ ID (lhk_ev_tool, id), ID (lhk_ev_tool, name),
		  ID (lhk_ev_tool, server), AT (lhk_ev_tool, brief),
		  AT (lhk_ev_tool, output) },
		AT (lhk_ev_tool, input),
		AT (lhk_ev_tool, paths), sizeof (struct lhk_text),
	},
	[LHK_EV_PLAN] = {
		"plan", sizeof (struct lhk_ev_plan), { NO },
		NO, AT (lhk_ev_plan, entries), sizeof (struct lhk_plan_entry),
	},
	[LHK_EV_ASK] = {
		"ask", sizeof (struct lhk_ev_ask),
		{ ID (lhk_ev_ask, id), ID (lhk_ev_ask, tool),
		  AT (lhk_ev_ask, text), AT (lhk_ev_ask, outcome) },
		NO, AT (lhk_ev_ask, options), sizeof (struct lhk_text),
	},
	[LHK_EV_USAGE] = {
		"usage", sizeof (struct lhk_ev_usage),
		{ ID (lhk_ev_usage, id), ID (lhk_ev_usage, model),
		  ID (lhk_ev_usage, cost_source) },
		NO, NO, 0,
	},
	[LHK_EV_NOTICE] = {
		"notice", sizeof (struct lhk_ev_notice),
		{ ID (lhk_ev_notice, code), AT (lhk_ev_notice, text) },
		AT (lhk_ev_notice, data), NO, 0,
	},
	[LHK_EV_RESULT] = {
		"result", sizeof (struct lhk_ev_result),
		{ ID (lhk_ev_result, stop_reason), AT (lhk_ev_result, text),
		  AT (lhk_ev_result, error) },
		NO, NO, 0,
	},
};

int
event_has_members (uint32_t kind)
{
	return kind < EVENT_MEMBERS && event_members[kind].name != NULL;
}
