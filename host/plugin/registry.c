/* SPDX-License-Identifier: MIT */
/* registry.c - the plugins a host can find, and those it has loaded. */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "plugin/load.h"
#include "plugin/registry.h"
#include "common/error.h"
#include "common/mem.h"
#include "common/plugin_name.h"

struct registry *
registry_new (const struct lhk_alloc *alloc)
{
	struct registry *reg = mem_zero (alloc, sizeof *reg);

	if (reg != NULL)
		reg->alloc = alloc;
	return reg;
}

void
registry_free (struct registry *reg)
{
	struct lhk_plugin_ref *ref;
	struct registry_dir *dir;

	if (reg == NULL)
		return;
	while ((ref = reg->refs) != NULL) {
		reg->refs = ref->next;
		if (ref->isolated != NULL)
			ref->isolation->forget (ref->isolated);
		mem_free_str (reg->alloc, ref->path);
		mem_free (reg->alloc, ref, sizeof *ref);
	}
	while ((dir = reg->dirs) != NULL) {
		reg->dirs = dir->next;
		mem_free_str (reg->alloc, dir->path);
		mem_free (reg->alloc, dir, sizeof *dir);
	}
	mem_free (reg->alloc, reg, sizeof *reg);
}

int
registry_add_dir (struct registry *reg, const char *path)
{
	struct registry_dir **end = &reg->dirs;
	struct registry_dir *dir;

	if (path[0] != '/')
		return LHK_EINVAL;
	dir = mem_zero (reg->alloc, sizeof *dir);
	if (dir == NULL)
		return LHK_ENOMEM;
	dir->path = mem_strdup (reg->alloc, path);
	if (dir->path == NULL) {
		mem_free (reg->alloc, dir, sizeof *dir);
		return LHK_ENOMEM;
	}
	while (*end != NULL)
		end = &(*end)->next;
	*end = dir;
	return LHK_OK;
}

static struct lhk_plugin_ref *
ref_add (struct registry *reg, const struct lhk_plugin *plugin, char *path)
{
	struct lhk_plugin_ref **end = &reg->refs;
	struct lhk_plugin_ref *ref = mem_zero (reg->alloc, sizeof *ref);

	if (ref == NULL)
		return NULL;
	ref->plugin = *plugin;
	ref->path = path;
	ref->alloc = reg->alloc;
	while (*end != NULL)
		end = &(*end)->next;
	*end = ref;
	return ref;
}

int
registry_add_linked (struct registry *reg, const struct lhk_plugin *plugin,
		     struct lhk_error *err)
{
	const struct lhk_plugin_ref *ref;
	struct lhk_plugin copy;
	int r;

	r = plugin_load_descriptor (plugin, NULL, NULL, 0, &copy, err);
	if (r < 0)
		return r;
	for (ref = reg->refs; ref != NULL; ref = ref->next)
		if (ref->path == NULL
		    && strcmp (ref->plugin.name, copy.name) == 0)
			return error_set (err, LHK_ESTATE, 0,
					  "plugin '%s' was added before",
					  copy.name);
	if (ref_add (reg, &copy, NULL) == NULL)
		return error_set (err, LHK_ENOMEM, 0,
				  "plugin '%s': out of memory", copy.name);
	return LHK_OK;
}

static const struct lhk_plugin_ref *
loaded_from (const struct registry *reg, const char *path)
{
	const struct lhk_plugin_ref *ref;

	for (ref = reg->refs; ref != NULL; ref = ref->next)
		if (ref->path != NULL && strcmp (ref->path, path) == 0)
			return ref;
	return NULL;
}

/* The plugin of PATH, loaded if it is not loaded yet. */
static int
find_path (struct registry *reg, const char *path,
	   const struct lhk_plugin_ref **ret, struct lhk_error *err)
{
	const struct lhk_plugin_ref *ref = loaded_from (reg, path);
	struct lhk_plugin copy;
	struct lhk_plugin_ref *added;
	void *isolated = NULL;
	char *own;
	int r;

	if (ref != NULL) {
		*ret = ref;
		return LHK_OK;
	}
	r = reg->isolation == NULL
			    || !reg->isolation->wants (reg->isolation, path)
		    ? plugin_load_file (path, &copy, err)
		    : reg->isolation->describe (reg->isolation, path, &copy,
						&isolated, err);
	if (r < 0)
		return r;
	own = mem_strdup (reg->alloc, path);
	added = own == NULL ? NULL : ref_add (reg, &copy, own);
	if (added == NULL) {
		mem_free_str (reg->alloc, own);
		error_set (err, LHK_ENOMEM, 0, "plugin '%s': out of memory",
			   copy.name);
		if (isolated != NULL)
			reg->isolation->forget (isolated);
		return LHK_ENOMEM;
	}
	added->isolated = isolated;
	added->isolation = reg->isolation;
	*ret = added;
	return LHK_OK;
}

/* "DIR/NAME.so"; free it with mem_free_str.  NULL if there is no memory. */
static char *
join_path (const struct registry *reg, const char *dir, const char *name)
{
	size_t size = strlen (dir) + strlen (name) + sizeof "/.so";
	char *path = mem_new (reg->alloc, size);

	if (path != NULL)
		snprintf (path, size, "%s/%s.so", dir, name);
	return path;
}

static int
not_found (const struct registry *reg, const char *name, struct lhk_error *err)
{
	const struct registry_dir *dir;
	unsigned int n = 0;

	for (dir = reg->dirs; dir != NULL; dir = dir->next)
		n++;
	if (n == 0)
		return error_set (
			err, LHK_ENOTFOUND, 0,
			"no plugin '%s' was found, because there is no "
			"directory to search",
			name);
	return error_set (
		err, LHK_ENOTFOUND, 0,
		"no plugin '%s' was found in '%s'%s; for a file, give "
		"a path with a slash",
		name, reg->dirs->path,
		n > 1 ? " and the other plugin directories" : "");
}

static int
find_name (struct registry *reg, const char *name,
	   const struct lhk_plugin_ref **ret, struct lhk_error *err)
{
	const struct lhk_plugin_ref *ref;
	const struct registry_dir *dir, *closed = NULL;
	char *path;
	int error = 0;
	int r;

	for (ref = reg->refs; ref != NULL; ref = ref->next)
		if (ref->path == NULL && strcmp (ref->plugin.name, name) == 0) {
			*ret = ref;
			return LHK_OK;
		}
	for (dir = reg->dirs; dir != NULL; dir = dir->next) {
		path = join_path (reg, dir->path, name);
		if (path == NULL)
			return error_set (err, LHK_ENOMEM, 0,
					  "plugin '%s': out of memory", name);
		r = LHK_ENOTFOUND;
		if (loaded_from (reg, path) != NULL
		    || access (path, F_OK) == 0) {
			r = find_path (reg, path, ret, err);
		} else if (closed == NULL && errno != ENOENT
			   && errno != ENOTDIR) {
			closed = dir;
			error = errno;
		}
		mem_free_str (reg->alloc, path);
		if (r != LHK_ENOTFOUND)
			return r;
	}
	if (closed != NULL)
		return error_set (
			err, LHK_ENOTFOUND, error,
			"no plugin '%s' was found, and '%s' cannot be "
			"searched: %s",
			name, closed->path, strerror (error));
	return not_found (reg, name, err);
}

int
registry_find (struct registry *reg, const char *name,
	       const struct lhk_plugin_ref **ret, struct lhk_error *err)
{
	if (strchr (name, '/') != NULL)
		return find_path (reg, name, ret, err);
	if (!plugin_name_is_valid (name, strlen (name)))
		return error_set (
			err, LHK_EINVAL, 0,
			"'%.40s' is not the name of a plugin; give lower-case "
			"letters, digits and '-', or the path of a file, with "
			"a slash",
			name);
	return find_name (reg, name, ret, err);
}

struct lhk_plugin_ref *
registry_ref_of (const struct lhk_plugin *plugin)
{
	return (struct lhk_plugin_ref *) ((uintptr_t) plugin
					  - offsetof (struct lhk_plugin_ref,
						      plugin));
}

int
registry_probe (const struct lhk_plugin_ref *ref, struct call_watch *watch,
		const char *data, size_t len)
{
	return ref->isolated != NULL
		       ? ref->isolation->probe (ref->isolated, data, len)
		       : call_watch_probe (watch, &ref->plugin, data, len);
}

/* ---- all plugins, in search order ---- */

/* The plugin files of one directory, sorted, without ".so". */
struct name_list {
	const struct lhk_alloc *alloc;
	char **names;
	size_t n, cap;
};

static void
name_list_free (struct name_list *list)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		mem_free_str (list->alloc, list->names[i]);
	mem_free (list->alloc, list->names, list->cap * sizeof *list->names);
}

/* Insertion is fast enough: directories of plugins are short. */
static int
name_list_add (struct name_list *list, const char *name, size_t len)
{
	void *array = list->names;
	char *own;
	size_t i;

	if (mem_grow (list->alloc, &array, &list->cap, list->n + 1,
		      sizeof *list->names)
	    < 0)
		return LHK_ENOMEM;
	list->names = array;
	own = mem_strndup (list->alloc, name, len);
	if (own == NULL)
		return LHK_ENOMEM;
	for (i = list->n; i > 0 && strcmp (list->names[i - 1], own) > 0; i--)
		list->names[i] = list->names[i - 1];
	list->names[i] = own;
	list->n++;
	return LHK_OK;
}

/* The code for an errno of reading a directory.  One that does not exist or
 * that we may not read has no plugins; any other failure must not pass for
 * an empty directory. */
static int
read_error (int error)
{
	switch (error) {
	case 0:
	case ENOENT:
	case ENOTDIR:
	case EACCES:
	case ELOOP:
	case ENAMETOOLONG:
		return LHK_OK;
	case ENOMEM:
		return LHK_ENOMEM;
	default:
		return LHK_ESYS;
	}
}

static int
name_list_read (struct name_list *list, const char *path)
{
	DIR *dir = opendir (path);
	const struct dirent *d;
	size_t len;
	int r = LHK_OK;

	if (dir == NULL)
		return read_error (errno);
	while (r == LHK_OK) {
		errno = 0;
		d = readdir (dir);
		if (d == NULL) {
			r = read_error (errno);
			break;
		}
		len = strlen (d->d_name);
		if (len > 3 && strcmp (d->d_name + len - 3, ".so") == 0)
			r = name_list_add (list, d->d_name, len - 3);
	}
	closedir (dir);
	return r;
}

/* Is there a plugin of this name in what is searched before DIR?  PATH is
 * room for SIZE bytes. */
static int
is_shadowed (const struct registry *reg, const struct registry_dir *dir,
	     const char *name, char *path, size_t size)
{
	const struct lhk_plugin_ref *ref;
	const struct registry_dir *before;

	for (ref = reg->refs; ref != NULL; ref = ref->next)
		if (ref->path == NULL && strcmp (ref->plugin.name, name) == 0)
			return 1;
	for (before = reg->dirs; before != dir; before = before->next) {
		snprintf (path, size, "%s/%s.so", before->path, name);
		if (access (path, F_OK) == 0)
			return 1;
	}
	return 0;
}

/* Bytes that hold "DIR/NAME.so" for every directory, with its NUL. */
static size_t
path_size (const struct registry *reg, const char *name)
{
	const struct registry_dir *dir;
	size_t max = 0;

	for (dir = reg->dirs; dir != NULL; dir = dir->next)
		if (strlen (dir->path) > max)
			max = strlen (dir->path);
	return max + strlen (name) + sizeof "/.so";
}

/* Call FN for one file.  Returns what FN returns, or LHK_ENOMEM. */
static int
scan_file (struct registry *reg, const struct registry_dir *dir,
	   const char *name, registry_scan_fn *fn, void *user)
{
	struct lhk_plugin_entry entry = {
		.size = sizeof entry,
		.name = name,
	};
	size_t size = path_size (reg, name);
	char *path = mem_new (reg->alloc, size);
	struct lhk_error err = { 0 };
	int stop;

	if (path == NULL)
		return LHK_ENOMEM;
	entry.shadowed = is_shadowed (reg, dir, name, path, size);
	snprintf (path, size, "%s/%s.so", dir->path, name);
	entry.path = path;
	if (!entry.shadowed && registry_find (reg, path, &entry.ref, &err) < 0)
		entry.err = &err;
	stop = fn (user, &entry);
	mem_free (reg->alloc, path, size);
	return stop;
}

static int
scan_dir (struct registry *reg, const struct registry_dir *dir,
	  registry_scan_fn *fn, void *user, int *n)
{
	struct name_list list = { .alloc = reg->alloc };
	size_t i;
	int r = name_list_read (&list, dir->path);

	for (i = 0; r == 0 && i < list.n; i++) {
		r = scan_file (reg, dir, list.names[i], fn, user);
		if (r >= 0)
			++*n;
	}
	name_list_free (&list);
	return r;
}

int
registry_scan (struct registry *reg, registry_scan_fn *fn, void *user)
{
	const struct lhk_plugin_ref *ref;
	const struct registry_dir *dir;
	int n = 0;
	int r = 0;

	for (ref = reg->refs; ref != NULL && r == 0; ref = ref->next) {
		struct lhk_plugin_entry entry = {
			.size = sizeof entry,
			.name = ref->plugin.name,
			.ref = ref,
		};

		if (ref->path != NULL)
			continue;
		r = fn (user, &entry);
		n++;
	}
	for (dir = reg->dirs; dir != NULL && r == 0; dir = dir->next)
		r = scan_dir (reg, dir, fn, user, &n);
	return r < 0 ? r : n;
}

/* For registry_list. */
struct listing {
	lhk_plugin_entry_fn *fn;
	void *user;
};

static int
list_entry (void *user, const struct lhk_plugin_entry *entry)
{
	const struct listing *l = user;

	l->fn (l->user, entry);
	return 0;
}

int
registry_list (struct registry *reg, lhk_plugin_entry_fn *fn, void *user)
{
	struct listing l = { fn, user };

	return registry_scan (reg, list_entry, &l);
}

int
registry_find_behind (struct registry *reg, const char *name, const char *path,
		      const struct lhk_plugin_ref **ret)
{
	const struct registry_dir *dir;
	struct lhk_error err = { 0 };
	int r = LHK_ENOTFOUND;
	int behind = 0;
	char *own;

	for (dir = reg->dirs; dir != NULL && r != LHK_OK; dir = dir->next) {
		own = join_path (reg, dir->path, name);
		if (own == NULL)
			return LHK_ENOMEM;
		if (behind && strcmp (own, path) != 0)
			r = find_path (reg, own, ret, &err);
		behind |= strcmp (own, path) == 0;
		mem_free_str (reg->alloc, own);
	}
	return r;
}
