/* SPDX-License-Identifier: MIT */
/* validate.h - ids and variables of a call: what a caller may ask for. */
#ifndef TOOL_VALIDATE_H
#define TOOL_VALIDATE_H

#include <linehook/host.h>

/* The id of a tool, and the id of one call.  LHK_OK, or LHK_EREFUSED with a
 * sentence about the first rule that ID breaks.  A tool id of NULL is an empty
 * one. */
int tool_check_id (const char *id, struct lhk_error *err);
int tool_check_exec_id (const char *id, struct lhk_error *err);

/* The number of variables, and bytes of a name, of a value and of all together:
 * no more than execve(2) accepts on any machine. */
#define TOOL_ENV_MAX 1024u
#define TOOL_ENV_NAME_MAX 255u
#define TOOL_ENV_VALUE_MAX 98304u
#define TOOL_ENV_TOTAL_MAX 524288u

/* ENV: "NAME=value" strings, NULL-terminated; or NULL.  LHK_OK, or LHK_EREFUSED
 * with a sentence that names the variable and the rule, never the value. */
int tool_check_env (const char *const *env, struct lhk_error *err);

#endif /* TOOL_VALIDATE_H */
