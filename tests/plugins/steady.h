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

/* Give each of DIR's transcripts twice to one handle, in memory made before, to a
 * host that takes events and allocates nothing: the second pass must allocate
 * nothing.  The case is skipped in a program that was linked without the
 * wrappers. */
void steady_is_free (const struct lhk_plugin *plugin, const char *dir);

#endif /* TESTS_STEADY_H */
