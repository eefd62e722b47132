/* SPDX-License-Identifier: MIT */
/*
 * scan.h - all the plugins there are, in search order.
 *
 * For lists, and for the search by program or by line, which must know every
 * plugin.  The entries of a directory come sorted by name.
 */
#ifndef PLUGIN_SCAN_H
#define PLUGIN_SCAN_H

#include "plugin/registry.h"

/*
 * Call FN for each linked-in plugin and each NAME.so of the directories; the
 * first of a name is loaded if it can be.  FN returns 1 to stop.  Returns the
 * number of entries, or LHK_ENOMEM.
 */
typedef int scan_fn (void *user, const struct lhk_plugin_entry *entry);
int registry_scan_all (struct registry *reg, scan_fn *fn, void *user);

#endif /* PLUGIN_SCAN_H */
