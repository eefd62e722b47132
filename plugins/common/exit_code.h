/* SPDX-License-Identifier: MIT */
/* exit_code.h - exit codes of commands, as events have them. */
#ifndef PLUGINS_EXIT_CODE_H
#define PLUGINS_EXIT_CODE_H

#include "common.h"

/* Set the exit code of E if the line has NUM; one that is out of range becomes
 * the nearest. */
static inline void
tool_event_set_exit (struct lhk_ev_tool *e, const struct lhk_num *num)
{
	if (!num->has)
		return;
	e->flags |= LHK_TOOL_HAS_EXIT;
	e->exit_code = num->value > INT32_MAX	? INT32_MAX
		       : num->value < INT32_MIN ? INT32_MIN
						: (int32_t) num->value;
}

#endif /* PLUGINS_EXIT_CODE_H */
