/* SPDX-License-Identifier: MIT */
/*
 * stage.h - the events of one callback, until it is known to have succeeded.
 *
 * A line gives all its events or none.  The structs are copied and checked
 * when they are emitted; what they point to stays where the plugin has it.
 */
#ifndef PLUGIN_STAGE_H
#define PLUGIN_STAGE_H

#include <linehook/host.h>

#include "event/any.h"

struct plugin_stage {
	const struct lhk_alloc *alloc;
	union any_event *events;
	size_t n, cap;
	int fault; /* first LHK_E* of plugin_stage_add that spoils all */
};

/* LHK_OK or LHK_ENOMEM. */
int plugin_stage_init (struct plugin_stage *s, const struct lhk_alloc *alloc);
void plugin_stage_done (struct plugin_stage *s);

/* As lhk_api.emit. */
int plugin_stage_add (struct plugin_stage *s, const struct lhk_event *event);

/* Forget them.  The room stays, unless it has become large. */
void plugin_stage_clear (struct plugin_stage *s);

#endif /* PLUGIN_STAGE_H */
