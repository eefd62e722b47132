/* SPDX-License-Identifier: MIT */
/*
 * trial.c - a rule is tried in a process of its own.
 *
 * The plugin may crash, exit, hang, close descriptors or write over memory:
 * what the process has to say is in memory that it shares with ours, and what
 * it was doing when it ended is known from there.  Its descriptors 0 to 2 lead
 * nowhere, and it takes the processes that the plugin started with it.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/check/trial.h"
#include "cli/output/stdout.h"
#include "common/dirents.h"
#include "common/fd.h"
#include "common/macros.h"
#include "common/procfs.h"

#define STACK_SIZE 65536

struct shared {
	struct check_call call;
	int32_t end; /* enum check_end, as a signal handler saw it */
	int32_t is_done;
	unsigned int n_problems;
	char problem[CHECK_TEXT];
	char skipped[CHECK_TEXT];
};

static struct shared *shared;
struct check_call *check_call;

static const int caught[] = {
	SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP
};

static void
on_crash (int signo, siginfo_t *info, void *context)
{
	(void) context;
	shared->call.signo = signo;
	shared->call.is_access = signo == SIGSEGV || signo == SIGBUS;
	shared->call.address = info->si_addr;
	shared->end = END_CRASH;
	_exit (1);
}

void
trial_end (enum check_end end)
{
	shared->end = (int32_t) end;
	_exit (1);
}

static void
catch_crashes (void)
{
	static char stack[STACK_SIZE];
	stack_t own = { .ss_sp = stack, .ss_size = sizeof stack };
	struct sigaction action = { .sa_sigaction = on_crash };
	size_t i;

	sigfillset (&action.sa_mask);
	action.sa_flags = SA_SIGINFO | SA_ONSTACK;
	sigaltstack (&own, NULL);
	for (i = 0; i < ARRAY_SIZE (caught); i++)
		sigaction (caught[i], &action, NULL);
}

static void
close_stdio (void)
{
	int fd = open ("/dev/null", O_RDWR);
	int i;

	for (i = 0; fd >= 0 && i <= STDERR_FILENO; i++)
		if (fd != i)
			dup2 (fd, i);
	if (fd > STDERR_FILENO)
		close (fd);
}

static void __attribute__ ((__noreturn__))
run_trial (struct check *c, void (*fn) (struct check *c), pid_t parent)
{
	static const struct rlimit none = { 0, 0 };
	pid_t self = getpid ();

	prctl (PR_SET_PDEATHSIG, SIGKILL);
	if (getppid () != parent)
		_exit (0);
	prctl (PR_SET_CHILD_SUBREAPER, 1);
	setpgid (0, 0);
	setrlimit (RLIMIT_CORE, &none);
	close_stdio ();
	catch_crashes ();
	fn (c);
	/* A process of the plugin has come here too. */
	if (getpid () != self)
		_exit (0);
	if (c->n_problems == 0)
		check_forbidden (c);
	shared->n_problems = c->n_problems;
	memcpy (shared->problem, c->problem, CHECK_TEXT);
	memcpy (shared->skipped, c->skipped, CHECK_TEXT);
	shared->is_done = 1;
	_exit (0);
}

/* ---- wait for its end ---- */

static int
start (struct check *c, void (*fn) (struct check *c), pid_t *ret)
{
	sigset_t chld, before;
	pid_t parent = getpid ();

	sigemptyset (&chld);
	sigaddset (&chld, SIGCHLD);
	sigprocmask (SIG_BLOCK, &chld, &before);
	/* What waits to be written is ours. */
	stdout_flush ();
	*ret = fork ();
	if (*ret == 0) {
		sigprocmask (SIG_SETMASK, &before, NULL);
		run_trial (c, fn, parent);
	}
	return *ret < 0 ? -1 : 0;
}

/* Wait for process PID, which is killed if a callback does not return.  Its
 * wait status; *RET_HUNG. */
static int
wait_for (pid_t pid, int *ret_hung)
{
	static const struct timespec pause = { 0, TRIAL_SAMPLE_MS * 1000000 };
	struct trial_watch watch = { 0, 0, 0 };
	sigset_t chld;
	int status = 0;

	*ret_hung = 0;
	sigemptyset (&chld);
	sigaddset (&chld, SIGCHLD);
	for (;;) {
		pid_t r = waitpid (pid, &status, WNOHANG);

		if (r == pid || (r < 0 && errno != EINTR))
			return status;
		if (!*ret_hung && trial_watch_hangs (&watch, pid)) {
			*ret_hung = 1;
			kill (pid, SIGKILL);
		}
		sigtimedwait (&chld, NULL, &pause);
	}
}

static void
read_outcome (struct check *c, int status, int hung)
{
	c->n_problems = shared->n_problems;
	memcpy (c->problem, shared->problem, CHECK_TEXT);
	memcpy (c->skipped, shared->skipped, CHECK_TEXT);
	c->end = END_DONE;
	if (shared->is_done)
		return;
	c->n_problems = 0;
	c->skipped[0] = '\0';
	if (hung) {
		c->end = END_HANG;
	} else if (shared->end != 0) {
		c->end = (enum check_end) shared->end;
	} else if (WIFSIGNALED (status) && WTERMSIG (status) == SIGSYS
		   && (c->rule->flags & RULE_TRAPS)) {
		c->end = c->rule->owns;
	} else if (WIFSIGNALED (status)) {
		c->end = END_CRASH;
		check_call->signo = WTERMSIG (status);
	} else {
		c->end = END_EXIT;
	}
	trial_explain (c, WIFEXITED (status) ? WEXITSTATUS (status) : -1);
}

/* Kill what the plugin left behind: the group of process PID, and orphans that
 * left it.  They are our children now; IS_ALONE: we had none before. */
static void
kill_left (pid_t pid, int is_alone)
{
	const pid_t self = getpid ();
	const struct dirents_entry *e;
	struct procfs_stat st;
	struct dirents block;
	int fd;

	kill (-pid, SIGKILL);
	if (!is_alone || waitpid (-1, NULL, WNOHANG) < 0)
		return;
	fd = open ("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	while (fd >= 0 && dirents_read (fd, &block) > 0)
		while ((e = dirents_next (&block)) != NULL) {
			pid_t one = procfs_parse_pid (e->name);

			if (one > 0 && procfs_read_stat (one, &st) == 0
			    && st.parent == self)
				kill (one, SIGKILL);
		}
	fd_close (&fd);
	while (waitpid (-1, NULL, WNOHANG) > 0)
		;
}

/* Memory that the processes of all rules share with ours.  1 or 0. */
static int
have_shared (int *is_alone)
{
	static int alone;

	if (shared == NULL) {
		void *p = mmap (NULL, sizeof *shared, PROT_READ | PROT_WRITE,
				MAP_SHARED | MAP_ANONYMOUS, -1, 0);

		if (p == MAP_FAILED)
			return 0;
		shared = p;
		alone = waitpid (-1, NULL, WNOHANG) < 0 && errno == ECHILD;
		prctl (PR_SET_CHILD_SUBREAPER, 1);
	}
	*is_alone = alone;
	memset (shared, 0, sizeof *shared);
	check_call = &shared->call;
	return 1;
}

void
check_try (struct check *c, const struct check_rule *rule,
	   const struct transcript *input, void (*fn) (struct check *c))
{
	pid_t pid;
	int hung, status, is_alone;

	c->rule = rule;
	c->input = input;
	c->n_problems = 0;
	c->skipped[0] = '\0';
	c->end = END_DONE;
	if (!have_shared (&is_alone)) {
		check_skip (c, "out of memory");
		return;
	}
	if (start (c, fn, &pid) < 0) {
		check_skip (c, "fork: %s", strerror (errno));
		return;
	}
	status = wait_for (pid, &hung);
	kill_left (pid, is_alone);
	read_outcome (c, status, hung);
}
