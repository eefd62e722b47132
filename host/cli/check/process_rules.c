/* SPDX-License-Identifier: MIT */
/*
 * process_rules.c - rules about the process that the plugin is a guest of:
 * writes, descriptors, other threads and processes, signals.
 *
 * The state is compared after each callback, so that the one that changed it
 * is named.
 */
#include "config.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/check/plugin_driver.h"
#include "cli/check/syscall_trap.h"
#include "common/fd.h"
#include "common/procfs.h"

#define PROCESS_HEAD ((size_t) 64 << 10)

/* Read the transcript; after_call, if it is not NULL, comes after each call. */
static void
read_head (struct check *c,
	   void (*after_call) (struct check *c, const char *callback,
			       uint64_t line_no))
{
	struct transcript head = transcript_head (c->input, PROCESS_HEAD);

	c->after_call = after_call;
	plugin_driver_transcript (c, &head, NULL);
	c->after_call = NULL;
}

/* ---- writes ---- */

/* What was written to descriptors 0 to 2 is found without the filter too. */
void
check_writes (struct check *c)
{
	int fd = fd_memfd ("linehook-check", "/tmp");
	struct stat st;
	int i, r;

	for (i = 0; fd >= 0 && i <= STDERR_FILENO; i++)
		dup2 (fd, i);
	r = syscall_trap_install (TRAP_WRITES);
	read_head (c, NULL);
	if (fd >= 0 && fstat (fd, &st) == 0 && st.st_size > 0)
		check_problem (c,
			       "%lld bytes are written to descriptors 0 to 2, "
			       "expected none",
			       (long long) st.st_size);
	else if (r < 0)
		check_skip (c, "no filter of system calls: %s", strerror (-r));
}

/* ---- threads and processes ---- */

static long
n_threads (void)
{
	struct procfs_stat st;

	return procfs_read_stat (0, &st) == 0 ? st.threads : 0;
}

void
check_starts (struct check *c)
{
	long before = n_threads ();

	(void) syscall_trap_install (c->rule->owns == END_THREAD ? TRAP_THREADS
								 : TRAP_STARTS);
	read_head (c, NULL);
	if (c->rule->owns == END_THREAD && n_threads () > before)
		check_problem (c,
			       "%ld threads run when close has returned, "
			       "expected none",
			       n_threads () - before);
	if (c->rule->owns == END_FORK && waitpid (-1, NULL, WNOHANG) != -1)
		check_problem (c, "a child is there when close has returned, "
				  "expected none");
}

/* ---- descriptors ---- */

/* Those that are looked at: a new one gets the lowest number. */
#define FDS 256

struct fd_state {
	int is_open, flags;
	dev_t dev;
	ino_t ino;
};

static struct fd_state fds[FDS];

static struct fd_state
fd_look (int fd)
{
	struct fd_state s = { 0, 0, 0, 0 };
	struct stat st;

	s.is_open = fcntl (fd, F_GETFD) >= 0;
	if (s.is_open && fstat (fd, &st) == 0) {
		s.dev = st.st_dev;
		s.ino = st.st_ino;
		s.flags = fcntl (fd, F_GETFL);
	}
	return s;
}

static void
compare_fds (struct check *c, const char *callback, uint64_t line_no)
{
	unsigned long long number = line_no;
	int i;

	if (c->n_problems > 0)
		return;
	for (i = 0; i < FDS; i++) {
		struct fd_state now;

		if (!fds[i].is_open)
			continue;
		now = fd_look (i);
		if (!now.is_open)
			check_problem (c, "%s closes descriptor %d, line %llu",
				       callback, i, number);
		else if (now.dev != fds[i].dev || now.ino != fds[i].ino
			 || now.flags != fds[i].flags)
			check_problem (c, "%s changes descriptor %d, line %llu",
				       callback, i, number);
	}
}

void
check_descriptors (struct check *c)
{
	int i;

	for (i = 0; i < FDS; i++)
		fds[i] = fd_look (i);
	for (i = 0; i < 3; i++)
		read_head (c, compare_fds);
	for (i = 0; i < FDS; i++)
		if (!fds[i].is_open && fd_look (i).is_open)
			check_problem (c,
				       "descriptor %d stays open after "
				       "close",
				       i);
}

/* ---- signals ---- */

#define SIGNALS 65

static struct {
	struct sigaction actions[SIGNALS];
	sigset_t mask;
} signals;

static void
look_signals (void)
{
	int i;

	for (i = 1; i < SIGNALS; i++)
		if (sigaction (i, NULL, &signals.actions[i]) < 0)
			signals.actions[i].sa_handler = SIG_DFL;
	sigprocmask (SIG_BLOCK, NULL, &signals.mask);
}

static int
has_timer (void)
{
	static const int timers[] = { ITIMER_REAL, ITIMER_VIRTUAL,
				      ITIMER_PROF };
	struct itimerval t;
	size_t i;

	for (i = 0; i < sizeof timers / sizeof timers[0]; i++)
		if (getitimer (timers[i], &t) == 0
		    && (t.it_value.tv_sec != 0 || t.it_value.tv_usec != 0))
			return 1;
	return 0;
}

static void
compare_signals (struct check *c, const char *callback, uint64_t line_no)
{
	unsigned long long number = line_no;
	struct sigaction now;
	sigset_t mask;
	int i;

	if (c->n_problems > 0)
		return;
	sigprocmask (SIG_BLOCK, NULL, &mask);
	for (i = 1; i < SIGNALS; i++) {
		if (sigaction (i, NULL, &now) == 0
		    && now.sa_handler != signals.actions[i].sa_handler)
			check_problem (c,
				       "%s changes the handler of signal %d "
				       "(%s), line %llu",
				       callback, i, strsignal (i), number);
		if (sigismember (&mask, i) != sigismember (&signals.mask, i))
			check_problem (c,
				       "%s changes the signal mask: signal %d "
				       "(%s), line %llu",
				       callback, i, strsignal (i), number);
	}
	if (has_timer ())
		check_problem (c, "%s sets a timer, line %llu", callback,
			       number);
}

void
check_signals (struct check *c)
{
	look_signals ();
	read_head (c, compare_signals);
}
