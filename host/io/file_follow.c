/* SPDX-License-Identifier: MIT */
/* file_follow.c - a regular file that a child writes to, read as it grows. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "io/file_follow.h"
#include "common/fd.h"
#include "common/macros.h"

/* ---- making the file ---- */

/* Bytes that we may still write in DIR; UINT64_MAX if that is not known. */
static uint64_t
room_in (const char *dir)
{
	struct statvfs st;

	return statvfs (dir, &st) < 0 || st.f_blocks == 0
		       ? UINT64_MAX
		       : (uint64_t) st.f_bavail * st.f_frsize;
}

/* Can no file be made for want of room, or of a directory? */
static int
is_no_place (int sys_errno)
{
	return fd_is_disk_full (sys_errno) || sys_errno == EROFS
	       || sys_errno == ENOENT || sys_errno == ENOTDIR;
}

/* A file in DIR, or in memory if there is little room or no such place. */
static int
make_file (const char *dir, int *ret_error)
{
	uint64_t room = room_in (dir);
	int fd;

	*ret_error = room < FOLLOW_RESERVE ? ENOSPC : 0;
	if (room < FOLLOW_ROOM_MIN)
		return fd_memfd ("linehook-stdout", dir);
	fd = fd_tmpfile (dir);
	if (fd >= 0 || !is_no_place (errno))
		return fd;
	*ret_error = errno;
	return fd_memfd ("linehook-stdout", dir);
}

int
file_follow_create (const char *dir, int *ret_child, int *ret_error)
{
	char path[FD_PATH_SIZE];
	int fd = make_file (dir, ret_error);

	if (fd < 0)
		return -1;
	/* A second open, for an offset and a mode of its own: what the child
	 * sets on its descriptor is not set on ours. */
	*ret_child = fd_open (fd_path (fd, path),
			      O_WRONLY | O_APPEND | O_CLOEXEC, 0);
	if (*ret_child >= 0)
		return fd;
	fd_close (&fd);
	/* There may be no /proc. */
	return errno == ENOENT && *ret_error == 0
		       ? fd_tmpfile_twice (dir, ret_child)
		       : -1;
}

/* ---- room for it ---- */

static void
report (struct file_follower *f, enum reader_trouble what, uint64_t n)
{
	if (f->to.trouble != NULL)
		f->to.trouble (f->to.user, what, n);
}

/* A file in memory takes at most so much of it; 0: it is on a disk, or below
 * that. */
static int
stop_growth (const struct file_follower *f)
{
	if (f->used <= FOLLOW_MEMORY_MAX)
		return 0;
	/* Files on a disk know no seals. */
	return fcntl (f->fd, F_ADD_SEALS, F_SEAL_GROW) == 0 ? ENOSPC : 0;
}

/* Reserve room behind the end of the file.  0, or the errno that says that
 * there is none. */
static int
reserve_next (struct file_follower *f)
{
	if (f->size > INT64_MAX - FOLLOW_RESERVE)
		return 0;
	if (fd_reserve (f->fd, FALLOC_FL_KEEP_SIZE, f->size, FOLLOW_RESERVE)
	    == 0) {
		f->reserved = f->size + FOLLOW_RESERVE;
		return 0;
	}
	if (errno == ENOSPC || errno == EDQUOT)
		return errno;
	f->no_reserve = 1;
	return 0;
}

/* What the child writes next has its room, or the full disk is reported, once. */
static void
ensure_room (struct file_follower *f)
{
	int error = stop_growth (f);

	if (error == 0 && !f->no_reserve && !f->last
	    && f->reserved < f->size + FOLLOW_RESERVE / 2)
		error = reserve_next (f);
	/* The child has our limit, as a rule. */
	if (error == 0 && f->size > 0 && f->size >= fd_file_limit ())
		error = EFBIG;
	if (error == 0 || f->full)
		return;
	f->full = 1;
	report (f, READER_DISK_FULL, (uint64_t) error);
}

/* The bytes before OFF are needed to recognize the file. */
static void
punch_hole (struct file_follower *f)
{
	uint64_t least = f->full ? FOLLOW_PUNCH_FULL : FOLLOW_PUNCH;
	uint64_t to = f->off < FOLLOW_MARK
			      ? 0
			      : (f->off - FOLLOW_MARK) & ~(uint64_t) 4095;

	if (f->no_punch || to < f->punched + least)
		return;
	if (fallocate (f->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
		       (off_t) f->punched, (off_t) (to - f->punched))
	    < 0) {
		if (errno == EINTR)
			return;
		f->no_punch = 1;
	}
	f->punched = to;
}

/* ---- reading ---- */

static void
end (struct file_follower *f)
{
	inotify_watch_remove (f->loop, &f->watched);
	loop_disarm (f->loop, &f->timer);
	fd_close (&f->fd);
	f->to.end (f->to.user);
}

/* A line that was begun does not go on with what comes now. */
static void
end_line (struct file_follower *f)
{
	int begun = f->n_mark > 0 && f->mark[f->n_mark - 1] != '\n';

	f->n_mark = 0;
	if (begun)
		f->to.data (f->to.user, "\n", 1);
}

/* The child has cut the file: what it writes begins at 0 again. */
static void
begin_anew (struct file_follower *f)
{
	uint64_t had = f->off;

	f->off = f->punched = f->reserved = 0;
	f->limit = f->last ? f->size : 0;
	end_line (f);
	report (f, READER_SHRUNK, had);
}

/* 0, or -1: what is known of it stays. */
static int
look_at_size (struct file_follower *f)
{
	struct stat st;

	if (fstat (f->fd, &st) < 0)
		return -1;
	f->size = (uint64_t) st.st_size;
	f->used = (uint64_t) st.st_blocks * 512;
	if (f->size < f->off)
		begin_anew (f);
	return 0;
}

/* The file begins with a NUL where we are: if that is a hole, go behind it.
 * Returns 1 if so.  Nothing below f->size can be written any more. */
static int
skip_hole (struct file_follower *f)
{
	uint64_t end = f->size;
	off_t data = lseek (f->fd, (off_t) f->off, SEEK_DATA);
	uint64_t from = f->off;

	if (data < 0 && errno != ENXIO)
		return 0;
	if (data >= 0 && (uint64_t) data < end)
		end = (uint64_t) data;
	if (end <= from)
		return 0;
	f->off = end;
	end_line (f);
	report (f, READER_HOLE, end - from);
	return 1;
}

/* N bytes were read that end with a NUL: how many of them are before a hole? */
static size_t
bytes_before_hole (const struct file_follower *f, size_t n)
{
	off_t hole = lseek (f->fd, (off_t) f->off, SEEK_HOLE);

	return hole > (off_t) f->off && (uint64_t) hole - f->off < n
		       ? (size_t) ((uint64_t) hole - f->off)
		       : n;
}

/* Give out the N bytes at DATA; those of the mark are before them. */
static void
take (struct file_follower *f, const char *data, size_t n)
{
	size_t keep = f->n_mark + n < FOLLOW_MARK ? f->n_mark + n : FOLLOW_MARK;

	memcpy (f->mark, data + n - keep, keep);
	f->n_mark = keep;
	f->off += n;
	punch_hole (f);
	f->to.data (f->to.user, data, n);
}

/* Read once.  1: there may be more at once; 0: not now; -1 with errno. */
static int
read_new (struct file_follower *f)
{
	size_t mark = f->n_mark, want = LOOP_SHARE;
	char *data = f->loop->share + mark;
	ssize_t n;

	if (f->last && f->limit - f->off < want - mark)
		want = (size_t) (f->limit - f->off) + mark;
	do
		n = pread (f->fd, f->loop->share, want,
			   (off_t) (f->off - mark));
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -1;
	if (memcmp (f->loop->share, f->mark,
		    (size_t) n < mark ? (size_t) n : mark)
	    != 0) {
		begin_anew (f);
		return 1;
	}
	/* Less than there is: the next read begins behind the mark. */
	if ((size_t) n <= mark && f->off < f->size) {
		f->n_mark = 0;
		return mark > 0;
	}
	n -= (ssize_t) mark;
	if (n <= 0)
		return 0;
	if (data[0] == '\0' && skip_hole (f))
		return 1;
	if (data[n - 1] == '\0')
		n = (ssize_t) bytes_before_hole (f, (size_t) n);
	take (f, data, (size_t) n);
	return f->last || (size_t) n + mark == LOOP_SHARE || f->off < f->size;
}

/* Nobody wants what is there. */
static int
drop_new (struct file_follower *f)
{
	f->off = f->size;
	f->n_mark = 0;
	punch_hole (f);
	return 0;
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
	int r = look_at_size (f);

	f->last = 1;
	/* If it is not known, read until there are no more bytes. */
	f->limit = r < 0 ? UINT64_MAX : f->size;
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
	int more;

	(void) look_at_size (f);
	ensure_room (f);
	if (f->fd < 0)
		return;
	more = f->discard ? drop_new (f) : read_new (f);
	/* A callback may have ended it. */
	if (f->fd < 0)
		return;
	if (more < 0) {
		read_failed (f, errno);
		return;
	}
	f->failures = 0;
	if (f->last && (!more || f->off >= f->limit))
		end (f);
	else if (more)
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
	ensure_room (f);
	loop_arm (l, &f->timer, 0);
}

void
file_follow_discard (struct file_follower *f)
{
	f->discard = 1;
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
file_follow_cut (struct file_follower *f)
{
	if (f->fd < 0)
		return;
	(void) look_at_size (f);
	if (f->size > f->off && !f->discard)
		report (f, READER_CUT, f->size - f->off);
	end (f);
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
