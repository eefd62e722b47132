/* SPDX-License-Identifier: MIT */
/*
 * load.h - which plugin files may be loaded, and how one is.
 *
 * A plugin becomes part of this process, so its file must be one that only root
 * and the effective user may change or exchange, and no symbolic link; and it must
 * match the pins of its directory, if there are any.  It is opened once, and
 * dlopen gets that very descriptor.  No callback of the plugin
 * is called here.
 */
#ifndef PLUGIN_LOAD_H
#define PLUGIN_LOAD_H

#include <sys/stat.h>

#include <linehook/host.h>

/* The build sets it; this is for a compiler that is called by hand. */
#ifndef LHK_PLUGIN_DIR
#define LHK_PLUGIN_DIR "/usr/local/lib/linehook/plugins"
#endif

/*
 * Load PATH, whose base name is NAME.so, and copy its descriptor to *RET.
 * LHK_OK; LHK_EINVAL for another base name; the codes of plugin_trust_open;
 * LHK_EABI if it cannot be loaded or its descriptor is not right.  The file
 * stays loaded until the process ends, also after LHK_EABI.
 */
int plugin_load_file (const char *path, struct lhk_plugin *ret,
		      struct lhk_error *err);

/* The same for the file FD of PATH, which plugin_trust_open has opened; FD stays
 * open. */
int plugin_load_open (const char *path, int fd, struct lhk_plugin *ret,
		      struct lhk_error *err);

/*
 * Check a descriptor and copy it to *RET, with zeros for what FOUND does not
 * know.  PATH is for the error sentence (NULL: it is linked in); WANTED is the
 * name it must have, LEN bytes, or NULL for any name.  LHK_OK or LHK_EABI.
 */
int plugin_load_descriptor (const struct lhk_plugin *found, const char *path,
			    const char *wanted, size_t len,
			    struct lhk_plugin *ret, struct lhk_error *err);

/*
 * Open PATH for reading, close-on-exec, if it may be loaded.  LHK_OK;
 * LHK_ENOTFOUND if there is no such file; LHK_EREFUSED if it is not to be
 * trusted, or if its directory pins another file; LHK_EINVAL for a path that is
 * too long; LHK_ESYS.
 */
int plugin_trust_open (const char *path, int *ret_fd, struct lhk_error *err);

#endif /* PLUGIN_LOAD_H */
