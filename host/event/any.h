/* SPDX-License-Identifier: MIT */
/* any.h - an event of any kind that this host knows, by value. */
#ifndef EVENT_ANY_H
#define EVENT_ANY_H

#include <linehook/event.h>

union any_event {
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

#endif /* EVENT_ANY_H */
