/* SPDX-License-Identifier: MIT */
/* store.c - a directory of records: open it, what is a run, show it. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "record/store.h"
#include "common/error.h"
#include "common/fd.h"
#include "common/mem.h"

/* Between two looks at what a host is just writing. */
#define LOOKS 3

int
lhk_store_open (const char *dir, const struct lhk_alloc *alloc,
		struct lhk_store **ret, struct lhk_error *err)
{
	struct lhk_store *s;
	int fd = -1;
	int r;

	if (ret == NULL)
		return error_set (err, LHK_EINVAL, 0, "no place for the store");
	if (alloc == NULL)
		alloc = &mem_system;
	r = record_open_store (dir, 0, &fd, err);
	if (r < 0 && r != LHK_ENOTFOUND)
		return r;
	s = mem_zero (alloc, sizeof *s);
	if (s != NULL)
		s->dir = mem_strdup (alloc, dir);
	if (s == NULL || s->dir == NULL) {
		mem_free (alloc, s, sizeof *s);
		fd_close (&fd);
		return error_set (err, LHK_ENOMEM, 0,
				  "no memory for the store");
	}
	s->magic = STORE_MAGIC;
	s->alloc = alloc;
	s->fd = fd;
	s->notify = -1;
	*ret = s;
	return LHK_OK;
}

void
lhk_store_free (struct lhk_store *s)
{
	if (s == NULL || s->magic != STORE_MAGIC)
		return;
	fd_close (&s->fd);
	fd_close (&s->notify);
	mem_free_str (s->alloc, s->dir);
	mem_free (s->alloc, s->answer.data, s->answer.cap);
	s->magic = 0;
	mem_free (s->alloc, s, sizeof *s);
}

int
store_dir (struct lhk_store *s)
{
	int r;

	if (s->fd >= 0)
		return s->fd;
	r = record_open_store (s->dir, 0, &s->fd, NULL);
	if (r == LHK_EREFUSED)
		errno = EPERM;
	return r < 0 ? -1 : s->fd;
}

/* ---- sentences ---- */

int
store_check (struct lhk_store *s, const char *id, struct lhk_error *err)
{
	if (s == NULL || s->magic != STORE_MAGIC)
		return error_set (err, LHK_EINVAL, 0, "this is no store");
	if (!record_id_ok (id))
		return error_set (err, LHK_EINVAL, 0,
				  "'%.80s' cannot be a run:"
				  " wanted 1 to 64 letters, digits, '.', '_' or"
				  " '-', no '.' first",
				  id == NULL ? "" : id);
	return LHK_OK;
}

int
store_not_found (const struct lhk_store *s, const char *id,
		 struct lhk_error *err)
{
	return error_set (err, LHK_ENOTFOUND, ENOENT,
			  "there is no run '%s' in"
			  " '%.120s'",
			  id, s->dir);
}

int
store_fail_sys (const struct lhk_store *s, const char *id, const char *what,
		struct lhk_error *err)
{
	int error = errno;

	return error_set (err, error == ENOMEM ? LHK_ENOMEM : LHK_ESYS, error,
			  "cannot read '%.100s/%s%s%s': %s", s->dir, id,
			  *what == '\0' ? "" : "/", what, strerror (error));
}

/* ---- what a record is ---- */

void
store_path (char path[STORE_PATH], const char *id, const char *name)
{
	snprintf (path, STORE_PATH, "%.64s/%s", id, name);
}

int
store_open_in (struct lhk_store *s, const char *id, const char *name)
{
	char path[STORE_PATH];
	int dir = store_dir (s);

	if (dir < 0)
		return -1;
	store_path (path, id, name);
	return fd_openat (dir, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW, 0);
}

/* It has no living host: is it there? */
static int
lost_or_none (struct lhk_store *s, const char *id)
{
	struct stat st;

	if (fstatat (s->fd, id, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? LHK_ENOTFOUND : LHK_ESYS;
	return S_ISDIR (st.st_mode) ? LHK_RECORD_LOST : LHK_ENOTFOUND;
}

/* A run must not be taken for a lost one because it could not be looked at:
 * what is lost may be removed. */
static int
status_of_lock (struct lhk_store *s, const char *id)
{
	struct store_head head;
	char path[48];
	int lock = store_open_in (s, id, RECORD_LOCK);
	int held = lock >= 0 ? record_is_locked (lock)
		   : errno == ENOENT || errno == ENOTDIR ? 0
							 : -1;

	fd_close (&lock);
	if (held <= 0)
		return held < 0 ? LHK_ESYS : lost_or_none (s, id);
	if (store_head_of (s, id, LHK_RECORD_RUNNING, -1, &head) < 0)
		return LHK_ESYS;
	/* A forked child of the host may hold the lock, and run on. */
	return store_host_lives (store_host_path (&head, path), head.host_start)
		       ? LHK_RECORD_RUNNING
		       : LHK_RECORD_LOST;
}

/* 1: there is a result, open as *RET_FD; 0; -1 with errno. */
static int
open_result (struct lhk_store *s, const char *id, int *ret_fd)
{
	int whole;

	*ret_fd = store_open_in (s, id, RECORD_RESULT);
	if (*ret_fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? 0 : -1;
	whole = store_is_whole (*ret_fd);
	if (whole <= 0)
		fd_close (ret_fd);
	return whole;
}

int
store_status (struct lhk_store *s, const char *id, int *ret_fd)
{
	int i, r, status = LHK_RECORD_LOST;

	*ret_fd = -1;
	if (store_dir (s) < 0)
		return errno == ENOENT ? LHK_ENOTFOUND : LHK_ESYS;
	/* A host that ends writes the result and then lets go of the lock. */
	for (i = 0; i < LOOKS && status == LHK_RECORD_LOST; i++) {
		r = open_result (s, id, ret_fd);
		if (r != 0)
			return r < 0 ? LHK_ESYS : LHK_RECORD_ENDED;
		status = status_of_lock (s, id);
	}
	return status;
}

/* ---- answers ---- */

int
lhk_store_show (struct lhk_store *s, const char *id, uint32_t include,
		struct lhk_str *ret, int *ret_status, struct lhk_error *err)
{
	int r = store_check (s, id, err);
	int fd = -1;

	if (r < 0)
		return r;
	if (ret == NULL || (include & ~STORE_INCLUDES) != 0)
		return error_set (err, LHK_EINVAL, 0,
				  "show: include is 0x%x, wanted"
				  " LHK_INCLUDE_* or 0",
				  include);
	r = store_status (s, id, &fd);
	if (r == LHK_ENOTFOUND)
		return store_not_found (s, id, err);
	if (r < 0)
		return store_fail_sys (s, id, "", err);
	if (ret_status != NULL)
		*ret_status = r;
	r = store_answer (s, id, r, fd, include, err);
	*ret = store_text (s);
	return r;
}

int
lhk_store_status (const struct lhk_store *s)
{
	return s == NULL || s->magic != STORE_MAGIC ? LHK_EINVAL
						    : s->exit_status;
}
