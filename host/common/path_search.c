/* SPDX-License-Identifier: MIT */
/* path_search.c - the files that the name of a command may mean, in order. */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "common/path_search.h"

const char *
path_search_getenv (const char *const *envp, const char *name)
{
	size_t len = strlen (name);

	for (; *envp != NULL; envp++)
		if (strncmp (*envp, name, len) == 0 && (*envp)[len] == '=')
			return *envp + len + 1;
	return NULL;
}

static int
join (char buf[PATH_SEARCH_SIZE], const char *dir, size_t dir_len,
      const char *name)
{
	size_t len = strlen (name);
	size_t slash = dir_len != 0;

	if (len >= PATH_SEARCH_SIZE
	    || dir_len >= PATH_SEARCH_SIZE - len - slash)
		return 0;
	memcpy (buf, dir, dir_len);
	if (slash)
		buf[dir_len] = '/';
	memcpy (buf + dir_len + slash, name, len + 1);
	return 1;
}

int
path_search_candidate (const char *path, const char *name, const char **at,
		       char buf[PATH_SEARCH_SIZE])
{
	const char *dir;
	size_t len;

	if (strchr (name, '/') != NULL || *name == '\0') {
		if (*at != NULL)
			return 0;
		*at = name;
		return join (buf, "", 0, name);
	}
	for (;;) {
		if (*at == NULL)
			dir = path;
		else if (**at == ':')
			dir = *at + 1;
		else
			return 0;
		len = strcspn (dir, ":");
		*at = dir + len;
		if (join (buf, dir, len, name))
			return 1;
	}
}

int
path_search_continues (int sys_errno)
{
	switch (sys_errno) {
	case ENOENT:
	case ENOTDIR:
	case EACCES:
	case ELOOP:
	case ENAMETOOLONG:
	case ENODEV:
	case ESTALE:
	case ETIMEDOUT:
		return 1;
	default:
		return 0;
	}
}
