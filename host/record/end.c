/* SPDX-License-Identifier: MIT */
/* end.c - ask a run to end; remove the record of one that has. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "record/store.h"
#include "common/atomic_file.h"
#include "common/error.h"
#include "common/fd.h"
#include "common/mem.h"

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

/* 0, or -errno. */
static int
write_cancel (const struct lhk_store *s, const char *id, int signo)
{
	struct outbuf *out = mem_new (s->alloc, sizeof *out);
	int dir = out == NULL ? -1 : open_run (s, id);
	int r = out == NULL ? -ENOMEM : dir < 0 ? -errno : 0;
	struct atomic_file f;

	if (r == 0)
		r = atomic_file_open (&f, dir, RECORD_CANCEL, 0600, out);
	if (r == 0) {
		outbuf_i64 (out, signo > 0 && signo < 65 ? signo : SIGTERM);
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
	int status = status_of (s, id, err);
	int r;

	if (status < 0)
		return status;
	if (status != LHK_RECORD_RUNNING)
		return error_set (err, LHK_ESTATE, 0,
				  "run '%s' has ended: there is"
				  " nothing to cancel",
				  id);
	r = write_cancel (s, id, signo);
	if (r < 0)
		return error_set (err, r == -ENOMEM ? LHK_ENOMEM : LHK_ESYS, -r,
				  "cannot ask the host of run"
				  " '%s' in '%.100s': %s",
				  id, s->dir, strerror (-r));
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
