/* SPDX-License-Identifier: MIT */
/* file_follow.c - a regular file that a child writes to, read as it grows. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/file_follow.h"
#include "common/fd.h"
#include "common/macros.h"

int
file_follow_create (const char *dir, int *ret_child)
{
	char path[FD_PATH_SIZE];
	int fd = fd_tmpfile (dir);

	if (fd < 0)
		return -1;
	/* A second open, for an offset and a mode of its own: what the child
	 * sets on its descriptor is not set on ours. */
	*ret_child = fd_open (fd_path (fd, path),
			      O_WRONLY | O_APPEND | O_CLOEXEC, 0);
	if (*ret_child < 0)
		fd_close (&fd);
	return fd;
}

static void
end (struct file_follower *f)
{
	inotify_watch_remove (f->loop, &f->watched);
	loop_disarm (f->loop, &f->timer);
	fd_close (&f->fd);
	f->to.end (f->to.user);
}

/* A child may truncate its stdout by opening /dev/stdout anew; what it writes
 * then begins at 0 again. */
static void
notice_shrink (struct file_follower *f)
{
	struct stat st;

	if (fstat (f->fd, &st) == 0 && (uint64_t) st.st_size < f->off) {
		f->off = 0;
		f->punched = 0;
	}
}

static void
punch_hole (struct file_follower *f)
{
	if (f->no_punch || f->off - f->punched < FOLLOW_PUNCH)
		return;
	if (fallocate (f->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
		       (off_t) f->punched, (off_t) (f->off - f->punched))
	    < 0) {
		if (errno == EINTR)
			return;
		f->no_punch = 1;
	}
	f->punched = f->off;
}

/* A read failed.  The bytes stay on the disk, so it is tried again later. */
static void
read_failed (struct file_follower *f, int error)
{
	if (++f->failures < FOLLOW_TRIES) {
		loop_arm (f->loop, &f->timer, FOLLOW_POLL_MS);
		return;
	}
	if (f->to.failed != NULL)
		f->to.failed (f->to.user, error);
	end (f);
}

/*
 * 0: nobody else has the file open; EAGAIN: somebody has; else it cannot be
 * told (an old kernel, a file system without leases, not our file).
 *
 * A write lease is only granted to the one who has the file open, and is
 * handed back at once.  Should the file be opened in between, which takes a
 * process that reaches into /proc/OURPID/fd, the kernel signals the holder.
 * SIGIO would end an embedder; SIGURG is ignored unless it is handled, and its
 * handlers expect false alarms.  Handing the lease back also resets the
 * choice of the signal, so it is made each time.
 */
static int
check_other_writers (int fd)
{
	if (fcntl (fd, F_SETSIG, SIGURG) < 0)
		return errno;
	if (fcntl (fd, F_SETLEASE, F_WRLCK) < 0)
		return errno;
	fcntl (fd, F_SETLEASE, F_UNLCK);
	return 0;
}

/* The file has no writer any more, so its size is final. */
static void
set_limit (struct file_follower *f)
{
	struct stat st;

	notice_shrink (f);
	f->last = 1;
	/* If fstat fails, read until there are no more bytes. */
	f->limit = fstat (f->fd, &st) == 0 ? (uint64_t) st.st_size : UINT64_MAX;
}

static void
end_without_writers (struct file_follower *f)
{
	int error;

	if (!f->closing || f->last)
		return;
	error = check_other_writers (f->fd);
	if (error == 0) {
		set_limit (f);
		loop_arm (f->loop, &f->timer, 0);
	} else if (error != EAGAIN) {
		f->closing = 0;
	} else if (!f->timer.armed && f->lease_tries < FOLLOW_LEASE_TRIES) {
		loop_arm (f->loop, &f->timer, 1 << 2 * f->lease_tries++);
	}
}

static void
read_some (struct file_follower *f)
{
	size_t want = LOOP_SHARE;
	ssize_t n;

	if (f->last && f->limit - f->off < want)
		want = (size_t) (f->limit - f->off);
	do
		n = pread (f->fd, f->loop->share, want, (off_t) f->off);
	while (n < 0 && errno == EINTR);
	if (n > 0) {
		f->off += (uint64_t) n;
		punch_hole (f);
		f->to.data (f->to.user, f->loop->share, (size_t) n);
		if (f->fd < 0)
			return;
	} else if (n < 0) {
		read_failed (f, errno);
		return;
	} else {
		notice_shrink (f);
	}
	f->failures = 0;
	if (f->last && (n <= 0 || f->off >= f->limit))
		end (f);
	else if (n == (ssize_t) LOOP_SHARE || f->last)
		loop_arm (f->loop, &f->timer, 0);
	else if (f->polled)
		loop_arm (f->loop, &f->timer, FOLLOW_POLL_MS);
	if (f->fd >= 0)
		end_without_writers (f);
}

static void
on_growth (struct inotify_watch *w)
{
	struct file_follower *f =
		container_of (w, struct file_follower, watched);

	f->lease_tries = 0;
	read_some (f);
}

static void
on_timer (struct timer *t)
{
	read_some (container_of (t, struct file_follower, timer));
}

void
file_follow_start (struct file_follower *f, struct loop *l, int fd,
		   const struct reader_callbacks *to)
{
	*f = (struct file_follower){ .watched = { .wd = -1,
						  .changed = on_growth },
				     .timer = { .fire = on_timer },
				     .loop = l,
				     .to = *to,
				     .fd = fd };
	f->polled = inotify_watch_add (l, &f->watched, fd) < 0;
	loop_arm (l, &f->timer, 0);
}

void
file_follow_finish (struct file_follower *f)
{
	if (f->fd < 0)
		return;
	if (!f->last)
		set_limit (f);
	read_some (f);
}

void
file_follow_closing (struct file_follower *f)
{
	if (f->fd < 0)
		return;
	f->closing = 1;
	f->lease_tries = 0;
	end_without_writers (f);
}

int
file_follow_has_more (const struct file_follower *f)
{
	struct stat st;

	return f->fd >= 0 && fstat (f->fd, &st) == 0
	       && (uint64_t) st.st_size != f->off;
}

int
file_follow_is_held (const struct file_follower *f)
{
	return f->fd >= 0 && !f->last && check_other_writers (f->fd) == EAGAIN;
}

void
file_follow_stop (struct file_follower *f, int forked)
{
	if (f->fd < 0)
		return;
	if (!forked)
		inotify_watch_remove (f->loop, &f->watched);
	timer_clear (&f->loop->timers, &f->timer);
	fd_close (&f->fd);
}
