/* SPDX-License-Identifier: MIT */
/* orphans.c - find the processes of a run whose monitor is lost, in /proc. */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "process/orphans.h"
#include "common/dirents.h"
#include "common/fd.h"
#include "common/pidfd.h"
#include "common/procfs.h"

/* How deep cgroups are removed that an agent made below the run's. */
#define CGROUP_DEPTH 8

/* How much of an environment is read; a hostile one may be megabytes. */
#define ENVIRON_MAX (1 << 20)

#define PATH_SIZE 64

/* A start time is in clock ticks of 10 ms, rounded down; lived_ms may be
 * rounded, too. */
#define TICK_MS 11

/* When the process of ST was started, by CLOCK_BOOTTIME. */
static int64_t
start_ms (const struct procfs_stat *st)
{
	return (int64_t) (st->start * 1000 / (uint64_t) sysconf (_SC_CLK_TCK));
}

/* An environment is strings with a NUL behind each.  It is read in pieces, and
 * the end of each is kept before the next one, so that a string across two
 * pieces is seen whole. */
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
process_has_mark (const struct orphans *o, pid_t pid)
{
	char path[PATH_SIZE];
	int fd, r;

	if (o->mark == NULL)
		return 0;
	snprintf (path, sizeof path, "/proc/%d/environ", (int) pid);
	fd = open (path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	r = orphans_has_mark (fd, o->mark);
	fd_close (&fd);
	return r;
}

/* Does the process of PIDFD exist, or, with KILL_FN being pidfd_kill_group, its
 * group? */
static int
exists (int pidfd, int (*kill_fn) (int pidfd, int signo))
{
	return pidfd >= 0 && (kill_fn (pidfd, 0) == 0 || errno == EPERM);
}

/* Was the agent not reaped yet, or has its group members?  The kernel does not
 * reuse a pid as long as it names either. */
static int
agent_pid_is_taken (const struct orphans *o)
{
	return exists (o->agent_fd, pidfd_kill)
	       || exists (o->agent_fd, pidfd_kill_group);
}

/* Is the process in the agent's session or group? */
static int
belongs_to_agent (const struct orphans *o, const struct procfs_stat *st)
{
	if (o->agent <= 0 || (st->session != o->agent && st->group != o->agent))
		return 0;
	return start_ms (st) + TICK_MS <= o->lived_ms || agent_pid_is_taken (o);
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
count_found (struct orphans *o, pid_t pid)
{
	if (!is_in (o->before, o->n_before, pid))
		o->n_all++;
	if (o->n_found < PROTO_SURVIVORS_MAX)
		o->found[o->n_found] = (int32_t) pid;
	o->n_found++;
}

/* Without pidfds (before Linux 5.3, or forbidden) the start time must be the
 * same before and now; a pid can still be reused between two system calls. */
static void
kill_by_pid (pid_t pid, const struct procfs_stat *before)
{
	struct procfs_stat now;

	if (procfs_read_stat (pid, &now) == 0 && now.start == before->start)
		kill (pid, SIGKILL);
}

static void
kill_if_orphan (struct orphans *o, pid_t pid)
{
	struct procfs_stat st;
	int pidfd;

	if (pid <= 1 || pid == getpid ())
		return;
	pidfd = pidfd_get (pid);
	if (pidfd < 0 && errno == ESRCH)
		return;
	if (procfs_read_stat (pid, &st) == 0
	    && !((st.state == 'Z' || st.state == 'X') && st.threads <= 1)
	    && (belongs_to_agent (o, &st) || process_has_mark (o, pid))) {
		if (pidfd < 0)
			kill_by_pid (pid, &st);
		/* ESRCH: the process has ended meanwhile. */
		if (pidfd < 0 || pidfd_kill (pidfd, SIGKILL) == 0
		    || errno != ESRCH)
			count_found (o, pid);
	}
	fd_close (&pidfd);
}

static int
begin_pass (struct orphans *o)
{
	uint32_t n = o->n_found < PROTO_SURVIVORS_MAX ? o->n_found
						      : PROTO_SURVIVORS_MAX;

	if (!procfs_is_ours ())
		return -1;
	o->proc = fd_move_above_stdio (
		open ("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
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
	const struct dirents_entry *e;
	struct dirents d;
	pid_t pid;
	long n;

	if (o->proc < 0 && begin_pass (o) < 0)
		return -1;
	n = dirents_read (o->proc, &d);
	while ((e = dirents_next (&d)) != NULL) {
		pid = procfs_parse_pid (e->name);
		if (pid > 0)
			kill_if_orphan (o, pid);
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

/* Remove the empty cgroups below FD, deepest first. */
static void
remove_below (int fd, int depth)
{
	const struct dirents_entry *e;
	struct dirents d;
	int sub;

	while (dirents_read (fd, &d) > 0) {
		while ((e = dirents_next (&d)) != NULL) {
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
orphans_kill_cgroup (const char *dir)
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
	if (pidfd_kill_group (agent_fd, SIGKILL) == 0 || errno != EINVAL)
		return;
	/* An old kernel.  While the agent exists its pid is not reused. */
	if (agent > 0 && exists (agent_fd, pidfd_kill))
		kill (-agent, SIGKILL);
}
