/* SPDX-License-Identifier: MIT */
/* needs-minor.c - wants a newer host. */
#define BAD_NAME "needs-minor"
#define BAD_NEEDS_MINOR (LHK_ABI_MINOR + 1)
#include "bad.h"
