/* SPDX-License-Identifier: MIT */
/* run_cgroup.c - the cgroup of a run holds all of it, and never stays. */
#include "config.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/cgroup.h"
#include "lib/pidns.h"
#include "lib/trial.h"
#include "lib/monitor_driver.h"
#include "lib/child.h"

static char ours[CGROUP_PATH];

static void
host_that_dies (int hold)
{
	struct trial t;

	trial_begin (&t, 0);
	t.opts.contain = LHK_CONTAIN_CGROUP;
	t.opts.stdin_mode = LHK_STDIN_FD;
	t.opts.stdin_fd = hold;
	t.cancel_on = "up";
	t.cancel_times = 0;
	if (trial_start (&t, AGENT ("daemon", "(", "ignoreall", "pause", ")",
				    "ignoreall", "out", "up", "pause"))
	    != LHK_OK)
		exit (99);
	while (t.text_len == 0)
		if (lhk_host_dispatch (t.host, 20000) < 0)
			exit (99);
	kill (getpid (), SIGKILL);
}

static void
await_no_cgroups (void)
{
	long long until = now_ms () + 20000;

	while (cgroup_count (ours) > 0 && now_ms () < until)
		sleep_us (1000);
	TAP_EQ_INT (cgroup_count (ours), 0);
}

static void
kill_host (int arg)
{
	struct pollfd p = { .events = 0 };
	int hold[2], status = 0;
	pid_t pid;

	(void) arg;
	CU_ASSERT_EQUAL_FATAL (pipe2 (hold, O_CLOEXEC), 0);
	pid = fork ();
	if (pid == 0) {
		close (hold[1]);
		host_that_dies (hold[0]);
		_exit (99);
	}
	close (hold[0]);
	CU_ASSERT_EQUAL (waitpid (pid, &status, 0), pid);
	TAP_EQ_INT (WTERMSIG (status), SIGKILL);
	p.fd = hold[1];
	TAP_EQ_INT (poll (&p, 1, 20000), 1);
	await_no_cgroups ();
	close (hold[1]);
}

static void
after_host_death (void)
{
	int i;

	if (!cgroup_make_or_skip (0, ours))
		return;
	for (i = 0; i < 5; i++)
		child_run_as (kill_host, 0, 0, ours);
	cgroup_remove_empty (ours);
}

/* The agent makes its own below, and leaves somebody there. */
static void
make_below (int arg)
{
	char at[CGROUP_PATH], script[2048];
	struct trial t;

	(void) arg;
	cgroup_mount (at);
	snprintf (script, sizeof script,
		  "d=%s$(sed -n s/^0:://p /proc/self/cgroup); mkdir -p"
		  " $d/a/b/c $d/x && echo $$ >$d/a/b/c/cgroup.procs &&"
		  " setsid sleep 100 >/dev/null 2>&1 & wait $!; exit 4",
		  at);
	trial_begin (&t, 0);
	t.cancel_on = "never";
	t.opts.contain = LHK_CONTAIN_CGROUP;
	t.opts.total_ms = 300;
	t.opts.grace_ms = 10;
	if (trial_run (&t, WORDS ("sh", "-c", script)))
		TAP_EQ_INT (t.result->outcome.n_survivors, 0);
	TAP_EQ_INT (cgroup_count (ours), 0);
	trial_end (&t);
}

static void
made_below (void)
{
	if (!cgroup_make_or_skip (0, ours))
		return;
	child_run_as (make_below, 0, 0, ours);
	cgroup_remove_empty (ours);
}

/* Failed starts, and many runs at once. */
static void
run_many (int arg)
{
	struct trial t[8];
	int i, n;

	(void) arg;
	for (i = 0; i < 8; i++) {
		trial_begin (&t[i], 0);
		t[i].opts.contain = LHK_CONTAIN_CGROUP;
		TAP_EQ_INT (trial_start (&t[i],
					 i % 2 == 0
						 ? AGENT ("out", "up", "pause")
						 : WORDS ("/no/such/program")),
			    LHK_OK);
	}
	while (t[0].text_len == 0)
		if (lhk_host_dispatch (t[0].host, 20000) < 0)
			break;
	n = cgroup_count (ours);
	TAP_EQ_INT (n >= 1 && n <= 8, 1);
	for (i = 0; i < 8; i++) {
		if (i % 2 == 0)
			lhk_run_cancel (t[i].run, 0);
		if (trial_wait (&t[i]) && i % 2 != 0)
			TAP_EQ_STR (t[i].result->outcome.step, "exec");
		trial_end (&t[i]);
	}
	TAP_EQ_INT (cgroup_count (ours), 0);
}

static void
many (void)
{
	if (!cgroup_make_or_skip (0, ours))
		return;
	child_run_as (run_many, 0, 0, ours);
	cgroup_remove_empty (ours);
}

/* Of a monitor that was killed, and of one that is there. */
static void
lose_monitors (int arg)
{
	char name[64], path[CGROUP_PATH];
	struct proto_report r[2];
	struct monitor_client h[2];
	struct trial t;
	int i;

	(void) arg;
	for (i = 0; i < 2; i++) {
		monitor_driver_start (&h[i], AGENT ("pause"));
		monitor_driver_begin (&h[i], CONTAIN_CGROUP, 0, &r[i]);
	}
	TAP_EQ_INT (cgroup_count (ours), 2);
	kill (h[0].pid, SIGKILL);
	TAP_EQ_INT (monitor_driver_end (&h[0]), -SIGKILL);
	while (kill (r[0].pid, 0) == 0)
		poll (NULL, 0, 1);
	/* Not of ours, whatever its name. */
	snprintf (path, sizeof path, "%.400s/linehook-1-x", ours);
	CU_ASSERT_EQUAL (mkdir (path, 0755), 0);
	/* Empty and held, as in the moment before its agent is born. */
	snprintf (name, sizeof name, "%s", strrchr (r[1].detail, '/') + 1);
	TAP_EQ_INT (strncmp (name, "linehook-", 9), 0);
	snprintf (name, sizeof name, "%d", r[1].pid);
	TAP_EQ_INT (cgroup_put (ours, "cgroup.procs", name), 1);
	trial_begin (&t, 0);
	t.opts.contain = LHK_CONTAIN_SUBREAPER;
	trial_run (&t, AGENT ("out", "x"));
	trial_end (&t);
	TAP_EQ_INT (cgroup_count (ours), 2);
	TAP_EQ_INT (access (r[1].detail, F_OK), 0);
	TAP_EQ_INT (rmdir (path), 0);
	monitor_client_send (&h[1], PROTO_KILL, 0);
	TAP_EQ_INT (monitor_driver_last (&h[1], &r[1]), PROTO_EMPTY);
	TAP_EQ_INT (monitor_driver_end (&h[1]), 0);
}

static void
lost_monitors (void)
{
	if (!cgroup_make_or_skip (0, ours))
		return;
	child_run_as (lose_monitors, 0, 0, ours);
	cgroup_remove_empty (ours);
}

/* ---- what has been killed before ---- */

static void
check_runs (int arg)
{
	struct trial t;

	(void) arg;
	trial_begin (&t, 0);
	t.opts.contain = LHK_CONTAIN_CGROUP;
	if (trial_run (&t, AGENT ("out", "x", "exit", "3"))) {
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_EXITED);
		TAP_EQ_INT (t.result->outcome.exit_code, 3);
		TAP_EQ_STR (t.text, "x\n");
		TAP_EQ_INT (strncmp (t.result->outcome.contain, "cgroup", 6),
			    0);
	}
	trial_end (&t);
}

/* Some kernels kill at birth whoever is cloned out of such a cgroup. */
static void
killed_before (void)
{
	if (!cgroup_make_or_skip (0, ours))
		return;
	CU_ASSERT_EQUAL (cgroup_put (ours, "cgroup.kill", "1"), 1);
	child_run_as (check_runs, 0, 0, ours);
	cgroup_remove_empty (ours);
}

/* Somebody who is not of the tree is put in: the run waits for its end (0), or
 * sweeps it with the rest (1). */
static void
stranger (int sweep)
{
	struct proto_report r;
	struct monitor_client h;
	struct pollfd p = { .events = POLLIN };
	char text[16];
	int status;
	pid_t pid = fork ();

	if (pid == 0)
		for (;;)
			pause ();
	monitor_driver_start (&h, AGENT ("pause"));
	monitor_driver_begin (&h, CONTAIN_CGROUP, 0, &r);
	snprintf (text, sizeof text, "%d", (int) pid);
	TAP_EQ_INT (cgroup_put (r.detail, "cgroup.procs", text), 1);
	kill (r.pid, SIGKILL);
	TAP_EQ_INT (monitor_driver_next (&h, &r), PROTO_EXITED);
	p.fd = h.control;
	TAP_EQ_INT (poll (&p, 1, 50), 0);
	if (sweep)
		monitor_client_send (&h, PROTO_SWEEP, 0);
	else
		kill (pid, SIGUSR1);
	TAP_EQ_INT (monitor_driver_next (&h, &r), PROTO_EMPTY);
	/* It is dead by now. */
	kill (pid, SIGTERM);
	CU_ASSERT_EQUAL (waitpid (pid, &status, 0), pid);
	TAP_EQ_INT (WTERMSIG (status), sweep ? SIGKILL : SIGUSR1);
	TAP_EQ_INT (monitor_driver_end (&h), 0);
}

static void
strangers (void)
{
	if (!cgroup_make_or_skip (0, ours))
		return;
	child_run_as (stranger, 0, 0, ours);
	child_run_as (stranger, 1, 0, ours);
	cgroup_remove_empty (ours);
}

static const struct tap_case cases[] = {
	{ "no_cgroup_of_a_run_stays_after_its_host_was_killed",
	  after_host_death },
	{ "cgroups_that_an_agent_made_below_its_own_are_removed", made_below },
	{ "runs_at_once_and_failed_starts_leave_no_cgroup", many },
	{ "the_cgroup_of_a_killed_monitor_goes_with_the_next_run",
	  lost_monitors },
	{ "an_agent_lives_below_a_cgroup_that_was_killed_once", killed_before },
	{ "a_process_moved_into_the_cgroup_belongs_to_the_run", strangers },
	{ NULL, NULL },
};

int
main (void)
{
	pidns_enter ();
	return tap_run ("run_cgroup", cases);
}
