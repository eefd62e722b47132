/* SPDX-License-Identifier: MIT */
/* cleanup.h - give back at the end of the block. */
#ifndef COMMON_CLEANUP_H
#define COMMON_CLEANUP_H

#include <stdlib.h>
#include <unistd.h>

static inline void
cleanup_free (void *p)
{
	free (*(void **) p);
}

static inline void
cleanup_close (const int *fd)
{
	if (*fd >= 0)
		close (*fd);
}

#define AUTO_FREE __attribute__ ((__cleanup__ (cleanup_free)))
#define AUTO_CLOSE __attribute__ ((__cleanup__ (cleanup_close)))

#endif /* COMMON_CLEANUP_H */
