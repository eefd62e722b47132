/* SPDX-License-Identifier: MIT */
/*
 * value.h - the value of one option.
 *
 * SPELLING is the option as the user wrote it: --timeout, or -n.
 */
#ifndef CLI_OPT_VALUE_H
#define CLI_OPT_VALUE_H

#include "cli/opt/option.h"

/* Take VALUE (NULL for a flag) for option O into TARGET.  LHK_OK, or LHK_EINVAL
 * or LHK_ENOMEM with a sentence. */
int opt_value_store (const struct opt *o, const char *spelling,
		     const char *value, void *target, struct lhk_error *err);

/* Is TEXT a number of O's kind? */
int opt_value_is_number (const struct opt *o, const char *text);

/* There is no value: the line ends, or NEXT is no value.  LHK_EINVAL. */
int opt_value_missing (const struct opt *o, const char *spelling,
		       const char *next, struct lhk_error *err);

#endif /* CLI_OPT_VALUE_H */
