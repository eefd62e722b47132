/* SPDX-License-Identifier: MIT */
/* signals.c - from a signal to lhk_run_cancel. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/output/signals.h"
#include "common/procfs.h"

static const int caught[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };

#define N_CAUGHT (sizeof caught / sizeof caught[0])

static struct lhk_run *_Atomic current;
static struct lhk_host *_Atomic sleeper;
static _Atomic int counter = -1;
static volatile sig_atomic_t first;
static volatile sig_atomic_t count;

static void
on_signal (int signo)
{
	struct lhk_run *run = atomic_load (&current);
	struct lhk_host *host = atomic_load (&sleeper);
	int fd = atomic_load (&counter);
	const uint64_t one = 1;
	int kept = errno;

	if (first == 0)
		first = signo;
	if (count < 1000)
		count++;
	if (run != NULL)
		lhk_run_cancel (run, signo);
	if (host != NULL)
		lhk_host_wake (host);
	if (fd >= 0)
		(void) !write (fd, &one, sizeof one);
	errno = kept;
}

static void
caught_set (sigset_t *ret)
{
	size_t i;

	sigemptyset (ret);
	for (i = 0; i < N_CAUGHT; i++)
		sigaddset (ret, caught[i]);
}

void
signals_catch (void)
{
	struct sigaction action = { .sa_handler = on_signal };
	struct sigaction old;
	sigset_t set;
	size_t i;

	sigfillset (&action.sa_mask);
	for (i = 0; i < N_CAUGHT; i++)
		if (sigaction (caught[i], NULL, &old) == 0
		    && old.sa_handler != SIG_IGN)
			sigaction (caught[i], &action, NULL);
	caught_set (&set);
	sigprocmask (SIG_UNBLOCK, &set, NULL);
}

unsigned int
signals_count (void)
{
	return (unsigned int) count;
}

int
signals_first (void)
{
	return first;
}

void
signals_wake (struct lhk_host *host)
{
	atomic_store (&sleeper, host);
}

void
signals_count_to (int fd)
{
	atomic_store (&counter, fd);
}

void
signals_take (void)
{
	sigset_t set;

	caught_set (&set);
	pthread_sigmask (SIG_UNBLOCK, &set, NULL);
}

void
signals_cancel (struct lhk_run *run)
{
	sigset_t set, old;
	int i;

	/* None may come between the two and be told twice. */
	caught_set (&set);
	sigprocmask (SIG_BLOCK, &set, &old);
	atomic_store (&current, run);
	for (i = 0; run != NULL && i < count; i++)
		lhk_run_cancel (run, first);
	sigprocmask (SIG_SETMASK, &old, NULL);
}

/* Until FD can be read (1), or a signal has come, also long ago (0). */
static int
await (int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	sigset_t set, old;
	int r = -1;

	caught_set (&set);
	sigprocmask (SIG_BLOCK, &set, &old);
	while (r < 0 && count == 0) {
		r = ppoll (&p, 1, NULL, &old);
		if (r < 0 && errno != EINTR)
			r = 1;
	}
	sigprocmask (SIG_SETMASK, &old, NULL);
	return r > 0;
}

int
signals_open_terminal (int fd)
{
	char path[32];

	if (!isatty (fd))
		return -1;
	snprintf (path, sizeof path, "/proc/self/fd/%d", fd);
	return open (path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

ssize_t
signals_read (int fd, void *data, size_t len)
{
	int own = signals_open_terminal (fd);
	ssize_t n = -1;
	int error;

	do {
		error = EINTR;
		if (!await (fd))
			break;
		n = read (own >= 0 ? own : fd, data, len);
		error = errno;
	} while (n < 0 && (error == EINTR || error == EAGAIN));
	if (own >= 0)
		close (own);
	errno = error;
	return n;
}

/* ---- another size of the terminal ---- */

static volatile sig_atomic_t n_resized;

static void
on_resize (int signo)
{
	struct lhk_host *host = atomic_load (&sleeper);
	int kept = errno;

	(void) signo;
	/* Only a difference counts: it may begin anew. */
	n_resized = n_resized < INT_MAX ? n_resized + 1 : 0;
	if (host != NULL)
		lhk_host_wake (host);
	errno = kept;
}

void
signals_catch_resize (void)
{
	struct sigaction action = { .sa_handler = on_resize,
				    .sa_flags = SA_RESTART };
	struct sigaction old;

	sigfillset (&action.sa_mask);
	if (sigaction (SIGWINCH, NULL, &old) == 0 && old.sa_handler != SIG_IGN)
		sigaction (SIGWINCH, &action, NULL);
}

unsigned int
signals_resized (void)
{
	return (unsigned int) n_resized;
}

/* ---- stopping as a shell stops a job ---- */

static struct lhk_host *_Atomic stop_host;
static volatile sig_atomic_t stop_asked;

static void
on_stop (int signo)
{
	struct lhk_host *host = atomic_load (&stop_host);

	(void) signo;
	stop_asked = 1;
	if (host != NULL)
		lhk_host_wake (host);
}

static void
set_handler (void (*handler) (int))
{
	struct sigaction action = { .sa_handler = handler };
	struct sigaction old;

	sigfillset (&action.sa_mask);
	if (sigaction (SIGTSTP, NULL, &old) == 0 && old.sa_handler != SIG_IGN)
		sigaction (SIGTSTP, &action, NULL);
}

void
signals_catch_stop (struct lhk_host *host)
{
	atomic_store (&stop_host, host);
	set_handler (host != NULL ? on_stop : SIG_DFL);
	if (host == NULL && signals_stop_requested ())
		signals_stop_self (SIGTSTP);
}

int
signals_stop_requested (void)
{
	int was = stop_asked;

	stop_asked = 0;
	return was;
}

/* The parent of PID; 0: it cannot be known. */
static pid_t
parent_of (pid_t pid)
{
	struct procfs_stat st;

	return procfs_read_stat (pid, &st) == 0 ? st.parent : 0;
}

/* Somebody of our session but not of our group is the parent of an ancestor
 * in the group: as a rule the shell, which is our own parent. */
int
signals_can_stop (void)
{
	pid_t pid;

	for (pid = getppid (); pid > 0; pid = parent_of (pid)) {
		if (getsid (pid) != getsid (0))
			return 0;
		if (getpgid (pid) != getpgrp ())
			return 1;
	}
	return 0;
}

void
signals_stop_self (int signo)
{
	struct sigaction usual = { .sa_handler = SIG_DFL };
	struct sigaction kept;
	sigset_t set, old;

	/* Raised while blocked, two become one. */
	sigemptyset (&set);
	sigaddset (&set, signo);
	sigprocmask (SIG_BLOCK, &set, &old);
	sigaction (signo, &usual, &kept);
	raise (signo);
	sigprocmask (SIG_UNBLOCK, &set, NULL);
	sigaction (signo, &kept, NULL);
	sigprocmask (SIG_SETMASK, &old, NULL);
}

/* ---- orphans of a container ---- */

static void
reap (int signo)
{
	int kept = errno;

	(void) signo;
	while (waitpid (-1, NULL, WNOHANG | __WALL) > 0)
		;
	errno = kept;
}

void
signals_reap_orphans (void)
{
	struct sigaction action = { .sa_handler = reap,
				    .sa_flags = SA_RESTART | SA_NOCLDSTOP };
	sigset_t set;

	if (getpid () != 1)
		return;
	sigfillset (&action.sa_mask);
	sigaction (SIGCHLD, &action, NULL);
	sigemptyset (&set);
	sigaddset (&set, SIGCHLD);
	sigprocmask (SIG_UNBLOCK, &set, NULL);
	/* Those that ended before: of the program that became us by exec. */
	reap (SIGCHLD);
}
