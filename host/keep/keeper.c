/* SPDX-License-Identifier: MIT */
/* keeper.c - the record of one run while it is made. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "keep/keeper.h"
#include "keep/layout.h"
#include "keep/paper.h"
#include "sink/json.h"
#include "util/error.h"
#include "util/fd.h"
#include "util/mem.h"

#define NEW_FILE (O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC \
		  | O_NOFOLLOW)

/* The record ends here; the files stay as they are. */
static void
give_up (struct keeper *k, const char *what, int sys_errno)
{
	if (k->sys_errno != 0)
		return;
	k->sys_errno = sys_errno;
	k->what = what;
}

static void
append (struct keeper *k, int fd, const char *what, const char *data,
	size_t len)
{
	int error = k->sys_errno != 0 || fd < 0 ? 0
		: paper_write (fd, data, len);

	if (error != 0)
		give_up (k, what, error);
}

static void
write_events (void *user, const char *data, size_t len)
{
	struct keeper *k = user;

	append (k, k->events, KEEP_EVENTS, data, len);
}

void
keeper_stdout (struct keeper *k, const char *data, size_t len)
{
	append (k, k->raw, KEEP_OUT, data, len);
}

void
keeper_stderr (struct keeper *k, const char *data, size_t len)
{
	append (k, k->err, KEEP_ERR, data, len);
}

void
keeper_event (struct keeper *k, const struct lhk_meta *meta,
	      const struct lhk_event *event)
{
	if (k->dir >= 0 && k->sys_errno == 0)
		sink_json_event (k->out, meta, event, SINK_JSON_SOURCE);
}

void
keeper_flush (struct keeper *k)
{
	if (k->dir >= 0)
		out_flush (k->out);
}

/* ---- beginning ---- */

static int
make_file (const struct keeper *k, const char *name)
{
	return fd_lift (openat (k->dir, name, NEW_FILE, 0600));
}

static int
make_files (struct keeper *k, const char **ret_what)
{
	*ret_what = KEEP_LOCK;
	k->lock = make_file (k, KEEP_LOCK);
	if (k->lock < 0 || keep_lock (k->lock) < 0)
		return -1;
	*ret_what = KEEP_OUT;
	k->raw = make_file (k, KEEP_OUT);
	if (k->raw < 0)
		return -1;
	*ret_what = KEEP_ERR;
	k->err = make_file (k, KEEP_ERR);
	if (k->err < 0)
		return -1;
	*ret_what = KEEP_EVENTS;
	k->events = make_file (k, KEEP_EVENTS);
	return k->events < 0 ? -1 : 0;
}

/* The index, locked: not one that was just replaced.  -1: not to be had. */
static int
open_index (int store)
{
	struct stat ours, now;
	int fd;

	for (;;) {
		fd = openat (store, KEEP_INDEX, O_WRONLY | O_CREAT | O_APPEND
			     | O_CLOEXEC | O_NOFOLLOW, 0600);
		if (fd < 0 || keep_lock_soon (fd) < 0
		    || fstat (fd, &ours) < 0
		    || fstatat (store, KEEP_INDEX, &now, 0) < 0
		    || ours.st_ino == now.st_ino)
			return fd;
		close (fd);
	}
}

/* Where to look first; a run that is not listed is found by its name. */
static void
list (int store, const struct keeper_about *about)
{
	char line[KEEP_INDEX_LINE];
	int fd = open_index (store);
	int len = snprintf (line, sizeof line, "%lld %s\n",
			    (long long) about->started_ms, about->id);

	if (fd < 0)
		return;
	(void) !write (fd, line, (size_t) len);
	close (fd);
}

static void
make_head (struct keeper *k, const struct keeper_about *a)
{
	snprintf (k->head, sizeof k->head, "{\"v\":1,\"run\":\"%s\","
		  "\"status\":\"ended\",\"plugin\":\"%.31s\","
		  "\"provider\":\"%.31s\",\"started\":\"%s\","
		  "\"started_ms\":%lld", a->id, a->plugin, a->provider,
		  a->started, (long long) a->started_ms);
}

/* Nothing that is not ours is there. */
static void
undo (struct keeper *k, int store, const char *id)
{
	static const char *const files[] = {
		KEEP_LOCK, KEEP_OUT, KEEP_ERR, KEEP_EVENTS, KEEP_RUN,
		KEEP_RUN PAPER_NEW,
	};
	size_t i;

	for (i = 0; k->dir >= 0 && i < sizeof files / sizeof files[0]; i++)
		unlinkat (k->dir, files[i], 0);
	keeper_close (k);
	unlinkat (store, id, AT_REMOVEDIR);
}

static int
fill (struct keeper *k, int store, const struct keeper_about *about,
      struct lhk_error *err)
{
	const char *what = "";
	int error = 0;

	k->dir = fd_lift (openat (store, about->id, O_RDONLY | O_DIRECTORY
				  | O_CLOEXEC | O_NOFOLLOW));
	if (k->dir < 0 || make_files (k, &what) < 0)
		error = errno;
	if (error == 0) {
		what = KEEP_RUN;
		error = paper_run (k->dir, k->out, about);
		out_init (k->out, write_events, k);
	}
	if (error != 0)
		return fail (err, error == ENOMEM ? LHK_ENOMEM : LHK_ESYS,
			     error, "cannot make the record '%s/%s': %s",
			     k->path, what, strerror (error));
	return LHK_OK;
}

static int
make_directory (struct keeper *k, int store, const struct keeper_about *about,
		struct lhk_error *err)
{
	if (mkdirat (store, about->id, 0700) == 0)
		return LHK_OK;
	if (errno == EEXIST)
		return fail (err, LHK_ESTATE, EEXIST, "there is a run '%s' in"
			     " this store: name another, or remove it first"
			     " (%s)", about->id, k->path);
	return fail (err, LHK_ESYS, errno, "cannot make the record '%s': %s",
		     k->path, strerror (errno));
}

int
keeper_begin (struct keeper *k, const struct lhk_alloc *alloc,
	      const char *dir, const struct keeper_about *about,
	      struct lhk_error *err)
{
	const struct keeper none = KEEPER_INIT;
	int store, r;

	*k = none;
	k->alloc = alloc;
	if (!keep_id_ok (about->id))
		return fail (err, LHK_EINVAL, 0, "run id '%.80s' cannot be the"
			     " name of a record: wanted 1 to 64 letters,"
			     " digits, '.', '_' or '-', no '.' first and not"
			     " '" KEEP_INDEX "'", about->id);
	snprintf (k->path, sizeof k->path, "%.80s/%.64s", dir, about->id);
	r = keep_open_store (dir, 1, &store, err);
	if (r < 0)
		return r;
	k->out = mem_new (alloc, sizeof *k->out);
	r = k->out == NULL ? fail (err, LHK_ENOMEM, 0, "no memory for the"
				   " record of the run")
		: make_directory (k, store, about, err);
	if (r == LHK_OK) {
		r = fill (k, store, about, err);
		if (r == LHK_OK)
			list (store, about);
		else
			undo (k, store, about->id);
	}
	if (r < 0)
		keeper_close (k);
	else
		make_head (k, about);
	fd_close (&store);
	return r;
}

void
keeper_undo (struct keeper *k, const char *dir, const char *id)
{
	int store;

	if (k->dir < 0 || keep_open_store (dir, 0, &store, NULL) < 0)
		return;
	undo (k, store, id);
	fd_close (&store);
}

/* ---- ending ---- */

void
keeper_end (struct keeper *k, const struct lhk_result *result,
	    const char *ended, int64_t ended_ms, int status)
{
	struct paper p;
	int error;

	if (k->dir < 0)
		return;
	keeper_flush (k);
	/* Also of a record that ended early: the result is small, and the
	 * disk may have room again. */
	error = paper_begin (&p, k->dir, KEEP_RESULT, k->out);
	if (error == 0) {
		out_str (k->out, k->head);
		OUT_LIT (k->out, ",\"ended\":\"");
		out_str (k->out, ended);
		OUT_LIT (k->out, "\",\"ended_ms\":");
		out_i64 (k->out, ended_ms);
		OUT_LIT (k->out, ",\"exit_status\":");
		out_i64 (k->out, status);
		out_str (k->out, k->sys_errno != 0 ? ",\"kept\":\"in part\""
			 : ",\"kept\":\"whole\"");
		sink_json_members (k->out, result);
		OUT_LIT (k->out, "}\n");
		error = paper_end (&p);
	}
	if (error != 0)
		give_up (k, KEEP_RESULT, error);
}

int
keeper_canceled (struct keeper *k)
{
	char text[8] = "";
	ssize_t n;
	long signo;
	int fd;

	if (k->dir < 0)
		return 0;
	fd = openat (k->dir, KEEP_CANCEL, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return 0;
	n = read (fd, text, sizeof text - 1);
	close (fd);
	signo = n > 0 ? strtol (text, NULL, 10) : 0;
	return signo > 0 && signo < 65 ? (int) signo : 15;
}

void
keeper_close (struct keeper *k)
{
	fd_close (&k->raw);
	fd_close (&k->err);
	fd_close (&k->events);
	fd_close (&k->lock);
	fd_close (&k->dir);
	if (k->out != NULL)
		mem_free (k->alloc, k->out, sizeof *k->out);
	k->out = NULL;
}
