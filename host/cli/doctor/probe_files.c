/* SPDX-License-Identifier: MIT */
/*
 * probe_files.c - files and limits of this user: /proc, the directory of spool
 * files, inotify, the state directory, pipes, descriptors, processes.
 */
#include "config.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <linehook/record.h>

#include "cli/doctor/doctor.h"
#include "common/cgroup_path.h"
#include "common/fd.h"
#include "common/units.h"

#define PROC_MAGIC 0x9fa0L
#define TMPFS_MAGIC 0x01021994L
#define HOLE (1u << 20)

/* A run of many minutes usually writes less than this. */
#define SPACE_MIN (UINT64_C (64) << 20)

/* Many probes need /proc; that it is missing is the finding of one of them. */
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
		probe_missing (
			f,
			"it shows another pid namespace, in which linehook has "
			"no process id");
	else if (atoi (self) != (int) getpid ())
		probe_result (f, DOCTOR_NOTE,
			      "it shows an outer pid namespace: linehook is "
			      "process %s there and %d here",
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
		probe_missing (f, "not available: %s", strerror (errno));
	else
		probe_ok (f, "available");
}

void
probe_spool (const struct doctor *d, struct finding *f)
{
	const char *dir = d->start.spool_dir;
	char path[FD_PATH_SIZE];
	int again, fd = fd_tmpfile (dir);

	if (fd < 0)
		probe_missing (f, "no file in '%s': %s", dir, strerror (errno));
	else if (open (fd_path (fd, path), O_WRONLY | O_APPEND | O_CLOEXEC) < 0
		 && (errno != ENOENT || fd_tmpfile_twice (dir, &again) < 0))
		probe_missing (f, "a file in '%s' cannot be opened again: %s",
			       dir, strerror (errno));
	else
		probe_ok (f, "%s", dir);
}

/* A spool file for the probes that need one; they are skipped if there can be
 * none, which is the finding of probe_spool. */
static int
spool_file (const struct doctor *d, struct finding *f)
{
	int fd = fd_tmpfile (d->start.spool_dir);

	if (fd < 0)
		probe_result (f, DOCTOR_SKIP, "not tried: no spool file");
	return fd;
}

void
probe_punch (const struct doctor *d, struct finding *f)
{
	static char zero[HOLE];
	int fd = spool_file (d, f);
	struct stat st;

	if (fd < 0)
		return;
	if (write (fd, zero, sizeof zero) != (ssize_t) sizeof zero
	    || fallocate (fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0,
			  HOLE)
		       < 0)
		probe_missing (f, "not available: %s", strerror (errno));
	else if (fstat (fd, &st) == 0 && st.st_blocks * 512 >= HOLE)
		probe_missing (f,
			       "not available: punched holes stay allocated");
	else
		probe_ok (f, "available");
}

void
probe_lease (const struct doctor *d, struct finding *f)
{
	int fd = spool_file (d, f);

	if (fd < 0)
		return;
	if (fcntl (fd, F_SETLEASE, F_WRLCK) < 0)
		probe_missing (f, "not available: %s", strerror (errno));
	else
		probe_ok (f, "available");
}

void
probe_space (const struct doctor *d, struct finding *f)
{
	struct statvfs v;
	struct statfs fs;
	char size[UNITS_SIZE];
	uint64_t room;

	if (statvfs (d->start.spool_dir, &v) < 0
	    || statfs (d->start.spool_dir, &fs) < 0) {
		probe_missing (f, "not known: %s", strerror (errno));
		return;
	}
	room = (uint64_t) v.f_bavail * v.f_frsize;
	units_print_size (room, size);
	if (v.f_files != 0 && v.f_favail == 0)
		probe_missing (f, "no more files can be made in '%s'",
			       d->start.spool_dir);
	else if (room < SPACE_MIN)
		probe_missing (f, "%s in '%s'", size, d->start.spool_dir);
	else
		probe_ok (f, "%s in %s%s", size, d->start.spool_dir,
			  (long) fs.f_type == TMPFS_MAGIC
				  ? ", which is memory (tmpfs)"
				  : "");
}

static int
sees_a_write (int in, const char *dir)
{
	struct pollfd p = { .fd = in, .events = POLLIN };
	char path[FD_PATH_SIZE];
	int fd = fd_tmpfile (dir);

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
	    && doctor_read_number ("/proc/sys/fs/inotify/max_user_instances",
				   &most)
		       == 0) {
		probe_missing (f, "all %llu instances of this user are in use",
			       (unsigned long long) most);
	} else if (in < 0) {
		probe_missing (f, "not available: %s", strerror (errno));
		probe_remedy (f, "allow inotify in the container");
	} else if (!sees_a_write (in, d->start.spool_dir)) {
		probe_missing (f, "a write to a file in '%s' is not reported",
			       d->start.spool_dir);
		probe_remedy (f, "set TMPDIR to a directory on a local file "
				 "system, or raise the sysctl "
				 "fs.inotify.max_user_watches");
	} else if (doctor_read_number (
			   "/proc/sys/fs/inotify/max_user_instances", &most)
		   == 0) {
		probe_ok (f,
			  "available; each linehook uses one of the %llu "
			  "instances of this user",
			  (unsigned long long) most);
	} else {
		probe_ok (f, "available");
	}
}

/* Cut DIR to the nearest directory above it that exists.  0, or -1 with
 * errno. */
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
probe_home (const struct doctor *d, struct finding *f)
{
	const char *home = getenv ("HOME");
	struct stat st;

	(void) d;
	if (home == NULL || home[0] == '\0')
		probe_missing (f, "HOME is not set");
	else if (home[0] != '/')
		probe_missing (f, "HOME is the relative path '%.200s'", home);
	else if (stat (home, &st) < 0)
		probe_missing (f, "'%.200s': %s", home, strerror (errno));
	else if (!S_ISDIR (st.st_mode))
		probe_missing (f, "'%.200s' is not a directory", home);
	else if (access (home, W_OK | X_OK) < 0)
		probe_missing (f, "'%.200s' cannot be written to: %s", home,
			       strerror (errno));
	else
		probe_ok (f, "%.300s", home);
}

void
probe_state (const struct doctor *d, struct finding *f)
{
	char dir[PATH_MAX], at[PATH_MAX], size[UNITS_SIZE];
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
	else {
		units_print_size ((uint64_t) v.f_bavail * v.f_frsize, size);
		probe_ok (f, "%.200s%s, %s free", dir,
			  strcmp (at, dir) == 0 ? ""
						: " (will be made when needed)",
			  size);
	}
}

/* Counted.  A run has the monitor's socket and pidfd, the agent's pidfd, two
 * outputs, and a file for stdin.  A host has epoll, timer, wakeup and inotify,
 * and a start five other ends. */
#define FILES_A_RUN 6
#define FILES_TO_START 9
#define RUNS_MIN 4

/* A node program has a dozen threads before it does anything. */
#define TASKS_MIN 64

/* A run needs two processes, monitor and agent. */
#define TASKS_FOR_ONE 2

#define PIPE_WANTED (1 << 20)

/* Prefix of the names of limits of the machine. */
#define SYSCTL "sysctl"

/* May this process exceed the limits of its user?  Root of a user namespace may
 * not. */
static int
has_privilege (void)
{
	char map[64];
	struct __user_cap_header_struct h = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct c[2];

	if (doctor_read_line ("/proc/self/uid_map", map, sizeof map) == 0
	    && strstr (map, "4294967295") == NULL)
		return 0;
	memset (c, 0, sizeof c);
	return syscall (SYS_capget, &h, c) == 0
	       && (c[0].effective
		   & (1u << CAP_SYS_RESOURCE | 1u << CAP_SYS_ADMIN))
			  != 0;
}

void
probe_pipe (const struct doctor *d, struct finding *f)
{
	uint64_t soft = 0, page = (uint64_t) sysconf (_SC_PAGESIZE);
	int fds[2], usual, got, error;

	(void) d;
	if (pipe2 (fds, O_CLOEXEC) < 0) {
		probe_result (f, DOCTOR_BAD, "no pipe: %s", strerror (errno));
		probe_impact (f, "no agent can be run");
		probe_remedy (f, "raise the limit of open files: ulimit -n");
		return;
	}
	usual = fcntl (fds[0], F_GETPIPE_SZ);
	got = fcntl (fds[0], F_SETPIPE_SZ, PIPE_WANTED);
	error = errno;
	close (fds[0]);
	close (fds[1]);
	(void) !doctor_read_number ("/proc/sys/fs/pipe-user-pages-soft", &soft);
	if (usual < (int) FD_PIPE_DEFAULT_SIZE) {
		probe_missing (f,
			       "only %d bytes: this user has used up its "
			       "pipe memory",
			       usual);
	} else if (got < PIPE_WANTED) {
		probe_missing (f, "64 KiB each, 1 MiB is refused: %s",
			       strerror (error));
	} else if (has_privilege () || soft == 0) {
		probe_ok (f, "1 MiB each, any number");
	} else {
		probe_ok (f, "1 MiB each, room for %llu of them",
			  (unsigned long long) (soft * page / PIPE_WANTED));
	}
}

void
probe_nofile (const struct doctor *d, struct finding *f)
{
	uint64_t used = d->start.open_files + FILES_TO_START, runs;
	struct rlimit l;

	if (getrlimit (RLIMIT_NOFILE, &l) < 0) {
		probe_missing (f, "not known: %s", strerror (errno));
		return;
	}
	if (l.rlim_cur == RLIM_INFINITY) {
		probe_ok (f, "no limit");
		return;
	}
	runs = l.rlim_cur <= used ? 0 : (l.rlim_cur - used) / FILES_A_RUN;
	if (runs == 0 && d->trials[LHK_CONTAIN_AUTO].succeeded)
		runs = 1;
	if (runs == 0)
		probe_result (f, DOCTOR_BAD, "%llu, of which %zu are in use",
			      (unsigned long long) l.rlim_cur,
			      d->start.open_files);
	else if (runs < RUNS_MIN)
		probe_missing (f, "%llu: room for %llu run%s in one process",
			       (unsigned long long) l.rlim_cur,
			       (unsigned long long) runs, runs == 1 ? "" : "s");
	else
		probe_ok (f, "%llu: room for %llu runs in one process",
			  (unsigned long long) l.rlim_cur,
			  (unsigned long long) runs);
	if (f->status == DOCTOR_BAD)
		probe_impact (f, "no agent can be run");
}

/* The number of threads of all processes of UID. */
static uint64_t
tasks_of (uid_t uid)
{
	DIR *proc = opendir ("/proc");
	const struct dirent *e;
	uint64_t n = 0;
	struct stat st;
	char path[300];

	while (proc != NULL && (e = readdir (proc)) != NULL) {
		if (!isdigit ((unsigned char) e->d_name[0]))
			continue;
		snprintf (path, sizeof path, "/proc/%s/task", e->d_name);
		if (stat (path, &st) == 0 && st.st_uid == uid
		    && st.st_nlink > 2)
			n += st.st_nlink - 2;
	}
	if (proc != NULL)
		closedir (proc);
	return n;
}

/* The number of threads of the machine, 234 in "0.00 0.00 0.00 1/234 5678". */
static uint64_t
tasks_of_all (void)
{
	char text[128], *slash;

	if (doctor_read_line ("/proc/loadavg", text, sizeof text) < 0)
		return 0;
	slash = strchr (text, '/');
	return slash == NULL ? 0 : strtoull (slash + 1, NULL, 10);
}

struct room {
	uint64_t left;
	char why[96]; /* whose limit it is */
};

static void
bound (struct room *r, uint64_t most, uint64_t used, const char *why)
{
	uint64_t left = used >= most ? 0 : most - used;

	if (most == UINT64_MAX || left >= r->left)
		return;
	r->left = left;
	snprintf (r->why, sizeof r->why, "%s is %llu", why,
		  (unsigned long long) most);
}

/* Apply the limits of our cgroup and of all visible ones above it. */
static void
bound_cgroup (struct room *r, const char *controller)
{
	char path[PATH_MAX], file[PATH_MAX + 32];
	uint64_t most, used;
	char *slash;

	if (cgroup_path_own (controller, path, sizeof path) < 0)
		return;
	while (path[0] != '\0') {
		snprintf (file, sizeof file, "%s/pids.current", path);
		used = 0;
		(void) !doctor_read_number (file, &used);
		snprintf (file, sizeof file, "%s/pids.max", path);
		if (doctor_read_number (file, &most) == 0)
			bound (r, most, used, "pids.max of its cgroup");
		slash = strrchr (path, '/');
		if (slash == NULL)
			return;
		*slash = '\0';
	}
}

void
probe_tasks (const struct doctor *d, struct finding *f)
{
	struct room r = { .left = UINT64_MAX };
	struct rlimit l;
	uint64_t most;

	if (!has_privilege () && getrlimit (RLIMIT_NPROC, &l) == 0
	    && l.rlim_cur != RLIM_INFINITY)
		bound (&r, l.rlim_cur, tasks_of (d->start.uid), "RLIMIT_NPROC");
	if (doctor_read_number ("/proc/sys/kernel/threads-max", &most) == 0)
		bound (&r, most, tasks_of_all (), SYSCTL " kernel.threads-max");
	if (doctor_read_number ("/proc/sys/kernel/pid_max", &most) == 0)
		bound (&r, most, tasks_of_all (), SYSCTL " kernel.pid_max");
	bound_cgroup (&r, NULL);
	bound_cgroup (&r, "pids");
	if (r.left == UINT64_MAX)
		probe_ok (f, "no limit");
	else if (r.left < TASKS_FOR_ONE
		 && !d->trials[LHK_CONTAIN_AUTO].succeeded)
		probe_result (f, DOCTOR_BAD, "room for %llu more: %s",
			      (unsigned long long) r.left, r.why);
	else if (r.left < TASKS_MIN)
		probe_missing (f, "room for %llu more: %s",
			       (unsigned long long) r.left, r.why);
	else
		probe_ok (f, "room for %llu more (%s)",
			  (unsigned long long) r.left, r.why);
	if (f->status == DOCTOR_BAD)
		probe_impact (f, "no agent can be run");
	if (strncmp (r.why, SYSCTL, strlen (SYSCTL)) == 0)
		probe_remedy (f, "raise this sysctl, or end other processes");
}

void
probe_core (const struct doctor *d, struct finding *f)
{
	char pattern[128] = "";
	struct rlimit l;

	(void) d;
	(void) !doctor_read_line ("/proc/sys/kernel/core_pattern", pattern,
				  sizeof pattern);
	if (getrlimit (RLIMIT_CORE, &l) == 0 && l.rlim_cur == 0)
		probe_ok (
			f, "none%s",
			pattern[0] == '|'
				? ", except those that the crash handler of the system keeps"
				: "");
	else
		probe_missing (f, "written to '%s'", pattern);
}
