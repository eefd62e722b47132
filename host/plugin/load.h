/* SPDX-License-Identifier: MIT */
/*
 * load.h - a file becomes a descriptor, or a sentence why not.
 *
 * Order of the checks: trust.h; dlopen of the very file that was checked; the
 * symbol; then the descriptor.  No callback of the plugin is called.
 */
#ifndef PLUGIN_LOAD_H
#define PLUGIN_LOAD_H

#include <linehook/host.h>

/*
 * The rules of a descriptor.  PATH is for the sentence (NULL: linked in);
 * WANTED is the name it must have, LEN bytes, or NULL for any.  *ret gets a
 * copy of what both sides know, zeros behind.
 */
int plugin_load_descriptor (const struct lhk_plugin *found, const char *path,
			    const char *wanted, size_t len,
			    struct lhk_plugin *ret, struct lhk_error *err);

/* Load PATH, whose base name is NAME.so. */
int plugin_load_file (const char *path, struct lhk_plugin *ret,
		      struct lhk_error *err);

/* Is this [a-z][a-z0-9-]*, LEN bytes? */
int plugin_name_is_valid (const char *name, size_t len);

#endif /* PLUGIN_LOAD_H */
