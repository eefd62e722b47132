/* SPDX-License-Identifier: MIT */
/*
 * run_host_death.c - the tree dies with its host, however that dies.
 *
 * The host is this program, executed once more.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/trial.h"

#define TIMES 5
/* A tree is dead within this time.  Another process of the machine may delay
 * any one death, so the fastest of TIMES deaths is compared. */
#define LIMIT_MS 100
/* Later than this nothing dies any more. */
#define WAIT_MS 20000
#define PIDS_MAX 16

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif

/* The relatives of each agent, who must die; %s is their pid file. */
static const struct tree {
	const char *name;
	int n;
	const char *words[24];
} trees[] = {
	{ "agent that ignores signals",
	  1,
	  { "ignoreall", "pidfile", "%s", "out", "up", "pause" } },
	{ "daemon that ignores signals",
	  2,
	  { "daemon", "(", "ignoreall", "pidfile", "%s", "out", "up", "pause",
	    ")", "pidfile", "%s", "out", "up", "pause" } },
	{ "session",
	  2,
	  { "fork", "(", "setsid", "pidfile", "%s", "out", "up", "pause", ")",
	    "pidfile", "%s", "out", "up", "pause" } },
	{ "stopped",
	  2,
	  { "fork", "(", "pidfile", "%s", "out", "up", "stop", ")", "pidfile",
	    "%s", "out", "up", "pause" } },
};

#define N_TREES (sizeof trees / sizeof trees[0])

/* ---- the host that dies ---- */

/* Run the tree; a byte for each "up"; then go on until killed.  HOW: "kill";
 * "exit" leaves without freeing anything; "fork" has a child that holds
 * everything; "spawn" says nothing and only starts. */
static int
be_host (const char *how, const char *index, const char *file)
{
	const struct tree *tree = &trees[atoi (index)];
	const char *argv[32];
	struct trial t;
	size_t said = 0;
	char c;
	int i;

	argv[0] = trial_agent ();
	for (i = 0; tree->words[i] != NULL; i++)
		argv[i + 1] = strcmp (tree->words[i], "%s") == 0
				      ? file
				      : tree->words[i];
	argv[i + 1] = NULL;
	trial_begin (&t, 0);
	if (strcmp (how, "spawn") == 0) {
		t.opts.stdin_mode = LHK_STDIN_FD;
		t.opts.stdin_fd = 0;
	}
	if (trial_start (&t, argv) != LHK_OK)
		return 1;
	if (strcmp (how, "spawn") == 0)
		pause ();
	for (;;) {
		if (lhk_host_dispatch (t.host, -1) < 0)
			return 2;
		for (; said < t.text_len / 3; said++)
			if (write (1, "u", 1) < 0)
				return 3;
		if ((int) said < tree->n)
			continue;
		if (strcmp (how, "exit") == 0)
			_exit (0);
		if (strcmp (how, "fork") == 0) {
			how = "kill";
			if (fork () == 0) {
				close (1);
				while (read (0, &c, 1) > 0)
					;
				_exit (0);
			}
			if (write (1, "f", 1) < 0)
				return 4;
		}
	}
}

/* ---- the test ---- */

static int
await_bytes (int fd, int n)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char c;

	for (; n > 0; n--)
		if (poll (&p, 1, 20000) != 1 || read (fd, &c, 1) != 1)
			return 0;
	return 1;
}

/* *RET_OUT is its stdout, *RET_IN the other end of its stdin. */
static pid_t
start_host (const char *how, size_t index, const char *file, int *ret_out,
	    int *ret_in)
{
	char number[16];
	char *argv[] = { (char *) "run_host_death", (char *) how, number,
			 (char *) file, NULL };
	posix_spawn_file_actions_t actions;
	int in[2], out[2];
	pid_t pid = -1;

	snprintf (number, sizeof number, "%zu", index);
	if (pipe2 (in, O_CLOEXEC) < 0 || pipe2 (out, O_CLOEXEC) < 0)
		exit (99);
	posix_spawn_file_actions_init (&actions);
	posix_spawn_file_actions_adddup2 (&actions, in[0], 0);
	posix_spawn_file_actions_adddup2 (&actions, out[1], 1);
	if (posix_spawn (&pid, "/proc/self/exe", &actions, NULL, argv, environ)
	    != 0)
		exit (99);
	posix_spawn_file_actions_destroy (&actions);
	close (in[0]);
	close (out[1]);
	*ret_in = in[1];
	*ret_out = out[0];
	return pid;
}

static int
open_pids (const char *file, int pidfds[PIDS_MAX])
{
	FILE *f = fopen (file, "r");
	int n = 0, pid;

	while (f != NULL && n < PIDS_MAX && fscanf (f, "%d", &pid) == 1)
		pidfds[n++] = (int) syscall (SYS_pidfd_open, pid, 0);
	if (f != NULL)
		fclose (f);
	unlink (file);
	return n;
}

/* Milliseconds from START until all are dead, or WAIT_MS. */
static long long
await_deaths (int *pidfds, int n, long long start)
{
	struct pollfd p = { .events = POLLIN };
	int i;

	for (i = 0; i < n; i++) {
		p.fd = pidfds[i];
		/* A host that leaves by itself may be the first. */
		if (p.fd >= 0 && poll (&p, 1, WAIT_MS) != 1)
			return WAIT_MS;
	}
	return now_ms () - start;
}

/* Milliseconds from the host's death until its tree was dead. */
static long long
kill_tree (const char *how, size_t index)
{
	const char *file = pids_file ();
	int pidfds[PIDS_MAX];
	int in, out, i, n, status;
	long long start, took;
	pid_t pid = start_host (how, index, file, &out, &in);

	CU_ASSERT (await_bytes (out,
				trees[index].n + (strcmp (how, "fork") == 0)));
	n = open_pids (file, pidfds);
	TAP_EQ_INT (n, trees[index].n);
	start = now_ms ();
	if (strcmp (how, "exit") != 0) {
		for (i = 0; i < n; i++)
			CU_ASSERT (pidfds[i] >= 0);
		kill (pid, SIGKILL);
	}
	took = await_deaths (pidfds, n, start);
	waitpid (pid, &status, 0);
	for (i = 0; i < n; i++)
		close (pidfds[i]);
	close (out);
	close (in);
	return took;
}

static void
check_all (const char *how)
{
	long long fastest, slowest, took;
	size_t i;
	int n;

	for (i = 0; i < N_TREES; i++) {
		fastest = WAIT_MS;
		slowest = 0;
		for (n = 0; n < TIMES; n++) {
			took = kill_tree (how, i);
			fastest = took < fastest ? took : fastest;
			slowest = took > slowest ? took : slowest;
		}
		tap_note ("tree '%s' was dead after %lld to %lld ms",
			  trees[i].name, fastest, slowest);
		CU_ASSERT (fastest <= LIMIT_MS);
		CU_ASSERT (slowest < WAIT_MS);
	}
}

static void
killed (void)
{
	check_all ("kill");
}

static void
exits (void)
{
	check_all ("exit");
}

#define PEER_PIDFD 77 /* SO_PEERPIDFD, of Linux 6.5 */

static int
has_peer_pidfd (void)
{
	socklen_t len = sizeof (int);
	int pair[2], fd = -1, has;

	if (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return 0;
	has = getsockopt (pair[0], SOL_SOCKET, PEER_PIDFD, &fd, &len) == 0;
	if (has)
		close (fd);
	close (pair[0]);
	close (pair[1]);
	return has;
}

/* A child of the host, without exec, still has the control socket.  It ends
 * with its stdin. */
static void
forked (void)
{
	if (!has_peer_pidfd ()) {
		tap_skip ("this kernel has no SO_PEERPIDFD");
		return;
	}
	check_all ("fork");
}

/* Killed at any moment of the start.  Monitor and agent have the reading end of
 * the pipe as stdin: when it is gone, they are. */
static void
killed_while_starting (void)
{
	struct pollfd p = { .events = 0 };
	const char *file = pids_file ();
	int i, in, out, status;
	pid_t pid;

	for (i = 0; i < 30; i++) {
		pid = start_host ("spawn", 0, file, &out, &in);
		sleep_us (i * 300);
		kill (pid, SIGKILL);
		waitpid (pid, &status, 0);
		p.fd = in;
		TAP_EQ_INT (poll (&p, 1, WAIT_MS), 1);
		CU_ASSERT ((p.revents & POLLERR) != 0);
		close (in);
		close (out);
	}
	unlink (file);
}

static const struct tap_case cases[] = {
	{ "host_killed_and_the_tree_is_dead_within_100_ms", killed },
	{ "a_host_that_leaves_without_freeing_takes_the_tree_along", exits },
	{ "a_forked_child_of_the_dead_host_does_not_keep_the_tree_alive",
	  forked },
	{ "a_host_killed_while_it_starts_a_run_leaves_no_agent",
	  killed_while_starting },
	{ NULL, NULL },
};

int
main (int argc, char **argv)
{
	if (argc == 4)
		return be_host (argv[1], argv[2], argv[3]);
	return tap_run ("run_host_death", cases);
}
