/* SPDX-License-Identifier: MIT */
/*
 * run_guard.c - every containment against a host that dies and an agent that
 * turns on its monitor.
 */
#include "config.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/child.h"
#include "lib/monitor_driver.h"
#include "lib/containments.h"
#include "lib/machine.h"
#include "lib/pidns.h"

/* ---- a host that dies ---- */

static int
has_peer_pidfd (void)
{
	int pair[2], fd = -1;
	socklen_t len = sizeof fd;

	if (socketpair (AF_UNIX, SOCK_SEQPACKET, 0, pair) < 0)
		return 0;
	if (getsockopt (pair[0], SOL_SOCKET, 77, &fd, &len) < 0)
		fd = -1;
	close (pair[0]);
	close (pair[1]);
	close (fd);
	return fd >= 0;
}

/* Killed, with a child that holds all its descriptors until LEAVE ends. */
static void
be_host (const struct containment *on, int hold, int leave)
{
	struct trial t;
	char c;

	trial_begin (&t, 0);
	t.opts.contain = on->contain;
	t.opts.stdin_mode = LHK_STDIN_FD;
	t.opts.stdin_fd = hold;
	if (trial_start (&t, AGENT ("daemon", "(", "ignoreall", "pause", ")",
				    "ignoreall", "out", "up", "pause"))
	    != LHK_OK)
		_exit (99);
	while (trial_count_up (&t) < 1)
		if (lhk_host_dispatch (t.host, 20000) < 0)
			_exit (99);
	close (hold);
	if (has_peer_pidfd () && fork () == 0) {
		while (read (leave, &c, 1) > 0)
			;
		_exit (0);
	}
	kill (getpid (), SIGKILL);
}

static void
lose_host (int arg)
{
	struct pollfd p = { .events = 0 };
	int hold[2], leave[2];
	long long began;
	pid_t pid;

	if (pipe (hold) < 0 || pipe (leave) < 0)
		exit (99);
	pid = fork ();
	if (pid == 0) {
		close (hold[1]);
		close (leave[1]);
		be_host (&containments[arg], hold[0], leave[0]);
	}
	close (hold[0]);
	waitpid (pid, NULL, 0);
	began = now_ms ();
	p.fd = hold[1];
	TAP_EQ_INT (poll (&p, 1, 20000), 1);
	tap_note ("%s as %d: %lld ms", containments[arg].text,
		  (int) containments[arg].uid, now_ms () - began);
	while (containment_cgroup[0] != '\0'
	       && cgroup_count (containment_cgroup) > 0
	       && now_ms () < began + 20000)
		poll (NULL, 0, 1);
	close (leave[1]);
	close (hold[1]);
}

static void
host_dies (void)
{
	containment_each (lose_host);
}

/* ---- an agent against its monitor ---- */

static void
attack_monitor (int arg)
{
	const struct containment *on = &containments[arg];
	struct trial t;

	trial_begin (&t, 0);
	t.opts.contain = on->contain;
	if (trial_run (&t, AGENT ("killparent", "stopparent", "daemon", "(",
				  "pause", ")", "out", "alive", "exit", "3"))) {
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_EXITED);
		TAP_EQ_INT (t.result->outcome.exit_code, 3);
		TAP_EQ_STR (t.text, "alive\n");
		containment_check (on, &t.result->outcome);
	}
	TAP_EQ_INT (count_children (), 0);
	trial_end (&t);
}

static void
monitor_is_out_of_reach (void)
{
	if (machine_has_scope ())
		containment_each (attack_monitor);
	else
		tap_skip ("this kernel has no Landlock of ABI 6");
}

/* Without that fence, process 1 of a namespace is out of reach all the same. */
static void
attack_first (int arg)
{
	struct trial t;

	(void) arg;
	trial_begin (&t, 0);
	t.opts.contain = LHK_CONTAIN_PIDNS;
	t.opts.flags = LHK_RUN_UNSCOPED;
	if (trial_run (&t, AGENT ("killparent", "stopparent", "killinit",
				  "stopinit", "out", "alive", "exit", "3"))) {
		TAP_EQ_INT (t.result->outcome.exit_code, 3);
		TAP_EQ_STR (t.text, "alive\n");
		TAP_EQ_STR (t.result->outcome.contain, "pidns");
	}
	trial_end (&t);
}

/* Who waits outside takes the namespace along. */
static void
kill_outside (int arg)
{
	struct proto_report r;
	struct monitor_client h;
	long long until = now_ms () + 20000;

	(void) arg;
	monitor_driver_start (&h, AGENT ("daemon", "(", "pause", ")", "pause"));
	monitor_driver_begin (&h, CONTAIN_PIDNS, 0, &r);
	TAP_EQ_INT (kill (r.pid, 0), 0);
	kill (h.pid, SIGKILL);
	while (kill (r.pid, 0) == 0 && now_ms () < until)
		sleep_us (1000);
	TAP_EQ_INT (kill (r.pid, 0), -1);
	TAP_EQ_INT (monitor_driver_end (&h), -SIGKILL);
}

/* For root and for another user; the case is skipped where one cannot. */
static void
with_pidns (void (*fn) (int arg))
{
	static const uid_t users[] = { 0, NOBODY };
	size_t i;

	for (i = 0; i < 2; i++)
		if (machine_has_containment (LHK_CONTAIN_PIDNS, users[i]))
			child_run_as (fn, 0, users[i], NULL);
		else
			tap_skip (
				machine_lacks_containment (LHK_CONTAIN_PIDNS));
}

static void
outside (void)
{
	with_pidns (kill_outside);
}

static void
first_of_namespace (void)
{
	with_pidns (attack_first);
}

static void
unscoped (void)
{
	struct trial t;

	trial_begin (&t, 0);
	t.opts.contain = LHK_CONTAIN_SUBREAPER;
	t.opts.flags = LHK_RUN_UNSCOPED;
	if (trial_run (&t, AGENT ("out", "x")))
		TAP_EQ_STR (t.result->outcome.contain, "subreaper");
	t.opts.contain = LHK_CONTAIN_SUBREAPER;
	t.opts.flags = LHK_RUN_UNSCOPED;
	/* It dies with its monitor. */
	if (trial_run (&t, AGENT ("killparent", "pause")))
		TAP_EQ_INT (t.result->outcome.flags & LHK_FLAG_MONITOR_LOST,
			    LHK_FLAG_MONITOR_LOST);
	trial_end (&t);
}

static const struct tap_case cases[] = {
	{ "no_tree_is_left_by_a_killed_host_whose_child_holds_its_files",
	  host_dies },
	{ "an_agent_cannot_kill_or_stop_its_monitor", monitor_is_out_of_reach },
	{ "process_1_of_the_namespace_is_safe_without_the_fence",
	  first_of_namespace },
	{ "a_namespace_ends_with_the_process_that_waits_outside", outside },
	{ "an_unscoped_agent_may_signal_its_monitor_and_dies_with_it",
	  unscoped },
	{ NULL, NULL },
};

int
main (void)
{
	pidns_enter ();
	return tap_run ("run_guard", cases);
}
