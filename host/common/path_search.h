/* SPDX-License-Identifier: MIT */
/*
 * path_search.h - the files that the name of a command may mean, in order.
 *
 * It runs between fork and exec: no memory, no state.
 */
#ifndef COMMON_PATH_SEARCH_H
#define COMMON_PATH_SEARCH_H

#include <limits.h>
#include <stddef.h>

#define PATH_SEARCH_SIZE PATH_MAX

/* The PATH of an environment without one. */
#define PATH_SEARCH_DEFAULT "/usr/local/bin:/usr/bin:/bin"

/* The value of NAME in ENVP, or NULL. */
const char *path_search_getenv (const char *const *envp, const char *name);

/*
 * The next candidate for NAME: NAME itself if it has a slash, else NAME in each
 * directory of PATH, an empty one being the current directory.  *AT is where
 * the search stands, NULL at first.  Returns 1 and the candidate in BUF, or 0
 * at the end.  Candidates too long for a path are skipped.
 */
int path_search_candidate (const char *path, const char *name, const char **at,
			   char buf[PATH_SEARCH_SIZE]);

/* May the search go on after execve failed with this errno? */
int path_search_continues (int sys_errno);

#endif /* COMMON_PATH_SEARCH_H */
