/* SPDX-License-Identifier: MIT */
/* event_union.h - an event of any kind that this host knows, by value. */
#ifndef EVENT_EVENT_UNION_H
#define EVENT_EVENT_UNION_H

#include <linehook/event.h>

union event_union {
	struct lhk_event ev;
	struct lhk_ev_session session;
	struct lhk_ev_text text;
	struct lhk_ev_tool tool;
	struct lhk_ev_plan plan;
	struct lhk_ev_ask ask;
	struct lhk_ev_usage usage;
	struct lhk_ev_notice notice;
	struct lhk_ev_result result;
	struct lhk_ev_run run;
};

#endif /* EVENT_EVENT_UNION_H */
