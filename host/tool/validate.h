/* SPDX-License-Identifier: MIT */
/* validate.h - ids and variables of a call: what may be asked for. */
#ifndef TOOL_VALIDATE_H
#define TOOL_VALIDATE_H

#include <linehook/host.h>

/* LHK_OK, or LHK_EREFUSED and the first rule that ID breaks.  NULL is as
 * empty. */
int tool_check_id (const char *id, struct lhk_error *err);
int tool_check_exec_id (const char *id, struct lhk_error *err);

/* How many, bytes of a name, of a value and of all together: what execve(2)
 * takes without question on any machine. */
#define TOOL_ENV_MAX 1024u
#define TOOL_ENV_NAME_MAX 255u
#define TOOL_ENV_VALUE_MAX 98304u
#define TOOL_ENV_TOTAL_MAX 524288u

/* "NAME=value" strings, NULL-terminated.  LHK_OK, or LHK_EREFUSED and which
 * one breaks what rule; values are never told. */
int tool_env_check (const char *const *env, struct lhk_error *err);

/* May a caller set NAME, LEN bytes?  0: it tells a loader, an interpreter or a
 * shell what to load or run. */
int tool_env_may_set (const char *name, size_t len);

struct envs {
	const char **strings; /* NULL-terminated, borrowed strings */
	size_t cap;
};

/* What the process gets: ENV over all of our environment (INHERIT 1) or the
 * harmless part of it.  LHK_OK or LHK_ENOMEM. */
int tool_env_build (struct envs *e, const struct lhk_alloc *alloc,
		    const char *const *env, int inherit);
void tool_env_free (struct envs *e, const struct lhk_alloc *alloc);

#endif /* TOOL_VALIDATE_H */
