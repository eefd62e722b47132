/* SPDX-License-Identifier: MIT */
/*
 * versioned.h - structs of options that a caller was compiled with.
 *
 * Each begins with a uint32_t `size', the size that the struct had in the
 * caller's version of the headers; later versions add members at the end.
 */
#ifndef COMMON_VERSIONED_H
#define COMMON_VERSIONED_H

#include <stddef.h>

#include <linehook/base.h>

/*
 * Copy the members that the caller knows from GIVEN into OWN, which has SIZE
 * bytes and holds the defaults; its own `size' stays.  SIZE_MIN is the size of
 * the struct in the first version.  LHK_OK, or LHK_EINVAL with a sentence about
 * WHAT ("run options") that names the macro INIT if GIVEN is NULL or has a size
 * that no version has.
 */
int versioned_copy (void *own, size_t size, const void *given, size_t size_min,
		    const char *what, const char *init, struct lhk_error *err);

#endif /* COMMON_VERSIONED_H */
