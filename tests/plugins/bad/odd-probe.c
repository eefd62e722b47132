/* SPDX-License-Identifier: MIT */
/* odd-probe.c - its probe returns the length of the line. */
#define BAD_NAME "odd-probe"
#define BAD_OWN_PROBE
#include "bad.h"

static int
own_probe (const char *data, size_t len)
{
	return len > 2 && data[0] == '{' ? (int) len : 0;
}
