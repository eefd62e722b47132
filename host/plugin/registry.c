/* SPDX-License-Identifier: MIT */
/* registry.c - the plugins a host can find, and those it has loaded. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "plugin/load.h"
#include "plugin/command_match.h"
#include "plugin/registry.h"
#include "plugin/scan.h"
#include "common/error.h"
#include "common/mem.h"

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

	if (path[0] == '\0')
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

/* Load PATH, or take it from those that are loaded. */
static int
find_path (struct registry *reg, const char *path,
	   const struct lhk_plugin_ref **ret, struct lhk_error *err)
{
	const struct lhk_plugin_ref *ref = loaded_from (reg, path);
	struct lhk_plugin copy;
	char *own;
	int r;

	if (ref != NULL) {
		*ret = ref;
		return LHK_OK;
	}
	r = plugin_load_file (path, &copy, err);
	if (r < 0)
		return r;
	own = mem_strdup (reg->alloc, path);
	ref = own == NULL ? NULL : ref_add (reg, &copy, own);
	if (ref == NULL) {
		mem_free_str (reg->alloc, own);
		return error_set (err, LHK_ENOMEM, 0,
				  "plugin '%s': out of memory", copy.name);
	}
	*ret = ref;
	return LHK_OK;
}

/* "DIR/NAME.so"; free with mem_free_str.  NULL: no memory. */
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
			"plugin '%s' not found: no directory to search "
			"was given",
			name);
	return error_set (err, LHK_ENOTFOUND, 0,
			  "plugin '%s' not found: no '%s.so' "
			  "in '%s'%s; for a file give its path, with a slash",
			  name, name, reg->dirs->path,
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
		return error_set (err, LHK_ENOTFOUND, error,
				  "plugin '%s' not found:"
				  " '%s' cannot be searched: %s",
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
			"plugin name '%.40s': wanted lower case letters, "
			"digits and '-', a letter first; for a file give "
			"its path, with a slash",
			name);
	return find_name (reg, name, ret, err);
}
