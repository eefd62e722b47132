/* SPDX-License-Identifier: MIT */
/*
 * procfs_view.c - our children and descendants, as a mounted /proc lists them.
 *
 * The pids of a /proc are those of its pid namespace, which need not be ours:
 * a monitor in a pid namespace of its own finds pids to signal in the new
 * /proc, and pids to report in the old one; and a container may have a pid
 * namespace without a /proc of it.  NSpid of a process lists its pids from the
 * namespace of /proc inwards; ours is at index LEVEL.
 */
#include "config.h"

#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/dirents.h"
#include "common/io.h"
#include "common/procfs.h"
#include "monitor/monitor.h"

/* The kernel allows 32 pid namespaces in each other. */
#define LEVELS 33

/* The kernel's own limit of pids. */
#define PID_MAX (4 << 20)

/* How far above our own pid children are looked for first. */
#define PIDS_NEAR 65536

/* A longer chain of parents has changed while it was read. */
#define DEPTH_MAX 4096

void
procfs_view_open (struct procfs_view *v, int proc)
{
	char self[16];
	ssize_t n;

	v->proc = v->children = -1;
	v->self = 0;
	v->level = 0;
	n = proc < 0 ? -1 : readlinkat (proc, "self", self, sizeof self - 1);
	/* A /proc without us is empty, or of a foreign pid namespace. */
	if (n <= 0) {
		close (proc);
		return;
	}
	self[n] = '\0';
	v->self = procfs_parse_pid (self);
	v->proc = proc;
	v->children =
		openat (proc, "thread-self/children", O_RDONLY | O_CLOEXEC);
}

/* The numbers of process PID, of PROC; how many, at most N. */
static int
read_nspid (const struct procfs_view *v, pid_t pid, pid_t *ret, int n)
{
	char buf[2048];
	int fd = procfs_open_at (v->proc, pid, "status");
	const char *p;
	int i;

	if (io_read_text (fd, buf, sizeof buf) < 0)
		return 0;
	p = strstr (buf, "\nNSpid:");
	if (p == NULL)
		return 0;
	p += strlen ("\nNSpid:");
	for (i = 0; i < n && *p == '\t'; i++)
		for (ret[i] = 0, p++; *p >= '0' && *p <= '9'; p++)
			ret[i] = ret[i] * 10 + (*p - '0');
	return i;
}

void
procfs_view_find_level (struct procfs_view *v)
{
	pid_t numbers[LEVELS];
	int n = v->self == getpid () ? 0
				     : read_nspid (v, v->self, numbers, LEVELS);

	v->level = n > 0 ? n - 1 : 0;
}

/* The pid in our namespace of the process that is PID in V; 0: none. */
static pid_t
to_own_pid (const struct procfs_view *v, pid_t pid)
{
	pid_t numbers[LEVELS];

	if (v->level == 0)
		return pid;
	return read_nspid (v, pid, numbers, LEVELS) > v->level
		       ? numbers[v->level]
		       : 0;
}

static void
call (const struct procfs_view *v, pid_t pid, struct monitor *m, pid_fn *fn)
{
	pid = v == NULL ? pid : to_own_pid (v, pid);
	if (pid > 0)
		fn (m, pid);
}

/*
 * The file holds pids and blanks and is read in pieces.  Processes that fork
 * all the time can make the list longer as fast as it is read: after SCAN_MS
 * the rest is left for the next turn.
 */
void
procfs_view_each_pid (const struct procfs_view *v, int fd, struct monitor *m,
		      pid_fn *fn)
{
	char buf[4096];
	off_t off = 0;
	pid_t pid = 0;
	int64_t until = clock_now_ms () + SCAN_MS;
	ssize_t n, i;

	while (clock_now_ms () < until
	       && (n = pread (fd, buf, sizeof buf, off)) > 0) {
		for (i = 0; i < n; i++) {
			if (buf[i] >= '0' && buf[i] <= '9') {
				pid = pid * 10 + (buf[i] - '0');
			} else if (pid > 0) {
				call (v, pid, m, fn);
				pid = 0;
			}
		}
		off += n;
	}
	call (v, pid, m, fn);
}

/* The parent of PID, or 0.  *RET_DEAD: the process has ended. */
static pid_t
parent_of (const struct procfs_view *v, pid_t pid, int *ret_dead)
{
	struct procfs_stat st;

	*ret_dead = 1;
	if (procfs_read_stat_at (v->proc, pid, &st) < 0)
		return 0;
	*ret_dead = st.state == 'Z' || st.state == 'X';
	return st.parent;
}

static int
is_child (const struct procfs_view *v, pid_t pid)
{
	int dead;

	return parent_of (v, pid, &dead) == v->self;
}

/* A direct child counts until it is reaped, others until they end. */
static int
is_descendant (const struct procfs_view *v, pid_t pid)
{
	pid_t parent = pid;
	int i, dead;

	for (i = 0; i < DEPTH_MAX && parent > 1; i++) {
		parent = parent_of (v, parent, &dead);
		if (parent == v->self)
			return parent != 0;
		if (dead)
			return 0;
	}
	return 0;
}

/* Call FN for all processes of V for which IS is true. */
static void
each_entry (const struct procfs_view *v,
	    int (*is) (const struct procfs_view *v, pid_t pid),
	    struct monitor *m, pid_fn *fn)
{
	const struct dirents_entry *e;
	struct dirents d;
	pid_t pid;

	if (lseek (v->proc, 0, SEEK_SET) < 0)
		return;
	while (dirents_read (v->proc, &d) > 0) {
		while ((e = dirents_next (&d)) != NULL) {
			pid = procfs_parse_pid (e->name);
			if (pid > 0 && is (v, pid))
				call (v, pid, m, fn);
		}
	}
}

static int
each_waitable_in (struct monitor *m, pid_fn *fn, pid_t from, pid_t to)
{
	siginfo_t info;
	pid_t pid;
	int n = 0;

	for (pid = from; pid < to && pid < PID_MAX; pid++) {
		if (waitid (P_PID, (id_t) pid, &info,
			    WEXITED | WNOHANG | WNOWAIT | __WALL)
		    < 0)
			continue;
		fn (m, pid);
		n++;
	}
	return n;
}

/* No use of /proc.  Find children by trying waitid (WNOHANG | WNOWAIT) on every pid,
 * starting after our own because pids are allocated in order.  All of PID_MAX
 * takes about 0.5 s. */
static void
each_waitable (struct monitor *m, pid_fn *fn)
{
	pid_t own = getpid ();

	if (each_waitable_in (m, fn, own + 1, own + PIDS_NEAR) == 0)
		each_waitable_in (m, fn, 2, PID_MAX);
}

/* An agent that lowers our limit of descriptors takes from us all files that
 * are not open yet: then there is a /proc, and no use of it. */
static int
is_readable (const struct procfs_view *v)
{
	int fd = v->proc < 0 ? -1 : procfs_open_at (v->proc, v->self, "stat");

	if (fd < 0)
		return 0;
	close (fd);
	return 1;
}

void
procfs_view_each_child (const struct procfs_view *v, struct monitor *m,
			pid_fn *fn)
{
	if (v->children >= 0)
		procfs_view_each_pid (v, v->children, m, fn);
	else if (is_readable (v))
		each_entry (v, is_child, m, fn);
	else
		each_waitable (m, fn);
}

void
procfs_view_each_descendant (const struct procfs_view *v, struct monitor *m,
			     pid_fn *fn)
{
	if (is_readable (v))
		each_entry (v, is_descendant, m, fn);
	else
		each_waitable (m, fn);
}

int
procfs_view_has_descendant (const struct procfs_view *v, pid_t pid)
{
	return v->level == 0 && is_descendant (v, pid);
}
