/* SPDX-License-Identifier: MIT */
/* refuses-options.c - refuses an option that has no value. */
#define BAD_NAME "refuses-options"
#define BAD_OWN_OPEN
#include "bad.h"

static int
own_open (const struct lhk_api *api, const struct lhk_option *options,
	  size_t n_options, void **ret)
{
	size_t i;

	for (i = 0; i < n_options; i++)
		if (options[i].value[0] == '\0')
			return LHK_EINVAL;
	return bad_open (api, options, n_options, ret);
}
