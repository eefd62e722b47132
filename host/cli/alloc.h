/* SPDX-License-Identifier: MIT */
/*
 * alloc.h - the memory of the program and of its host.
 *
 * It is that of malloc, until a thread was stopped for ever that may hold the
 * locks of malloc, or has crashed inside of it.  From then on memory comes from
 * the kernel, and none is given back: the process is about to end.
 */
#ifndef CLI_ALLOC_H
#define CLI_ALLOC_H

#include <linehook/host.h>

extern const struct lhk_alloc cli_alloc;

/* Take nothing from malloc any more.  From then on one thread alone allocates. */
void cli_alloc_leave_malloc (void);

#endif /* CLI_ALLOC_H */
