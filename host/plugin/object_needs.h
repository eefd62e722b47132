/* SPDX-License-Identifier: MIT */
/* object_needs.h - where the loader looks for what a shared object needs. */
#ifndef PLUGIN_OBJECT_NEEDS_H
#define PLUGIN_OBJECT_NEEDS_H

#include <linehook/base.h>

/*
 * Check that the shared object PATH, open as FD, of SIZE bytes, names no other
 * object, and no directory of them, by a relative path: the current directory
 * would decide which code is loaded.  object_file_check has passed.  LHK_OK;
 * LHK_EREFUSED, LHK_EABI or LHK_ESYS, with a sentence.
 */
int object_needs_check (const char *path, int fd, uint64_t size,
			struct lhk_error *err);

#endif /* PLUGIN_OBJECT_NEEDS_H */
