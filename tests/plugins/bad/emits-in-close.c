/* SPDX-License-Identifier: MIT */
/* emits-in-close.c - emits in close. */
#define BAD_NAME "emits-in-close"
#define BAD_OWN_CLOSE
#include "bad.h"

static void
own_close (void *handle)
{
	(void) bad_say (handle, "bye", 3, LHK_TEXT_PLAIN);
}
