/* SPDX-License-Identifier: MIT */
/* exits-when-loaded.c - ends the process before the host has seen it. */
#define BAD_NAME "exits-when-loaded"
#include "bad.h"

static void __attribute__ ((__constructor__)) leave (void)
{
	exit (0);
}
