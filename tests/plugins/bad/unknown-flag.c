/* SPDX-License-Identifier: MIT */
/* unknown-flag.c - a flag that nobody knows. */
#define BAD_NAME "unknown-flag"
#define BAD_FLAGS 0x80000000u
#include "bad.h"
