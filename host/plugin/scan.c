/* SPDX-License-Identifier: MIT */
/* scan.c - all the plugins there are, in search order. */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "plugin/command_match.h"
#include "plugin/scan.h"
#include "common/mem.h"

/* The NAME.so of one directory, without the ending, sorted. */
struct names {
	const struct lhk_alloc *alloc;
	char **names;
	size_t n, cap;
};

static void
names_done (struct names *list)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		mem_free_str (list->alloc, list->names[i]);
	mem_free (list->alloc, list->names, list->cap * sizeof *list->names);
}

/* Insert in order: directories of plugins are short. */
static int
names_add (struct names *list, const char *name, size_t len)
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

/* A directory that is not there has none, and one that we may not read none
 * for us; but what cannot be read now is not taken for nothing. */
static int
cannot_read (int error)
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
names_of_dir (struct names *list, const char *path)
{
	DIR *dir = opendir (path);
	const struct dirent *d;
	size_t len;
	int r = LHK_OK;

	if (dir == NULL)
		return cannot_read (errno);
	while (r == LHK_OK) {
		errno = 0;
		d = readdir (dir);
		if (d == NULL) {
			r = cannot_read (errno);
			break;
		}
		len = strlen (d->d_name);
		if (len > 3 && strcmp (d->d_name + len - 3, ".so") == 0)
			r = names_add (list, d->d_name, len - 3);
	}
	closedir (dir);
	return r;
}

/* Does something that is searched before DIR have this name? */
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

/* Bytes that hold "DIR/NAME.so" for every directory. */
static size_t
path_size (const struct registry *reg, const char *name)
{
	const struct registry_dir *dir;
	size_t most = 0;

	for (dir = reg->dirs; dir != NULL; dir = dir->next)
		if (strlen (dir->path) > most)
			most = strlen (dir->path);
	return most + strlen (name) + sizeof "/.so";
}

/* One file.  FN's answer, or LHK_ENOMEM. */
static int
scan_file (struct registry *reg, const struct registry_dir *dir,
	   const char *name, scan_fn *fn, void *user)
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
scan_dir (struct registry *reg, const struct registry_dir *dir, scan_fn *fn,
	  void *user, int *n)
{
	struct names list = { .alloc = reg->alloc };
	size_t i;
	int r = names_of_dir (&list, dir->path);

	for (i = 0; r == 0 && i < list.n; i++) {
		r = scan_file (reg, dir, list.names[i], fn, user);
		if (r >= 0)
			++*n;
	}
	names_done (&list);
	return r;
}

int
registry_scan_all (struct registry *reg, scan_fn *fn, void *user)
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

struct listing {
	lhk_plugin_entry_fn *fn;
	void *user;
};

static int
list_one (void *user, const struct lhk_plugin_entry *entry)
{
	const struct listing *l = user;

	l->fn (l->user, entry);
	return 0;
}

int
registry_list (struct registry *reg, lhk_plugin_entry_fn *fn, void *user)
{
	struct listing l = { fn, user };

	return registry_scan_all (reg, list_one, &l);
}

struct wanted {
	struct command_programs programs;
	const char *data; /* NULL: by programs */
	size_t len;
	const struct lhk_plugin_ref *found;
};

static int
try_one (void *user, const struct lhk_plugin_entry *entry)
{
	struct wanted *w = user;
	const struct lhk_plugin *p;
	int yes;

	/* Not for what it is: it may be the one that is wanted. */
	if (entry->ref == NULL && entry->err != NULL
	    && (entry->err->code == LHK_ENOMEM
		|| entry->err->sys_errno == EMFILE
		|| entry->err->sys_errno == ENFILE))
		return entry->err->code;
	if (entry->ref == NULL)
		return 0;
	p = &entry->ref->plugin;
	if (w->data == NULL)
		yes = command_match (&w->programs, p->programs);
	else
		yes = p->probe != NULL && p->probe (w->data, w->len) == 1;
	if (yes)
		w->found = entry->ref;
	return yes;
}

static int
first_match (struct registry *reg, struct wanted *w,
	     const struct lhk_plugin_ref **ret)
{
	int r = registry_scan_all (reg, try_one, w);

	if (r < 0)
		return r;
	if (w->found == NULL)
		return LHK_ENOTFOUND;
	*ret = w->found;
	return LHK_OK;
}

int
registry_for_command (struct registry *reg, const char *const *argv,
		      const struct lhk_plugin_ref **ret)
{
	struct wanted w = { .found = NULL };

	command_match_programs (argv, &w.programs);
	return w.programs.n == 0 ? LHK_ENOTFOUND : first_match (reg, &w, ret);
}

int
registry_for_line (struct registry *reg, const char *data, size_t len,
		   const struct lhk_plugin_ref **ret)
{
	struct wanted w = { .data = data, .len = len };

	return first_match (reg, &w, ret);
}
