/* SPDX-License-Identifier: MIT */
/*
 * child.c - from fork to exec, one step after the other.
 *
 * A step that fails is reported with its errno through a pipe, which a
 * successful exec closes: a failed start never looks like an exit status.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/landlock.h"
#include "common/limit_guard.h"
#include "common/macros.h"
#include "common/path_search.h"
#include "common/pidfd.h"
#include "monitor/monitor.h"

struct child {
	const struct monitor *m;
	const char *cwd;
	const char *const *argv;
	const char *const *envp;
	int pipe; /* its writing end */
	struct exec_report report;
};

static int
start_session (struct child *c)
{
	sigset_t none;

	(void) c;
	sigemptyset (&none);
	if (setsid () < 0 || sigprocmask (SIG_SETMASK, &none, NULL) < 0)
		return errno;
	return 0;
}

/* Die with the monitor, even if it died before the death signal was set. */
static int
die_with_parent (struct child *c)
{
	if (prctl (PR_SET_PDEATHSIG, SIGKILL) < 0)
		return errno;
	if (getppid () != c->m->self)
		_exit (1);
	return 0;
}

/* Soft and hard limit are one, but of CPU time: at the soft one the kernel sends
 * SIGXCPU, which tells the reason, and a second later, at the hard one, SIGKILL,
 * which does not. */
static struct rlimit
limit_of (const struct proto_limit *l)
{
	struct rlimit rl, own;

	rl.rlim_cur =
		l->value == UINT64_MAX ? RLIM_INFINITY : (rlim_t) l->value;
	rl.rlim_max = rl.rlim_cur;
	if (l->resource == RLIMIT_CPU && rl.rlim_cur != RLIM_INFINITY
	    && getrlimit (RLIMIT_CPU, &own) == 0 && rl.rlim_cur < own.rlim_max)
		rl.rlim_max++;
	return rl;
}

/* This is the last step: the ones before it may need more than the limits
 * allow. */
static int
set_limits (struct child *c)
{
	const struct proto_limit *l = c->m->start.limits;
	struct rlimit rl;
	uint32_t i;

	if (c->m->nofile.rlim_max != 0
	    && setrlimit (RLIMIT_NOFILE, &c->m->nofile) < 0)
		return errno;
	for (i = 0; i < c->m->start.n_limits; i++, l++) {
		rl = limit_of (l);
		if (setrlimit ((int) l->resource, &rl) < 0)
			return errno;
	}
	return 0;
}

static int
enter_directory (struct child *c)
{
	if (*c->cwd != '\0' && chdir (c->cwd) < 0)
		return errno;
	return 0;
}

/* Join the cgroup unless the child was born in it.  With AUTO, failing is no
 * error. */
static int
join_cgroup (struct child *c)
{
	int error;

	if (c->report.joined || c->m->containment != CONTAIN_CGROUP)
		return 0;
	error = cgroup_join (c->m);
	c->report.joined = error == 0;
	return c->m->start.contain == CONTAIN_AUTO
			       && !cgroup_limits_are_set (c->m)
		       ? 0
		       : error;
}

static int
raise_oom_score (struct child *c)
{
	(void) c;
	oom_raise_score ();
	return 0;
}

static int
scope_signals (struct child *c)
{
	if (!(c->m->start.flags & START_UNSCOPED))
		c->report.scoped = landlock_scope_signals () == 0;
	return 0;
}

/*
 * The kernel takes the filter from a process without privileges only if that
 * has given up new ones.  The signal scope did this where there is one; for the
 * filter alone it is not done, because sudo is worth more to an agent than the
 * filter is to the monitor, which withstands changed limits.
 */
static int
guard_limits (struct child *c)
{
	const pid_t ids[] = { c->m->self, c->m->host, c->m->host_group };

	if (!(c->m->start.flags & START_UNSCOPED))
		limit_guard_install (ids, ARRAY_SIZE (ids));
	return 0;
}

/* execve gives the same errno for a missing program and for a program whose
 * interpreter is missing. */
static int
is_program (const char *path)
{
	struct stat st;

	return stat (path, &st) == 0 && S_ISREG (st.st_mode)
	       && access (path, X_OK) == 0;
}

static int
exec_program (struct child *c, int *step)
{
	const char *path = path_search_getenv (c->envp, "PATH");
	const char *at = NULL;
	char file[PATH_SEARCH_SIZE];
	int result = ENOENT;
	/* EACCES of a directory of PATH does not mean that the program is
	 * there. */
	int searched = strchr (c->argv[0], '/') == NULL;
	int error;

	if (path == NULL)
		path = PATH_SEARCH_DEFAULT;
	while (path_search_candidate (path, c->argv[0], &at, file)) {
		execve (file, (char *const *) c->argv, (char *const *) c->envp);
		error = errno;
		if ((error == ENOENT || error == EACCES) && is_program (file)) {
			*step = STEP_INTERPRETER;
			return error;
		}
		if (!path_search_continues (error))
			return error;
		if (error != ENOENT && error != ENOTDIR && result != EACCES
		    && (!searched || access (file, F_OK) == 0))
			result = error;
	}
	return result;
}

static const struct {
	int step;
	int (*fn) (struct child *c);
} steps[] = {
	{ STEP_SESSION, start_session }, { STEP_PARENT, die_with_parent },
	{ STEP_CONTAIN, join_cgroup },	 { STEP_CONTAIN, raise_oom_score },
	{ STEP_CHDIR, enter_directory }, { STEP_CONTAIN, scope_signals },
	{ STEP_CONTAIN, guard_limits },	 { STEP_LIMIT, set_limits },
};

/* A pipe takes so few bytes in one piece. */
static void
send_report (struct child *c)
{
	ssize_t n;

	do
		n = write (c->pipe, &c->report, sizeof c->report);
	while (n < 0 && errno == EINTR);
	if (n != (ssize_t) sizeof c->report)
		_exit (126);
}

static void __attribute__ ((__noreturn__)) run_child (struct child *c)
{
	struct exec_report *w = &c->report;
	int step = STEP_EXEC;
	size_t i;

	if (w->joined)
		send_report (c);
	for (i = 0; i < ARRAY_SIZE (steps); i++) {
		w->sys_errno = steps[i].fn (c);
		if (w->sys_errno != 0)
			break;
	}
	if (i < ARRAY_SIZE (steps)) {
		step = steps[i].step;
	} else {
		send_report (c);
		w->sys_errno = exec_program (c, &step);
	}
	w->step = step;
	send_report (c);
	_exit (127);
}

/* The monitor must not keep the agent's pipes open, or a file system busy. */
static void
release_stdio (void)
{
	int null = open ("/dev/null", O_RDWR | O_CLOEXEC);
	int fd;

	for (fd = 0; fd <= 2; fd++)
		if (null < 0 || dup2 (null, fd) < 0)
			close (fd);
	if (null > 2)
		close (null);
	if (chdir ("/") < 0)
		return;
}

/* Wait for the child's first report. */
static int
has_started (int outcome)
{
	struct exec_report w;
	ssize_t n;

	do
		n = read (outcome, &w, sizeof w);
	while (n < 0 && errno == EINTR);
	return n == (ssize_t) sizeof w;
}

static pid_t
plain_fork (const struct monitor *m)
{
	(void) m;
	return fork ();
}

/* Returns in the parent only; *RET is the reading end of the pipe. */
static pid_t
try_fork (struct child *c, pid_t (*how) (const struct monitor *m), int *ret)
{
	int fds[2], error;
	pid_t pid;

	if (pipe2 (fds, O_CLOEXEC) < 0)
		return -1;
	c->pipe = fds[1];
	pid = how (c->m);
	if (pid == 0)
		run_child (c);
	error = errno;
	close (fds[1]);
	if (pid < 0)
		close (fds[0]);
	else
		*ret = fds[0];
	errno = error;
	return pid;
}

/*
 * A child born in the run's cgroup need not move there, which waits for every
 * processor.  Some kernels kill such a child at birth if the monitor's own
 * cgroup was ever killed as a whole: -1, and the child has to move itself.
 */
static pid_t
fork_in_cgroup (struct child *c, int *ret)
{
	pid_t pid;

	if (c->m->containment != CONTAIN_CGROUP)
		return -1;
	c->report.joined = 1;
	pid = try_fork (c, cgroup_fork, ret);
	c->report.joined = 0;
	if (pid < 0 || has_started (*ret))
		return pid;
	close (*ret);
	/* It may live all the same, and there must not be two agents. */
	kill (pid, SIGKILL);
	while (waitpid (pid, NULL, __WALL) < 0 && errno == EINTR)
		;
	return -1;
}

/* The agent is the only child; PID is its pid as the host knows it. */
static void
set_reported_pid (struct monitor *m, pid_t pid)
{
	m->report.pid = pid;
}

int
child_start (struct monitor *m, const char *cwd, const char *const *argv,
	     const char *const *envp)
{
	struct child c = { .m = m, .cwd = cwd, .argv = argv, .envp = envp };

	m->agent = fork_in_cgroup (&c, &m->exec_pipe);
	if (m->agent < 0)
		m->agent = try_fork (&c, plain_fork, &m->exec_pipe);
	if (m->agent < 0) {
		m->exec_pipe = -1;
		m->agent = 0;
		m->report.step = STEP_FORK;
		m->report.sys_errno = errno;
		return -1;
	}
	release_stdio ();
	if (m->containment == CONTAIN_PIDNS)
		procfs_view_each_child (&m->host_view, m, set_reported_pid);
	else
		m->report.pid = m->agent;
	m->agent_pidfd = pidfd_get (m->agent);
	return 0;
}
