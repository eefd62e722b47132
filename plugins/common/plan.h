/* SPDX-License-Identifier: MIT */
/* plan.h - lists of things to do, as any of the providers writes them. */
#ifndef PLUGINS_PLAN_H
#define PLUGINS_PLAN_H

#include "common.h"

/* The table of an entry, for tests that go through its fields. */
const struct lhk_fields *plan_fields (void);

/* Entries of one plan; more are left out. */
#define PLAN_MAX 65536u

/*
 * Emit a plan event with the entries of LIST: objects with a text (text,
 * content, description or step) and a status, or `completed'.  Nothing if
 * LIST is no array.  PARENT may be NULL.  LHK_OK or an error.
 */
int emit_plan (const struct lhk_api *api, struct arena *a,
	       const struct lhk_raw *list, const struct lhk_text *parent);

#endif /* PLUGINS_PLAN_H */
