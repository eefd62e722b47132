/* SPDX-License-Identifier: MIT */
/*
 * cgroup.c - the run's own cgroup, version 2.
 *
 * Each run gets a new one, below that of the monitor and without limits: it
 * kills, stops and counts all processes at once, even while they fork.  A
 * process that may write to another cgroup can leave it, so it helps the
 * subreaper and does not replace it.  A cgroup is never used twice: after a
 * cgroup.kill some kernels kill at birth whatever is cloned into it.
 *
 * A monitor holds a lock on its run's cgroup as long as it lives, and the
 * kernel drops the lock however the monitor ends.  A cgroup that can be locked
 * was therefore left by a monitor that was killed; the next monitor to end
 * beside it removes it, unless there is a process in it.
 */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "common/cgroup_control.h"
#include "common/cgroup_path.h"
#include "common/dirents.h"
#include "common/io.h"
#include "common/macros.h"
#include "common/pidfd.h"
#include "common/procfs.h"
#include "monitor/monitor.h"

#ifndef SYS_clone3
#define SYS_clone3 435
#endif

#define CLONE_INTO_CGROUP_FLAG UINT64_C (0x200000000)

/* struct clone_args as of Linux 5.7; older headers have less of it. */
struct clone3_args {
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal;
	uint64_t stack, stack_size, tls, set_tid, set_tid_size;
	uint64_t cgroup;
};

/* Prefix of the names of the cgroups of runs. */
#define CGROUP_PREFIX "linehook-"

/* How deep cgroups that the agent made in each other are removed. */
#define DEPTH_MAX 16

/* The kernel may need some milliseconds after the last process has ended. */
#define REMOVE_TRIES 100

/* A monitor that was killed may have had our pid and left its cgroup. */
#define NAME_TRIES 16

/* A cgroup is looked at so often, and after so many nanoseconds each, until all
 * its processes are frozen but those that the kernel cannot stop. */
#define FREEZE_TRIES 100
#define FREEZE_NS 100000

#define PATH_TAIL_MAX 80

/* It takes cgroup_control_launcher. */
#define REMEDY "; start linehook below a cgroup of its own, e.g. by '%s'"

static const struct {
	const char *name;
	int flags;
	size_t offset;
} files[] = {
	{ "cgroup.kill", O_WRONLY, offsetof (struct cgroup, kill) },
	{ "cgroup.procs", O_RDWR, offsetof (struct cgroup, procs) },
	{ "cgroup.events", O_RDONLY, offsetof (struct cgroup, events) },
	{ "cgroup.freeze", O_WRONLY, offsetof (struct cgroup, freeze) },
};

#define N_FILES ARRAY_SIZE (files)

static int *
descriptor (struct cgroup *g, size_t i)
{
	return (int *) (void *) ((char *) g + files[i].offset);
}

void
cgroup_locate (struct monitor *m)
{
	struct cgroup *g = &m->cgroup;
	size_t i;

	g->own = g->dir = -1;
	for (i = 0; i < N_FILES; i++)
		*descriptor (g, i) = -1;
	if (cgroup_path_own (NULL, g->path, sizeof g->path) < 0)
		g->path[0] = '\0';
	else
		g->own = open (g->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	g->error = errno;
}

typedef void name_fn (int dir, const char *name, int depth);

static void
each_directory (int dir, name_fn *fn, int depth)
{
	const struct dirents_entry *e;
	struct dirents d;

	while (dirents_read (dir, &d) > 0)
		while ((e = dirents_next (&d)) != NULL)
			if (e->type == DT_DIR && e->name[0] != '.')
				fn (dir, e->name, depth);
}

/* Remove NAME and what is below it.  errno is 0 once it is gone. */
static void
remove_below (int parent, const char *name, int depth)
{
	int dir;

	errno = 0;
	if (unlinkat (parent, name, AT_REMOVEDIR) == 0 || errno != EBUSY
	    || depth > DEPTH_MAX)
		return;
	dir = openat (parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return;
	each_directory (dir, remove_below, depth + 1);
	close (dir);
	errno = 0;
	if (unlinkat (parent, name, AT_REMOVEDIR) == 0)
		errno = 0;
}

static void
remove_empty (int parent, const char *name)
{
	static const struct timespec ms = { 0, 1000000 };
	int tries;

	for (tries = 0; tries < REMOVE_TRIES; tries++) {
		remove_below (parent, name, 0);
		if (errno != EBUSY)
			break;
		nanosleep (&ms, NULL);
	}
}

/* Between open and lock another monitor may have removed it as stale. */
static int
is_same (int parent, const char *name, int dir)
{
	struct stat named, held;

	return fstatat (parent, name, &named, AT_SYMLINK_NOFOLLOW) == 0
	       && fstat (dir, &held) == 0 && named.st_ino == held.st_ino;
}

static int
open_locked (int parent, const char *name)
{
	int dir = openat (parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (dir < 0
	    || (flock (dir, LOCK_EX | LOCK_NB) == 0
		&& is_same (parent, name, dir)))
		return dir;
	close (dir);
	return -1;
}

/* A new cgroup that another monitor takes for a stale one before it is locked
 * is given up, and the next name tried. */
static int
make_directory (struct monitor *m)
{
	struct cgroup *g = &m->cgroup;
	int i;

	for (i = 0; i < NAME_TRIES; i++) {
		snprintf (g->name, sizeof g->name, CGROUP_PREFIX "%d-%d",
			  (int) m->self, i);
		if (mkdirat (g->own, g->name, 0755) == 0) {
			g->dir = open_locked (g->own, g->name);
			if (g->dir >= 0)
				return 0;
		} else if (errno != EEXIST) {
			break;
		}
	}
	g->name[0] = '\0';
	return -1;
}

/* A threaded cgroup cannot be killed, an invalid one cannot be entered. */
static int
is_domain (int dir)
{
	char type[32];
	int fd = openat (dir, "cgroup.type", O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return 0;
	n = read (fd, type, sizeof type);
	close (fd);
	return n == 7 && memcmp (type, "domain\n", 7) == 0;
}

static int
open_files (struct monitor *m)
{
	struct cgroup *g = &m->cgroup;
	size_t i;

	for (i = 0; i < N_FILES; i++) {
		*descriptor (g, i) = openat (g->dir, files[i].name,
					     files[i].flags | O_CLOEXEC);
		if (*descriptor (g, i) >= 0)
			continue;
		control_report_uncontained (
			m, errno,
			"no cgroup for the run: no '%s' below"
			" '%s': %s; Linux 5.14 or later has it",
			files[i].name,
			cgroup_path_tail (g->path, PATH_TAIL_MAX),
			strerror (errno));
		return -1;
	}
	if (is_domain (g->dir))
		return 0;
	control_report_uncontained (m, EOPNOTSUPP,
				    "no cgroup for the run: '%s' is a"
				    " threaded cgroup" REMEDY,
				    cgroup_path_tail (g->path, PATH_TAIL_MAX),
				    cgroup_control_launcher ());
	return -1;
}

int
cgroup_create (struct monitor *m)
{
	struct cgroup *g = &m->cgroup;

	if (g->own < 0) {
		control_report_uncontained (
			m, g->error,
			"no cgroup for the run: the cgroup of linehook, of "
			"version 2, is %s%s: %s; mount cgroup2 on "
			"/sys/fs/cgroup, or choose another containment",
			g->path[0] == '\0' ? "mounted nowhere" : "",
			cgroup_path_tail (g->path, PATH_TAIL_MAX),
			strerror (g->error));
		return -1;
	}
	if (cgroup_limits_prepare (m) < 0)
		return -1;
	if (make_directory (m) < 0) {
		control_report_uncontained (
			m, errno,
			"no cgroup for the run: mkdir below"
			" '%s': %s" REMEDY,
			cgroup_path_tail (g->path, PATH_TAIL_MAX),
			strerror (errno), cgroup_control_launcher ());
		return -1;
	}
	if (open_files (m) == 0 && cgroup_limits_apply (m) == 0)
		return 0;
	cgroup_remove (m);
	return -1;
}

pid_t
cgroup_fork (const struct monitor *m)
{
	struct clone3_args args;

	memset (&args, 0, sizeof args);
	args.flags = CLONE_INTO_CGROUP_FLAG;
	args.exit_signal = SIGCHLD;
	args.cgroup = (uint64_t) m->cgroup.dir;
	return (pid_t) syscall (SYS_clone3, &args, sizeof args);
}

int
cgroup_join (const struct monitor *m)
{
	return write (m->cgroup.procs, "0", 1) == 1 ? 0 : errno;
}

/* Is PID in the run's cgroup?  0 where /proc has other pids than ours. */
static int
has_member (const struct monitor *m, pid_t pid)
{
	char buf[PATH_MAX + 256];
	size_t len = strlen (m->cgroup.name);
	const char *p = buf;
	int fd = m->view.level != 0
			 ? -1
			 : procfs_open_at (m->view.proc, pid, "cgroup");

	if (fd < 0)
		return 0;
	io_read_text (fd, buf, sizeof buf);
	while ((p = strstr (p, m->cgroup.name)) != NULL) {
		if (p > buf && p[-1] == '/'
		    && (p[len] == '\n' || p[len] == '/'))
			return 1;
		p += len;
	}
	return 0;
}

/* The pid may have been reused since it was read.  Open a pidfd, then check
 * that the pid is still in the cgroup; signal only through the pidfd. */
static void
signal_member (struct monitor *m, pid_t pid)
{
	pid_t group = getpgid (pid);
	int fd;

	if ((group == m->agent && m->leftover_signo == 0) || group < 0)
		return;
	fd = pidfd_get (pid);
	if (fd < 0)
		return;
	if (has_member (m, pid) && pidfd_kill (fd, m->term_signo) == 0) {
		pidfd_kill (fd, SIGCONT);
		signaled_add (m, group);
	}
	close (fd);
}

void
cgroup_kill (const struct monitor *m)
{
	if (write (m->cgroup.kill, "1", 1) < 0)
		return; /* killing goes on without it */
}

int
cgroup_freeze (const struct monitor *m, int stop)
{
	return write (m->cgroup.freeze, stop ? "1" : "0", 1) == 1 ? 0 : -1;
}

/* Is LINE in cgroup.events? */
static int
has_event (const struct monitor *m, const char *line)
{
	char buf[128];
	ssize_t n;

	if (m->cgroup.events < 0)
		return 0;
	n = pread (m->cgroup.events, buf, sizeof buf - 1, 0);
	if (n <= 0)
		return 0;
	buf[n] = '\0';
	return strstr (buf, line) != NULL;
}

int
cgroup_populated (const struct monitor *m)
{
	return has_event (m, "populated 1");
}

/* Sleeping needs no descriptor, and hardly any of the CPU time that an agent may
 * have limited. */
static void
await_frozen (const struct monitor *m)
{
	static const struct timespec briefly = { 0, FREEZE_NS };
	int i;

	for (i = 0; i < FREEZE_TRIES && !has_event (m, "frozen 1"); i++)
		nanosleep (&briefly, NULL);
}

/* While it is signalled, nothing in it forks: the child of a fork that is half
 * done is not listed yet, and would miss the signal. */
void
cgroup_signal (struct monitor *m)
{
	int frozen;

	if (m->containment != CONTAIN_CGROUP || m->term_signo == 0
	    || !cgroup_populated (m))
		return;
	frozen = cgroup_freeze (m, 1) == 0;
	if (frozen)
		await_frozen (m);
	procfs_view_each_pid (NULL, m->cgroup.procs, m, signal_member);
	if (frozen && !m->pause_requested)
		(void) cgroup_freeze (m, 0);
}

void
cgroup_remove (struct monitor *m)
{
	struct cgroup *g = &m->cgroup;
	size_t i;

	if (g->name[0] == '\0')
		return;
	for (i = 0; i < N_FILES; i++) {
		if (*descriptor (g, i) >= 0)
			close (*descriptor (g, i));
		*descriptor (g, i) = -1;
	}
	if (g->dir >= 0)
		close (g->dir);
	g->dir = -1;
	remove_empty (g->own, g->name);
	g->name[0] = '\0';
}

/* Is NAME exactly linehook-PID-N?  Anything else may belong to others. */
static int
is_run_cgroup (const char *name)
{
	size_t len = strlen (CGROUP_PREFIX);
	size_t pid, n;

	if (strncmp (name, CGROUP_PREFIX, len) != 0)
		return 0;
	name += len;
	pid = strspn (name, "0123456789");
	if (pid == 0 || name[pid] != '-')
		return 0;
	name += pid + 1;
	n = strspn (name, "0123456789");
	return n != 0 && name[n] == '\0';
}

static void
remove_if_stale (int parent, const char *name, int depth)
{
	int dir;

	if (!is_run_cgroup (name))
		return;
	dir = open_locked (parent, name);
	if (dir < 0)
		return;
	remove_below (parent, name, depth);
	close (dir);
}

void
cgroup_remove_stale (const struct monitor *m)
{
	int parent = m->cgroup.own;

	if (parent >= 0 && lseek (parent, 0, SEEK_SET) == 0)
		each_directory (parent, remove_if_stale, 0);
}
