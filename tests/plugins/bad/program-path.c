/* SPDX-License-Identifier: MIT */
/* program-path.c - names its program by a path. */
#include <stddef.h>

static const char *const bad_programs[] = { "/bin/agent", NULL };

#define BAD_NAME "program-path"
#define BAD_PROGRAMS bad_programs
#include "bad.h"
