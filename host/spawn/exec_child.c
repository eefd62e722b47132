/* SPDX-License-Identifier: MIT */
/*
 * exec_child.c - from fork to exec, one step after the other.
 *
 * A step that fails says so, with its errno, through a pipe that a successful
 * exec closes: the host never takes a failed start for an exit status.
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
#include <sys/syscall.h>
#include <unistd.h>

#include "spawn/argv.h"
#include "spawn/exec.h"

#ifndef SYS_pidfd_open
# define SYS_pidfd_open 434
#endif

struct child {
	const struct monitor *m;
	const char *cwd;
	const char *const *argv;
	const char *const *envp;
};

static int
own_session (const struct child *c)
{
	sigset_t none;

	(void) c;
	sigemptyset (&none);
	if (setsid () < 0 || sigprocmask (SIG_SETMASK, &none, NULL) < 0)
		return errno;
	return 0;
}

/* Die with the helper, also if it died before this was asked for. */
static int
die_with_parent (const struct child *c)
{
	if (prctl (PR_SET_PDEATHSIG, SIGKILL) < 0)
		return errno;
	if (getppid () != c->m->self)
		_exit (1);
	return 0;
}

static int
set_limits (const struct child *c)
{
	const struct proto_limit *l = c->m->start.limits;
	struct rlimit rl;
	uint32_t i;

	for (i = 0; i < c->m->start.n_limits; i++, l++) {
		rl.rlim_cur = l->value == UINT64_MAX ? RLIM_INFINITY
						     : (rlim_t) l->value;
		rl.rlim_max = rl.rlim_cur;
		if (setrlimit ((__rlimit_resource_t) l->resource, &rl) < 0)
			return errno;
	}
	return 0;
}

static int
enter_directory (const struct child *c)
{
	if (*c->cwd != '\0' && chdir (c->cwd) < 0)
		return errno;
	return 0;
}

/* execve says the same of a missing program and of a program whose
 * interpreter is missing. */
static int
is_program (const char *path)
{
	struct stat st;

	return stat (path, &st) == 0 && S_ISREG (st.st_mode)
		&& access (path, X_OK) == 0;
}

static int
exec_program (const struct child *c, int *step)
{
	const char *path = argv_getenv (c->envp, "PATH");
	const char *at = NULL;
	char file[ARGV_PATH_SIZE];
	int result = ENOENT;
	/* A directory of PATH that may not be searched says nothing. */
	int searched = strchr (c->argv[0], '/') == NULL;
	int error;

	if (path == NULL)
		path = ARGV_DEFAULT_PATH;
	while (argv_candidate (path, c->argv[0], &at, file)) {
		execve (file, (char *const *) c->argv, (char *const *) c->envp);
		error = errno;
		if ((error == ENOENT || error == EACCES) && is_program (file)) {
			*step = STEP_INTERPRETER;
			return error;
		}
		if (!argv_goes_on (error))
			return error;
		if (error != ENOENT && error != ENOTDIR && result != EACCES
		    && (!searched || access (file, F_OK) == 0))
			result = error;
	}
	return result;
}

static const struct {
	int step;
	int (*fn) (const struct child *c);
} steps[] = {
	{ STEP_SESSION, own_session },
	{ STEP_PARENT, die_with_parent },
	{ STEP_LIMIT, set_limits },
	{ STEP_CHDIR, enter_directory },
};

static void
run_child (const struct child *c, int outcome)
{
	struct exec_failure f;
	size_t i;

	for (i = 0; i < sizeof steps / sizeof steps[0]; i++) {
		f.step = steps[i].step;
		f.sys_errno = steps[i].fn (c);
		if (f.sys_errno != 0)
			break;
	}
	if (f.sys_errno == 0) {
		f.step = STEP_EXEC;
		f.sys_errno = exec_program (c, &f.step);
	}
	/* A pipe takes so few bytes whole. */
	if (write (outcome, &f, sizeof f) != (ssize_t) sizeof f)
		_exit (126);
	_exit (127);
}

/* Nothing of ours may keep the agent's pipes open, or a file system busy. */
static void
let_go (void)
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

int
child_start (struct monitor *m, const char *cwd, const char *const *argv,
	     const char *const *envp, struct exec_failure *failure)
{
	struct child c = { m, cwd, argv, envp };
	int fds[2];

	failure->step = STEP_FORK;
	if (pipe2 (fds, O_CLOEXEC) < 0) {
		failure->sys_errno = errno;
		return -1;
	}
	m->leader = fork ();
	if (m->leader == 0) {
		run_child (&c, fds[1]);
		_exit (126);
	}
	failure->sys_errno = errno;
	close (fds[1]);
	m->outcome = fds[0];
	let_go ();
	if (m->leader < 0)
		return -1;
	m->leader_fd = (int) syscall (SYS_pidfd_open, m->leader, 0);
	return 0;
}
