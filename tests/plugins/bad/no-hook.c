/* SPDX-License-Identifier: MIT */
/* no-hook.c - the hook is missing. */
#define BAD_NAME "no-hook"
#define BAD_LINE_HOOK NULL
#include "bad.h"
