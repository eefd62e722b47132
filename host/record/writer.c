/* SPDX-License-Identifier: MIT */
/* writer.c - the record of one run while it is made. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "record/writer.h"
#include "record/layout.h"
#include "format/event_json.h"
#include "json/writer.h"
#include "common/atomic_file.h"
#include "common/error.h"
#include "common/fd.h"
#include "common/io.h"
#include "common/mem.h"
#include "common/procfs.h"

#define NEW_FILE (O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW)

/* "ID/NAME" and less. */
#define DRAFT_NAME 128

/* Leftovers of other hosts that had our number. */
#define DRAFTS_MAX 1000

/* The record ends here; the files stay as they are. */
static void
give_up (struct record_writer *k, const char *what, int sys_errno)
{
	if (k->sys_errno != 0)
		return;
	k->sys_errno = sys_errno;
	k->what = what;
}

static void
append (struct record_writer *k, struct record_writer_file *f, const char *what,
	const char *data, size_t len)
{
	int r = k->sys_errno != 0 || f->fd < 0
			? 0
			: io_pwrite_full (f->fd, data, len, &f->at);

	if (r < 0)
		give_up (k, what, -r);
}

static void
write_events (void *user, const char *data, size_t len)
{
	struct record_writer *k = user;

	append (k, &k->events, RECORD_EVENTS, data, len);
}

void
record_writer_stdout (struct record_writer *k, const char *data, size_t len)
{
	append (k, &k->raw, RECORD_OUT, data, len);
}

void
record_writer_stderr (struct record_writer *k, const char *data, size_t len)
{
	append (k, &k->err, RECORD_ERR, data, len);
}

void
record_writer_event (struct record_writer *k, const struct lhk_meta *meta,
		     const struct lhk_event *event)
{
	if (k->dir >= 0 && k->sys_errno == 0)
		format_json_event (k->out, meta, event, FORMAT_JSON_SOURCE);
}

void
record_writer_flush (struct record_writer *k)
{
	if (k->dir >= 0)
		outbuf_flush (k->out);
}

/* ---- run.json ---- */

/* The line of a short file of /proc; "" when it cannot be read. */
static void
read_proc_line (const char *path, char *ret, size_t size)
{
	int fd = fd_open (path, O_RDONLY | O_CLOEXEC, 0);
	ssize_t n = fd < 0 ? -1 : fd_get (fd, ret, size - 1, 0);

	fd_close (&fd);
	ret[n > 0 ? n : 0] = '\0';
	ret[strcspn (ret, "\n")] = '\0';
}

/* What tells this process from all others, so that its pid alone is never
 * believed: when it began, and the boot, the machine and the pid namespace. */
static void
put_host (struct jw *w)
{
	char boot[64], name[HOST_NAME_MAX + 1] = "", space[64];
	struct procfs_stat st = { .start = 0 };
	ssize_t n;

	if (procfs_read_stat (0, &st) < 0)
		st.start = 0;
	read_proc_line ("/proc/sys/kernel/random/boot_id", boot, sizeof boot);
	if (gethostname (name, sizeof name - 1) < 0)
		name[0] = '\0';
	n = readlink ("/proc/self/ns/pid", space, sizeof space - 1);
	space[n > 0 ? n : 0] = '\0';
	jw_object_begin (w, "host");
	jw_i64 (w, "pid", getpid ());
	jw_u64 (w, "start", st.start);
	jw_str (w, "boot", boot);
	jw_str (w, "name", name);
	jw_str (w, "space", space);
	jw_object_end (w);
}

/* 0, or -errno. */
static int
write_run_json (int dir, struct outbuf *out,
		const struct record_writer_about *a)
{
	static const char *const oversize[] = { "drop", "head", "raw" };
	const char *const *arg;
	struct atomic_file f;
	struct jw w;
	int r = atomic_file_open (&f, dir, RECORD_RUN, 0600, out);

	if (r < 0)
		return r;
	jw_init (&w, out);
	jw_object_begin (&w, NULL);
	jw_i64 (&w, "v", 1);
	jw_str (&w, "run", a->id);
	jw_str (&w, "plugin", a->plugin);
	jw_str (&w, "provider", a->provider);
	jw_str (&w, "started", a->started);
	jw_i64 (&w, "started_ms", a->started_ms);
	jw_list_begin (&w, "argv");
	for (arg = a->argv; *arg != NULL; arg++)
		jw_str (&w, NULL, *arg);
	jw_list_end (&w);
	jw_str (&w, "cwd", a->cwd);
	jw_u64 (&w, "line_max", a->line_max);
	jw_str (&w, "oversize", oversize[a->oversize]);
	put_host (&w);
	jw_object_end (&w);
	outbuf_byte (out, '\n');
	return atomic_file_commit (&f);
}

/* ---- beginning ---- */

static int
make_file (const struct record_writer *k, const char *name)
{
	return fd_openat (k->dir, name, NEW_FILE, 0600);
}

static int
make_files (struct record_writer *k, const char **ret_what)
{
	*ret_what = RECORD_LOCK;
	k->lock = make_file (k, RECORD_LOCK);
	if (k->lock < 0 || record_lock (k->lock) < 0)
		return -1;
	*ret_what = RECORD_OUT;
	k->raw.fd = make_file (k, RECORD_OUT);
	if (k->raw.fd < 0)
		return -1;
	*ret_what = RECORD_ERR;
	k->err.fd = make_file (k, RECORD_ERR);
	if (k->err.fd < 0)
		return -1;
	*ret_what = RECORD_EVENTS;
	k->events.fd = make_file (k, RECORD_EVENTS);
	return k->events.fd < 0 ? -1 : 0;
}

/* A line of the index; a torn one of a full disk does not stay.  0 or an
 * errno. */
static int
list (int store, const struct record_writer_about *about)
{
	char line[RECORD_INDEX_LINE];
	char last = '\n';
	int fd = record_open_locked (store, RECORD_INDEX, record_lock_soon);
	off_t end = fd < 0 ? -1 : lseek (fd, 0, SEEK_END);
	uint64_t at = (uint64_t) end;
	int error = end < 0 || (end > 0 && fd_get (fd, &last, 1, at - 1) < 0)
			    ? errno
			    : 0;
	/* What a dead host left torn is made a line that says nothing. */
	int len = snprintf (line, sizeof line, "%s%lld %s\n",
			    last == '\n' ? "" : "?\n",
			    (long long) about->started_ms, about->id);

	if (error == 0)
		error = -io_pwrite_full (fd, line, (size_t) len, &at);
	if (error != 0 && end >= 0 && at != (uint64_t) end)
		(void) !ftruncate (fd, end);
	fd_close (&fd);
	return error;
}

static void
make_head (struct record_writer *k, const struct record_writer_about *a)
{
	snprintf (k->head, sizeof k->head,
		  "{\"v\":1,\"run\":\"%s\","
		  "\"status\":\"ended\",\"plugin\":\"%.31s\","
		  "\"provider\":\"%.31s\",\"started\":\"%s\","
		  "\"started_ms\":%lld",
		  a->id, a->plugin, a->provider, a->started,
		  (long long) a->started_ms);
}

static int
fill (struct record_writer *k, int store,
      const struct record_writer_about *about, const char *draft,
      struct lhk_error *err)
{
	const char *what = "";
	int error = 0;

	k->dir = fd_openat (store, draft,
			    O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW, 0);
	if (k->dir < 0 || make_files (k, &what) < 0)
		error = errno;
	if (error == 0) {
		what = RECORD_RUN;
		error = -write_run_json (k->dir, k->out, about);
		outbuf_init (k->out, write_events, k);
	}
	/* Before it is there: no run is missing from the index. */
	if (error == 0) {
		what = RECORD_INDEX;
		error = list (store, about);
	}
	if (error == EAGAIN)
		return error_set (
			err, LHK_ESYS, error,
			"cannot make the record"
			" '%s': another process holds the " RECORD_INDEX
			" of this store and does not move (fuser -v tells"
			" which)",
			k->path);
	if (error != 0)
		return error_set (err, error == ENOMEM ? LHK_ENOMEM : LHK_ESYS,
				  error, "cannot make the record '%s', %s: %s",
				  k->path, what, strerror (error));
	return LHK_OK;
}

static int
refuse (const struct record_writer *k, const struct record_writer_about *about,
	int error, struct lhk_error *err)
{
	if (error == EEXIST || error == ENOTEMPTY || error == ENOTDIR)
		return error_set (
			err, LHK_ESTATE, EEXIST,
			"there is a run '%s' in"
			" this store: name another, or remove it first"
			" (%s)",
			about->id, k->path);
	return error_set (err, error == ENOMEM ? LHK_ENOMEM : LHK_ESYS, error,
			  "cannot make the record '%s': %s", k->path,
			  strerror (error));
}

/* A directory under a name of ours alone.  0 or an errno. */
static int
make_draft (int store, const char *id, char draft[DRAFT_NAME])
{
	int n;

	for (n = 0; n < DRAFTS_MAX; n++) {
		snprintf (draft, DRAFT_NAME, RECORD_NEW "%.64s.%ld-%d", id,
			  (long) getpid (), n);
		if (mkdirat (store, draft, 0700) == 0)
			return 0;
		if (errno != EEXIST)
			break;
	}
	return errno;
}

/* Whole, and then in its place: others see all of it or nothing.  To rename
 * onto a directory with files in it is refused by the kernel. */
static int
make_record (struct record_writer *k, int store,
	     const struct record_writer_about *about, struct lhk_error *err)
{
	char draft[DRAFT_NAME];
	int r, error;

	error = faccessat (store, about->id, F_OK, 0) == 0
			? EEXIST
			: make_draft (store, about->id, draft);
	if (error != 0)
		return refuse (k, about, error, err);
	r = fill (k, store, about, draft, err);
	if (r == LHK_OK && renameat (store, draft, store, about->id) < 0)
		r = refuse (k, about, errno, err);
	if (r < 0)
		(void) record_unlink_all (store, draft);
	return r;
}

static int
open_and_make (struct record_writer *k, const char *dir,
	       const struct record_writer_about *about, struct lhk_error *err)
{
	int store, r;

	r = record_open_store (dir, 1, &store, err);
	if (r < 0)
		return r;
	k->out = mem_new (k->alloc, sizeof *k->out);
	r = k->out == NULL ? error_set (err, LHK_ENOMEM, 0,
					"no memory for the"
					" record of the run")
			   : make_record (k, store, about, err);
	fd_close (&store);
	return r;
}

int
record_writer_begin (struct record_writer *k, const struct lhk_alloc *alloc,
		     const char *dir, const struct record_writer_about *about,
		     struct lhk_error *err)
{
	const struct record_writer none = RECORD_WRITER_INIT;
	struct lhk_error why = { 0, 0, "" };
	int r;

	*k = none;
	k->alloc = alloc;
	if (!record_id_ok (about->id))
		return error_set (
			err, LHK_EINVAL, 0,
			"run id '%.80s' cannot be the"
			" name of a record: wanted 1 to 64 letters,"
			" digits, '.', '_' or '-', no '.' first and not"
			" '" RECORD_INDEX "'",
			about->id);
	snprintf (k->path, sizeof k->path, "%.80s/%.64s", dir, about->id);
	r = open_and_make (k, dir, about, &why);
	if (r == LHK_OK) {
		make_head (k, about);
		return r;
	}
	record_writer_close (k);
	/* A full disk ends the keeping, not the run. */
	if (r == LHK_ESYS
	    && (why.sys_errno == ENOSPC || why.sys_errno == EDQUOT)) {
		give_up (k, "it cannot be made", why.sys_errno);
		return LHK_OK;
	}
	if (err != NULL)
		*err = why;
	return r;
}

void
record_writer_undo (struct record_writer *k, const char *dir, const char *id)
{
	int store;

	if (k->dir < 0)
		return;
	if (record_open_store (dir, 0, &store, NULL) == LHK_OK) {
		(void) record_remove (store, id);
		fd_close (&store);
	}
	record_writer_close (k);
}

/* ---- ending ---- */

void
record_writer_end (struct record_writer *k, const struct lhk_result *result,
		   const char *ended, int64_t ended_ms, int status)
{
	struct atomic_file p;
	int error;

	if (k->dir < 0 || k->ended)
		return;
	k->ended = 1;
	record_writer_flush (k);
	/* There is a descriptor for the result, whatever else is open. */
	fd_close (&k->raw.fd);
	fd_close (&k->err.fd);
	fd_close (&k->events.fd);
	/* Also of a record that ended early: the result is small, and the
	 * disk may have room again. */
	error = -atomic_file_open (&p, k->dir, RECORD_RESULT, 0600, k->out);
	if (error == 0) {
		outbuf_str (k->out, k->head);
		OUT_LIT (k->out, ",\"ended\":\"");
		outbuf_str (k->out, ended);
		OUT_LIT (k->out, "\",\"ended_ms\":");
		outbuf_i64 (k->out, ended_ms);
		OUT_LIT (k->out, ",\"exit_status\":");
		outbuf_i64 (k->out, status);
		outbuf_str (k->out, k->sys_errno != 0 ? ",\"kept\":\"in part\""
						      : ",\"kept\":\"whole\"");
		format_json_members (k->out, result);
		OUT_LIT (k->out, "}\n");
		error = -atomic_file_commit (&p);
	}
	if (error != 0)
		give_up (k, RECORD_RESULT, error);
}

int
record_writer_canceled (struct record_writer *k)
{
	char text[8] = "";
	ssize_t n;
	long signo;
	int fd;

	if (k->dir < 0)
		return 0;
	fd = fd_openat (k->dir, RECORD_CANCEL,
			O_RDONLY | O_CLOEXEC | O_NOFOLLOW, 0);
	if (fd < 0)
		return 0;
	n = fd_get (fd, text, sizeof text - 1, 0);
	fd_close (&fd);
	signo = n > 0 ? strtol (text, NULL, 10) : 0;
	return signo > 0 && signo < 65 ? (int) signo : 15;
}

void
record_writer_close (struct record_writer *k)
{
	fd_close (&k->raw.fd);
	fd_close (&k->err.fd);
	fd_close (&k->events.fd);
	fd_close (&k->lock);
	fd_close (&k->dir);
	if (k->out != NULL)
		mem_free (k->alloc, k->out, sizeof *k->out);
	k->out = NULL;
}
