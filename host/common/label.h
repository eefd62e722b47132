/* SPDX-License-Identifier: MIT */
/* label.h - what a label of a run may be: KEY=VALUE. */
#ifndef COMMON_LABEL_H
#define COMMON_LABEL_H

#include <stddef.h>

#define LABELS_MAX 32
#define LABEL_KEY_MAX 64
#define LABEL_VALUE_MAX 256

/* The rule, to be put behind `want' or `wanted'. */
#define LABEL_WANT                                                             \
	"KEY=VALUE, where KEY has at most 64 of a-z, 0-9, '.', '_' and '-' "   \
	"and begins with a letter or digit, and VALUE has at most 256 bytes"

/* The length of the key at the start of TEXT, which ends there or with `='; 0:
 * there is none. */
size_t label_key_len (const char *text);

/* Is TEXT a label?  1 or 0.  The value may be empty. */
int label_is_valid (const char *text);

#endif /* COMMON_LABEL_H */
