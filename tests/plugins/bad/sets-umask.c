/* SPDX-License-Identifier: MIT */
/* sets-umask.c - sets the umask. */
#define _GNU_SOURCE
#include <sys/stat.h>

#define BAD_NAME "sets-umask"
#define BAD_OWN_OPEN
#include "bad.h"

static int
own_open (const struct lhk_api *api, const struct lhk_option *options,
	  size_t n_options, void **ret)
{
	(void) umask (0123);
	return bad_open (api, options, n_options, ret);
}
