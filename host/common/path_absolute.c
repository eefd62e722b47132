/* SPDX-License-Identifier: MIT */
/* path_absolute.c - a path that means the same in every directory. */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "common/path_absolute.h"

int
path_absolute (const char *path, char ret[PATH_MAX])
{
	size_t len = 0;

	if (path[0] != '/') {
		if (getcwd (ret, PATH_MAX - 1) == NULL)
			return -errno;
		len = strlen (ret);
		ret[len++] = '/';
	}
	if (strlen (path) >= PATH_MAX - len)
		return -ENAMETOOLONG;
	strcpy (ret + len, path);
	return 0;
}
