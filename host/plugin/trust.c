/* SPDX-License-Identifier: MIT */
/* trust.c - which plugin files may become part of this process. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "plugin/trust.h"
#include "common/cleanup.h"
#include "common/error.h"

const char *
plugin_trust_fault (const struct stat *st, uid_t euid)
{
	if (st->st_uid != 0 && st->st_uid != euid)
		return "belongs to another user";
	if ((st->st_mode & S_IWOTH) != 0)
		return "is writable by everybody";
	if ((st->st_mode & S_IWGRP) != 0)
		return "is writable by its group";
	return NULL;
}

/* Bytes of a path in a sentence. */
#define SHOWN 96

const char *
plugin_path_tail (const char *path)
{
	size_t len = strlen (path);
	const char *tail;

	if (len <= SHOWN)
		return path;
	tail = strchr (path + len - SHOWN, '/');
	return tail == NULL ? path + len - SHOWN : tail + 1;
}

static int
refuse (struct lhk_error *err, const char *path, const char *what,
	const char *fault, const struct stat *st)
{
	return error_set (
		err, LHK_EREFUSED, 0,
		"plugin '%s': %s %s (uid %u, mode %04o); wanted owner "
		"root or uid %u and no write access for others",
		plugin_path_tail (path), what, fault, (unsigned int) st->st_uid,
		(unsigned int) st->st_mode & 07777, (unsigned int) geteuid ());
}

/* Whatever signals come. */
static int
open_at (int dir, const char *path, int flags)
{
	int fd;

	do
		fd = openat (dir, path, flags | O_CLOEXEC);
	while (fd < 0 && errno == EINTR);
	return fd;
}

/* Open the directory of PATH; *ret_base is where its file name starts. */
static int
open_dir (const char *path, const char **ret_base, int *ret_fd,
	  struct lhk_error *err)
{
	const char *slash = strrchr (path, '/');
	char dir[PATH_MAX] = ".";
	size_t len;
	int fd;

	*ret_base = path;
	if (slash != NULL) {
		len = slash == path ? 1 : (size_t) (slash - path);
		if (len >= sizeof dir)
			return error_set (
				err, LHK_EINVAL, ENAMETOOLONG,
				"plugin path has %zu bytes; at most %zu "
				"are allowed",
				strlen (path), sizeof dir - 1);
		memcpy (dir, path, len);
		dir[len] = '\0';
		*ret_base = slash + 1;
	}
	fd = open_at (AT_FDCWD, dir, O_PATH | O_DIRECTORY);
	if (fd < 0)
		return error_set (
			err, errno == ENOENT ? LHK_ENOTFOUND : LHK_ESYS, errno,
			"plugin '%s': cannot open its directory: "
			"%s",
			plugin_path_tail (path), strerror (errno));
	*ret_fd = fd;
	return LHK_OK;
}

static int
open_fault (struct lhk_error *err, const char *path, int sys_errno)
{
	if (sys_errno == ENOENT)
		return error_set (err, LHK_ENOTFOUND, sys_errno,
				  "plugin '%s': no such file",
				  plugin_path_tail (path));
	if (sys_errno == ELOOP)
		return error_set (
			err, LHK_EREFUSED, sys_errno,
			"plugin '%s' is a symbolic link; wanted a regular "
			"file: name the file it points to, or copy it",
			plugin_path_tail (path));
	return error_set (err, LHK_ESYS, sys_errno,
			  "plugin '%s': cannot open: %s",
			  plugin_path_tail (path), strerror (sys_errno));
}

int
plugin_trust_open (const char *path, int *ret_fd, struct lhk_error *err)
{
	AUTO_CLOSE int dir = -1;
	AUTO_CLOSE int fd = -1;
	const char *base;
	const char *fault;
	struct stat st;
	int r;

	if (getauxval (AT_SECURE) != 0)
		return error_set (
			err, LHK_EREFUSED, 0,
			"plugin '%s': this process runs with privileges "
			"of another user, so it loads no plugin",
			plugin_path_tail (path));
	r = open_dir (path, &base, &dir, err);
	if (r < 0)
		return r;
	/* Not to wait for the writer of a FIFO that has the name. */
	fd = open_at (dir, base, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return open_fault (err, path, errno);
	if (fstat (fd, &st) < 0)
		return error_set (err, LHK_ESYS, errno, "plugin '%s': %s",
				  plugin_path_tail (path), strerror (errno));
	if (!S_ISREG (st.st_mode))
		return error_set (err, LHK_EREFUSED, 0,
				  "plugin '%s' is %s; wanted "
				  "a shared object",
				  plugin_path_tail (path),
				  S_ISDIR (st.st_mode) ? "a directory"
						       : "not a regular file");
	fault = plugin_trust_fault (&st, geteuid ());
	if (fault != NULL)
		return refuse (err, path, "the file", fault, &st);
	if (fstat (dir, &st) < 0)
		return error_set (err, LHK_ESYS, errno, "plugin '%s': %s",
				  plugin_path_tail (path), strerror (errno));
	fault = plugin_trust_fault (&st, geteuid ());
	if (fault != NULL)
		return refuse (err, path, "its directory", fault, &st);
	*ret_fd = fd;
	fd = -1;
	return LHK_OK;
}
