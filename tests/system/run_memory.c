/* SPDX-License-Identifier: MIT */
/* run_memory.c - who was killed for want of memory, and who was not. */
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/cgroup.h"
#include "lib/pidns.h"
#include "lib/trial.h"
#include "lib/monitor_driver.h"
#include "lib/child.h"

#define LIMIT "67108864"
#define TOO_MUCH_MIB "256"

static const int containments[] = { LHK_CONTAIN_CGROUP, LHK_CONTAIN_PIDNS,
				    LHK_CONTAIN_SUBREAPER };

/* A cgroup with little memory, of either version. */
static int
make_small (char dir[CGROUP_PATH])
{
	if (cgroup_make ("memory", 0, dir)) {
		if (cgroup_put (dir, "memory.limit_in_bytes", LIMIT)) {
			cgroup_put (dir, "memory.memsw.limit_in_bytes", LIMIT);
			return 1;
		}
		cgroup_remove (dir);
	}
	if (!cgroup_make (NULL, 0, dir))
		return 0;
	if (cgroup_put (dir, "memory.max", LIMIT)) {
		cgroup_put (dir, "memory.swap.max", "0");
		return 1;
	}
	cgroup_remove (dir);
	return 0;
}

static void
check_oom (int tier)
{
	struct trial t;

	trial_begin (&t, 0);
	t.opts.contain = tier;
	if (trial_run (&t, AGENT ("out", "x", "eat", TOO_MUCH_MIB))) {
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_SIGNALED);
		TAP_EQ_INT (t.result->outcome.signal, SIGKILL);
		TAP_EQ_INT (t.result->outcome.oom, 1);
		TAP_EQ_INT (t.result->verdict, LHK_VERDICT_OOM);
	}
	/* The evidence is of this run, not of the one before. */
	t.opts.contain = tier;
	if (trial_run (&t, AGENT ("raise", "9"))) {
		TAP_EQ_INT (t.result->outcome.signal, SIGKILL);
		TAP_EQ_INT (t.result->outcome.oom, 0);
		TAP_EQ_INT (t.result->verdict, LHK_VERDICT_KILLED);
	}
	trial_end (&t);
}

static void
out_of_memory (void)
{
	char dir[CGROUP_PATH];
	size_t i;

	if (!make_small (dir)) {
		tap_skip ("no memory cgroup can be made here");
		return;
	}
	for (i = 0; i < sizeof containments / sizeof containments[0]; i++)
		child_run_as (check_oom, containments[i], 0, dir);
	cgroup_remove (dir);
}

/* A child is killed, the agent lives on; then we kill the agent. */
static void
check_others (int arg)
{
	const char *file = pids_file ();
	struct proto_report r;
	struct monitor_client h;
	int alive;

	monitor_driver_start (&h, AGENT ("fork", "(", "eat", TOO_MUCH_MIB, ")",
					 "wait", "exit", "3"));
	monitor_driver_begin (&h, CONTAIN_SUBREAPER, 0, &r);
	TAP_EQ_INT (monitor_driver_next (&h, &r), PROTO_EXITED);
	TAP_EQ_INT (WEXITSTATUS (r.status), 3);
	TAP_EQ_INT (r.oom, 0);
	TAP_EQ_INT (monitor_driver_last (&h, &r), PROTO_EMPTY);
	TAP_EQ_INT (monitor_driver_end (&h), 0);

	monitor_driver_start (&h, AGENT ("fork", "(", "eat", TOO_MUCH_MIB, ")",
					 "wait", "pidfile", file, "pause"));
	monitor_driver_begin (&h, CONTAIN_SUBREAPER, 0, &r);
	while (access (file, F_OK) < 0)
		sleep_us (1000);
	pids_read (file, &alive);
	monitor_client_send (&h, arg == 0 ? PROTO_KILL : PROTO_TERM, SIGKILL);
	TAP_EQ_INT (monitor_driver_next (&h, &r), PROTO_EXITED);
	TAP_EQ_INT (WTERMSIG (r.status), SIGKILL);
	TAP_EQ_INT (r.oom, 0);
	TAP_EQ_INT (monitor_driver_last (&h, &r), PROTO_EMPTY);
	TAP_EQ_INT (monitor_driver_end (&h), 0);
}

static void
others (void)
{
	char dir[CGROUP_PATH];

	if (!make_small (dir)) {
		tap_skip ("no memory cgroup can be made here");
		return;
	}
	child_run_as (check_others, 0, 0, dir);
	child_run_as (check_others, 1, 0, dir);
	cgroup_remove (dir);
}

static void
check_score (int arg)
{
	char text[32] = "";
	struct trial t;
	FILE *f;
	long own;

	f = fopen ("/proc/self/oom_score_adj", "w");
	if (f != NULL) {
		fprintf (f, "%d", arg);
		fclose (f);
	}
	f = fopen ("/proc/self/oom_score_adj", "r");
	if (f == NULL || fgets (text, sizeof text, f) == NULL)
		text[0] = '\0';
	if (f != NULL)
		fclose (f);
	own = atol (text) + 100;
	snprintf (text, sizeof text, "%ld\n", own > 1000 ? 1000 : own);
	trial_begin (&t, 0);
	if (trial_run (&t, WORDS ("cat", "/proc/self/oom_score_adj")))
		TAP_EQ_STR (t.text, text);
	trial_end (&t);
}

static void
score (void)
{
	static const int scores[] = { 0, 7, 950, 1000 };
	size_t i;

	for (i = 0; i < sizeof scores / sizeof scores[0]; i++) {
		child_run_as (check_score, scores[i], 0, NULL);
		child_run_as (check_score, scores[i], NOBODY, NULL);
	}
	if (geteuid () == 0)
		child_run_as (check_score, -500, 0, NULL);
}

/* Its limit of CPU time is held against its own alone. */
static void
cpu (void)
{
	struct proto_report r;
	struct monitor_client h;

	monitor_driver_start (&h, AGENT ("childburn", "400", "burn", "50"));
	monitor_driver_begin (&h, CONTAIN_AUTO, 0, &r);
	TAP_EQ_INT (monitor_driver_next (&h, &r), PROTO_EXITED);
	TAP_EQ_INT (r.agent_cpu_us >= 50000, 1);
	TAP_EQ_INT (r.agent_cpu_us < 400000, 1);
	TAP_EQ_INT (r.user_us + r.sys_us >= 400000, 1);
	TAP_EQ_INT (monitor_driver_last (&h, &r), PROTO_EMPTY);
	TAP_EQ_INT (monitor_driver_end (&h), 0);
}

static const struct tap_case cases[] = {
	{ "an_agent_killed_for_want_of_memory_is_oom_in_every_tier",
	  out_of_memory },
	{ "a_kill_of_ours_and_a_child_out_of_memory_are_not_oom", others },
	{ "an_agent_is_killed_for_memory_before_its_monitor", score },
	{ "the_cpu_time_is_that_of_the_agent_alone", cpu },
	{ NULL, NULL },
};

int
main (void)
{
	pidns_enter ();
	return tap_run ("run_memory", cases);
}
