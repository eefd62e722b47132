/* SPDX-License-Identifier: MIT */
/*
 * registry.h - the plugins a host can find, and those it has loaded.
 *
 * Search order: descriptors that were linked in, then the directories in the
 * order of their adding.  The first NAME wins, also when it is refused: what
 * lies behind it is never loaded instead of it.  A file is loaded when its
 * name is asked for, once, and never unloaded (thread-local data, atexit).
 */
#ifndef PLUGIN_REGISTRY_H
#define PLUGIN_REGISTRY_H

#include <linehook/host.h>

struct lhk_plugin_ref {
	struct lhk_plugin_ref *next;
	struct lhk_plugin plugin; /* our copy, completed with NULLs */
	char *path;		  /* NULL: linked in */
};

struct registry_dir {
	struct registry_dir *next;
	char *path;
};

struct registry {
	const struct lhk_alloc *alloc;
	struct lhk_plugin_ref *refs; /* linked in and loaded, in order */
	struct registry_dir *dirs;
};

/* ALLOC is borrowed until registry_free.  NULL: no memory. */
struct registry *registry_new (const struct lhk_alloc *alloc);
void registry_free (struct registry *reg);

/* DIR is copied.  LHK_OK, LHK_EINVAL for an empty one, LHK_ENOMEM. */
int registry_add_dir (struct registry *reg, const char *dir);

/* What PLUGIN points to is borrowed until registry_free. */
int registry_add_linked (struct registry *reg, const struct lhk_plugin *plugin,
			 struct lhk_error *err);

/* By name, or by path if NAME has a slash.  *ret is the registry's. */
int registry_find (struct registry *reg, const char *name,
		   const struct lhk_plugin_ref **ret, struct lhk_error *err);

/* As lhk_host_list_plugins. */
int registry_list (struct registry *reg, lhk_plugin_entry_fn *fn, void *user);

/* As lhk_host_plugin_for_command and lhk_host_plugin_for_line. */
int registry_for_command (struct registry *reg, const char *const *argv,
			  const struct lhk_plugin_ref **ret);
int registry_for_line (struct registry *reg, const char *data, size_t len,
		       const struct lhk_plugin_ref **ret);

#endif /* PLUGIN_REGISTRY_H */
