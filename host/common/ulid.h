/* SPDX-License-Identifier: MIT */
/* ulid.h - ids that sort by time, then at random: Crockford's base 32. */
#ifndef COMMON_ULID_H
#define COMMON_ULID_H

#include <stdint.h>

#define ULID_SIZE 27 /* 26 characters and NUL */

/* UNIX_MS: milliseconds since 1970. */
void ulid_make (int64_t unix_ms, char id[ULID_SIZE]);
void ulid_make_now (char id[ULID_SIZE]);

#endif /* COMMON_ULID_H */
