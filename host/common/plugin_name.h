/* SPDX-License-Identifier: MIT */
/* plugin_name.h - what a plugin may be called. */
#ifndef COMMON_PLUGIN_NAME_H
#define COMMON_PLUGIN_NAME_H

#include <stddef.h>

/* Are LEN bytes the name of a plugin: a lower case letter, then lower case
 * letters, digits and '-'?  1 or 0. */
int plugin_name_is_valid (const char *name, size_t len);

#endif /* COMMON_PLUGIN_NAME_H */
