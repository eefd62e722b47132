/* SPDX-License-Identifier: MIT */
/*
 * exec_tree.c - the agent's tree: signalled, killed, reaped.
 *
 * The helper is the subreaper of the tree, so whatever is orphaned in it,
 * session or no session, becomes a direct child.  A direct child cannot be
 * recycled before it is reaped here, so its number is safe to signal.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "spawn/exec.h"

typedef void child_fn (struct monitor *m, pid_t pid);

void
tree_init (struct monitor *m)
{
	m->children = open ("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
}

void
tree_ask (const struct monitor *m, int signo)
{
	if (m->leader <= 0 || m->leader_gone)
		return;
	/* Before its setsid the child has no group of its own. */
	if (kill (-m->leader, signo) < 0)
		kill (m->leader, signo);
	kill (-m->leader, SIGCONT);
}

void
tree_pause (const struct monitor *m, int stop)
{
	if (m->leader > 0 && !m->leader_gone)
		kill (-m->leader, stop ? SIGSTOP : SIGCONT);
}

/* The kernel's list: numbers and spaces, read in pieces. */
static void
each_in_list (struct monitor *m, child_fn *fn)
{
	char buf[4096];
	off_t off = 0;
	pid_t pid = 0;
	ssize_t n, i;

	while ((n = pread (m->children, buf, sizeof buf, off)) > 0) {
		for (i = 0; i < n; i++) {
			if (buf[i] >= '0' && buf[i] <= '9') {
				pid = pid * 10 + (buf[i] - '0');
			} else if (pid > 0) {
				fn (m, pid);
				pid = 0;
			}
		}
		off += n;
	}
	if (pid > 0)
		fn (m, pid);
}

/* Parent of the process whose /proc/PID/stat is in BUF, NUL-terminated. */
static pid_t
parent_of (const char *buf)
{
	const char *p = strrchr (buf, ')');
	pid_t parent = 0;

	if (p == NULL || strlen (p) < 5)
		return 0;
	for (p += 4; *p >= '0' && *p <= '9'; p++)
		parent = parent * 10 + (*p - '0');
	return parent;
}

static void
visit_if_child (struct monitor *m, const char *name, child_fn *fn)
{
	char path[64] = "/proc/";
	char buf[512];
	pid_t pid = 0;
	size_t i, len = strlen (path);
	ssize_t n;
	int fd;

	for (i = 0; name[i] >= '0' && name[i] <= '9' && i < 10; i++) {
		pid = pid * 10 + (name[i] - '0');
		path[len++] = name[i];
	}
	if (i == 0 || name[i] != '\0')
		return;
	memcpy (path + len, "/stat", sizeof "/stat");
	fd = open (path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	n = read (fd, buf, sizeof buf - 1);
	close (fd);
	if (n <= 0)
		return;
	buf[n] = '\0';
	if (parent_of (buf) == m->self)
		fn (m, pid);
}

/* As the kernel lays it out for getdents64. */
struct entry {
	uint64_t ino;
	int64_t off;
	uint16_t reclen;
	uint8_t type;
	char name[];
};

/* Without that list: all processes, by their parent. */
static void
each_in_proc (struct monitor *m, child_fn *fn)
{
	union {
		struct entry align;
		char bytes[8192];
	} buf;
	int fd = open ("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	long n, at;

	if (fd < 0)
		return;
	while ((n = syscall (SYS_getdents64, fd, &buf, sizeof buf)) > 0) {
		for (at = 0; at < n;) {
			const struct entry *e =
				(const void *) (buf.bytes + at);

			visit_if_child (m, e->name, fn);
			at += e->reclen;
		}
	}
	close (fd);
}

static void
each_child (struct monitor *m, child_fn *fn)
{
	if (m->children >= 0)
		each_in_list (m, fn);
	else
		each_in_proc (m, fn);
}

static void
kill_one (struct monitor *m, pid_t pid)
{
	(void) m;
	kill (pid, SIGKILL);
}

void
tree_kill (struct monitor *m)
{
	if (m->leader > 0 && !m->leader_gone)
		kill (m->leader, SIGKILL);
	each_child (m, kill_one);
}

static void
name_one (struct monitor *m, pid_t pid)
{
	if (m->report.n_survivors < PROTO_SURVIVORS)
		m->report.survivors[m->report.n_survivors] = pid;
	m->report.n_survivors++;
}

void
tree_name_survivors (struct monitor *m)
{
	m->report.n_survivors = 0;
	each_child (m, name_one);
}

static uint64_t
microseconds (const struct timeval *tv)
{
	return (uint64_t) tv->tv_sec * 1000000 + (uint64_t) tv->tv_usec;
}

static void
note_reaped (struct monitor *m, pid_t pid, int status,
	     const struct rusage *usage)
{
	struct proto_report *r = &m->report;

	r->user_us += microseconds (&usage->ru_utime);
	r->sys_us += microseconds (&usage->ru_stime);
	if ((uint64_t) usage->ru_maxrss > r->max_rss_kib)
		r->max_rss_kib = (uint64_t) usage->ru_maxrss;
	if (pid == m->leader) {
		m->leader_gone = 1;
		m->leader_status = status;
	} else if (m->sweeping && WIFSIGNALED (status)
		   && WTERMSIG (status) == SIGKILL) {
		r->n_killed++;
	}
}

void
tree_reap (struct monitor *m)
{
	struct rusage usage;
	int status;
	pid_t pid;

	for (;;) {
		pid = wait4 (-1, &status, WNOHANG | __WALL, &usage);
		if (pid > 0) {
			note_reaped (m, pid, status, &usage);
		} else if (pid == 0) {
			return;
		} else if (errno != EINTR) {
			m->tree_empty = 1;
			return;
		}
	}
}
