/* SPDX-License-Identifier: MIT */
/* macros.h - the two macros that C forgot. */
#ifndef COMMON_MACROS_H
#define COMMON_MACROS_H

#include <stddef.h>

/* Number of elements of an array (not of a pointer). */
#define ARRAY_SIZE(a) (sizeof (a) / sizeof (a)[0])

/* The object of TYPE whose MEMBER is at PTR. */
#define container_of(ptr, type, member)                                        \
	((type *) (void *) ((char *) (ptr) -offsetof (type, member)))

#endif /* COMMON_MACROS_H */
