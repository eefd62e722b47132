/* SPDX-License-Identifier: MIT */
/* handles-signal.c - ignores SIGPIPE. */
#include <signal.h>

#define BAD_NAME "handles-signal"
#define BAD_OWN_OPEN
#include "bad.h"

static int
own_open (const struct lhk_api *api, const struct lhk_option *options,
	  size_t n_options, void **ret)
{
	(void) signal (SIGPIPE, SIG_IGN);
	return bad_open (api, options, n_options, ret);
}
