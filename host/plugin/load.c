/* SPDX-License-Identifier: MIT */
/* load.c - which plugin files may be loaded, and how one is. */
#include "config.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plugin/command_template.h"
#include "plugin/load.h"
#include "plugin/object_file.h"
#include "plugin/object_needs.h"
#include "plugin/pins.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/limits.h"
#include "common/macros.h"
#include "common/plugin_name.h"
#include "common/trusted_path.h"

/* ---- trust ---- */

int
plugin_trust_open (const char *path, int *ret_fd, struct lhk_error *err)
{
	AUTO_CLOSE int fd = -1;
	int r;

	if (getauxval (AT_SECURE) != 0)
		return error_set (
			err, LHK_EREFUSED, 0,
			"plugin '%s': this process runs with the privileges of "
			"another user, so it loads no plugin",
			trusted_path_tail (path));
	r = trusted_path_open ("plugin", path, LHK_PLUGIN_DIR, O_RDONLY, 0, &fd,
			       err);
	if (r == LHK_OK)
		r = pins_check (path, fd, LHK_PLUGIN_DIR, err);
	if (r < 0)
		return r;
	*ret_fd = fd;
	fd = -1;
	return LHK_OK;
}

/* ---- the descriptor ---- */

/* Bytes that every descriptor of ABI 1.0 has: close is the last member that it
 * must have. */
#define SIZE_1_0                                                               \
	(offsetof (struct lhk_plugin, close)                                   \
	 + sizeof (((struct lhk_plugin *) NULL)->close))

#define FLAGS_KNOWN                                                            \
	(LHK_PLUGIN_JSON | LHK_PLUGIN_STDOUT_FILE | LHK_PLUGIN_CLAIMS          \
	 | LHK_PLUGIN_NO_TOKENS | LHK_PLUGIN_NO_COST | LHK_PLUGIN_LATE_TOKENS  \
	 | LHK_PLUGIN_LATE_COST)

/* The name of the first required member that is NULL, in the order of the
 * struct; NULL if all are there. */
static const char *
missing_member (const struct lhk_plugin *p)
{
	const struct {
		const char *name;
		int present;
	} members[] = {
		{ "name", p->name != NULL },
		{ "provider", p->provider != NULL },
		{ "version", p->version != NULL },
		{ "summary", p->summary != NULL },
		{ "open", p->open != NULL },
		{ "line_hook", p->line_hook != NULL },
		{ "close", p->close != NULL },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE (members); i++)
		if (!members[i].present)
			return members[i].name;
	return NULL;
}

static int
check_identity (const struct lhk_plugin *found, const char *where,
		struct lhk_error *err)
{
	if (found->magic != LHK_PLUGIN_MAGIC)
		return error_set (
			err, LHK_EABI, 0,
			"plugin '%s': magic is 0x%08x, expected 0x%08x: begin "
			"the descriptor with LHK_PLUGIN_HEADER",
			where, found->magic, LHK_PLUGIN_MAGIC);
	if (found->size < SIZE_1_0 || found->size > LIMIT_PLUGIN_SIZE)
		return error_set (
			err, LHK_EABI, 0,
			"plugin '%s': descriptor has %u bytes, expected %u to "
			"%u: begin it with LHK_PLUGIN_HEADER",
			where, found->size, (unsigned int) SIZE_1_0,
			LIMIT_PLUGIN_SIZE);
	if ((found->flags & ~(uint32_t) FLAGS_KNOWN) != 0)
		return error_set (
			err, LHK_EABI, 0,
			"plugin '%s': flags are 0x%x, this host knows "
			"0x%x: use a newer linehook",
			where, found->flags, (unsigned int) FLAGS_KNOWN);
	if (found->needs_minor > LHK_ABI_MINOR)
		return error_set (
			err, LHK_EABI, 0,
			"plugin '%s': needs host ABI %d.%u, this host is "
			"%d.%d: use a newer linehook",
			where, LHK_ABI_MAJOR, found->needs_minor, LHK_ABI_MAJOR,
			LHK_ABI_MINOR);
	return LHK_OK;
}

int
plugin_load_descriptor (const struct lhk_plugin *found, const char *path,
			const char *wanted, size_t len, struct lhk_plugin *ret,
			struct lhk_error *err)
{
	const char *where =
		path != NULL ? trusted_path_tail (path) : "linked in";
	struct lhk_plugin copy = { 0 };
	const char *member;
	int r;

	r = check_identity (found, where, err);
	if (r < 0)
		return r;
	memcpy (&copy, found,
		found->size < sizeof copy ? found->size : sizeof copy);
	copy.size = sizeof copy;
	member = missing_member (&copy);
	if (member != NULL)
		return error_set (
			err, LHK_EABI, 0,
			"plugin '%s': member '%s' is NULL, expected a value",
			where, member);
	if (!plugin_name_is_valid (copy.name, strlen (copy.name)))
		return error_set (
			err, LHK_EABI, 0,
			"plugin '%s': its name is '%s', expected lower case "
			"letters, digits and '-', a letter first",
			where, copy.name);
	if (wanted != NULL
	    && (strlen (copy.name) != len
		|| memcmp (copy.name, wanted, len) != 0))
		return error_set (
			err, LHK_EABI, 0,
			"plugin '%s': its name is '%s', expected '%.*s' as the "
			"file is called: rename the file to '%s.so'",
			where, copy.name, (int) len, wanted, copy.name);
	r = command_template_check (&copy, where, err);
	if (r < 0)
		return r;
	*ret = copy;
	return LHK_OK;
}

/* ---- the shared object ---- */

#define SYMBOL "linehook_plugin_1"

/* Bytes of the longest path that fd_path makes. */
#define FD_PATH_MAX 512

/* Write V as path components that lead nowhere: "./" is a 0, ".//" a 1. */
static char *
put_bits (char *p, uint64_t v)
{
	int i;

	for (i = 0; i < 64; i++, v >>= 1) {
		*p++ = '.';
		*p++ = '/';
		if (v & 1)
			*p++ = '/';
	}
	return p;
}

/*
 * Make a path for dlopen that leads to the open file FD and to nothing else.
 * The loader takes two equal paths for the same object, but the number of a
 * descriptor is used again for other files: so the device and the inode of
 * the file go into the path too.
 */
static void
fd_path (char *path, int fd, const struct stat *st)
{
	char *p = path + snprintf (path, FD_PATH_MAX, "/proc/self/fd/");

	p = put_bits (p, (uint64_t) st->st_dev);
	p = put_bits (p, (uint64_t) st->st_ino);
	snprintf (p, FD_PATH_MAX - (size_t) (p - path), "%d", fd);
}

/* The text of dlerror, without the long path in front of it. */
static const char *
loader_error (void)
{
	const char *text = dlerror ();
	const char *colon;

	if (text == NULL)
		return "unknown error of the loader";
	if (strncmp (text, "/proc/self/fd/", 14) == 0) {
		colon = strstr (text, ": ");
		if (colon != NULL)
			return colon + 2;
	}
	return text;
}

/* Does PATH lead to the file of ST? */
static int
leads_to (const char *path, const struct stat *st)
{
	struct stat now;

	return stat (path, &now) == 0 && now.st_dev == st->st_dev
	       && now.st_ino == st->st_ino;
}

/*
 * Load the open file FD, which is the file of PATH.  Without /proc it has no
 * path of its own.  PATH will do: nobody but root and the user can exchange a
 * component of it, as was checked, and that they did not do so meanwhile is
 * checked again.
 */
static void *
load_open_file (const char *path, int fd, const struct stat *st)
{
	char name[FD_PATH_MAX];
	void *dl;

	fd_path (name, fd, st);
	if (leads_to (name, st))
		return dlopen (name, RTLD_NOW | RTLD_LOCAL);
	if (!leads_to (path, st))
		return NULL;
	dl = dlopen (path, RTLD_NOW | RTLD_LOCAL);
	return leads_to (path, st) ? dl : NULL;
}

/* The loader does not say why in a form that can be told apart. */
static int
load_fault (const char *path, int fd, struct lhk_error *err)
{
	const char *text = loader_error ();
	int other = fcntl (fd, F_DUPFD_CLOEXEC, 0);
	int error = errno;

	if (other < 0)
		return error_set (err, LHK_ESYS, error,
				  "plugin '%s': cannot load: %s",
				  trusted_path_tail (path), strerror (error));
	close (other);
	return error_set (err, LHK_EABI, 0, "plugin '%s': cannot load: %s",
			  trusted_path_tail (path), text);
}

/* The part of the base name of PATH that is the plugin's name: *RET_LEN bytes.
 * NULL, with a sentence, if it is not of that form. */
static const char *
name_in (const char *path, size_t *ret_len, struct lhk_error *err)
{
	const char *base = strrchr (path, '/');
	size_t len;

	base = base == NULL ? path : base + 1;
	len = strlen (base);
	if (len > 3 && strcmp (base + len - 3, ".so") == 0
	    && plugin_name_is_valid (base, len - 3)) {
		*ret_len = len - 3;
		return base;
	}
	error_set (
		err, LHK_EINVAL, 0,
		"plugin '%s': the file name is not NAME.so, where NAME is of "
		"lower case letters, digits and '-'",
		trusted_path_tail (path));
	return NULL;
}

int
plugin_load_open (const char *path, int fd, struct lhk_plugin *ret,
		  struct lhk_error *err)
{
	const struct lhk_plugin *found;
	struct stat st;
	size_t len;
	const char *name = name_in (path, &len, err);
	void *dl;
	int r;

	if (name == NULL)
		return LHK_EINVAL;
	if (fstat (fd, &st) < 0)
		return error_set (err, LHK_ESYS, errno,
				  "plugin '%s': cannot examine it: %s",
				  trusted_path_tail (path), strerror (errno));
	r = object_file_check (path, fd, (uint64_t) st.st_size, err);
	if (r == LHK_OK)
		r = object_needs_check (path, fd, (uint64_t) st.st_size, err);
	if (r < 0)
		return r;
	dl = load_open_file (path, fd, &st);
	if (dl == NULL)
		return load_fault (path, fd, err);
	found = dlsym (dl, SYMBOL);
	if (found == NULL)
		return error_set (
			err, LHK_EABI, 0,
			"plugin '%s' does not export '" SYMBOL "': define "
			"it with LHK_PLUGIN_DEFINE and make it visible",
			trusted_path_tail (path));
	return plugin_load_descriptor (found, path, name, len, ret, err);
}

int
plugin_load_file (const char *path, struct lhk_plugin *ret,
		  struct lhk_error *err)
{
	AUTO_CLOSE int fd = -1;
	size_t len;
	int r;

	if (name_in (path, &len, err) == NULL)
		return LHK_EINVAL;
	r = plugin_trust_open (path, &fd, err);
	return r < 0 ? r : plugin_load_open (path, fd, ret, err);
}
