/* SPDX-License-Identifier: MIT */
/* validate_id.h - what may be the name of a tool, and of one call of it. */
#ifndef TOOL_VALIDATE_ID_H
#define TOOL_VALIDATE_ID_H

#include <linehook/base.h>

/* LHK_OK, or LHK_EREFUSED and the first rule that ID breaks.  NULL is as
 * empty. */
int tool_check_id (const char *id, struct lhk_error *err);
int tool_check_exec_id (const char *id, struct lhk_error *err);

#endif /* TOOL_VALIDATE_ID_H */
