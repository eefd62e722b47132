/* SPDX-License-Identifier: MIT */
/* refused.c - calls that were not permitted. */
#include "config.h"

#include "common/refused.h"

int
emit_tool_refused (const struct lhk_api *api, const struct lhk_ev_tool *call)
{
	struct lhk_ev_ask e = {
		.ev = LHK_EV (struct lhk_ev_ask, LHK_EV_ASK),
		.id = call->id,
		.tool = call->id,
		.text = call->output,
		.outcome = LIT ("denied"),
	};

	e.ev.parent = call->ev.parent;
	return emit (api, &e.ev);
}
