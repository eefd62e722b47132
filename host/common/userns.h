/* SPDX-License-Identifier: MIT */
/*
 * userns.h - a pid namespace with its own /proc, with privilege or without.
 *
 * A user namespace comes along where the caller has no privilege for less;
 * user and group are mapped to themselves in it.
 */
#ifndef COMMON_USERNS_H
#define COMMON_USERNS_H

/*
 * Give the caller a mount namespace of its own, and its next child a pid
 * namespace.  *RET_MAPPED: a user namespace was needed.  0, or -errno and in
 * *RET_STEP what failed, static.
 */
int userns_unshare (int *ret_mapped, const char **ret_step);

/*
 * In the child, process 1: mount a /proc of its own.  What is mounted in this
 * namespace stays in it; what is mounted outside later still appears here.
 * 0, or -errno and *RET_STEP.
 */
int userns_mount_proc (const char **ret_step);

/* How to allow namespaces, if a sysctl forbids them; static; or NULL. */
const char *userns_remedy (void);

/* 1: we are in a user namespace that maps neither root of the namespace around
 * it nor *RET_UNMAPPED, which all files of users without a name in it seem to
 * belong to.  0 also if that cannot be known. */
int userns_hides_root (uid_t *ret_unmapped);

#endif /* COMMON_USERNS_H */
