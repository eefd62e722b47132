/* SPDX-License-Identifier: MIT */
/*
 * run_lost.c - the monitor is killed, and the library looks for the processes
 * that it has left.
 *
 * The test runs in a pid namespace, so that a process which is not found dies
 * with it.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/ulid.h"
#include "lib/trial.h"
#include "lib/pidns.h"
#include "run/run.h"

enum { IGNORING_DAEMON = 4 };

/* Descendants of an agent; each writes its pid to the file %s and prints
 * "up". */
static const struct shape {
	const char *name;
	int n;
	const char *words[24];
} shapes[] = {
	{ "child",
	  1,
	  { "fork", "(", "pidfile", "%s", "out", "up", "pause", ")" } },
	{ "own group",
	  1,
	  { "fork", "(", "group", "pidfile", "%s", "out", "up", "pause",
	    ")" } },
	{ "own group, no environment",
	  1,
	  { "fork", "(", "group", "bare", "pidfile", "%s", "out", "up", "pause",
	    ")" } },
	{ "agent's group, no environment",
	  1,
	  { "fork", "(", "bare", "pidfile", "%s", "out", "up", "pause", ")" } },
	[IGNORING_DAEMON] = { "daemon that ignores signals",
			      1,
			      { "daemon", "(", "ignoreall", "pidfile", "%s",
				"out", "up", "pause", ")" } },
	{ "stopped daemon",
	  1,
	  { "daemon", "(", "pidfile", "%s", "out", "up", "stop", ")" } },
	{ "nested",
	  2,
	  { "daemon", "(", "pidfile", "%s", "out", "up", "fork", "(", "setsid",
	    "pidfile", "%s", "out", "up", "pause", ")", "pause", ")" } },
};

#define N_SHAPES (sizeof shapes / sizeof shapes[0])

/* It has left the session and the group of the run and has no environment. */
static const struct shape bare = { "bare daemon",
				   1,
				   { "daemon", "(", "bare", "pidfile", "%s",
				     "out", "up", "pause", ")" } };

static int
count_words (const char *text, const char *word)
{
	size_t len = strlen (word);
	int n = 0;

	while (text != NULL && (text = strstr (text, word)) != NULL) {
		n++;
		text += len;
	}
	return n;
}

static void
await_up (struct trial *t, int n)
{
	while (count_words (t->text, "up\n") < n)
		if (lhk_host_dispatch (t->host, 10000) < 0)
			break;
}

/* Start an agent of this shape, and wait until all its processes are up. */
static int
start_shape (struct trial *t, const struct shape *s, const char *file)
{
	const char *argv[32] = { trial_agent () };
	int i;

	for (i = 0; s->words[i] != NULL; i++)
		argv[i + 1] =
			strcmp (s->words[i], "%s") == 0 ? file : s->words[i];
	argv[i + 1] = "pause";
	argv[i + 2] = NULL;
	t->opts.contain = LHK_CONTAIN_SUBREAPER;
	if (trial_start (t, argv) != LHK_OK)
		return 0;
	await_up (t, s->n);
	/* The library has to see them while it knows the agent to be alive. */
	for (i = 0; i < 3; i++)
		if (lhk_host_dispatch (t->host, 20) < 0)
			return 0;
	return 1;
}

static void
check_lost (const struct trial *t)
{
	const struct lhk_outcome *o = &t->result->outcome;

	TAP_EQ_INT (o->end_reason, LHK_END_HOST_ERROR);
	TAP_EQ_INT (o->n_survivors, 0);
	CU_ASSERT (o->flags & LHK_FLAG_MONITOR_LOST);
	CU_ASSERT_PTR_NOT_NULL_FATAL (o->contain);
	TAP_EQ_STR (o->contain, "scan");
	TAP_EQ_INT (count_words (t->notices, "host: the monitor of the run"),
		    1);
	CU_ASSERT_PTR_NOT_NULL (strstr (t->notices, "cannot be found"));
	TAP_EQ_INT (count_children (), 0);
}

static void
all_found (void)
{
	const char *file;
	struct trial t;
	int alive;
	size_t i;

	trial_begin (&t, 0);
	for (i = 0; i < N_SHAPES; i++) {
		tap_note ("shape: %s", shapes[i].name);
		file = pids_file ();
		if (!start_shape (&t, &shapes[i], file))
			break;
		kill (t.run->monitor.client.pid, SIGKILL);
		if (trial_wait (&t))
			check_lost (&t);
		pids_await (file, shapes[i].n);
		TAP_EQ_INT (pids_read (file, &alive), shapes[i].n);
		TAP_EQ_INT (alive, 0);
	}
	trial_end (&t);
}

static void
not_to_be_found (void)
{
	const char *file = pids_file ();
	struct trial t;
	int alive;

	trial_begin (&t, 0);
	if (start_shape (&t, &bare, file)) {
		kill (t.run->monitor.client.pid, SIGKILL);
		if (trial_wait (&t))
			check_lost (&t);
	}
	TAP_EQ_INT (pids_read (file, &alive), 1);
	TAP_EQ_INT (alive, 1);
	trial_end (&t);
}

static void
spray (void)
{
	enum { N = 150 };
	const char *argv[9 * N + 8] = { trial_agent () };
	const char *file = pids_file ();
	unsigned long long n_said = 0;
	struct trial t;
	const char *p;
	int i, n = 1, alive;

	for (i = 0; i < N; i++) {
		static const char *const words[] = {
			"daemon", "(",	"ignoreall", "pidfile", NULL,
			"out",	  "up", "pause",     ")"
		};
		size_t w;

		for (w = 0; w < sizeof words / sizeof words[0]; w++)
			argv[n++] = words[w] == NULL ? file : words[w];
	}
	argv[n++] = "pause";
	argv[n] = NULL;
	trial_begin (&t, 0);
	t.opts.contain = LHK_CONTAIN_SUBREAPER;
	if (trial_start (&t, argv) == LHK_OK) {
		await_up (&t, N);
		kill (t.run->monitor.client.pid, SIGKILL);
		if (trial_wait (&t)) {
			check_lost (&t);
			p = strstr (t.notices, "is gone: ");
			if (p != NULL)
				sscanf (p, "is gone: a scan found %llu",
					&n_said);
			tap_note ("%llu of %d", n_said, N);
			CU_ASSERT (n_said >= N);
		}
	}
	pids_await (file, N);
	TAP_EQ_INT (pids_read (file, &alive), N);
	TAP_EQ_INT (alive, 0);
	trial_end (&t);
}

/* Two strangers have the mark in their environment, but not as its variable. */
static void
others_live (void)
{
	char like[2][96];
	char *envs[2][2] = { { like[0], NULL }, { like[1], NULL } };
	char *argv[] = { (char *) "agent", (char *) "pause", NULL };
	pid_t strangers[2] = { 0, 0 };
	struct lhk_run *other;
	struct trial t;
	int i, hold[2];

	CU_ASSERT_EQUAL_FATAL (pipe2 (hold, O_CLOEXEC), 0);
	trial_begin (&t, 0);
	t.opts.stdin_mode = LHK_STDIN_FD;
	t.opts.stdin_fd = hold[0];
	t.stream.on_event = NULL;
	TAP_EQ_INT (trial_start (&t, AGENT ("daemon", "(", "pause", ")", "eof",
					    "exit", "7")),
		    LHK_OK);
	other = t.run;
	t.run = NULL;
	close (hold[0]);
	t.opts.stdin_mode = LHK_STDIN_NULL;
	CU_ASSERT_EQUAL_FATAL (trial_start (&t, AGENT ("pause")), LHK_OK);
	while (t.run->core.state != RUN_RUNNING
	       || other->core.state != RUN_RUNNING)
		if (lhk_host_dispatch (t.host, 10000) < 0)
			break;
	CU_ASSERT (strcmp (t.run->scan.mark, other->scan.mark) != 0);
	snprintf (like[0], sizeof like[0], "%sX", t.run->scan.mark);
	snprintf (like[1], sizeof like[1], "X=%s", t.run->scan.mark);
	for (i = 0; i < 2; i++)
		CU_ASSERT_EQUAL (posix_spawn (&strangers[i], trial_agent (),
					      NULL, NULL, argv, envs[i]),
				 0);
	kill (t.run->monitor.client.pid, SIGKILL);
	TAP_EQ_INT (lhk_run_wait (t.run, 20000), LHK_OK);
	TAP_EQ_INT (lhk_run_result (t.run)->outcome.end_reason,
		    LHK_END_HOST_ERROR);
	for (i = 0; i < 2; i++) {
		TAP_EQ_INT (waitpid (strangers[i], NULL, WNOHANG), 0);
		kill (strangers[i], SIGKILL);
		waitpid (strangers[i], NULL, 0);
	}
	CU_ASSERT_PTR_NULL (lhk_run_result (other));
	close (hold[1]);
	TAP_EQ_INT (lhk_run_wait (other, 20000), LHK_OK);
	TAP_EQ_INT (lhk_run_result (other)->outcome.end_reason, LHK_END_EXITED);
	TAP_EQ_INT (lhk_run_result (other)->outcome.exit_code, 7);
	lhk_run_free (other);
	trial_end (&t);
}

/* A host that has opened all descriptors that it keeps. */
static int
begin_counted (struct trial *t)
{
	trial_begin (t, 0);
	CU_ASSERT (lhk_host_fd (t->host) >= 0);
	return count_fds ();
}

static void
free_and_check (struct trial *t, const char *file, int fds)
{
	int alive;

	lhk_run_free (t->run);
	t->run = NULL;
	pids_await (file, 1);
	TAP_EQ_INT (pids_read (file, &alive), 1);
	TAP_EQ_INT (alive, 0);
	TAP_EQ_INT (count_children (), 0);
	TAP_EQ_INT (count_fds (), fds);
}

static void
freed_after_kill (void)
{
	const char *file = pids_file ();
	struct trial t;
	int fds = begin_counted (&t);

	CU_ASSERT_FATAL (start_shape (&t, &shapes[IGNORING_DAEMON], file));
	kill (t.run->monitor.client.pid, SIGKILL);
	free_and_check (&t, file, fds);
	trial_end (&t);
}

static void
freed_while_stopped (void)
{
	const char *file = pids_file ();
	struct trial t;
	int fds = begin_counted (&t);

	CU_ASSERT_FATAL (start_shape (&t, &shapes[IGNORING_DAEMON], file));
	kill (t.run->monitor.client.pid, SIGSTOP);
	free_and_check (&t, file, fds);
	trial_end (&t);
}

static void
freed_while_scanning (void)
{
	const char *file = pids_file ();
	struct trial t;
	int fds = begin_counted (&t);

	CU_ASSERT_FATAL (start_shape (&t, &shapes[IGNORING_DAEMON], file));
	kill (t.run->monitor.client.pid, SIGKILL);
	while (t.run->core.state != RUN_SCANNING)
		if (lhk_host_dispatch (t.host, 10000) < 0)
			break;
	free_and_check (&t, file, fds);
	trial_end (&t);
}

/* A new process in place of each that is killed: the scan may lose, but must
 * end. */
static void
bounded (void)
{
	long long start;
	struct trial t;

	trial_begin (&t, 0);
	t.opts.contain = LHK_CONTAIN_SUBREAPER;
	if (trial_start (&t, AGENT ("daemon", "(", "out", "up", "hydra", "0",
				    ")", "pause"))
	    == LHK_OK) {
		await_up (&t, 1);
		start = now_ms ();
		kill (t.run->monitor.client.pid, SIGKILL);
		if (trial_wait (&t))
			TAP_EQ_INT (t.result->outcome.end_reason,
				    LHK_END_HOST_ERROR);
		tap_note ("%lld ms, %u survivors", now_ms () - start,
			  t.result->outcome.n_survivors);
		CU_ASSERT (now_ms () - start < RUN_SCAN_MS + 15000);
	}
	trial_end (&t);
}

/* The run has a cgroup, which leads to a daemon that nothing else leads to. */
static void
cgroup_ended (void)
{
	static const char *const roots[] = { "/sys/fs/cgroup",
					     "/sys/fs/cgroup/unified" };
	const char *file = pids_file ();
	char dir[PROTO_DETAIL_SIZE] = "", path[PROTO_DETAIL_SIZE + 32];
	struct trial t;
	int alive, pid = 0;
	size_t i;
	FILE *f;

	for (i = 0; i < 2 && dir[0] == '\0'; i++) {
		snprintf (path, sizeof path, "%s/cgroup.procs", roots[i]);
		if (access (path, W_OK) == 0)
			snprintf (dir, sizeof dir, "%s/lhk-test-XXXXXX",
				  roots[i]);
	}
	if (dir[0] == '\0' || mkdtemp (dir) == NULL) {
		tap_skip ("no cgroup v2 that can be written");
		return;
	}
	trial_begin (&t, 0);
	if (start_shape (&t, &bare, file)) {
		f = fopen (file, "r");
		CU_ASSERT (f != NULL && fscanf (f, "%d", &pid) == 1);
		if (f != NULL)
			fclose (f);
		snprintf (path, sizeof path, "%s/cgroup.procs", dir);
		f = fopen (path, "w");
		CU_ASSERT (f != NULL && fprintf (f, "%d\n", pid) > 0
			   && fclose (f) == 0);
		snprintf (path, sizeof path, "%s/its-own", dir);
		CU_ASSERT_EQUAL (mkdir (path, 0700), 0);
		memcpy (t.run->monitor.cgroup, dir, sizeof dir);
		kill (t.run->monitor.client.pid, SIGKILL);
		if (trial_wait (&t))
			check_lost (&t);
		CU_ASSERT (access (dir, F_OK) < 0 && errno == ENOENT);
	}
	pids_await (file, 1);
	TAP_EQ_INT (pids_read (file, &alive), 1);
	TAP_EQ_INT (alive, 0);
	rmdir (dir);
	trial_end (&t);
}

static void
marked (void)
{
	struct trial t;

	trial_begin (&t, 0);
	if (trial_run (&t, AGENT ("env", RUN_MARK)))
		TAP_EQ_INT (t.text_len, ULID_SIZE);
	trial_end (&t);
}

static void
marked_once (void)
{
	const char *const given[] = { "A=1", RUN_MARK "=old", "CLAUDECODE=1",
				      RUN_MARK "=older", NULL };
	struct trial t;

	trial_begin (&t, 0);
	t.opts.envp = given;
	if (trial_run (&t, WORDS ("/usr/bin/env"))) {
		CU_ASSERT_PTR_NOT_NULL (strstr (t.text, "A=1\n"));
		CU_ASSERT_PTR_NOT_NULL (strstr (t.text, "CLAUDECODE=1\n"));
		TAP_EQ_INT (count_words (t.text, RUN_MARK "="), 1);
		CU_ASSERT_PTR_NOT_NULL (strstr (t.text, t.run->scan.mark));
	}
	trial_end (&t);
}

static const struct tap_case cases[] = {
	{ "relatives_are_found_by_session_group_or_environment", all_found },
	{ "a_daemon_that_nothing_leads_to_is_not_found_and_a_notice_says_so",
	  not_to_be_found },
	{ "a_spray_of_daemons_is_ended_and_counted", spray },
	{ "the_embedder_its_other_runs_and_strangers_live", others_live },
	{ "a_run_freed_after_its_monitor_was_killed_leaves_nothing",
	  freed_after_kill },
	{ "a_run_freed_while_its_monitor_is_stopped_leaves_nothing",
	  freed_while_stopped },
	{ "a_run_freed_during_the_scan_leaves_nothing", freed_while_scanning },
	{ "the_scan_ends_in_time_while_processes_are_born", bounded },
	{ "the_cgroup_of_a_run_without_its_monitor_is_ended_and_removed",
	  cgroup_ended },
	{ "an_agent_has_the_mark_of_its_run_in_its_environment", marked },
	{ "a_given_environment_gets_the_mark_once_in_place_of_others",
	  marked_once },
	{ NULL, NULL },
};

static int
tests (void)
{
	return tap_run ("run_lost", cases);
}

int
main (void)
{
	return pidns_run (tests);
}
