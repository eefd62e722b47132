/* SPDX-License-Identifier: MIT */
/* lines.h - the plugin for what no other one reads: every line is a text. */
#ifndef PLUGIN_LINES_H
#define PLUGIN_LINES_H

#include <linehook/plugin.h>

/*
 * It makes of lines what the installed plugin raw makes of them, needs no file
 * and no memory, and cannot fail.
 */
extern const struct lhk_plugin plugin_lines;

#endif /* PLUGIN_LINES_H */
