/* SPDX-License-Identifier: MIT */
/* leaks.c - does not free its handle. */
#define BAD_NAME "leaks"
#define BAD_STATE
#define BAD_OWN_CLOSE
#include "bad.h"

static void
own_close (void *handle)
{
	(void) handle;
}
