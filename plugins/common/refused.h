/* SPDX-License-Identifier: MIT */
/* refused.h - calls that were not permitted. */
#ifndef PLUGINS_REFUSED_H
#define PLUGINS_REFUSED_H

#include "common.h"

/* Emit that the permission for a call was refused, with its output as the
 * question. */
int emit_tool_refused (const struct lhk_api *api,
		       const struct lhk_ev_tool *call);

#endif /* PLUGINS_REFUSED_H */
