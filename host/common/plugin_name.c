/* SPDX-License-Identifier: MIT */
/* plugin_name.c - what a plugin may be called. */
#include "config.h"

#include "common/plugin_name.h"

int
plugin_name_is_valid (const char *name, size_t len)
{
	size_t i;

	if (len == 0 || name[0] < 'a' || name[0] > 'z')
		return 0;
	for (i = 1; i < len; i++)
		if (!((name[i] >= 'a' && name[i] <= 'z')
		      || (name[i] >= '0' && name[i] <= '9') || name[i] == '-'))
			return 0;
	return 1;
}
