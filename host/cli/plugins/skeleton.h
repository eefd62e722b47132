/* SPDX-License-Identifier: MIT */
/* skeleton.h - the files that a new plugin begins with. */
#ifndef CLI_PLUGINS_SKELETON_H
#define CLI_PLUGINS_SKELETON_H

#include <linehook/base.h>

/* A line of a file, with its newline.  The lines of a file follow each other;
 * the last element has a NULL file.  In names and lines, "skeleton" and
 * "SKELETON" stand for the name of the plugin. */
struct skeleton_line {
	const char *file;
	const char *text;
};

extern const struct skeleton_line skeleton_lines[];

/*
 * Write the files of a plugin NAME into the directory DIR, which is made if it
 * does not exist, and must be empty if it does.  LHK_OK; or LHK_EINVAL or
 * LHK_ESYS with the sentence in ERR, and no file is left behind.
 */
int skeleton_write (const char *name, const char *dir, struct lhk_error *err);

#endif /* CLI_PLUGINS_SKELETON_H */
