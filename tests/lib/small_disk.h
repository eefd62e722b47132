/* SPDX-License-Identifier: MIT */
/*
 * small_disk.h - a small file system that only this process sees.
 *
 * It is a tmpfs in a mount namespace of our own, so nothing is left of it when
 * the process ends, however that happens.
 */
#ifndef TESTS_SMALL_DISK_H
#define TESTS_SMALL_DISK_H

#include "lib/tempdir.h"

#define SMALL_DISK_PATH TEMPDIR_PATH

/* May a child of ours mount one?  1, or 0 after tap_skip with the reason: that
 * needs root, and a root directory that is a mount point. */
int small_disk_or_skip (void);

/* Mount one with OPTIONS of tmpfs, as "size=1m", on a new directory in TMPDIR;
 * from then on the process has its own mount namespace.  0, or -1. */
int small_disk_mount (char dir[SMALL_DISK_PATH], const char *options);

/* Unmount it and remove the directory. */
void small_disk_unmount (const char *dir);

#endif /* TESTS_SMALL_DISK_H */
