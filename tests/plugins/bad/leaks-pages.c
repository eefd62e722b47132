/* SPDX-License-Identifier: MIT */
/* leaks-pages.c - does not unmap the pages of its handle. */
#define _GNU_SOURCE
#include <sys/mman.h>

#define BAD_NAME "leaks-pages"
#define BAD_OWN_OPEN
#include "bad.h"

static int
own_open (const struct lhk_api *api, const struct lhk_option *options,
	  size_t n_options, void **ret)
{
	void *p = mmap (NULL, 65536, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			0);

	if (p == MAP_FAILED)
		return LHK_ENOMEM;
	return bad_open (api, options, n_options, ret);
}
