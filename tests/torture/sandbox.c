/* SPDX-License-Identifier: MIT */
/*
 * sandbox.c - run a function in a pid namespace of its own.
 *
 * The test forks a parent, the parent clones process 1 of a new pid namespace,
 * and process 1 forks the process that runs the function.  When that ends,
 * process 1 ends, and the kernel kills whatever is left in the namespace; when
 * the test dies, all of them do.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/child.h"
#include "lib/machine.h"
#include "lib/sysfile.h"
#include "lib/tempdir.h"
#include "lib/trial.h"
#include "torture/torture.h"

/* The exit status of the parent when it may not make a user namespace. */
#define NO_NAMESPACE 77

struct capability_words {
	uint32_t version;
	int pid;
	uint32_t sets[6];
};

#define CAPABILITY_V3 0x20080522u

struct report *
report_new (void)
{
	struct report *r = mmap (NULL, sizeof *r, PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (r == MAP_FAILED)
		exit (99);
	r->seed = torture_seed ();
	return r;
}

void
report_free (struct report *r)
{
	munmap (r, sizeof *r);
}

static void
trouble (struct report *r, const char *what)
{
	snprintf (r->trouble, sizeof r->trouble, "%s: %s", what,
		  strerror (errno));
}

/* ---- user and namespaces ---- */

/* Map each id to itself, so that we are an ordinary user inside. */
static int
map_ids (uid_t uid, gid_t gid)
{
	char map[48];

	snprintf (map, sizeof map, "%u %u 1", uid, uid);
	if (sysfile_write ("/proc/self/setgroups", "deny") < 0
	    || sysfile_write ("/proc/self/uid_map", map) < 0)
		return -1;
	snprintf (map, sizeof map, "%u %u 1", gid, gid);
	return sysfile_write ("/proc/self/gid_map", map);
}

static int
mount_proc (void)
{
	if (mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return -1;
	return mount ("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC,
		      NULL);
}

static int
drop_capabilities (void)
{
	struct capability_words words = { CAPABILITY_V3, 0, { 0 } };

	return (int) syscall (SYS_capset, &words, words.sets);
}

/* ---- the embedder ---- */

static void *
reap_all (void *arg)
{

	for (;;)
		if (waitpid (-1, NULL, 0) < 0)
			sleep_us (1000);
	return arg;
}

static void
do_nothing (int signo)
{
	(void) signo;
}

static void
interrupt_each_ms (void)
{
	struct sigaction act = { .sa_handler = do_nothing };
	struct itimerval each_ms = { { 0, 1000 }, { 0, 1000 } };

	sigaction (SIGALRM, &act, NULL);
	setitimer (ITIMER_REAL, &each_ms, NULL);
}

static void
behave (unsigned int embedder)
{
	pthread_t thread;
	sigset_t all;
	int fd;

	if (embedder & EMBEDDER_IGNORES_SIGCHLD)
		signal (SIGCHLD, SIG_IGN);
	if (embedder & EMBEDDER_BLOCKS_SIGNALS) {
		sigfillset (&all);
		pthread_sigmask (SIG_SETMASK, &all, NULL);
		for (fd = 0; fd < 3; fd++)
			close (fd);
	}
	if ((embedder & EMBEDDER_REAPS_ALL)
	    && pthread_create (&thread, NULL, reap_all, NULL) != 0)
		_exit (96);
	if (embedder & EMBEDDER_IS_INTERRUPTED)
		interrupt_each_ms ();
}

/* ---- the three processes ---- */

static void
run_function (struct sandbox *s, sandbox_fn *fn)
{
	struct tempdir spool, files;

	prctl (PR_SET_PDEATHSIG, SIGKILL);
	tempdir_init (&spool);
	snprintf (s->spool, sizeof s->spool, "%.90s", spool.dir);
	tempdir_init (&files);
	snprintf (s->files, sizeof s->files, "%.90s", files.dir);
	make_files (s, &files);
	s->prng.state = s->report->seed * UINT64_C (0x9e3779b97f4a7c15) + 1;
	s->monitor = trial_monitor ();
	s->scoped = machine_has_scope ();
	failing_init (&s->memory);
	behave (s->config->embedder);
	fn (s);
	tempdir_done (&spool);
	tempdir_done (&files);
	_exit (0);
}

/* Process 1.  KEEP_ROOT: it was cloned as root, and changes its user itself. */
static void
run_init (struct sandbox *s, sandbox_fn *fn, uid_t uid, int keep_root)
{
	gid_t gid = uid == geteuid () ? getegid () : (gid_t) uid;
	int status = 0;
	pid_t pid, got;

	prctl (PR_SET_PDEATHSIG, SIGKILL);
	if (uid != 0 && !keep_root && map_ids (uid, gid) < 0) {
		trouble (s->report, "/proc/self/uid_map");
		_exit (95);
	}
	if (mount_proc () < 0 || (keep_root && child_become_user (uid) < 0)
	    || (uid != 0 && !keep_root && drop_capabilities () < 0)) {
		trouble (s->report, "a /proc of our own");
		_exit (95);
	}
	pid = fork ();
	if (pid == 0)
		run_function (s, fn);
	do
		got = waitpid (-1, &status, 0);
	while (got != pid && (got > 0 || errno == EINTR));
	_exit (WIFEXITED (status) ? WEXITSTATUS (status) : 94);
}

static void
run_parent (struct sandbox *s, sandbox_fn *fn, int keep_root)
{
	uid_t uid = geteuid () == 0 ? s->config->uid : geteuid ();
	unsigned long flags = CLONE_NEWPID | CLONE_NEWNS | SIGCHLD;
	int status = 0;
	pid_t pid;

	prctl (PR_SET_PDEATHSIG, SIGKILL);
	if (s->cgroup[0] != '\0'
	    && !cgroup_put (s->cgroup, "cgroup.procs", "0"))
		s->cgroup[0] = '\0';
	if (!keep_root && child_become_user (uid) < 0) {
		trouble (s->report, "another user");
		_exit (93);
	}
	if (uid != 0 && !keep_root)
		flags |= CLONE_NEWUSER;
	/* unshare is refused if a sanitizer has started a thread. */
	pid = (pid_t) syscall (SYS_clone, flags, 0, 0, 0, 0);
	if (pid == 0)
		run_init (s, fn, uid, keep_root);
	if (pid < 0) {
		trouble (s->report, "no pid namespace");
		_exit (NO_NAMESPACE);
	}
	while (waitpid (pid, &status, 0) < 0 && errno == EINTR)
		;
	_exit (WIFEXITED (status) ? WEXITSTATUS (status) : 92);
}

static int
fork_parent (struct sandbox *s, sandbox_fn *fn, long limit_ms, int keep_root)
{
	pid_t pid;

	fflush (stdout);
	fflush (stderr);
	pid = fork ();
	if (pid == 0)
		run_parent (s, fn, keep_root);
	if (pid < 0)
		return -1;
	return watchdog_wait (pid, s->report, limit_ms);
}

/* A directory for all files of the sandbox, which cannot remove them itself when
 * it is killed. */
static void
own_tempdir (struct tempdir *dir, char old[TEMPDIR_PATH])
{
	const char *tmp = getenv ("TMPDIR");

	snprintf (old, TEMPDIR_PATH, "%s", tmp == NULL ? "" : tmp);
	tempdir_init (dir);
	chmod (dir->dir, 01777);
	setenv ("TMPDIR", dir->dir, 1);
}

static void
leave_tempdir (struct tempdir *dir, const char *old)
{
	tempdir_done (dir);
	if (old[0] == '\0')
		unsetenv ("TMPDIR");
	else
		setenv ("TMPDIR", old, 1);
}

int
sandbox_run (const struct sandbox_config *config, struct report *report,
	     sandbox_fn *fn, long limit_ms)
{
	struct sandbox s = { .config = config, .report = report };
	char old[TEMPDIR_PATH];
	struct tempdir files;
	int status, has_cgroup;

	child_copy_programs ();
	own_tempdir (&files, old);
	has_cgroup = cgroup_make (NULL, config->uid, s.cgroup);
	if (!has_cgroup)
		s.cgroup[0] = '\0';
	limit_ms *= torture_slowness ();
	status = fork_parent (&s, fn, limit_ms, 0);
	if (status >= 0 && WIFEXITED (status)
	    && WEXITSTATUS (status) == NO_NAMESPACE && geteuid () == 0)
		status = fork_parent (&s, fn, limit_ms, 1);
	leave_tempdir (&files, old);
	if (has_cgroup)
		cgroup_remove (s.cgroup);
	if (status == 0)
		report->trouble[0] = '\0';
	else if (report->trouble[0] == '\0')
		snprintf (report->trouble, sizeof report->trouble,
			  "the sandbox ended with wait status 0x%x", status);
	return status == 0;
}
