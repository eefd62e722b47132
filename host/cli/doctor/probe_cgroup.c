/* SPDX-License-Identifier: MIT */
/*
 * probe_cgroup.c - may a run have a cgroup of its own, and who counts kills
 * for want of memory?
 *
 * The cgroup is tried as linehook-exec uses one: created, entered, killed,
 * removed.  It is locked meanwhile.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/doctor/doctor.h"
#include "common/clock.h"
#include "common/cgroup_control.h"
#include "common/cgroup_path.h"
#include "common/macros.h"

/* The kernel may need some milliseconds after the last process has ended. */
#define REMOVE_TRIES 200

/* Bytes of a path that are shown. */
#define PATH_TAIL_MAX 160

struct leaf {
	int own; /* our cgroup */
	int dir; /* the new one */
	char name[48];
	const char *step; /* that failed */
};

void
probe_cgroup (const struct doctor *d, struct finding *f)
{
	char path[PATH_MAX], file[PATH_MAX + 32], controllers[200];

	(void) d;
	if (cgroup_path_own (NULL, path, sizeof path) < 0) {
		probe_missing (
			f,
			"not mounted, or the cgroup of linehook is not visible");
		return;
	}
	snprintf (file, sizeof file, "%s/cgroup.controllers", path);
	if (doctor_read_line (file, controllers, sizeof controllers) < 0)
		probe_missing (f, "%s: %s",
			       cgroup_path_tail (path, PATH_TAIL_MAX),
			       strerror (errno));
	else
		probe_ok (f, "%s (controllers: %s)",
			  cgroup_path_tail (path, PATH_TAIL_MAX),
			  controllers[0] == '\0' ? "none" : controllers);
}

static int
write_file_at (int dir, const char *name, const char *text)
{
	int fd = openat (dir, name, O_WRONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : write (fd, text, strlen (text));
	int error = errno;

	if (fd >= 0)
		close (fd);
	errno = error;
	return n < 0 ? -1 : 0;
}

static int
create (struct leaf *l)
{
	l->step = "mkdir";
	snprintf (l->name, sizeof l->name, "linehook-doctor-%d",
		  (int) getpid ());
	if (mkdirat (l->own, l->name, 0755) < 0)
		return -1;
	l->dir = openat (l->own, l->name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (l->dir >= 0)
		(void) !flock (l->dir, LOCK_EX | LOCK_NB);
	l->step = "open";
	return l->dir < 0 ? -1 : 0;
}

static void __attribute__ ((__noreturn__))
run_member (const struct leaf *l, pid_t parent, int report_fd)
{
	int error;

	prctl (PR_SET_PDEATHSIG, SIGKILL);
	if (getppid () != parent)
		_exit (0);
	error = write_file_at (l->dir, "cgroup.procs", "0") < 0 ? errno : 0;
	(void) !write (report_fd, &error, sizeof error);
	while (error == 0)
		pause ();
	_exit (0);
}

/* Let a child enter the leaf, and kill it through cgroup.kill. */
static int
enter_and_kill (struct leaf *l)
{
	int report[2], status = 0, error = 0;
	pid_t pid, self = getpid ();

	l->step = "pipe";
	if (pipe2 (report, O_CLOEXEC) < 0)
		return -1;
	l->step = "fork";
	pid = fork ();
	if (pid < 0)
		return -1;
	if (pid == 0)
		run_member (l, self, report[1]);
	close (report[1]);
	l->step = "cgroup.procs";
	if (read (report[0], &error, sizeof error) != sizeof error)
		error = EIO;
	if (error == 0) {
		l->step = "cgroup.kill";
		error = write_file_at (l->dir, "cgroup.kill", "1") < 0 ? errno
								       : 0;
	}
	if (error != 0)
		kill (pid, SIGKILL);
	waitpid (pid, &status, 0);
	errno = error;
	return error == 0 ? 0 : -1;
}

static void
remove_leaf (struct leaf *l)
{
	static const struct timespec ms = { 0, 1000000 };
	int i, error = errno;

	for (i = 0; l->name[0] != '\0' && i < REMOVE_TRIES; i++) {
		if (unlinkat (l->own, l->name, AT_REMOVEDIR) == 0
		    || errno != EBUSY)
			break;
		nanosleep (&ms, NULL);
	}
	if (l->dir >= 0)
		close (l->dir);
	errno = error;
}

static int
try_leaf (struct leaf *l)
{
	if (create (l) < 0)
		return -1;
	l->step = "cgroup.freeze";
	if (faccessat (l->dir, "cgroup.freeze", W_OK, 0) < 0)
		return -1;
	return enter_and_kill (l);
}

static void
advise_launcher (struct finding *f)
{
	probe_remedy (f,
		      "give linehook a cgroup of its own: %s linehook run ...",
		      cgroup_control_launcher ());
}

static void
no_leaf (const struct doctor *d, const struct leaf *l, struct finding *f)
{
	int error = errno;

	probe_missing (f, "not available: %s: %s", l->step, strerror (error));
	if (strncmp (l->step, "cgroup.", 7) == 0 && error == ENOENT)
		probe_remedy (f, "use Linux 5.14 or later");
	else if (strcmp (l->step, "cgroup.procs") == 0)
		probe_remedy (
			f, "let this user write to cgroup.procs of the cgroup "
			   "of linehook");
	else if (d->start.uid == 0 && error == EROFS)
		probe_remedy (f, "mount cgroup2 writable in this container");
	else
		advise_launcher (f);
}

void
probe_leaf (const struct doctor *d, struct finding *f)
{
	struct leaf l = { .own = -1, .dir = -1 };
	int64_t began = clock_now_ms ();
	char path[PATH_MAX];

	if (cgroup_path_own (NULL, path, sizeof path) < 0) {
		probe_result (f, DOCTOR_SKIP,
			      "not tried: there is no cgroup v2");
		return;
	}
	l.step = "open";
	l.own = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (l.own < 0 || try_leaf (&l) < 0)
		no_leaf (d, &l, f);
	else
		probe_ok (f, "can be made, entered, killed and removed");
	remove_leaf (&l);
	if (f->status == DOCTOR_OK && clock_now_ms () - began > 500)
		probe_result (f, DOCTOR_NOTE, "slow: %d ms",
			      (int) (clock_now_ms () - began));
}

/* What --limit mem=, pids= and cpus= need. */
static const char *const controllers[] = { "memory", "pids", "cpu" };

/* Names of the controllers that FILE does not have, "" for none. */
static void
name_missing (int dir, const char *file, char *buf, size_t size)
{
	size_t i, len = 0;

	buf[0] = '\0';
	for (i = 0; i < ARRAY_SIZE (controllers); i++)
		if (!cgroup_control_has (dir, file, controllers[i])
		    && len < size)
			len += (size_t) snprintf (buf + len, size - len, "%s%s",
						  len == 0 ? "" : ", ",
						  controllers[i]);
}

/* Neither linehook nor this child of it. */
static int
is_other (void *user, pid_t pid)
{
	const struct doctor *d = user;

	return pid != d->start.pid && pid != getpid ();
}

/* May cgroup.subtree_control of DIR be written, and would that work? */
static void
probe_subtree (const struct doctor *d, int dir, struct finding *f)
{
	int others = cgroup_control_processes (dir, is_other,
					       (void *) (uintptr_t) d);

	advise_launcher (f);
	if (faccessat (dir, "cgroup.subtree_control", W_OK, AT_EACCESS) < 0)
		probe_missing (f,
			       "not available: the cgroup of linehook belongs "
			       "to another user");
	else if (others > 0 && !cgroup_control_is_root (dir))
		probe_missing (f,
			       "not available: there are %d other processes in "
			       "the cgroup of linehook",
			       others);
	else
		probe_ok (f, "memory, processes and CPU time of a run can be "
			     "limited");
}

/* A controller that a version 1 tree uses is not in the version 2 tree. */
static void
no_controllers (const char *missing, struct finding *f)
{
	char path[PATH_MAX];

	probe_missing (f,
		       "not available: the cgroup of linehook does not have "
		       "the controller%s %s",
		       strchr (missing, ',') == NULL ? "" : "s", missing);
	if (cgroup_path_own ("memory", path, sizeof path) == 0)
		probe_remedy (f, "boot with cgroup v2 only: "
				 "systemd.unified_cgroup_hierarchy=1 on the "
				 "kernel command line");
	else
		advise_launcher (f);
}

void
probe_tree_limits (const struct doctor *d, struct finding *f)
{
	char path[PATH_MAX], missing[CGROUP_CONTROLLERS_SIZE];
	int dir;

	if (cgroup_path_own (NULL, path, sizeof path) < 0) {
		probe_result (f, DOCTOR_SKIP,
			      "not tried: there is no cgroup v2");
		return;
	}
	if (cgroup_control_is_host (path))
		*strrchr (path, '/') = '\0';
	dir = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	name_missing (dir, "cgroup.subtree_control", missing, sizeof missing);
	if (missing[0] == '\0') {
		probe_ok (f, "memory, processes and CPU time of a run can be "
			     "limited");
		return;
	}
	name_missing (dir, "cgroup.controllers", missing, sizeof missing);
	if (missing[0] == '\0')
		probe_subtree (d, dir, f);
	else
		no_controllers (missing, f);
}

static int
has_word (const char *file, const char *word)
{
	char text[16384], *at = text;
	size_t len = strlen (word);
	int fd = open (file, O_RDONLY | O_CLOEXEC);
	ssize_t n = 0, got = 0;

	while (fd >= 0 && got < (ssize_t) sizeof text - 1
	       && (n = read (fd, text + got, sizeof text - 1 - (size_t) got))
			  > 0)
		got += n;
	if (fd >= 0)
		close (fd);
	text[got] = '\0';
	while ((at = strstr (at, word)) != NULL) {
		if ((at == text || at[-1] == ' ' || at[-1] == '\n')
		    && strchr (" \n", at[len]) != NULL)
			return 1;
		at += len;
	}
	return 0;
}

/* The counters are tried in the order in which linehook-exec does. */
void
probe_oom (const struct doctor *d, struct finding *f)
{
	int own =
		strncmp (d->trials[LHK_CONTAIN_AUTO].contain, "cgroup", 6) == 0;
	char path[PATH_MAX], file[PATH_MAX + 32];

	if (cgroup_path_own (NULL, path, sizeof path) < 0)
		path[0] = '\0';
	snprintf (file, sizeof file, "%s/cgroup.subtree_control", path);
	if (own && path[0] != '\0' && has_word (file, "memory")) {
		probe_ok (f, "the cgroup of each run counts its kills");
		return;
	}
	snprintf (file, sizeof file, "%s/memory.events", path);
	if (path[0] != '\0' && has_word (file, "oom_kill")) {
		probe_ok (f, "counted by the cgroup that all runs share, %s",
			  cgroup_path_tail (path, PATH_TAIL_MAX));
		return;
	}
	if (cgroup_path_own ("memory", path, sizeof path) == 0) {
		snprintf (file, sizeof file, "%s/memory.oom_control", path);
		if (has_word (file, "oom_kill")) {
			probe_ok (
				f,
				"counted by the cgroup (v1) that all runs share, %s",
				cgroup_path_tail (path, PATH_TAIL_MAX));
			return;
		}
	}
	if (has_word ("/proc/vmstat", "oom_kill"))
		probe_result (f, DOCTOR_NOTE,
			      "counted for the whole machine only "
			      "(/proc/vmstat)");
	else
		probe_missing (f, "kills for lack of memory are not counted");
	if (f->status == DOCTOR_NOTE)
		probe_impact (f,
			      "if an agent is killed while memory is short, "
			      "the kill of another program may be mistaken for "
			      "a cause");
}
