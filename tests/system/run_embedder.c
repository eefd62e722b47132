/* SPDX-License-Identifier: MIT */
/*
 * run_embedder.c - the library inside an embedder: what embedders are like, and
 * what must not be seen by them or by the agent.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/child.h"
#include "lib/trial.h"

/* 0 if the agent says and ends as it should. */
static int
try_run (void)
{
	struct trial t;
	int bad;

	trial_begin (&t, 0);
	if (trial_start (&t, AGENT ("out", "x", "err", "y", "cat", "exit", "5"))
	    != LHK_OK)
		return 10;
	if (lhk_run_wait (t.run, 10000) != LHK_OK)
		return 11;
	t.result = lhk_run_result (t.run);
	bad = t.result->outcome.end_reason != LHK_END_EXITED ? 12
	      : t.result->outcome.exit_code != 5	     ? 13
	      : strcmp (t.text, "x\n") != 0		     ? 14
	      : t.err_bytes != 2			     ? 15
	      : count_children () != 0			     ? 16
							     : 0;
	trial_end (&t);
	return bad;
}

/* Open descriptors above 2 that are, or are not, closed on exec. */
static int
count_flagged (int cloexec)
{
	int fd, flags, n = 0;

	for (fd = 3; fd < 1024; fd++) {
		flags = fcntl (fd, F_GETFD);
		if (flags >= 0 && ((flags & FD_CLOEXEC) != 0) == cloexec)
			n++;
	}
	return n;
}

/* Whoever forks and executes beside us inherits nothing of ours. */
static void
nothing_inherited (void)
{
	int inherited = count_flagged (0);
	int closed = count_flagged (1);
	struct trial t;

	trial_begin (&t, 0);
	t.opts.stdin_mode = LHK_STDIN_BYTES;
	t.opts.input = (struct lhk_str){ "x", 1 };
	t.opts.stdout_mode = LHK_STDOUT_FILE;
	TAP_EQ_INT (trial_start (&t, AGENT ("out", "up", "pause")), LHK_OK);
	TAP_EQ_INT (count_flagged (0), inherited);
	/* epoll, timer, event, inotify, control, pidfd, spool, stderr */
	TAP_EQ_INT (count_flagged (1) - closed, 8);
	trial_end (&t);
}

static int
ignored_sigchld (int arg)
{
	struct sigaction act = { .sa_handler = SIG_IGN,
				 .sa_flags = arg ? SA_NOCLDWAIT : 0 };
	sigset_t all;

	sigaction (SIGCHLD, &act, NULL);
	sigfillset (&all);
	sigprocmask (SIG_SETMASK, &all, NULL);
	return try_run ();
}

static void
sigchld_ignored (void)
{
	child_run (ignored_sigchld, 0);
	child_run (ignored_sigchld, 1);
}

static int
closed_stdio (int which)
{
	int fd, bad, kept = dup (1);
	char line[64];
	ssize_t n;

	fcntl (kept, F_SETFD, FD_CLOEXEC);
	for (fd = 0; fd < 3; fd++)
		if (which & 1 << fd)
			close (fd);
	bad = try_run ();
	/* Nothing of ours may have taken a standard number. */
	for (fd = 0; fd < 3; fd++)
		if ((which & 1 << fd) && fcntl (fd, F_GETFD) >= 0)
			bad = 20 + fd;
	if (bad) {
		n = snprintf (line, sizeof line, "# closed %d: %d\n", which,
			      bad);
		if (write (kept, line, (size_t) n) < 0)
			return 99;
	}
	return bad;
}

static void
closed_stdio_all (void)
{
	int i;

	for (i = 0; i < 8; i++)
		child_run (closed_stdio, i);
}

static atomic_int thief_stop;
static atomic_int stolen;

static void *
steal (void *arg)
{
	(void) arg;
	while (!atomic_load (&thief_stop))
		if (waitpid (-1, NULL, WNOHANG) > 0)
			atomic_fetch_add (&stolen, 1);
	return NULL;
}

static void
thief (void)
{
	pthread_t thread;
	int i, bad = 0;

	atomic_store (&thief_stop, 0);
	CU_ASSERT_EQUAL_FATAL (pthread_create (&thread, NULL, steal, NULL), 0);
	for (i = 0; i < 30 && bad == 0; i++)
		bad = try_run ();
	atomic_store (&thief_stop, 1);
	pthread_join (thread, NULL);
	TAP_EQ_INT (bad, 0);
	tap_note ("%d monitors were reaped by the thief",
		  atomic_load (&stolen));
}

static void
foreign_children (void)
{
	struct trial t;
	pid_t pids[20];
	int i, status, seen = 0;

	trial_begin (&t, 0);
	for (i = 0; i < 20; i++) {
		pids[i] = fork ();
		if (pids[i] == 0)
			_exit (i);
	}
	for (i = 0; i < 5; i++)
		trial_run (&t, AGENT ("daemon", "(", ")", "exit", "0"));
	for (i = 0; i < 20; i++)
		if (waitpid (pids[i], &status, 0) == pids[i]
		    && WEXITSTATUS (status) == i)
			seen++;
	TAP_EQ_INT (seen, 20);
	trial_end (&t);
}

static void *
start_in_thread (void *arg)
{
	struct trial *t = arg;

	CU_ASSERT_EQUAL (trial_start (t, AGENT ("out", "a", "cat", "out", "b")),
			 LHK_OK);
	return NULL;
}

static void
starting_thread_ends (void)
{
	struct trial t;
	pthread_t thread;
	int fds[2], before = count_threads ();

	CU_ASSERT_EQUAL_FATAL (pipe2 (fds, O_CLOEXEC), 0);
	trial_begin (&t, 0);
	t.opts.stdin_mode = LHK_STDIN_FD;
	t.opts.stdin_fd = fds[0];
	CU_ASSERT_EQUAL_FATAL (
		pthread_create (&thread, NULL, start_in_thread, &t), 0);
	pthread_join (thread, NULL);
	close (fds[0]);
	while (t.text_len == 0)
		if (lhk_host_dispatch (t.host, 10000) < 0)
			break;
	close (fds[1]);
	if (trial_wait (&t)) {
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_EXITED);
		TAP_EQ_STR (t.text, "a\nb\n");
	}
	TAP_EQ_INT (count_threads (), before);
	trial_end (&t);
}

static int
child_of_fork (struct trial *t)
{
	struct lhk_run *run = t->run;
	int bad = lhk_run_wait (run, 0) != LHK_EFORKED
		  || lhk_host_dispatch (t->host, 0) != LHK_EFORKED
		  || lhk_host_fd (t->host) != LHK_EFORKED
		  || lhk_run_result (run) != NULL;

	lhk_run_cancel (run, SIGKILL);
	lhk_host_wake (t->host);
	lhk_run_free (run);
	lhk_host_free (t->host);
	return bad;
}

static void
forked_embedder (void)
{
	struct trial t;
	int status = -1, fds[2];
	pid_t pid;

	CU_ASSERT_EQUAL_FATAL (pipe2 (fds, O_CLOEXEC), 0);
	trial_begin (&t, 0);
	t.opts.stdin_mode = LHK_STDIN_FD;
	t.opts.stdin_fd = fds[0];
	t.opts.idle_ms = 60000;
	if (trial_start (&t, AGENT ("out", "a", "eof", "out", "b")) != LHK_OK)
		return;
	close (fds[0]);
	while (t.text_len == 0)
		if (lhk_host_dispatch (t.host, 10000) < 0)
			break;
	pid = fork ();
	if (pid == 0)
		_exit (child_of_fork (&t));
	CU_ASSERT_EQUAL (waitpid (pid, &status, 0), pid);
	TAP_EQ_INT (status, 0);
	close (fds[1]);
	/* The parent's run goes on, its loop is whole. */
	if (trial_wait (&t)) {
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_EXITED);
		TAP_EQ_STR (t.text, "a\nb\n");
	}
	trial_end (&t);
}

static void
embedder_unchanged (void)
{
	struct sigaction before[65], after;
	char cwd[2][256];
	sigset_t mask[2];
	mode_t mode;
	struct trial t;
	int i, threads = count_threads ();

	memset (before, 0, sizeof before);
	for (i = 1; i <= 64; i++)
		sigaction (i, NULL, &before[i]);
	sigprocmask (SIG_SETMASK, NULL, &mask[0]);
	mode = umask (022);
	umask (mode);
	CU_ASSERT_PTR_NOT_NULL (getcwd (cwd[0], sizeof cwd[0]));
	trial_begin (&t, 0);
	t.opts.cwd = "/usr";
	t.opts.total_ms = 50;
	trial_run (&t, AGENT ("pause"));
	trial_end (&t);
	for (i = 1; i <= 64; i++) {
		memset (&after, 0, sizeof after);
		sigaction (i, NULL, &after);
		CU_ASSERT_PTR_EQUAL (after.sa_handler, before[i].sa_handler);
	}
	sigprocmask (SIG_SETMASK, NULL, &mask[1]);
	for (i = 1; i <= 64; i++)
		TAP_EQ_INT (sigismember (&mask[1], i),
			    sigismember (&mask[0], i));
	TAP_EQ_INT (umask (mode), mode);
	CU_ASSERT_PTR_NOT_NULL (getcwd (cwd[1], sizeof cwd[1]));
	TAP_EQ_STR (cwd[1], cwd[0]);
	TAP_EQ_INT (count_threads (), threads);
}

static const struct tap_case cases[] = {
	{ "every_descriptor_of_the_library_is_close_on_exec",
	  nothing_inherited },
	{ "an_embedder_may_ignore_sigchld_and_block_all_signals",
	  sigchld_ignored },
	{ "an_embedder_may_have_closed_0_1_2", closed_stdio_all },
	{ "an_embedder_may_reap_our_helper", thief },
	{ "children_of_the_embedder_are_left_to_it", foreign_children },
	{ "the_thread_that_started_a_run_may_end", starting_thread_ends },
	{ "a_forked_child_of_the_embedder_changes_nothing", forked_embedder },
	{ "the_embedder_is_left_as_it_was", embedder_unchanged },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("run_embedder", cases);
}
