/* SPDX-License-Identifier: MIT */
/* probe_limits.c - how much of everything this user may have. */
#include "config.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cli/doctor/checks.h"
#include "common/cgroup_path.h"
#include "common/fd.h"

/* Of a run: helper's socket and pidfd, agent's pidfd, two outputs, words for
 * stdin.  Of a host and a start: epoll, timer, wake, inotify; the other ends
 * of five.  Counted. */
#define FILES_A_RUN 6
#define FILES_TO_START 9
#define RUNS_MIN 4

/* A node program has a dozen threads before it does anything. */
#define TASKS_MIN 64

/* Without which nothing is started: helper and agent. */
#define TASKS_FOR_ONE 2

#define PIPE_WANTED (1 << 20)

/* A limit of the machine. */
#define SYSCTL "sysctl"

/* May this process have more of a thing than its user?  Root of a user
 * namespace may not. */
static int
has_privilege (void)
{
	char map[64];
	struct __user_cap_header_struct h = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct c[2];

	if (doctor_read ("/proc/self/uid_map", map, sizeof map) == 0
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
		probe_impact (f, "no run is possible");
		probe_remedy (f, "ulimit -n");
		return;
	}
	usual = fcntl (fds[0], F_GETPIPE_SZ);
	got = fcntl (fds[0], F_SETPIPE_SZ, PIPE_WANTED);
	error = errno;
	close (fds[0]);
	close (fds[1]);
	(void) !doctor_number ("/proc/sys/fs/pipe-user-pages-soft", &soft);
	if (usual < (int) FD_USUAL_PIPE) {
		probe_missing (f,
			       "of %d bytes alone: this user has used up its "
			       "budget",
			       usual);
	} else if (got < PIPE_WANTED) {
		probe_missing (f, "of 64 KiB, not of 1 MiB: %s",
			       strerror (error));
	} else if (has_privilege () || soft == 0) {
		probe_ok (f, "up to 1 MiB, any number");
	} else {
		probe_ok (f, "up to 1 MiB; room for %llu of these",
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
	if (runs == 0 && d->tiers[LHK_CONTAIN_AUTO].done)
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
		probe_impact (f, "no run is possible");
}

/* Threads of all processes of this user. */
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

/* Threads of the whole machine: "0.00 0.00 0.00 1/234 5678". */
static uint64_t
tasks_of_all (void)
{
	char text[128], *slash;

	if (doctor_read ("/proc/loadavg", text, sizeof text) < 0)
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

/* The limits of our cgroup and of all above it that can be seen. */
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
		(void) !doctor_number (file, &used);
		snprintf (file, sizeof file, "%s/pids.max", path);
		if (doctor_number (file, &most) == 0)
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
	if (doctor_number ("/proc/sys/kernel/threads-max", &most) == 0)
		bound (&r, most, tasks_of_all (), SYSCTL " kernel.threads-max");
	if (doctor_number ("/proc/sys/kernel/pid_max", &most) == 0)
		bound (&r, most, tasks_of_all (), SYSCTL " kernel.pid_max");
	bound_cgroup (&r, NULL);
	bound_cgroup (&r, "pids");
	if (r.left == UINT64_MAX)
		probe_ok (f, "no limit");
	else if (r.left < TASKS_FOR_ONE && !d->tiers[LHK_CONTAIN_AUTO].done)
		probe_result (f, DOCTOR_BAD, "room for %llu more: %s",
			      (unsigned long long) r.left, r.why);
	else if (r.left < TASKS_MIN)
		probe_missing (f, "room for %llu more: %s",
			       (unsigned long long) r.left, r.why);
	else
		probe_ok (f, "room for %llu more (%s)",
			  (unsigned long long) r.left, r.why);
	if (f->status == DOCTOR_BAD)
		probe_impact (f, "no run is possible");
	if (strncmp (r.why, SYSCTL, strlen (SYSCTL)) == 0)
		probe_remedy (f, "raise it, or end other processes");
}

void
probe_core (const struct doctor *d, struct finding *f)
{
	char pattern[128] = "";
	struct rlimit l;

	(void) d;
	(void) !doctor_read ("/proc/sys/kernel/core_pattern", pattern,
			     sizeof pattern);
	if (getrlimit (RLIMIT_CORE, &l) == 0 && l.rlim_cur == 0)
		probe_ok (
			f, "none%s",
			pattern[0] == '|'
				? ", save what the crash handler of the system keeps"
				: "");
	else
		probe_missing (f, "written (pattern '%s')", pattern);
}
