/* SPDX-License-Identifier: MIT */
/* versioned.c - structs of options that a caller was compiled with. */
#include "config.h"

#include <string.h>

#include "common/error.h"
#include "common/versioned.h"

/* No version will have more: such a size is memory that was never set. */
#define SIZE_BYTES_MAX 4096u

int
versioned_copy (void *own, size_t size, const void *given, size_t size_min,
		const char *what, const char *init, struct lhk_error *err)
{
	uint32_t own_size = (uint32_t) size, given_size = 0;

	if (given != NULL)
		memcpy (&given_size, given, sizeof given_size);
	if (given_size < size_min || given_size > SIZE_BYTES_MAX)
		return error_set (err, LHK_EINVAL, 0,
				  "%s have %u bytes, expected %zu: begin with "
				  "%s",
				  what, given_size, size, init);
	memcpy (own, given, given_size < size ? given_size : size);
	memcpy (own, &own_size, sizeof own_size);
	return LHK_OK;
}
