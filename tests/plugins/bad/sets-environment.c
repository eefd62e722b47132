/* SPDX-License-Identifier: MIT */
/* sets-environment.c - sets a variable. */
#define _GNU_SOURCE
#define BAD_NAME "sets-environment"
#define BAD_OWN_OPEN
#include "bad.h"

static int
own_open (const struct lhk_api *api, const struct lhk_option *options,
	  size_t n_options, void **ret)
{
	(void) setenv ("LINEHOOK_BAD", "1", 1);
	return bad_open (api, options, n_options, ret);
}
