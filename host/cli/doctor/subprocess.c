/* SPDX-License-Identifier: MIT */
/*
 * subprocess.c - a function in a child that may hang or be killed.
 *
 * It needs no descriptor, because there may be none.  The child blocks the
 * signals of a terminal, so that it cleans up even when the user interrupts the
 * doctor, and its own alarm ends it when the doctor has ended.
 */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/doctor/doctor.h"
#include "common/clock.h"

/* A killed child that is stuck in the kernel is not waited for any longer. */
#define REAP_MS 100

void *
doctor_shared_memory (size_t size)
{
	void *p = mmap (NULL, size, PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

static void __attribute__ ((__noreturn__))
run_child (struct doctor *d, void (*fn) (struct doctor *d, void *arg),
	   void *arg, int ms)
{
	sigset_t most;

	signal (SIGALRM, SIG_DFL);
	sigfillset (&most);
	sigdelset (&most, SIGALRM);
	sigdelset (&most, SIGSYS);
	sigprocmask (SIG_SETMASK, &most, NULL);
	alarm ((unsigned int) ms / 1000 + 2);
	fn (d, arg);
	_exit (0);
}

/* 1 when the child has ended. */
static int
wait_until (pid_t pid, int64_t until_ms, int *ret_status)
{
	sigset_t chld;
	pid_t r;

	sigemptyset (&chld);
	sigaddset (&chld, SIGCHLD);
	for (;;) {
		int64_t left = until_ms - clock_now_ms ();
		struct timespec t = { left / 1000, left % 1000 * 1000000 };

		r = waitpid (pid, ret_status, WNOHANG);
		if (r == pid || (r < 0 && errno != EINTR))
			return r == pid;
		if (left <= 0)
			return 0;
		sigtimedwait (&chld, NULL, &t);
	}
}

int
probe_subprocess (struct doctor *d, void (*fn) (struct doctor *d, void *arg),
		  void *arg, int ms, char why[DOCTOR_TEXT])
{
	sigset_t chld, before;
	int status = 0, ended;
	pid_t pid;

	sigemptyset (&chld);
	sigaddset (&chld, SIGCHLD);
	sigprocmask (SIG_BLOCK, &chld, &before);
	pid = fork ();
	if (pid == 0)
		run_child (d, fn, arg, ms);
	if (pid < 0) {
		snprintf (why, DOCTOR_TEXT, "not tried: fork: %s",
			  strerror (errno));
		sigprocmask (SIG_SETMASK, &before, NULL);
		return -2;
	}
	ended = wait_until (pid, clock_now_ms () + ms, &status);
	if (!ended) {
		kill (pid, SIGKILL);
		wait_until (pid, clock_now_ms () + REAP_MS, &status);
		snprintf (why, DOCTOR_TEXT, "no answer within %d ms", ms);
	} else if (WIFSIGNALED (status)) {
		snprintf (why, DOCTOR_TEXT,
			  "the test was ended by signal %d (%s)",
			  WTERMSIG (status), strsignal (WTERMSIG (status)));
	}
	sigprocmask (SIG_SETMASK, &before, NULL);
	return ended && WIFEXITED (status) ? 0 : -1;
}
