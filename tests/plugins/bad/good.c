/* SPDX-License-Identifier: MIT */
/* good.c - nothing is wrong with it: the others are measured by it. */
#define BAD_NAME "good"
#include "bad.h"
