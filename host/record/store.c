/* SPDX-License-Identifier: MIT */
/* store.c - a directory of records: open it, what a record is, end one. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "record/store.h"
#include "common/atomic_file.h"
#include "common/error.h"
#include "common/fd.h"
#include "common/mem.h"
#include "common/run_id.h"

/* A host that ends writes the result and then releases its lock: between two
 * looks at them a run can seem lost, so that is looked at again. */
#define STATUS_TRIES 3

/* The number of the last real-time signal. */
#define SIGNAL_MAX 64

/* ---- open and close ---- */

int
lhk_store_default_path (char *ret, size_t size, struct lhk_error *err)
{
	const char *state = getenv ("XDG_STATE_HOME");
	const char *home = getenv ("HOME");
	int len;

	if (state != NULL && state[0] == '/')
		len = snprintf (ret, size, "%s/linehook/runs", state);
	else if (home != NULL && home[0] == '/')
		len = snprintf (ret, size, "%s/.local/state/linehook/runs",
				home);
	else
		return error_set (err, LHK_EINVAL, 0,
				  "there is no place for records of runs:"
				  " neither XDG_STATE_HOME nor HOME is an"
				  " absolute path");
	if (len < 0 || (size_t) len >= size)
		return error_set (err, LHK_EINVAL, 0,
				  "the path of the records of runs has %d"
				  " bytes, wanted fewer than %zu",
				  len, size);
	return LHK_OK;
}

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
	r = record_dir_open (dir, 0, &fd, err);
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
	s->magic = RECORD_STORE_MAGIC;
	s->alloc = alloc;
	s->fd = fd;
	s->notify = -1;
	strbuf_init (&s->answer, alloc);
	*ret = s;
	return LHK_OK;
}

void
lhk_store_free (struct lhk_store *s)
{
	if (s == NULL || s->magic != RECORD_STORE_MAGIC)
		return;
	fd_close (&s->fd);
	fd_close (&s->notify);
	mem_free_str (s->alloc, s->dir);
	strbuf_free (&s->answer);
	s->magic = 0;
	mem_free (s->alloc, s, sizeof *s);
}

int
lhk_store_status (const struct lhk_store *s)
{
	return s == NULL || s->magic != RECORD_STORE_MAGIC ? LHK_EINVAL
							   : s->exit_status;
}

/* ---- checks and sentences ---- */

int
record_store_check (struct lhk_store *s, const char *id, struct lhk_error *err)
{
	if (s == NULL || s->magic != RECORD_STORE_MAGIC)
		return error_set (err, LHK_EINVAL, 0, "this is no store");
	return run_id_check (id, err);
}

int
record_store_not_found (const struct lhk_store *s, const char *id,
			struct lhk_error *err)
{
	return error_set (err, LHK_ENOTFOUND, ENOENT,
			  "there is no run '%s' in '%.120s'", id, s->dir);
}

int
record_store_fail_sys (const struct lhk_store *s, const char *id,
		       const char *what, struct lhk_error *err)
{
	int error = errno;

	return error_set (err, error == ENOMEM ? LHK_ENOMEM : LHK_ESYS, error,
			  "cannot read '%.100s/%s%s%s': %s", s->dir, id,
			  *what == '\0' ? "" : "/", what, strerror (error));
}

/* ---- files ---- */

int
record_store_dir (struct lhk_store *s)
{
	int r;

	if (s->fd >= 0)
		return s->fd;
	r = record_dir_open (s->dir, 0, &s->fd, NULL);
	if (r == LHK_EREFUSED)
		errno = EPERM;
	return r < 0 ? -1 : s->fd;
}

void
record_store_path (char path[RECORD_STORE_PATH], const char *id,
		   const char *name)
{
	snprintf (path, RECORD_STORE_PATH, "%.64s/%s", id, name);
}

int
record_store_open (struct lhk_store *s, const char *id, const char *name)
{
	char path[RECORD_STORE_PATH];
	int dir = record_store_dir (s);

	if (dir < 0)
		return -1;
	record_store_path (path, id, name);
	return fd_openat (dir, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW, 0);
}

static int
is_missing (int sys_errno)
{
	return sys_errno == ENOENT || sys_errno == ENOTDIR;
}

int
record_store_head (struct lhk_store *s, const char *id, int status, int result,
		   struct record_head *ret)
{
	int fd, r;

	*ret = RECORD_HEAD_NONE;
	if (status == LHK_RECORD_ENDED)
		return record_head_read (result, ret);
	fd = record_store_open (s, id, RECORD_RUN);
	if (fd < 0)
		return is_missing (errno) ? 0 : -1;
	/* The first digits of a number that was cut would be another one. */
	r = record_head_is_whole (fd);
	if (r > 0)
		r = record_head_read (fd, ret);
	fd_close (&fd);
	return r;
}

/* ---- what a record is ---- */

/* The run has no living host: is there a record at all? */
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
	struct record_head head;
	char path[RECORD_HEAD_PATH];
	int lock = record_store_open (s, id, RECORD_LOCK);
	int held = lock >= 0		? record_lock_is_held (lock)
		   : is_missing (errno) ? 0
					: -1;

	fd_close (&lock);
	if (held <= 0)
		return held < 0 ? LHK_ESYS : lost_or_none (s, id);
	if (record_store_head (s, id, LHK_RECORD_RUNNING, -1, &head) < 0)
		return LHK_ESYS;
	/* A forked child of the host may hold the lock longer than the host
	 * lives. */
	return record_head_host_is_alive (record_head_host_path (&head, path),
					  head.host_start)
		       ? LHK_RECORD_RUNNING
		       : LHK_RECORD_LOST;
}

/* 1: there is a result, open as *RET_FD; 0; -1 with errno. */
static int
open_result (struct lhk_store *s, const char *id, int *ret_fd)
{
	int whole;

	*ret_fd = record_store_open (s, id, RECORD_RESULT);
	if (*ret_fd < 0)
		return is_missing (errno) ? 0 : -1;
	whole = record_head_is_whole (*ret_fd);
	if (whole <= 0)
		fd_close (ret_fd);
	return whole;
}

int
record_store_status (struct lhk_store *s, const char *id, int *ret_fd)
{
	int i, r, status = LHK_RECORD_LOST;

	*ret_fd = -1;
	if (record_store_dir (s) < 0)
		return errno == ENOENT ? LHK_ENOTFOUND : LHK_ESYS;
	for (i = 0; i < STATUS_TRIES && status == LHK_RECORD_LOST; i++) {
		r = open_result (s, id, ret_fd);
		if (r != 0)
			return r < 0 ? LHK_ESYS : LHK_RECORD_ENDED;
		status = status_of_lock (s, id);
	}
	return status;
}

/* ---- cancel and remove ---- */

/* LHK_RECORD_*, or LHK_* with a sentence. */
static int
find_status (struct lhk_store *s, const char *id, struct lhk_error *err)
{
	int fd = -1;
	int r = record_store_check (s, id, err);

	if (r < 0)
		return r;
	r = record_store_status (s, id, &fd);
	fd_close (&fd);
	if (r == LHK_ENOTFOUND)
		return record_store_not_found (s, id, err);
	return r < 0 ? record_store_fail_sys (s, id, "", err) : r;
}

/* 0, or -errno. */
static int
write_cancel (const struct lhk_store *s, const char *id, int signo)
{
	struct outbuf *out = mem_new (s->alloc, sizeof *out);
	int dir = out == NULL ? -1
			      : fd_openat (s->fd, id,
					   O_RDONLY | O_DIRECTORY | O_CLOEXEC
						   | O_NOFOLLOW,
					   0);
	int r = out == NULL ? -ENOMEM : dir < 0 ? -errno : 0;
	struct atomic_file f;

	if (r == 0)
		r = atomic_file_open (&f, dir, RECORD_CANCEL, 0600, out);
	if (r == 0) {
		outbuf_i64 (out,
			    signo > 0 && signo <= SIGNAL_MAX ? signo : SIGTERM);
		outbuf_byte (out, '\n');
		r = atomic_file_commit (&f);
	}
	fd_close (&dir);
	mem_free (s->alloc, out, sizeof *out);
	return r;
}

/* The request is a file in the run's directory, which its host watches: no pid
 * has to be believed. */
int
lhk_store_cancel (struct lhk_store *s, const char *id, int signo,
		  struct lhk_error *err)
{
	int status = find_status (s, id, err);
	int r;

	if (status < 0)
		return status;
	if (status != LHK_RECORD_RUNNING)
		return error_set (
			err, LHK_ESTATE, 0,
			"run '%s' has ended: there is nothing to cancel", id);
	r = write_cancel (s, id, signo);
	if (r < 0)
		return error_set (err, r == -ENOMEM ? LHK_ENOMEM : LHK_ESYS, -r,
				  "cannot ask the host of run '%s' in"
				  " '%.100s': %s",
				  id, s->dir, strerror (-r));
	return LHK_OK;
}

int
lhk_store_remove (struct lhk_store *s, const char *id, struct lhk_error *err)
{
	int status = find_status (s, id, err);
	int r;

	if (status < 0)
		return status;
	if (status == LHK_RECORD_RUNNING)
		return error_set (err, LHK_ESTATE, 0,
				  "run '%s' is running: cancel it first", id);
	r = record_remove (s->fd, id);
	if (r == -ENOENT)
		return record_store_not_found (s, id, err);
	if (r < 0)
		return error_set (err, LHK_ESYS, -r,
				  "cannot remove run '%s' from '%.100s': %s",
				  id, s->dir, strerror (-r));
	return LHK_OK;
}
