/* SPDX-License-Identifier: MIT */
/* no-close.c - close is missing. */
#define BAD_NAME "no-close"
#define BAD_CLOSE NULL
#include "bad.h"
