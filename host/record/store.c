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

#include "record/marks.h"
#include "record/remove.h"
#include "record/store.h"
#include "common/atomic_file.h"
#include "common/error.h"
#include "common/fd.h"
#include "common/mem.h"
#include "common/run_id.h"

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
				  "there is no directory for records, because "
				  "neither XDG_STATE_HOME nor HOME is an "
				  "absolute path");
	if (len < 0 || (size_t) len >= size)
		return error_set (err, LHK_EINVAL, 0,
				  "the path of the records of runs has %d "
				  "bytes, expected fewer than %zu",
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
		return error_set (err, LHK_EINVAL, 0, "this is not a store");
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

int
record_store_is_transient (int sys_errno)
{
	return sys_errno == ENOMEM || sys_errno == EMFILE
	       || sys_errno == ENFILE;
}

/* ---- files ---- */

static int
is_missing (int sys_errno)
{
	return sys_errno == ENOENT || sys_errno == ENOTDIR;
}

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

/* Is the directory that is open no longer the one that has the path? */
static int
is_replaced (const struct lhk_store *s)
{
	struct stat ours, now;

	return fstat (s->fd, &ours) == 0
	       && (ours.st_nlink == 0
		   || (stat (s->dir, &now) == 0
		       && (now.st_ino != ours.st_ino
			   || now.st_dev != ours.st_dev)));
}

int
record_store_renew (struct lhk_store *s)
{
	if (s->fd < 0 || !is_replaced (s))
		return 0;
	fd_close (&s->fd);
	return 1;
}

void
record_store_path (char path[RECORD_STORE_PATH], const char *id,
		   const char *name)
{
	snprintf (path, RECORD_STORE_PATH, "%.64s/%s", id, name);
}

/* FD, if it is a file; else -1 with errno, ENOENT for what is none. */
static int
only_file (int fd)
{
	struct stat st;
	int r = fd < 0 ? -1 : fstat (fd, &st);

	if (r == 0 && S_ISREG (st.st_mode))
		return fd;
	if (r == 0 || errno == ELOOP)
		errno = ENOENT;
	fd_close (&fd);
	return -1;
}

int
record_store_open (struct lhk_store *s, const char *id, const char *name)
{
	char path[RECORD_STORE_PATH];
	int dir = record_store_dir (s);

	if (dir < 0)
		return -1;
	record_store_path (path, id, name);
	/* Should it be a pipe, it blocks nobody. */
	return only_file (fd_openat (
		dir, path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW, 0));
}

int
record_store_open_dir (struct lhk_store *s, const char *id)
{
	return fd_openat (s->fd, id,
			  O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW, 0);
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

/* A record that is looked at. */
struct look {
	struct lhk_store *store;
	const char *id;
	unsigned int marks; /* RECORD_MARK_* that were seen on the way */
	int result;	    /* result.json, or -1 */
};

/* Is there a directory at all?  LHK_OK, LHK_ENOTFOUND, LHK_ESYS with errno.  What
 * a link leads to is none. */
static int
find_record (struct lhk_store *s, const char *id)
{
	struct stat st;

	if (fstatat (s->fd, id, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return is_missing (errno) ? LHK_ENOTFOUND : LHK_ESYS;
	return S_ISDIR (st.st_mode) ? LHK_OK : LHK_ENOTFOUND;
}

/* 1, 0, or -1 with errno. */
static int
is_dir_held (struct lhk_store *s, const char *id)
{
	int dir = record_store_open_dir (s, id);
	int held = dir >= 0		? record_dir_is_held (dir)
		   : is_missing (errno) ? 0
					: -1;

	fd_close (&dir);
	return held;
}

/* Does a head name the run that is looked at? */
static void
note_name (struct look *l, const struct record_head *head)
{
	if (strcmp (head->run, l->id) == 0)
		l->marks |= RECORD_MARK_NAME;
}

/* Does the host of a run hold one of its locks?  1, 0, or -1 with errno: a run
 * must not be taken for one without a host because it could not be looked at,
 * for what is lost may be removed. */
static int
has_host (struct look *l)
{
	struct record_head head;
	char path[RECORD_HEAD_PATH];
	int lock = record_store_open (l->store, l->id, RECORD_LOCK);
	int held = lock >= 0		? record_lock_is_held (lock)
		   : is_missing (errno) ? 0
					: -1;

	if (lock >= 0)
		l->marks |= RECORD_MARK_LOCK;
	fd_close (&lock);
	if (held == 0)
		held = is_dir_held (l->store, l->id);
	if (held <= 0)
		return held;
	l->marks |= RECORD_MARK_LOCK;
	if (record_store_head (l->store, l->id, LHK_RECORD_RUNNING, -1, &head)
	    < 0)
		return -1;
	note_name (l, &head);
	/* A forked child of the host may hold the lock longer than the host
	 * lives. */
	return record_head_host_is_alive (record_head_host_path (&head, path),
					  head.host_start);
}

/* 1: there is a result, open in L; 0; -1 with errno. */
static int
open_result (struct look *l)
{
	struct record_head head;
	int r;

	l->result = record_store_open (l->store, l->id, RECORD_RESULT);
	if (l->result < 0)
		return is_missing (errno) ? 0 : -1;
	r = record_head_is_whole (l->result);
	if (r > 0 && record_head_read (l->result, &head) < 0)
		r = -1;
	if (r > 0)
		note_name (l, &head);
	else
		fd_close (&l->result);
	return r;
}

/* The lock is asked first: as long as its host lives, a run goes on, whoever has
 * written a result.  The host writes it before it releases the lock, so a run
 * without both is lost.  LHK_RECORD_*, or LHK_ESYS with errno. */
static int
look_at (struct look *l)
{
	int r = has_host (l);

	if (r != 0)
		return r < 0 ? LHK_ESYS : LHK_RECORD_RUNNING;
	r = open_result (l);
	return r == 0 ? LHK_RECORD_LOST : r < 0 ? LHK_ESYS : LHK_RECORD_ENDED;
}

/* Is it a record, by its marks?  LHK_OK, LHK_ENOTFOUND, LHK_ESYS with errno. */
static int
check_marks (const struct look *l)
{
	int dir, r;

	if (l->marks == (RECORD_MARK_LOCK | RECORD_MARK_NAME))
		return LHK_OK;
	dir = record_store_open_dir (l->store, l->id);
	if (dir < 0)
		return is_missing (errno) ? LHK_ENOTFOUND : LHK_ESYS;
	r = record_marks_suffice (dir, l->id, l->marks);
	fd_close (&dir);
	return r < 0 ? LHK_ESYS : r == 0 ? LHK_ENOTFOUND : LHK_OK;
}

int
record_store_status (struct lhk_store *s, const char *id, int *ret_fd)
{
	struct look l = { .store = s, .id = id, .result = -1 };
	int r, status;

	*ret_fd = -1;
	if (record_store_dir (s) < 0)
		return errno == ENOENT ? LHK_ENOTFOUND : LHK_ESYS;
	r = find_record (s, id);
	if (r != LHK_OK)
		return r;
	status = look_at (&l);
	if (status >= 0)
		r = check_marks (&l);
	/* It may have been removed meanwhile. */
	if (status == LHK_RECORD_LOST && r == LHK_OK)
		r = find_record (s, id);
	if (r != LHK_OK)
		fd_close (&l.result);
	*ret_fd = l.result;
	return r != LHK_OK ? r : status;
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

/* Requests that were made before, with the signal *RET_SIGNO.  0: none. */
static int
count_cancels (struct lhk_store *s, const char *id, int *ret_signo)
{
	char text[RECORD_CANCEL_SIZE] = "";
	int fd = record_store_open (s, id, RECORD_CANCEL);

	if (fd < 0)
		return 0;
	(void) !fd_pread_full (fd, text, sizeof text - 1, 0);
	fd_close (&fd);
	return record_cancel_parse (text, ret_signo);
}

/* Put a request into the directory DIR: the signal SIGNO and the number N.  With
 * SIGNO 0 it is empty, which needs no block of the disk.  0, or -errno. */
static int
put_cancel (int dir, int signo, int n, struct outbuf *out)
{
	struct atomic_file f;
	int r = atomic_file_open (&f, dir, RECORD_CANCEL, 0600, out);

	if (r < 0)
		return r;
	if (signo != 0) {
		outbuf_i64 (out, signo);
		outbuf_byte (out, ' ');
		outbuf_i64 (out, n);
		outbuf_byte (out, '\n');
	}
	return atomic_file_commit (&f);
}

/* The host may not have seen the first request yet, whose signal stays.  0, or
 * -errno. */
static int
write_cancel (struct lhk_store *s, const char *id, int signo)
{
	int n = count_cancels (s, id, &signo);
	struct outbuf *out = mem_new (s->alloc, sizeof *out);
	int dir = out == NULL ? -1 : record_store_open_dir (s, id);
	int r = out == NULL ? -ENOMEM : dir < 0 ? -errno : 0;

	if (r == 0)
		r = put_cancel (dir, signo, n + 1, out);
	if (fd_is_disk_full (-r))
		r = put_cancel (dir, 0, 0, out);
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
			"run '%s' has ended, so there is nothing to cancel",
			id);
	r = write_cancel (s, id, record_cancel_signal (signo));
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
				  "run '%s' is running; cancel it first", id);
	r = record_remove (s->fd, id);
	if (r == -ENOENT)
		return record_store_not_found (s, id, err);
	if (r < 0)
		return error_set (err, LHK_ESYS, -r,
				  "cannot remove run '%s' from '%.100s': %s",
				  id, s->dir, strerror (-r));
	return LHK_OK;
}

int
lhk_store_disk_usage (struct lhk_store *s, const char *id, uint64_t *ret_bytes,
		      struct lhk_error *err)
{
	int status = find_status (s, id, err);
	int dir, r;

	if (status < 0)
		return status;
	if (ret_bytes == NULL)
		return error_set (err, LHK_EINVAL, 0, "no place for the size");
	dir = record_store_open_dir (s, id);
	r = dir < 0 ? -1 : record_dir_size (dir, ret_bytes);
	if (r < 0)
		r = record_store_fail_sys (s, id, "", err);
	fd_close (&dir);
	return r;
}
