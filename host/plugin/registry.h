/* SPDX-License-Identifier: MIT */
/*
 * registry.h - the plugins a host can find, and those it has loaded.
 *
 * Search order: descriptors that were linked in, then the directories in the
 * order in which they were added; within a directory, by name.  The first
 * plugin of a name wins, also when it is refused: one that comes later is
 * never loaded instead of it.  A file is loaded when its name is asked for,
 * once, and never unloaded: it may have thread-local data or atexit handlers.
 */
#ifndef PLUGIN_REGISTRY_H
#define PLUGIN_REGISTRY_H

#include <linehook/host.h>

struct lhk_plugin_ref {
	struct lhk_plugin_ref *next;
	struct lhk_plugin plugin; /* a copy, with NULL for unknown members */
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

/* ALLOC is borrowed until registry_free.  NULL if there is no memory. */
struct registry *registry_new (const struct lhk_alloc *alloc);

/* REG may be NULL.  Plugins stay loaded. */
void registry_free (struct registry *reg);

/* DIR is copied.  LHK_OK, LHK_EINVAL for an empty one, LHK_ENOMEM. */
int registry_add_dir (struct registry *reg, const char *dir);

/* What PLUGIN points to is borrowed until registry_free.  LHK_OK, LHK_EABI,
 * LHK_ESTATE if its name is there already, LHK_ENOMEM. */
int registry_add_linked (struct registry *reg, const struct lhk_plugin *plugin,
			 struct lhk_error *err);

/* Find a plugin by name, or by path if NAME has a slash, and load it.  *ret
 * belongs to the registry.  LHK_OK, LHK_EINVAL for a name that cannot be one,
 * LHK_ENOTFOUND, LHK_ENOMEM, or a code of plugin_load_file. */
int registry_find (struct registry *reg, const char *name,
		   const struct lhk_plugin_ref **ret, struct lhk_error *err);

/* What lhk_host_list_plugins does.  Returns the number of entries, LHK_ENOMEM
 * or LHK_ESYS. */
int registry_list (struct registry *reg, lhk_plugin_entry_fn *fn, void *user);

/*
 * What lhk_host_plugin_for_command and lhk_host_plugin_for_line do: the first
 * plugin that serves the command or whose probe accepts the line.  *ret belongs
 * to the registry.  LHK_OK, LHK_ENOTFOUND, LHK_ENOMEM, LHK_ESYS.
 */
int registry_for_command (struct registry *reg, const char *const *argv,
			  const struct lhk_plugin_ref **ret);
int registry_for_line (struct registry *reg, const char *data, size_t len,
		       const struct lhk_plugin_ref **ret);

#endif /* PLUGIN_REGISTRY_H */
