/* SPDX-License-Identifier: MIT */
/*
 * trust.h - which plugin files may become part of this process.
 *
 * A regular file, no symbolic link, owned by root or the effective user and
 * not writable by others; its directory likewise (a sticky directory is not
 * safe: others may put files into it).  The file is opened once, under the
 * directory that was checked, and the caller goes on with that descriptor.
 */
#ifndef PLUGIN_TRUST_H
#define PLUGIN_TRUST_H

#include <sys/stat.h>

#include <linehook/base.h>

/*
 * Owner and mode of a file or directory: NULL, or what is wrong, as the end
 * of a sentence ("is writable by its group").  EUID: the effective user.
 */
const char *plugin_trust_fault (const struct stat *st, uid_t euid);

/* PATH as it goes into a sentence that has room for little: its last parts. */
const char *plugin_path_tail (const char *path);

/* Open PATH for reading, close-on-exec.  LHK_OK; LHK_ENOTFOUND if there is no
 * such file; LHK_EREFUSED; LHK_ESYS. */
int plugin_trust_open (const char *path, int *ret_fd, struct lhk_error *err);

#endif /* PLUGIN_TRUST_H */
