/* SPDX-License-Identifier: MIT */
/* good.c - nothing is wrong with it: the others are measured by it. */
#include <stddef.h>

static const char *const good_programs[] = { "good", NULL };

#define BAD_NAME "good"
#define BAD_PROGRAMS good_programs
#include "bad.h"
