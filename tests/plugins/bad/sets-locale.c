/* SPDX-License-Identifier: MIT */
/* sets-locale.c - takes the locale of the user. */
#include <locale.h>

#define BAD_NAME "sets-locale"
#define BAD_OWN_OPEN
#include "bad.h"

static int
own_open (const struct lhk_api *api, const struct lhk_option *options,
	  size_t n_options, void **ret)
{
	(void) setlocale (LC_ALL, "");
	return bad_open (api, options, n_options, ret);
}
