/* SPDX-License-Identifier: MIT */
/*
 * agent_env.h - the variables by which an agent knows that it runs inside
 * another one: a known cause of hangs and refusals.
 */
#ifndef COMMON_AGENT_ENV_H
#define COMMON_AGENT_ENV_H

/* Is STRING, "NAME=value", such a variable? */
int agent_env_is_marker (const char *string);

#endif /* COMMON_AGENT_ENV_H */
