/* SPDX-License-Identifier: MIT */
/*
 * trusted_path.h - files that become part of a process: nobody but root and the
 * effective user may change or exchange them.
 *
 * The path is absolute.  The file is a regular one, owned by root or the user
 * and not writable by others; so is its directory (a sticky one is not safe:
 * others may put files into it); and so is every directory above, where a
 * sticky one is safe, because others cannot exchange what root or the user has
 * put there.  Symbolic links on the way are followed if they belong to root or
 * the user.  Each component is opened below the one before it, so what was
 * checked is what is opened.
 */
#ifndef COMMON_TRUSTED_PATH_H
#define COMMON_TRUSTED_PATH_H

#include <linehook/base.h>

enum {
	TRUSTED_LINK = 1 << 0 /* the file itself may be a symbolic link */
};

/*
 * Open PATH with FLAGS of open(2), close-on-exec.  SUBJECT begins the sentence
 * about an error: "plugin".  INSTALLED: a directory of this installation, or
 * NULL; in it the files of a user that this user namespace does not map are
 * root's.  HOW: TRUSTED_*.
 *
 * LHK_OK; LHK_ENOTFOUND if there is no such file; LHK_EREFUSED if it is not to
 * be trusted; LHK_EINVAL for a path that is too long; LHK_ESYS.
 */
int trusted_path_open (const char *subject, const char *path,
		       const char *installed, int flags, int how, int *ret_fd,
		       struct lhk_error *err);

/* The last components of PATH, as many as an error sentence has room for; a
 * pointer into PATH. */
const char *trusted_path_tail (const char *path);

#endif /* COMMON_TRUSTED_PATH_H */
