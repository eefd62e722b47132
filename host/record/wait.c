/* SPDX-License-Identifier: MIT */
/*
 * wait.c - wait for the end of a run.
 *
 * The file system wakes us when the host's lock is closed and when the record
 * is removed; and we look without being woken in growing
 * intervals, because some file systems notify nobody.  Names are built before
 * the loop, which opens nothing but what it looks at.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "record/show.h"
#include "record/wait.h"
#include "common/clock.h"
#include "common/error.h"
#include "common/fd.h"
#include "common/pidfd.h"

#define NS_PER_MS 1000000

/* Milliseconds that a host has to leave after its run. */
#define HOST_LEAVES_MS 100

struct waiter {
	struct lhk_store *store;
	const char *id;
	char result_path[RECORD_STORE_PATH];
	int dir;  /* of the run, or -1 */
	int lock; /* the file in it when it was looked at first, or -1 */
	char host[RECORD_HEAD_PATH];
	const char *host_path; /* as record_head_host_path returns it */
	uint64_t host_start;
	pid_t host_pid;
	int notify;		    /* that of the store, or -1 */
	int run_watch, store_watch; /* inotify watches, or -1 */
	int seen;		    /* the run is there */
	int for_start;		    /* it may not be there yet */
	int64_t until_ms;	    /* by the clock; INT64_MAX: no limit */
	int64_t start_until_ms;	    /* the same, of its start */
	int64_t interval_ms;
	uint64_t attempt;
};

static uint64_t
add_to_hash (uint64_t h, unsigned char byte, uint64_t range)
{
	return (h * 33 + byte) % range;
}

/* The jitter is a hash, so that many waiters of different runs do not look at
 * the same moment, and a wait can be repeated exactly. */
int64_t
record_wait_jitter (const char *id, uint64_t attempt, int64_t interval_ms)
{
	int64_t base = interval_ms * NS_PER_MS;
	int64_t span = base / 10 > 0 ? base / 10 : NS_PER_MS;
	uint64_t range = 2 * (uint64_t) span + 1;
	uint64_t h = 5381 % range;
	uint64_t unit = 1;
	int64_t wait;

	if (base <= 0)
		return interval_ms;
	while (attempt / unit >= 10)
		unit *= 10;
	for (; *id != '\0'; id++)
		h = add_to_hash (h, (unsigned char) *id, range);
	h = add_to_hash (h, '+', range);
	for (; unit > 0; unit /= 10)
		h = add_to_hash (h, (unsigned char) ('0' + attempt / unit % 10),
				 range);
	wait = (base + (int64_t) h - span) / NS_PER_MS;
	return wait < 1 ? 1 : wait;
}

static void
remove_watch (const struct waiter *w, int *wd)
{
	if (*wd >= 0)
		inotify_rm_watch (w->notify, *wd);
	*wd = -1;
}

/* Watch the directory of the run: the end of its host closes the lock there. */
static void
watch_run (struct waiter *w)
{
	char path[FD_PATH_SIZE + RECORD_STORE_PATH];
	char store[FD_PATH_SIZE];

	if (w->notify < 0)
		return;
	snprintf (path, sizeof path, "%s/%.64s", fd_path (w->store->fd, store),
		  w->id);
	w->run_watch = inotify_add_watch (w->notify, path,
					  IN_MOVED_TO | IN_CLOSE_WRITE
						  | IN_DELETE | IN_MOVE_SELF);
	/* Other runs need not wake us any more. */
	remove_watch (w, &w->store_watch);
}

/* Watch the store while the run is not there: it is renamed into place. */
static void
watch_store (struct waiter *w)
{
	char store[FD_PATH_SIZE];

	if (w->notify >= 0 && w->store_watch < 0)
		w->store_watch = inotify_add_watch (
			w->notify, fd_path (w->store->fd, store),
			IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF);
}

static int
is_missing (int sys_errno)
{
	return sys_errno == ENOENT || sys_errno == ENOTDIR;
}

/* The agent may have removed the file; a record that nobody has locked at all is
 * none.  0, or -1 with errno. */
static int
open_locks (struct waiter *w)
{
	w->dir = record_store_open_dir (w->store, w->id);
	if (w->dir < 0)
		return -1;
	w->lock = record_store_open (w->store, w->id, RECORD_LOCK);
	return w->lock >= 0
			       || (is_missing (errno)
				   && record_dir_is_held (w->dir))
		       ? 0
		       : -1;
}

/* Get what the loop needs of a run that is there.  LHK_OK; LHK_AGAIN: it is not
 * there; LHK_ESYS with errno. */
static int
open_run (struct waiter *w)
{
	struct record_head head;
	int r;

	if (open_locks (w) < 0
	    || record_store_head (w->store, w->id, LHK_RECORD_RUNNING, -1,
				  &head)
		       < 0) {
		r = is_missing (errno) ? LHK_AGAIN : LHK_ESYS;
		fd_close (&w->lock);
		fd_close (&w->dir);
		return r;
	}
	w->host_start = head.host_start;
	w->host_pid = (pid_t) head.host_pid;
	w->host_path = record_head_host_path (&head, w->host);
	w->seen = 1;
	watch_run (w);
	return LHK_OK;
}

/* The same, watching for it before the second look. */
static int
find_run (struct waiter *w)
{
	int r = open_run (w);

	if (r != LHK_AGAIN)
		return r;
	watch_store (w);
	return open_run (w);
}

/* Is the store there by now?  LHK_OK; LHK_AGAIN; LHK_ENOTFOUND; LHK_ESYS with
 * errno. */
static int
find_store (struct waiter *w)
{
	if (!w->seen && record_store_renew (w->store))
		remove_watch (w, &w->store_watch);
	if (record_store_dir (w->store) >= 0)
		return LHK_OK;
	if (errno != ENOENT)
		return LHK_ESYS;
	return w->for_start && !w->seen ? LHK_AGAIN : LHK_ENOTFOUND;
}

/* The run is there: has it ended?  As long as its host lives it has not,
 * whatever files there are; nor is the record that of another run which was
 * given the name since. */
static int
check_host (struct waiter *w)
{
	int held = record_dir_is_held (w->dir)
		   || (w->lock >= 0 && record_lock_is_held (w->lock) != 0);
	int here = record_is_at (w->store->fd, w->id, w->dir);

	/* A network file system may answer ESTALE once for a name that was
	 * replaced. */
	if (here <= 0)
		return here == 0	 ? LHK_ENOTFOUND
		       : errno == ESTALE ? LHK_AGAIN
					 : LHK_ESYS;
	return held && record_head_host_is_alive (w->host_path, w->host_start)
		       ? LHK_AGAIN
		       : LHK_OK;
}

/* The run was not there yet when it was last looked for. */
static int
check_start (struct waiter *w)
{
	int r = find_run (w);

	/* A record may have lost its lock and still have a result. */
	if (r == LHK_AGAIN && !w->seen
	    && (!w->for_start
		|| faccessat (w->store->fd, w->result_path, F_OK, 0) == 0))
		return LHK_OK;
	return r == LHK_OK ? check_host (w) : r;
}

/* Has the run ended?  LHK_OK; LHK_AGAIN; LHK_ENOTFOUND; LHK_ESYS with errno. */
static int
check_run (struct waiter *w)
{
	int r = find_store (w);

	if (r != LHK_OK)
		return r;
	return w->seen ? check_host (w) : check_start (w);
}

static void
drain_notify (const struct waiter *w)
{
	char buf[4096];

	while (read (w->notify, buf, sizeof buf) > 0)
		;
}

/* Sleep until it is time to look again: LHK_OK; LHK_ECANCELED; LHK_ETIMEOUT;
 * LHK_END: the run has not started in time; LHK_ESYS with errno. */
static int
sleep_until_next (struct waiter *w, int cancel_fd)
{
	struct pollfd p[2] = {
		{ .fd = cancel_fd, .events = POLLIN },
		{ .fd = w->notify, .events = POLLIN },
	};
	int64_t wait = record_wait_jitter (w->id, w->attempt, w->interval_ms);
	int64_t now = clock_now_ms ();
	int64_t left = w->until_ms - now;
	int n;

	if (left <= 0)
		return LHK_ETIMEOUT;
	if (!w->seen && w->start_until_ms - now < left)
		left = w->start_until_ms - now;
	if (left <= 0)
		return LHK_END;
	n = poll (p, 2, (int) (wait < left ? wait : left));
	if (n < 0 && errno != EINTR)
		return LHK_ESYS;
	if (n > 0 && p[0].revents != 0)
		return LHK_ECANCELED;
	if (n > 0) {
		drain_notify (w);
	} else if (n == 0) {
		w->attempt++;
		w->interval_ms *= 2;
		if (w->interval_ms > RECORD_WAIT_POLL_MAX_MS)
			w->interval_ms = RECORD_WAIT_POLL_MAX_MS;
	}
	return LHK_OK;
}

static int
wait_loop (struct waiter *w, const struct lhk_wait_opts *o)
{
	int r = check_run (w);
	uint64_t polls = 1;

	while (r == LHK_AGAIN) {
		r = sleep_until_next (w, o->cancel_fd);
		if (r == LHK_OK) {
			r = check_run (w);
			polls++;
		}
	}
	if (o->polls != NULL)
		*o->polls = polls;
	return r;
}

/*
 * The program has some last things to do when the record of its run has ended:
 * its output, its result file.  Who waits for the run may want to read them, so
 * a host that leaves now has left when the wait is over.  An embedder stays.
 */
static void
await_host (const struct waiter *w, int cancel_fd)
{
	struct pollfd p[2] = {
		{ .fd = cancel_fd, .events = POLLIN },
		{ .fd = -1, .events = POLLIN },
	};

	if (!w->seen || w->host_path == NULL || w->host_path[0] == '\0'
	    || w->host_pid <= 0 || w->host_pid == getpid ())
		return;
	p[1].fd = pidfd_get (w->host_pid);
	if (p[1].fd >= 0
	    && record_head_host_is_alive (w->host_path, w->host_start))
		(void) !poll (p, 2, HOST_LEAVES_MS);
	fd_close (&p[1].fd);
}

static int
check_opts (const struct lhk_wait_opts *o, struct lhk_error *err)
{
	if (o->size != sizeof *o)
		return error_set (err, LHK_EINVAL, 0,
				  "wait options have %u bytes, expected %zu: "
				  "begin with LHK_WAIT_OPTS_INIT",
				  o->size, sizeof *o);
	if (o->timeout_ms < LHK_WAIT_FOREVER || o->start_ms < 0)
		return error_set (
			err, LHK_EINVAL, 0,
			"wait: the times are %lld and %lld ms, expected none "
			"below 0 except LHK_WAIT_FOREVER",
			(long long) o->timeout_ms, (long long) o->start_ms);
	if ((o->include & ~RECORD_SHOW_INCLUDES) != 0)
		return error_set (err, LHK_EINVAL, 0,
				  "wait: include is 0x%x, expected "
				  "LHK_INCLUDE_* or 0",
				  o->include);
	return LHK_OK;
}

/* Make the answer after the loop, which gave CODE (LHK_ENOTFOUND: the record was
 * removed meanwhile; LHK_END: there was none in time).  STATUS and FD are of record_store_status. */
static int
make_answer (struct lhk_store *s, const char *id, int code, int status, int fd,
	     uint32_t include, int *ret_status, struct lhk_error *err)
{
	int r;

	if (code == LHK_ENOTFOUND)
		return error_set (err, code, ENOENT,
				  "run '%s' was removed from '%.120s' while it"
				  " was waited for",
				  id, s->dir);
	if (status == LHK_ENOTFOUND && code == LHK_END)
		return error_set (err, LHK_ENOTFOUND, ENOENT,
				  "there is no run '%s' in '%.120s', and none"
				  " has started within the time given",
				  id, s->dir);
	if (status == LHK_ENOTFOUND)
		return code < 0 ? error_set (err, code, 0,
					     "run '%s' does not exist yet", id)
				: record_store_not_found (s, id, err);
	if (status < 0)
		return record_store_fail_sys (s, id, "", err);
	*ret_status = status;
	r = record_show_answer (s, id, status, fd, include, err);
	if (r < 0 || status != LHK_RECORD_RUNNING || code == LHK_OK)
		return r;
	/* Without this sentence: it ended between the loop and the status. */
	return error_set (err, code, 0,
			  code == LHK_ECANCELED
				  ? "the wait for run"
				    " '%s' was canceled"
				  : "run '%s' has not ended within the"
				    " time given",
			  id);
}

static int64_t
timeout_of (const struct lhk_wait_opts *o)
{
	return o->timeout_ms == 0 ? LHK_WAIT_DEFAULT_MS : o->timeout_ms;
}

static int64_t
start_of (const struct lhk_wait_opts *o)
{
	return o->start_ms == 0 ? LHK_WAIT_FOREVER : o->start_ms;
}

/* FROM_MS and so many milliseconds; INT64_MAX for no limit. */
static int64_t
end_of (int64_t from_ms, int64_t ms)
{
	return ms < 0 || ms > INT64_MAX - from_ms ? INT64_MAX : from_ms + ms;
}

static int
wait_for_end (struct lhk_store *s, const char *id,
	      const struct lhk_wait_opts *o, int64_t from_ms)
{
	struct waiter w = { .store = s,
			    .id = id,
			    .dir = -1,
			    .lock = -1,
			    .notify = -1,
			    .run_watch = -1,
			    .store_watch = -1,
			    .for_start = o->for_start,
			    .until_ms = end_of (from_ms, timeout_of (o)),
			    .start_until_ms = end_of (from_ms, start_of (o)),
			    .attempt = 1,
			    .interval_ms = RECORD_WAIT_POLL_MIN_MS };
	int r;

	record_store_path (w.result_path, id, RECORD_RESULT);
	if (!o->polled && s->notify < 0)
		s->notify = fd_move_above_stdio (
			inotify_init1 (IN_CLOEXEC | IN_NONBLOCK));
	if (!o->polled)
		w.notify = s->notify;
	r = wait_loop (&w, o);
	if (r == LHK_OK)
		await_host (&w, o->cancel_fd);
	remove_watch (&w, &w.run_watch);
	remove_watch (&w, &w.store_watch);
	fd_close (&w.lock);
	fd_close (&w.dir);
	return r;
}

/* The status after the wait that began at FROM_MS, as record_store_status
 * returns it with *RET_FD.  *RET_CODE is how the wait ended. */
static int
wait_and_look (struct lhk_store *s, const char *id,
	       const struct lhk_wait_opts *o, int64_t from_ms, int *ret_code,
	       int *ret_fd)
{
	*ret_code = wait_for_end (s, id, o, from_ms);
	return *ret_code == LHK_ESYS || *ret_code == LHK_ENOTFOUND
		       ? *ret_code
		       : record_store_status (s, id, ret_fd);
}

int
lhk_store_wait (struct lhk_store *s, const char *id,
		const struct lhk_wait_opts *opts, struct lhk_str *ret,
		int *ret_status, struct lhk_error *err)
{
	const struct lhk_wait_opts none = LHK_WAIT_OPTS_INIT;
	const struct lhk_wait_opts *o = opts == NULL ? &none : opts;
	int64_t from = clock_now_ms ();
	int fd = -1, code = LHK_OK, shown = 0;
	int status = record_store_check (s, id, err);
	int r = status < 0 ? status : check_opts (o, err);

	if (r < 0 || ret == NULL)
		return r < 0 ? r : LHK_EINVAL;
	strbuf_clear (&s->answer);
	status = record_store_status (s, id, &fd);
	if (status == LHK_RECORD_RUNNING
	    || (status == LHK_ENOTFOUND && o->for_start))
		status = wait_and_look (s, id, o, from, &code, &fd);
	/* It has started in the last moment. */
	if (code == LHK_END && status == LHK_RECORD_RUNNING)
		status = wait_and_look (s, id, o, from, &code, &fd);
	r = make_answer (s, id, code, status, fd, o->include, &shown, err);
	*ret = record_show_text (s);
	if (ret_status != NULL)
		*ret_status = shown;
	return r;
}
