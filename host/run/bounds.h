/* SPDX-License-Identifier: MIT */
/* bounds.h - limits of a run that its provider cannot tell. */
#ifndef RUN_BOUNDS_H
#define RUN_BOUNDS_H

#include "run/events.h"

/* Say, in a notice and a log record, which limits of the run cannot hold with
 * PLUGIN.  Not from inside a callback of the stream. */
void run_bounds_check (struct run_events *e, const struct lhk_plugin *plugin);

/* The same, once, if what the usage covers is why the limit cannot hold. */
void run_bounds_check_scope (struct run_events *e);

#endif /* RUN_BOUNDS_H */
