/* SPDX-License-Identifier: MIT */
/* file_owner.h - who else may change a file that becomes part of a process. */
#ifndef COMMON_FILE_OWNER_H
#define COMMON_FILE_OWNER_H

#include <sys/stat.h>

/* Owner and mode of a file or directory.  NULL if only root and EUID, the
 * effective user, may change it; else what is wrong, as the end of a sentence
 * ("is writable by its group"), static. */
const char *file_owner_fault (const struct stat *st, uid_t euid);

#endif /* COMMON_FILE_OWNER_H */
