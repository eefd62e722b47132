/* SPDX-License-Identifier: MIT */
/* leaks-descriptor.c - leaves a descriptor open. */
#define _GNU_SOURCE
#include <fcntl.h>

#define BAD_NAME "leaks-descriptor"
#define BAD_OWN_OPEN
#include "bad.h"

static int
own_open (const struct lhk_api *api, const struct lhk_option *options,
	  size_t n_options, void **ret)
{
	if (open ("/dev/null", O_RDONLY | O_CLOEXEC) < 0)
		return bad_open (api, NULL, 0, ret);
	return bad_open (api, options, n_options, ret);
}
