/* SPDX-License-Identifier: MIT */
/* probe_files.c - /proc, the directory of spool files, inotify, the state. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <linehook/record.h>

#include "cli/doctor/checks.h"
#include "common/fd.h"

#define PROC_MAGIC 0x9fa0L
#define TMPFS_MAGIC 0x01021994L
#define HOLE (1u << 20)

/* A run of many minutes writes less than this, as a rule. */
#define SPACE_MIN (UINT64_C (64) << 20)

/* Without /proc much else is not there; it is said once. */
static int
no_proc (struct finding *f)
{
	struct statfs fs;

	if (statfs ("/proc", &fs) == 0 && (long) fs.f_type == PROC_MAGIC)
		return 0;
	probe_result (f, DOCTOR_SKIP, "not tried: there is no /proc");
	return 1;
}

void
probe_proc (const struct doctor *d, struct finding *f)
{
	char self[32] = "";
	ssize_t n;

	(void) d;
	if (no_proc (f)) {
		probe_missing (f, "not mounted");
		return;
	}
	n = readlink ("/proc/self", self, sizeof self - 1);
	if (n <= 0)
		probe_missing (f,
			       "of another pid namespace: it does not know us");
	else if (atoi (self) != (int) getpid ())
		probe_result (f, DOCTOR_NOTE,
			      "of an outer pid namespace: we are "
			      "%s there and %d here",
			      self, (int) getpid ());
	else
		probe_ok (f, "mounted");
	if (f->status == DOCTOR_NOTE)
		probe_impact (f, "the end of each run takes longer");
}

void
probe_children (const struct doctor *d, struct finding *f)
{
	(void) d;
	if (no_proc (f))
		return;
	if (open ("/proc/thread-self/children", O_RDONLY | O_CLOEXEC) < 0)
		probe_missing (f, "no: %s", strerror (errno));
	else
		probe_ok (f, "yes");
}

void
probe_spool (const struct doctor *d, struct finding *f)
{
	char path[FD_PATH_SIZE];
	int fd;

	if (no_proc (f))
		return;
	fd = fd_nameless (d->start.spool);
	if (fd < 0)
		probe_missing (f, "no file in '%s': %s", d->start.spool,
			       strerror (errno));
	else if (open (fd_path (fd, path), O_WRONLY | O_APPEND | O_CLOEXEC) < 0)
		probe_missing (f, "a file in '%s' cannot be opened again: %s",
			       d->start.spool, strerror (errno));
	else
		probe_ok (f, "%s", d->start.spool);
}

/* The probes behind that of the file say nothing of their own where there is
 * none. */
static int
spool_file (const struct doctor *d, struct finding *f)
{
	int fd = fd_nameless (d->start.spool);

	if (fd < 0)
		probe_result (f, DOCTOR_SKIP, "not tried: no spool file");
	return fd;
}

void
probe_punch (const struct doctor *d, struct finding *f)
{
	static const char zero[HOLE];
	int fd = spool_file (d, f);
	struct stat st;

	if (fd < 0)
		return;
	if (write (fd, zero, sizeof zero) != (ssize_t) sizeof zero
	    || fallocate (fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0,
			  HOLE)
		       < 0)
		probe_missing (f, "no: %s", strerror (errno));
	else if (fstat (fd, &st) == 0 && st.st_blocks * 512 >= HOLE)
		probe_missing (f, "no: what is punched stays allocated");
	else
		probe_ok (f, "yes");
}

void
probe_lease (const struct doctor *d, struct finding *f)
{
	int fd = spool_file (d, f);

	if (fd < 0)
		return;
	if (fcntl (fd, F_SETLEASE, F_WRLCK) < 0)
		probe_missing (f, "no: %s", strerror (errno));
	else
		probe_ok (f, "yes");
}

void
probe_space (const struct doctor *d, struct finding *f)
{
	struct statvfs v;
	struct statfs fs;
	char size[32];
	uint64_t room;

	if (statvfs (d->start.spool, &v) < 0
	    || statfs (d->start.spool, &fs) < 0) {
		probe_missing (f, "not known: %s", strerror (errno));
		return;
	}
	room = (uint64_t) v.f_bavail * v.f_frsize;
	if (v.f_files != 0 && v.f_favail == 0)
		probe_missing (f, "none: no file more can be made in '%s'",
			       d->start.spool);
	else if (room < SPACE_MIN)
		probe_missing (f, "%s in '%s'", doctor_size (room, size),
			       d->start.spool);
	else
		probe_ok (f, "%s in %s%s", doctor_size (room, size),
			  d->start.spool,
			  (long) fs.f_type == TMPFS_MAGIC
				  ? ", which is memory (tmpfs)"
				  : "");
}

static int
sees_a_write (int in, const char *dir)
{
	struct pollfd p = { .fd = in, .events = POLLIN };
	char path[FD_PATH_SIZE];
	int fd = fd_nameless (dir);

	/* Without a spool file there is nothing to watch. */
	if (fd < 0)
		return 1;
	return inotify_add_watch (in, fd_path (fd, path), IN_MODIFY) >= 0
	       && write (fd, "x", 1) == 1 && poll (&p, 1, 1000) == 1;
}

void
probe_inotify (const struct doctor *d, struct finding *f)
{
	uint64_t most = 0;
	int in;

	if (no_proc (f))
		return;
	in = inotify_init1 (IN_CLOEXEC | IN_NONBLOCK);
	if (in < 0 && errno == EMFILE
	    && doctor_number ("/proc/sys/fs/inotify/max_user_instances", &most)
		       == 0) {
		probe_missing (f, "this user has all of %llu instances in use",
			       (unsigned long long) most);
	} else if (in < 0) {
		probe_missing (f, "no: %s", strerror (errno));
		probe_remedy (f, "let the container allow inotify");
	} else if (!sees_a_write (in, d->start.spool)) {
		probe_missing (f, "a write to a file in '%s' is not seen",
			       d->start.spool);
		probe_remedy (f,
			      "a TMPDIR on a local file system; raise sysctl "
			      "fs.inotify.max_user_watches");
	} else if (doctor_number ("/proc/sys/fs/inotify/max_user_instances",
				  &most)
		   == 0) {
		probe_ok (f,
			  "yes, one instance for each linehook (at most %llu "
			  "for this user)",
			  (unsigned long long) most);
	} else {
		probe_ok (f, "yes");
	}
}

/* DIR, or the nearest directory above it that is there. */
static int
nearest (char *dir)
{
	struct stat st;
	char *slash;

	while (stat (dir, &st) < 0) {
		if (errno != ENOENT)
			return -1;
		slash = strrchr (dir, '/');
		if (slash == NULL)
			return -1;
		if (slash == dir)
			slash++;
		if (*slash == '\0')
			return -1;
		*slash = '\0';
	}
	errno = ENOTDIR;
	return S_ISDIR (st.st_mode) ? 0 : -1;
}

void
probe_state (const struct doctor *d, struct finding *f)
{
	char dir[PATH_MAX], at[PATH_MAX], size[32];
	struct lhk_error err;
	struct statvfs v;

	(void) d;
	if (lhk_store_default_path (dir, sizeof dir, &err) < 0) {
		probe_missing (f, "%s", err.text);
		return;
	}
	memcpy (at, dir, sizeof at);
	if (nearest (at) < 0 || access (at, W_OK | X_OK) < 0)
		probe_missing (f, "'%.200s': %s", at, strerror (errno));
	else if (statvfs (at, &v) < 0)
		probe_missing (f, "'%.200s': %s", at, strerror (errno));
	else
		probe_ok (
			f, "%.200s%s, %s free", dir,
			strcmp (at, dir) == 0 ? "" : " (made when needed)",
			doctor_size ((uint64_t) v.f_bavail * v.f_frsize, size));
}
