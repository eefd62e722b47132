/* SPDX-License-Identifier: MIT */
/*
 * pins.h - plugins.conf: which files of its directory may be loaded.
 *
 *	# sha256sum *.so | sed 's/^/sha256 /'
 *	sha256 9f86d081884c7d65...  acme.so
 *
 * A directory without this file, or whose file has comments alone, pins
 * nothing.  Otherwise a plugin is loaded only if one of the lines has its name
 * and its digest; a line that is not understood might be such a pin, so then
 * none is.  Whoever could exchange this file could remove the pins: it must be
 * as safe as a plugin.
 */
#ifndef PLUGIN_PINS_H
#define PLUGIN_PINS_H

#include <linehook/base.h>

/*
 * May the file of PATH, which FD has open, be loaded?  The digest is that of FD.
 * INSTALLED is as for trusted_path_open.  LHK_OK; LHK_EREFUSED, with a sentence;
 * LHK_ESYS or LHK_EINVAL if the pins or the file cannot be read.
 */
int pins_check (const char *path, int fd, const char *installed,
		struct lhk_error *err);

#endif /* PLUGIN_PINS_H */
