/* SPDX-License-Identifier: MIT */
/* orphans.c - processes of a run whose monitor has gone, found in /proc. */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "process/orphans.h"
#include "common/fd.h"

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif
#ifndef PIDFD_SIGNAL_PROCESS_GROUP
#define PIDFD_SIGNAL_PROCESS_GROUP (1u << 2)
#endif

/* Directory of /proc that one step reads: 80 processes or so. */
#define STEP_BYTES 2048

/* Cgroups below a run's own, made by an agent that has its own containers. */
#define CGROUP_DEPTH 8

/* Of one environment; a hostile one may be megabytes. */
#define ENVIRON_MAX (1 << 20)

#define PATH_SIZE 64

/* A start is told in clock ticks of 10 ms, cut off; lived_ms may be rounded. */
#define TICK_MS 11

/* Of /proc/PID/stat. */
struct stat_line {
	char state;
	long group;
	long session;
	long threads;
	int64_t start_ms; /* CLOCK_BOOTTIME */
};

static int
send_signal (int pidfd, int signo, unsigned int flags)
{
	return (int) syscall (SYS_pidfd_send_signal, pidfd, signo, NULL, flags);
}

static int
open_of (pid_t pid, const char *what)
{
	char path[PATH_SIZE];

	snprintf (path, sizeof path, "/proc/%d/%s", (int) pid, what);
	return open (path, O_RDONLY | O_CLOEXEC);
}

/* All of a small file, NUL behind; 0 or -1. */
static int
read_small (int fd, char *buf, size_t size)
{
	ssize_t n;

	if (fd < 0)
		return -1;
	do
		n = read (fd, buf, size - 1);
	while (n < 0 && errno == EINTR);
	fd_close (&fd);
	buf[n < 0 ? 0 : n] = '\0';
	return n > 0 ? 0 : -1;
}

/* The name in the second field may hold anything, also ')'. */
static int
read_stat (pid_t pid, struct stat_line *ret)
{
	long tick = sysconf (_SC_CLK_TCK);
	unsigned long long start;
	char buf[1024];
	const char *p;

	if (read_small (open_of (pid, "stat"), buf, sizeof buf) < 0)
		return -1;
	p = strrchr (buf, ')');
	if (p == NULL
	    || sscanf (p,
		       ") %c %*d %ld %ld %*d %*d %*u %*u %*u %*u %*u %*u"
		       " %*u %*d %*d %*d %*d %ld %*d %llu",
		       &ret->state, &ret->group, &ret->session, &ret->threads,
		       &start)
		       != 5)
		return -1;
	ret->start_ms = (int64_t) (start * 1000 / (unsigned long) tick);
	return 0;
}

char
orphans_state (pid_t pid)
{
	struct stat_line st;

	return read_stat (pid, &st) < 0 ? '\0' : st.state;
}

/* A /proc of another pid namespace shows numbers that are not ours. */
static int
proc_is_ours (void)
{
	char name[16] = "";

	if (readlink ("/proc/self", name, sizeof name - 1) < 0)
		return 0;
	errno = EXDEV;
	return strtol (name, NULL, 10) == (long) getpid ();
}

pid_t
orphans_number (int pidfd)
{
	char path[PATH_SIZE];
	char buf[1024];
	const char *p;
	long pid;

	if (pidfd < 0 || !proc_is_ours ())
		return 0;
	snprintf (path, sizeof path, "/proc/self/fdinfo/%d", pidfd);
	if (read_small (open (path, O_RDONLY | O_CLOEXEC), buf, sizeof buf) < 0)
		return 0;
	p = strstr (buf, "Pid:");
	pid = p == NULL ? 0 : strtol (p + 4, NULL, 10);
	return pid > 0 ? (pid_t) pid : 0;
}

/* Strings with a NUL behind each, read in pieces; BACK bytes before a piece
 * are kept, so that a string that lies across two is seen whole. */
int
orphans_has_mark (int fd, const char *mark)
{
	size_t len = strlen (mark) + 1;
	char buf[4096 + 512];
	size_t kept = 1, total = 0, i;
	ssize_t n;

	if (len + 1 > 512)
		return 0;
	buf[0] = '\0';
	while (total < ENVIRON_MAX) {
		n = read (fd, buf + kept, sizeof buf - kept);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return 0;
		total += (size_t) n;
		n += (ssize_t) kept;
		for (i = 0; i + len < (size_t) n; i++)
			if (buf[i] == '\0'
			    && memcmp (buf + i + 1, mark, len) == 0)
				return 1;
		kept = (size_t) n < len ? (size_t) n : len;
		memmove (buf, buf + n - kept, kept);
	}
	return 0;
}

static int
environ_has_mark (const struct orphans *o, pid_t pid)
{
	int fd, r;

	if (o->mark == NULL)
		return 0;
	fd = open_of (pid, "environ");
	if (fd < 0)
		return 0;
	r = orphans_has_mark (fd, o->mark);
	fd_close (&fd);
	return r;
}

static int
is_there (int pidfd, unsigned int flags)
{
	return pidfd >= 0
	       && (send_signal (pidfd, 0, flags) == 0 || errno == EPERM);
}

/* The agent has not been reaped, or its group has members: a number is not
 * given away as long as it names either. */
static int
number_is_taken (const struct orphans *o)
{
	return is_there (o->agent_fd, 0)
	       || is_there (o->agent_fd, PIDFD_SIGNAL_PROCESS_GROUP);
}

static int
has_number (const struct orphans *o, const struct stat_line *st)
{
	if (o->agent <= 0 || (st->session != o->agent && st->group != o->agent))
		return 0;
	return st->start_ms + TICK_MS <= o->lived_ms || number_is_taken (o);
}

static int
is_in (const int32_t *pids, uint32_t n, pid_t pid)
{
	uint32_t i;

	for (i = 0; i < n && i < PROTO_SURVIVORS_MAX; i++)
		if (pids[i] == (int32_t) pid)
			return 1;
	return 0;
}

static void
note_found (struct orphans *o, pid_t pid)
{
	if (!is_in (o->before, o->n_before, pid))
		o->n_all++;
	if (o->n_found < PROTO_SURVIVORS_MAX)
		o->found[o->n_found] = (int32_t) pid;
	o->n_found++;
}

/* Without pidfds (before 5.3, or forbidden) the start must be the same before
 * and after; what is left is the time between two system calls. */
static void
kill_by_number (pid_t pid, const struct stat_line *before)
{
	struct stat_line now;

	if (read_stat (pid, &now) == 0 && now.start_ms == before->start_ms)
		kill (pid, SIGKILL);
}

static void
look_at (struct orphans *o, pid_t pid)
{
	struct stat_line st;
	int pidfd;

	if (pid <= 1 || pid == getpid ())
		return;
	pidfd = (int) syscall (SYS_pidfd_open, pid, 0);
	if (pidfd < 0 && errno == ESRCH)
		return;
	if (read_stat (pid, &st) == 0
	    && !((st.state == 'Z' || st.state == 'X') && st.threads <= 1)
	    && (has_number (o, &st) || environ_has_mark (o, pid))) {
		if (pidfd < 0)
			kill_by_number (pid, &st);
		/* ESRCH: it was another that was looked at. */
		if (pidfd < 0 || send_signal (pidfd, SIGKILL, 0) == 0
		    || errno != ESRCH)
			note_found (o, pid);
	}
	fd_close (&pidfd);
}

/* As the kernel lays it out for getdents64. */
struct entry {
	uint64_t ino;
	int64_t off;
	uint16_t reclen;
	uint8_t type;
	char name[];
};

static int
begin_pass (struct orphans *o)
{
	uint32_t n = o->n_found < PROTO_SURVIVORS_MAX ? o->n_found
						      : PROTO_SURVIVORS_MAX;

	if (!proc_is_ours ())
		return -1;
	o->proc = fd_lift (open ("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	if (o->proc < 0)
		return -1;
	memcpy (o->before, o->found, n * sizeof *o->found);
	o->n_before = n;
	o->n_found = 0;
	return 0;
}

int
orphans_step (struct orphans *o)
{
	union {
		struct entry align;
		char bytes[STEP_BYTES];
	} buf;
	const struct entry *e;
	long n, at;

	if (o->proc < 0 && begin_pass (o) < 0)
		return -1;
	n = syscall (SYS_getdents64, o->proc, &buf, sizeof buf);
	for (at = 0; at < n; at += e->reclen) {
		e = (const void *) (buf.bytes + at);
		if (e->name[0] >= '1' && e->name[0] <= '9')
			look_at (o, (pid_t) strtol (e->name, NULL, 10));
	}
	if (n > 0)
		return 1;
	orphans_stop (o);
	return n < 0 ? -1 : 0;
}

void
orphans_stop (struct orphans *o)
{
	fd_close (&o->proc);
}

/* The cgroups below FD, deepest first; what is not empty stays. */
static void
remove_below (int fd, int depth)
{
	union {
		struct entry align;
		char bytes[STEP_BYTES];
	} buf;
	const struct entry *e;
	long n, at;
	int sub;

	while ((n = syscall (SYS_getdents64, fd, &buf, sizeof buf)) > 0) {
		for (at = 0; at < n; at += e->reclen) {
			e = (const void *) (buf.bytes + at);
			if (e->type != DT_DIR || strcmp (e->name, ".") == 0
			    || strcmp (e->name, "..") == 0)
				continue;
			sub = openat (fd, e->name,
				      O_RDONLY | O_DIRECTORY | O_NOFOLLOW
					      | O_CLOEXEC);
			if (sub >= 0 && depth < CGROUP_DEPTH)
				remove_below (sub, depth + 1);
			fd_close (&sub);
			unlinkat (fd, e->name, AT_REMOVEDIR);
		}
	}
}

int
orphans_end_cgroup (const char *dir)
{
	int fd, file;

	fd = open (dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? 0 : -1;
	file = openat (fd, "cgroup.kill", O_WRONLY | O_CLOEXEC);
	if (file >= 0 && write (file, "1", 1) == 1)
		remove_below (fd, 0);
	fd_close (&file);
	fd_close (&fd);
	return rmdir (dir) == 0 || errno == ENOENT ? 0 : -1;
}

void
orphans_kill_group (pid_t agent, int agent_fd)
{
	if (agent_fd < 0)
		return;
	if (send_signal (agent_fd, SIGKILL, PIDFD_SIGNAL_PROCESS_GROUP) == 0
	    || errno != EINVAL)
		return;
	/* An old kernel; while the agent is there its number is its own. */
	if (agent > 0 && is_there (agent_fd, 0))
		kill (-agent, SIGKILL);
}
