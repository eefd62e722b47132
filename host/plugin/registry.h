/* SPDX-License-Identifier: MIT */
/*
 * registry.h - the plugins a host can find, and those it has loaded.
 *
 * Search order: descriptors that were linked in, then the directories in the
 * order in which they were added; within a directory, by name.  The first
 * plugin of a name wins, also when it is refused: who asks for the name never
 * gets one that comes later instead.  A file is loaded when its name is asked
 * for, once, and never unloaded: it may have thread-local data or atexit
 * handlers.
 */
#ifndef PLUGIN_REGISTRY_H
#define PLUGIN_REGISTRY_H

#include <linehook/host.h>

#include "plugin/call_watch.h"

struct lhk_plugin_ref {
	struct lhk_plugin_ref *next;
	struct lhk_plugin plugin; /* a copy, with NULL for unknown members */
	char *path;		  /* NULL: linked in */
	/* Of ISOLATION, if the plugin is in a process of its own; else NULL. */
	void *isolated;
	const struct registry_isolation *isolation; /* borrowed */
	const struct lhk_alloc *alloc;		    /* the host's */
};

struct registry_dir {
	struct registry_dir *next;
	char *path;
};

/*
 * How a plugin file is used without loading it into this process: its descriptor
 * comes from elsewhere, and its callbacks lead there.  A struct of its owner
 * begins with it.
 */
struct registry_isolation {
	/* Is the plugin file to be used in this way?  1 or 0. */
	int (*wants) (const struct registry_isolation *isolation,
		      const char *path);
	/* Get the descriptor of PATH, and what is to be freed with the ref.
	 * LHK_OK, or a code with a sentence. */
	int (*describe) (const struct registry_isolation *isolation,
			 const char *path, struct lhk_plugin *ret,
			 void **ret_isolated, struct lhk_error *err);
	void (*forget) (void *isolated);
	/* Call the probe.  What it returned; 0 if it did not return. */
	int (*probe) (void *isolated, const char *data, size_t len);
};

struct registry {
	const struct lhk_alloc *alloc;
	const struct registry_isolation *isolation; /* borrowed, or NULL */
	struct lhk_plugin_ref *refs; /* linked in and loaded, in order */
	struct registry_dir *dirs;
};

/* ALLOC is borrowed until registry_free.  NULL if there is no memory. */
struct registry *registry_new (const struct lhk_alloc *alloc);

/* REG may be NULL.  Plugins stay loaded. */
void registry_free (struct registry *reg);

/* DIR is copied.  LHK_OK, LHK_EINVAL for one that is not absolute,
 * LHK_ENOMEM. */
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

/* The entry of a descriptor that lhk_plugin_ref_descriptor has given. */
struct lhk_plugin_ref *registry_ref_of (const struct lhk_plugin *plugin);

/* Call the probe of REF, which has one.  WATCH is told, if the plugin is in this
 * process.  What it returned. */
int registry_probe (const struct lhk_plugin_ref *ref, struct call_watch *watch,
		    const char *data, size_t len);

/* What lhk_host_list_plugins does.  Returns the number of entries, LHK_ENOMEM
 * or LHK_ESYS. */
int registry_list (struct registry *reg, lhk_plugin_entry_fn *fn, void *user);

/* FN returns 1 to stop, 0 to go on, or a negative code, which is passed on. */
typedef int registry_scan_fn (void *user, const struct lhk_plugin_entry *entry);

/*
 * Call FN for each linked-in plugin and for each NAME.so of the directories, in
 * search order; the first of a name is loaded if it can be.  Returns the number
 * of entries, what FN returned, LHK_ENOMEM or LHK_ESYS.
 */
int registry_scan (struct registry *reg, registry_scan_fn *fn, void *user);

/* Find the first NAME.so behind the one of PATH, in search order, that can be
 * loaded.  LHK_OK, LHK_ENOMEM, or the code of the last one that cannot. */
int registry_find_behind (struct registry *reg, const char *name,
			  const char *path, const struct lhk_plugin_ref **ret);

#endif /* PLUGIN_REGISTRY_H */
