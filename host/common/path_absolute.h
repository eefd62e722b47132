/* SPDX-License-Identifier: MIT */
/* path_absolute.h - a path that means the same in every directory. */
#ifndef COMMON_PATH_ABSOLUTE_H
#define COMMON_PATH_ABSOLUTE_H

#include <limits.h>

/* Write PATH to RET, with the working directory in front of it if it is
 * relative.  Links are not followed.  0 or -errno. */
int path_absolute (const char *path, char ret[PATH_MAX]);

#endif /* COMMON_PATH_ABSOLUTE_H */
