/* SPDX-License-Identifier: MIT */
/*
 * run_survivors.c - who cannot be killed is named, by the number that the host
 * knows, and does not keep the run.
 *
 * A process in a frozen cgroup of version 1 is not killed before it thaws: so
 * does one that sleeps uninterruptibly.
 */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/cgroup.h"
#include "lib/pidns.h"
#include "lib/trial.h"
#include "lib/monitor_driver.h"

static const int containments[] = { LHK_CONTAIN_CGROUP, LHK_CONTAIN_PIDNS,
				    LHK_CONTAIN_SUBREAPER };

#define N_CONTAINMENTS (sizeof containments / sizeof containments[0])

/* Of the freezer. */
static char dir[CGROUP_PATH];

static int
begin (void)
{
	if (cgroup_make ("freezer", 0, dir))
		return 1;
	tap_skip ("no freezer of version 1 here");
	return 0;
}

/* N are in it; then they are frozen.  One of them. */
static int
freeze (int n)
{
	long long until = now_ms () + 20000;
	char path[CGROUP_PATH + 32], text[32] = "";
	int found = 0, pid = 0;
	FILE *f;

	snprintf (path, sizeof path, "%s/cgroup.procs", dir);
	while (found < n && now_ms () < until) {
		sleep_us (1000);
		found = 0;
		f = fopen (path, "r");
		while (f != NULL && fscanf (f, "%d", &pid) == 1)
			found++;
		if (f != NULL)
			fclose (f);
	}
	TAP_EQ_INT (found, n);
	cgroup_put (dir, "freezer.state", "FROZEN");
	snprintf (path, sizeof path, "%s/freezer.state", dir);
	while (strcmp (text, "FROZEN\n") != 0 && now_ms () < until) {
		f = fopen (path, "r");
		if (f == NULL || fgets (text, sizeof text, f) == NULL)
			text[0] = '\0';
		if (f != NULL)
			fclose (f);
	}
	return pid;
}

static void
end (void)
{
	CU_ASSERT_EQUAL (cgroup_put (dir, "freezer.state", "THAWED"), 1);
	cgroup_remove (dir);
}

static int
has (const struct proto_report *r, int pid)
{
	uint32_t i;

	for (i = 0; i < r->n_survivors && i < PROTO_SURVIVORS_MAX; i++)
		if (r->survivors[i] == pid)
			return 1;
	return 0;
}

/* The agent itself, and whom it leaves. */
static void
named (void)
{
	struct trial t;
	long long began;
	size_t i;
	int pid;

	for (i = 0; i < N_CONTAINMENTS; i++) {
		if (!begin ())
			return;
		trial_begin (&t, 0);
		t.opts.contain = containments[i];
		t.opts.grace_ms = 10;
		TAP_EQ_INT (trial_start (&t, AGENT ("daemon", "(", "pause", ")",
						    "enter", dir, "out", "up",
						    "pause")),
			    LHK_OK);
		while (t.text_len == 0)
			if (lhk_host_dispatch (t.host, 20000) < 0)
				break;
		pid = freeze (1);
		began = now_ms ();
		lhk_run_cancel (t.run, 0);
		if (trial_wait (&t)) {
			TAP_EQ_INT (t.result->outcome.end_reason,
				    LHK_END_HOST_ERROR);
			TAP_EQ_INT (t.result->outcome.n_survivors, 1);
			TAP_EQ_INT (t.result->outcome.survivors[0], pid);
			TAP_EQ_INT (now_ms () - began >= PROTO_KILL_MS, 1);
		}
		tap_note ("tier %d: %lld ms", containments[i],
			  now_ms () - began);
		end ();
		trial_end (&t);
	}
}

static void
many (void)
{
	const char *argv[640];
	struct proto_report r;
	struct monitor_client h;
	int i, pid, n = 0;

	if (!begin ())
		return;
	argv[n++] = trial_agent ();
	for (i = 0; i < 70; i++) {
		argv[n++] = i % 2 == 0 ? "daemon" : "fork";
		argv[n++] = "(";
		argv[n++] = "enter";
		argv[n++] = dir;
		argv[n++] = "pause";
		argv[n++] = ")";
	}
	argv[n++] = "pause";
	argv[n] = NULL;
	monitor_driver_start (&h, argv);
	monitor_driver_begin (&h, CONTAIN_AUTO, 0, &r);
	pid = freeze (70);
	monitor_client_send (&h, PROTO_KILL, 0);
	TAP_EQ_INT (monitor_driver_last (&h, &r), PROTO_SURVIVORS_LEFT);
	TAP_EQ_INT (r.n_survivors, 70);
	TAP_EQ_INT (r.survivors[PROTO_SURVIVORS_MAX - 1] > 1, 1);
	TAP_EQ_INT (has (&r, pid) || r.n_survivors > PROTO_SURVIVORS_MAX, 1);
	TAP_EQ_INT (monitor_driver_end (&h), 0);
	end ();
}

/* Those of one who cannot be killed are not spared: they do not become the
 * monitor's children. */
static void
below_a_survivor (void)
{
	struct proto_report r;
	struct monitor_client h;
	const char *file;
	int alive;
	size_t i;

	for (i = 0; i < N_CONTAINMENTS; i++) {
		if (!begin ())
			return;
		file = pids_file ();
		monitor_driver_start (&h, AGENT ("fork", "(", "setsid", "fork",
						 "(", "setsid", "pidfile", file,
						 "pause", ")", "pause", ")",
						 "enter", dir, "pause"));
		monitor_driver_begin (&h, containments[i], 0, &r);
		freeze (1);
		while (access (file, F_OK) < 0)
			sleep_us (1000);
		monitor_client_send (&h, PROTO_KILL, 0);
		TAP_EQ_INT (monitor_driver_last (&h, &r), PROTO_SURVIVORS_LEFT);
		TAP_EQ_INT (r.n_survivors, 1);
		TAP_EQ_INT (monitor_driver_end (&h), 0);
		end ();
		pids_read (file, &alive);
	}
}

static const struct tap_case cases[] = {
	{ "a_process_that_cannot_be_killed_is_named_in_every_tier", named },
	{ "more_survivors_than_are_named_are_counted", many },
	{ "children_of_a_survivor_are_killed_all_the_same", below_a_survivor },
	{ NULL, NULL },
};

int
main (void)
{
	pidns_enter ();
	return tap_run ("run_survivors", cases);
}
