/* SPDX-License-Identifier: MIT */
/* accepts-all.c - its probe accepts every object. */
#define BAD_NAME "accepts-all"
#define BAD_OWN_PROBE
#include "bad.h"

static int
own_probe (const char *data, size_t len)
{
	return len > 2 && data[0] == '{';
}
