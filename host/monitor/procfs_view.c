/* SPDX-License-Identifier: MIT */
/*
 * procfs_view.c - our direct children, by a mounted /proc.
 *
 * A number of that /proc is one of its namespace, which need not be ours: the
 * monitor in a pid namespace of its own looks through the new /proc to signal,
 * and through the old one to tell its host; and whoever made a namespace for
 * us may not have mounted a /proc in it.  NSpid of a process lists its numbers
 * from that of /proc inwards; ours are at place LEVEL.
 */
#include "config.h"

#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/dirents.h"
#include "common/procfs.h"
#include "monitor/monitor.h"

/* Namespaces in each other, as the kernel allows. */
#define LEVELS 33

/* The kernel's own limit. */
#define PID_MAX (4 << 20)

/* How far behind our number those of a tree are looked for first. */
#define PIDS_NEAR 65536

/* A longer line of parents is no descent: it changes while it is read. */
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
	/* An empty directory is no /proc. */
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
	ssize_t len;
	const char *p;
	int i;

	if (fd < 0)
		return 0;
	len = read (fd, buf, sizeof buf - 1);
	close (fd);
	buf[len < 0 ? 0 : len] = '\0';
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

/* What PID of /proc is in our namespace; 0: nothing. */
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
 * Numbers and blanks, read in pieces.  Processes that fork all the time make
 * the list longer as fast as it is read, so that it need not have an end: what
 * there is no time for now is for the next turn.
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

/* Parent of process PID, of PROC, or 0.  *RET_DEAD: it has ended. */
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

/* A direct child is one until it is reaped; the others are until they end. */
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

/* All processes that are IS. */
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

/* Without any /proc: whom we may wait for is a child.  Numbers are given out
 * in order, so ours are behind our own; all that there can be take half a
 * second, on a busy machine some. */
static void
each_waitable (struct monitor *m, pid_fn *fn)
{
	pid_t own = getpid ();

	if (each_waitable_in (m, fn, own + 1, own + PIDS_NEAR) == 0)
		each_waitable_in (m, fn, 2, PID_MAX);
}

void
procfs_view_each_child (const struct procfs_view *v, struct monitor *m,
			pid_fn *fn)
{
	if (v->children >= 0)
		procfs_view_each_pid (v, v->children, m, fn);
	else if (v->proc >= 0)
		each_entry (v, is_child, m, fn);
	else
		each_waitable (m, fn);
}

void
procfs_view_each_descendant (const struct procfs_view *v, struct monitor *m,
			     pid_fn *fn)
{
	if (v->proc >= 0)
		each_entry (v, is_descendant, m, fn);
	else
		each_waitable (m, fn);
}

int
procfs_view_has_descendant (const struct procfs_view *v, pid_t pid)
{
	return v->level == 0 && is_descendant (v, pid);
}
