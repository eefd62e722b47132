/* SPDX-License-Identifier: MIT */
/* end.c - ask a run to end; remove the record of one that has. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "record/atomic_file.h"
#include "record/store.h"
#include "common/error.h"
#include "common/fd.h"

static int
open_run (const struct lhk_store *s, const char *id)
{
	return fd_openat (s->fd, id,
			  O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW, 0);
}

static int
status_of (struct lhk_store *s, const char *id, struct lhk_error *err)
{
	int fd = -1;
	int r = store_check (s, id, err);

	if (r < 0)
		return r;
	r = store_status (s, id, &fd);
	fd_close (&fd);
	if (r == LHK_ENOTFOUND)
		return store_not_found (s, id, err);
	return r < 0 ? store_fail_sys (s, id, "", err) : r;
}

/* The wish lies in the run's directory; its host watches that, so that no
 * number of a process is believed. */
int
lhk_store_cancel (struct lhk_store *s, const char *id, int signo,
		  struct lhk_error *err)
{
	char temp[32], text[16];
	uint64_t at = 0;
	int status = status_of (s, id, err);
	int dir, fd, error = 0;

	if (status < 0)
		return status;
	if (status != LHK_RECORD_RUNNING)
		return error_set (err, LHK_ESTATE, 0,
				  "run '%s' has ended: there is"
				  " nothing to cancel",
				  id);
	snprintf (temp, sizeof temp, RECORD_CANCEL ".%ld", (long) getpid ());
	snprintf (text, sizeof text, "%d\n",
		  signo > 0 && signo < 65 ? signo : SIGTERM);
	dir = open_run (s, id);
	fd = dir < 0 ? -1
		     : fd_openat (dir, temp,
				  O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC
					  | O_NOFOLLOW,
				  0600);
	if (fd < 0) {
		error = errno;
	} else {
		error = atomic_file_write (fd, &at, text, strlen (text));
		fd_close (&fd);
		if (error == 0 && renameat (dir, temp, dir, RECORD_CANCEL) < 0)
			error = errno;
		if (error != 0)
			unlinkat (dir, temp, 0);
	}
	fd_close (&dir);
	if (error != 0)
		return error_set (err, LHK_ESYS, error,
				  "cannot ask the host of run"
				  " '%s' in '%.100s': %s",
				  id, s->dir, strerror (error));
	return LHK_OK;
}

int
lhk_store_remove (struct lhk_store *s, const char *id, struct lhk_error *err)
{
	int status = status_of (s, id, err);
	int error;

	if (status < 0)
		return status;
	if (status == LHK_RECORD_RUNNING)
		return error_set (err, LHK_ESTATE, 0,
				  "run '%s' is running: cancel"
				  " it first",
				  id);
	error = record_remove (s->fd, id);
	if (error == ENOENT)
		return store_not_found (s, id, err);
	if (error != 0)
		return error_set (err, LHK_ESYS, error,
				  "cannot remove run '%s' from"
				  " '%.100s': %s",
				  id, s->dir, strerror (error));
	return LHK_OK;
}
