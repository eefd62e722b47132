/* SPDX-License-Identifier: MIT */
/* writer.c - the record of one run while it is made. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "record/writer.h"
#include "record/draft.h"
#include "record/index.h"
#include "record/labels.h"
#include "record/layout.h"
#include "record/remove.h"
#include "format/event_json.h"
#include "json/text_reader.h"
#include "json/writer.h"
#include "common/atomic_file.h"
#include "common/error.h"
#include "common/fd.h"
#include "common/io.h"
#include "common/macros.h"
#include "common/mem.h"
#include "common/procfs.h"
#include "common/run_id.h"
#include "common/text.h"

#define NEW_FILE (O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW)

/* RECORD_NEW, an id and two numbers. */
#define DRAFT_NAME 128

/* Hosts that died and had our pid may have left drafts of one id. */
#define DRAFT_TRIES 1000

void
record_writer_note (struct record_writer *rw, const char *what, int sys_errno)
{
	if (rw->sys_errno != 0)
		return;
	rw->sys_errno = sys_errno;
	rw->what = what;
}

/* What would come behind a gap is not written. */
static void
append (struct record_writer *rw, struct record_writer_file *f,
	const char *what, const char *data, size_t len)
{
	int r = f->ended || f->fd < 0
			? 0
			: io_pwrite_full (f->fd, data, len, &f->at);

	if (r == 0)
		return;
	f->ended = 1;
	record_writer_note (rw, what, -r);
}

static void
write_events (void *user, const char *data, size_t len)
{
	struct record_writer *rw = user;
	uint64_t from = rw->events.at;
	const char *lf;

	if (rw->events.ended)
		return;
	append (rw, &rw->events, RECORD_EVENTS, data, len);
	lf = memrchr (data, '\n', (size_t) (rw->events.at - from));
	if (lf != NULL)
		rw->events_whole = from + (uint64_t) (lf - data) + 1;
	if (rw->events.ended
	    && ftruncate (rw->events.fd, (off_t) rw->events_whole) == 0)
		rw->events.at = rw->events_whole;
}

void
record_writer_plugin (struct record_writer *rw, const struct lhk_plugin *plugin)
{
	snprintf (rw->plugin, sizeof rw->plugin, "%s", plugin->name);
	snprintf (rw->provider, sizeof rw->provider, "%s", plugin->provider);
}

void
record_writer_stdout (struct record_writer *rw, const char *data, size_t len)
{
	append (rw, &rw->raw, RECORD_OUT, data, len);
}

void
record_writer_stderr (struct record_writer *rw, const char *data, size_t len)
{
	if (rw->err.fd < 0)
		return;
	if (len > rw->err_max - rw->err.at) {
		len = (size_t) (rw->err_max - rw->err.at);
		rw->err_cut = 1;
	}
	append (rw, &rw->err, RECORD_ERR, data, len);
}

void
record_writer_event (struct record_writer *rw, const struct lhk_meta *meta,
		     const struct lhk_event *event)
{
	if (rw->dir >= 0 && !rw->events.ended)
		format_json_event (rw->out, meta, event, FORMAT_JSON_SOURCE);
}

void
record_writer_flush (struct record_writer *rw)
{
	if (rw->dir >= 0)
		outbuf_flush (rw->out);
}

/* ---- run.json ---- */

/* The line of a short file of /proc; "" when it cannot be read. */
static void
read_proc_line (const char *path, char *ret, size_t size)
{
	int fd = fd_open (path, O_RDONLY | O_CLOEXEC, 0);
	ssize_t n = fd < 0 ? -1 : fd_pread_full (fd, ret, size - 1, 0);

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

static void
put_prompt (struct jw *w, const char *prompt)
{
	struct lhk_text text = text_from_cstr (prompt);

	text.len = text_reader_prefix (&text, LHK_PROMPT_KEPT);
	jw_text (w, "prompt", &text);
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
	if (a->detached)
		jw_bool (&w, "detached", 1);
	jw_list_begin (&w, "argv");
	for (arg = a->argv; *arg != NULL; arg++)
		jw_str (&w, NULL, *arg);
	jw_list_end (&w);
	jw_str (&w, "cwd", a->cwd);
	record_labels_write (&w, a->labels);
	put_prompt (&w, a->prompt);
	jw_u64 (&w, "line_max", a->line_max);
	jw_str (&w, "oversize", oversize[a->oversize]);
	if (a->detect)
		jw_bool (&w, "detect", 1);
	put_host (&w);
	jw_object_end (&w);
	outbuf_byte (out, '\n');
	return atomic_file_commit (&f);
}

/* ---- beginning ---- */

static int
make_file (const struct record_writer *rw, const char *name)
{
	return fd_openat (rw->dir, name, NEW_FILE, 0600);
}

static int
make_files (struct record_writer *rw, const char **ret_what)
{
	*ret_what = RECORD_LOCK;
	rw->lock = make_file (rw, RECORD_LOCK);
	if (rw->lock < 0 || record_lock_try (rw->lock) < 0)
		return -1;
	*ret_what = RECORD_OUT;
	rw->raw.fd = make_file (rw, RECORD_OUT);
	if (rw->raw.fd < 0)
		return -1;
	*ret_what = RECORD_ERR;
	rw->err.fd = make_file (rw, RECORD_ERR);
	if (rw->err.fd < 0)
		return -1;
	*ret_what = RECORD_EVENTS;
	rw->events.fd = make_file (rw, RECORD_EVENTS);
	return rw->events.fd < 0 ? -1 : 0;
}

/* Write the first files into the directory DRAFT. */
static int
fill_draft (struct record_writer *rw, int store,
	    const struct record_writer_about *about, const char *draft,
	    struct lhk_error *err)
{
	const char *what = "";
	int error = 0;

	rw->dir =
		fd_openat (store, draft,
			   O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW, 0);
	if (rw->dir >= 0)
		(void) record_dir_lock (rw->dir);
	if (rw->dir < 0 || make_files (rw, &what) < 0)
		error = errno;
	if (error == 0) {
		what = RECORD_RUN;
		error = -write_run_json (rw->dir, rw->out, about);
		outbuf_init (rw->out, write_events, rw);
	}
	/* Before the record is in its place, so that none is missing from the
	 * index. */
	if (error == 0) {
		what = RECORD_INDEX;
		error = -record_index_append (store, about->started_ms,
					      about->id, &rw->index);
	}
	/* At last, so that it does not take the room of the others. */
	if (error == 0) {
		what = RECORD_RESULT_DRAFT;
		error = -record_draft_open (rw->dir, &rw->draft);
	}
	if (error == EAGAIN)
		return error_set (
			err, LHK_ESYS, error,
			"cannot make the record '%s': another process holds "
			"the " RECORD_INDEX
			" of this store and does not release it (fuser -v "
			"shows which process)",
			rw->path);
	if (error != 0)
		return error_set (err, error == ENOMEM ? LHK_ENOMEM : LHK_ESYS,
				  error, "cannot make the record '%s', %s: %s",
				  rw->path, what, strerror (error));
	return LHK_OK;
}

/* The sentence for a record that cannot be made. */
static int
fail_make (const struct record_writer *rw,
	   const struct record_writer_about *about, int error,
	   struct lhk_error *err)
{
	if (error == EEXIST || error == ENOTEMPTY || error == ENOTDIR)
		return error_set (
			err, LHK_ESTATE, EEXIST,
			"run '%s' already exists in this store (%s); use "
			"another id, or remove it with 'linehook rm %s'",
			about->id, rw->path, about->id);
	return error_set (err, error == ENOMEM ? LHK_ENOMEM : LHK_ESYS, error,
			  "cannot make the record '%s': %s", rw->path,
			  strerror (error));
}

/* Make a directory under a name that nobody else uses.  0 or an errno. */
static int
make_draft (int store, const char *id, char draft[DRAFT_NAME])
{
	int n;

	for (n = 0; n < DRAFT_TRIES; n++) {
		snprintf (draft, DRAFT_NAME, RECORD_NEW "%.64s.%ld-%d", id,
			  (long) getpid (), n);
		if (mkdirat (store, draft, 0700) == 0)
			return 0;
		if (errno != EEXIST)
			break;
	}
	return errno;
}

/* The directory is filled and then renamed: others see all of it or nothing.
 * The kernel refuses to rename onto a directory with files in it. */
static int
make_record (struct record_writer *rw, int store,
	     const struct record_writer_about *about, struct lhk_error *err)
{
	char draft[DRAFT_NAME];
	int r, error;

	error = faccessat (store, about->id, F_OK, 0) == 0
			? EEXIST
			: make_draft (store, about->id, draft);
	if (error != 0)
		return fail_make (rw, about, error, err);
	r = fill_draft (rw, store, about, draft, err);
	if (r == LHK_OK && renameat (store, draft, store, about->id) < 0)
		r = fail_make (rw, about, errno, err);
	fd_close (&rw->index);
	if (r < 0)
		(void) record_dir_remove (store, draft);
	return r;
}

static int
open_and_make (struct record_writer *rw, const char *dir,
	       const struct record_writer_about *about, struct lhk_error *err)
{
	int store, r;

	r = record_dir_open (dir, 1, &store, err);
	if (r < 0)
		return r;
	rw->out = mem_new (rw->alloc, sizeof *rw->out);
	r = rw->out == NULL ? error_set (err, LHK_ENOMEM, 0,
					 "no memory for the"
					 " record of the run")
			    : make_record (rw, store, about, err);
	fd_close (&store);
	return r;
}

/* What the result repeats of the beginning. */
static void
remember (struct record_writer *rw, const struct record_writer_about *a)
{
	snprintf (rw->id, sizeof rw->id, "%s", a->id);
	snprintf (rw->plugin, sizeof rw->plugin, "%s", a->plugin);
	snprintf (rw->provider, sizeof rw->provider, "%s", a->provider);
	snprintf (rw->started, sizeof rw->started, "%s", a->started);
	rw->started_ms = a->started_ms;
	rw->detached = a->detached;
	rw->err_max = a->stderr_max;
}

int
record_writer_begin (struct record_writer *rw, const struct lhk_alloc *alloc,
		     const char *dir, const struct record_writer_about *about,
		     struct lhk_error *err)
{
	const struct record_writer none = RECORD_WRITER_INIT;
	struct lhk_error why = { 0, 0, "" };
	int r;

	*rw = none;
	rw->alloc = alloc;
	r = run_id_check (about->id, err);
	if (r < 0)
		return r;
	snprintf (rw->path, sizeof rw->path, "%.80s/%.64s", dir, about->id);
	r = open_and_make (rw, dir, about, &why);
	if (r == LHK_OK) {
		remember (rw, about);
		return r;
	}
	record_writer_close (rw);
	/* A full disk ends the record, not the run, unless nobody could reach
	 * the run without it. */
	if (r == LHK_ESYS && fd_is_disk_full (why.sys_errno)
	    && !about->detached) {
		record_writer_note (rw, "it cannot be made", why.sys_errno);
		return LHK_OK;
	}
	if (err != NULL)
		*err = why;
	return r;
}

void
record_writer_abort (struct record_writer *rw, const char *dir, const char *id)
{
	int store;

	if (rw->dir < 0)
		return;
	if (record_dir_open (dir, 0, &store, NULL) == LHK_OK) {
		(void) record_remove (store, id);
		fd_close (&store);
	}
	record_writer_close (rw);
}

/* ---- requests, and the end ---- */

int
record_writer_canceled (struct record_writer *rw, struct record_cancel *ret)
{
	char text[RECORD_CANCEL_SIZE] = "";
	struct stat st = { .st_ino = 0 };
	int fd;

	if (rw->dir < 0)
		return 0;
	fd = fd_openat (rw->dir, RECORD_CANCEL,
			O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW, 0);
	if (fd < 0)
		return 0;
	/* Of a full disk there may be nothing in it. */
	(void) !fd_pread_full (fd, text, sizeof text - 1, 0);
	(void) !fstat (fd, &st);
	fd_close (&fd);
	ret->again = record_cancel_parse (text, &ret->signo) > 1;
	ret->inode = st.st_ino;
	return 1;
}

void
record_writer_close (struct record_writer *rw)
{
	fd_close (&rw->raw.fd);
	fd_close (&rw->err.fd);
	fd_close (&rw->events.fd);
	fd_close (&rw->draft);
	fd_close (&rw->lock);
	fd_close (&rw->dir);
	if (rw->out != NULL)
		mem_free (rw->alloc, rw->out, sizeof *rw->out);
	rw->out = NULL;
}
