/* SPDX-License-Identifier: MIT */
/*
 * steady.h - allocations of a plugin that has seen lines like these before.
 *
 * The program must be linked with STEADY_WRAP:
 *	-Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
 */
#ifndef TESTS_STEADY_H
#define TESTS_STEADY_H

#include <linehook/plugin.h>

/* Give each of DIR's transcripts twice to one handle, in memory made before,
 * to a host that takes events and allocates nothing; the allocations of the
 * second pass.  -1: the program was linked without the wrappers; -2: a file
 * cannot be read. */
long steady_allocations (const struct lhk_plugin *plugin, const char *dir);

#endif /* TESTS_STEADY_H */
