/* SPDX-License-Identifier: MIT */
/* changes-directory.c - goes to the root directory. */
#define _GNU_SOURCE
#include <unistd.h>

#define BAD_NAME "changes-directory"
#define BAD_OWN_OPEN
#include "bad.h"

static int
own_open (const struct lhk_api *api, const struct lhk_option *options,
	  size_t n_options, void **ret)
{
	if (chdir ("/") < 0)
		return LHK_ESYS;
	return bad_open (api, options, n_options, ret);
}
