/* SPDX-License-Identifier: MIT */
/* validate_id.h - what may be the name of a tool, and of one call of it. */
#ifndef TOOL_VALIDATE_ID_H
#define TOOL_VALIDATE_ID_H

#include <linehook/base.h>

/* LHK_OK, or LHK_EREFUSED and the first rule that ID breaks.  NULL is as
 * empty. */
int id_check_tool (const char *id, struct lhk_error *err);
int id_check_exec (const char *id, struct lhk_error *err);

#endif /* TOOL_VALIDATE_ID_H */
