/* SPDX-License-Identifier: MIT */
/* bad-command.c - its command line has no place for a prompt. */
#define BAD_NAME "bad-command"
#define BAD_COMMAND (&bad_command)
#include <linehook/plugin.h>

static const struct lhk_command_part bad_parts[] = {
	{ 0, 0, NULL, { "agent" } },
	{ 0, 0, NULL, { "{args}" } },
	{ 0, 0, NULL, { NULL } },
};
static const struct lhk_command bad_command = { .size = sizeof bad_command,
						.parts = bad_parts };

#include "bad.h"
