/* SPDX-License-Identifier: MIT */
/* sysfile.h - write to files of /proc and of cgroups. */
#ifndef TESTS_SYSFILE_H
#define TESTS_SYSFILE_H

/* Write TEXT to the file PATH, which exists, in one call.  -1: errno says
 * why. */
int sysfile_write (const char *path, const char *text);

#endif /* TESTS_SYSFILE_H */
