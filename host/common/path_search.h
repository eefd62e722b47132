/* SPDX-License-Identifier: MIT */
/*
 * path_search.h - which files a command's first word may mean.
 *
 * Pure, and without memory of its own: it runs between fork and exec.
 */
#ifndef COMMON_PATH_SEARCH_H
#define COMMON_PATH_SEARCH_H

#include <limits.h>
#include <stddef.h>

#define ARGV_PATH_SIZE PATH_MAX

/* Where PATH is not set in the child's environment. */
#define ARGV_DEFAULT_PATH "/usr/local/bin:/usr/bin:/bin"

/* Value of NAME in ENVP, or NULL. */
const char *path_search_getenv (const char *const *envp, const char *name);

/*
 * Next candidate for NAME: itself if it has a slash, else NAME in each
 * directory of PATH, an empty one being the current directory.  *AT is where
 * the search stands, NULL at first.  Returns 1 and the candidate in BUF, or 0
 * at the end.  Candidates too long for a path are passed over.
 */
int path_search_candidate (const char *path, const char *name, const char **at,
			   char buf[ARGV_PATH_SIZE]);

/* May the search go on after execve failed with this errno? */
int path_search_continues (int sys_errno);

#endif /* COMMON_PATH_SEARCH_H */
