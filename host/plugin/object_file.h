/* SPDX-License-Identifier: MIT */
/* object_file.h - may the loader map a file as a shared object? */
#ifndef PLUGIN_OBJECT_FILE_H
#define PLUGIN_OBJECT_FILE_H

#include <linehook/base.h>

/*
 * Check the file PATH, open as FD, of SIZE bytes: a shared object of this
 * process's machine, all of whose segments lie in it.  The loader maps a shorter
 * file, too, and whoever touches what is missing dies of SIGBUS.  LHK_OK;
 * LHK_EABI or LHK_ESYS, with a sentence.
 */
int object_file_check (const char *path, int fd, uint64_t size,
		       struct lhk_error *err);

#endif /* PLUGIN_OBJECT_FILE_H */
