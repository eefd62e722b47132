/* SPDX-License-Identifier: MIT */
/*
 * env_names.h - which variables a caller may set for a tool.
 *
 * Who sets a variable need not be who wrote the command, so he must not choose
 * what programs load or run.
 */
#ifndef TOOL_ENV_NAMES_H
#define TOOL_ENV_NAMES_H

#include <stddef.h>

/* 1: NAME, LEN bytes, tells no loader, interpreter or build tool what to load or
 * to run. */
int tool_env_may_set (const char *name, size_t len);

/* 1: NAME is one of those that are known to be harmless, whatever it begins
 * with and is spelled like. */
int tool_env_is_harmless (const char *name, size_t len);

#endif /* TOOL_ENV_NAMES_H */
