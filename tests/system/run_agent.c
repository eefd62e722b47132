/* SPDX-License-Identifier: MIT */
/* run_agent.c - what an agent finds: descriptors, signals, environment. */
#include "config.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/child.h"
#include "lib/trial.h"

static void
only_three_fds (void)
{
	int fds[200];
	struct trial t;
	int i;

	/* Those of an embedder that does not close on exec. */
	for (i = 0; i < 200; i++)
		fds[i] = open ("/dev/null", O_RDONLY);
	trial_begin (&t, 0);
	if (trial_run (&t, AGENT ("fds")))
		TAP_EQ_STR (t.text, "fds 0 1 2\n");
	t.opts.stdin_mode = LHK_STDIN_BYTES;
	t.opts.input = (struct lhk_str){ "x", 1 };
	t.opts.stdout_mode = LHK_STDOUT_FILE;
	if (trial_run (&t, AGENT ("fds")))
		TAP_EQ_STR (t.text, "fds 0 1 2\n");
	trial_end (&t);
	for (i = 0; i < 200; i++)
		close (fds[i]);
}

static int
odd_signals (int arg)
{
	struct sigaction ign = { .sa_handler = SIG_IGN };
	struct trial t;
	sigset_t all;
	int i, bad;

	(void) arg;
	for (i = 1; i <= 64; i++)
		if (i != SIGKILL && i != SIGSTOP)
			sigaction (i, &ign, NULL);
	sigfillset (&all);
	sigprocmask (SIG_SETMASK, &all, NULL);
	trial_begin (&t, 0);
	if (trial_start (&t, AGENT ("signals")) != LHK_OK
	    || lhk_run_wait (t.run, 10000) != LHK_OK)
		return 10;
	bad = strcmp (t.text, "SigPnd:\t0000000000000000\n"
			      "SigBlk:\t0000000000000000\n"
			      "SigIgn:\t0000000000000000\n"
			      "SigCgt:\t0000000000000000\n")
	      != 0;
	if (bad)
		tap_note ("%s", t.text);
	trial_end (&t);
	return bad ? 11 : 0;
}

static void
signals_are_reset (void)
{
	child_run (odd_signals, 0);
}

static void
environment (void)
{
	static const char *const own[] = { "CLAUDECODE=2", "A=b", NULL };
	struct trial t;

	setenv ("CLAUDECODE", "1", 1);
	setenv ("RUN_GUEST", "kept", 1);
	trial_begin (&t, 0);
	if (trial_run (&t, AGENT ("env", "CLAUDECODE", "env", "RUN_GUEST")))
		TAP_EQ_STR (t.text, "(unset)\nkept\n");
	t.opts.envp = own;
	if (trial_run (&t, AGENT ("env", "CLAUDECODE", "env", "RUN_GUEST",
				  "env", "A")))
		TAP_EQ_STR (t.text, "2\n(unset)\nb\n");
	trial_end (&t);
	unsetenv ("CLAUDECODE");
	unsetenv ("RUN_GUEST");
}

static void
path_of_child (void)
{
	static const char *own[] = { NULL, NULL };
	char path[512], dir[400];
	struct trial t;
	char *slash;

	snprintf (dir, sizeof dir, "%s", trial_agent ());
	slash = strrchr (dir, '/');
	if (slash == NULL)
		exit (99);
	*slash = '\0';
	snprintf (path, sizeof path, "PATH=/no/such:%s", dir);
	own[0] = path;
	trial_begin (&t, 0);
	t.opts.envp = own;
	if (trial_run (&t, WORDS ("agent", "out", "found")))
		TAP_EQ_STR (t.text, "found\n");
	trial_end (&t);
}

static void
limits (void)
{
	struct lhk_rlimit limit = { RLIMIT_NOFILE, 0, 64 };
	struct trial t;

	trial_begin (&t, 0);
	t.opts.limits = &limit;
	t.opts.n_limits = 1;
	if (trial_run (&t, AGENT ("limit")))
		TAP_EQ_STR (t.text, "nofile 64 64\n");
	trial_end (&t);
}

/* What the monitor needs for itself is not taken from either. */
static void
few_files (void)
{
	struct lhk_rlimit limit = { RLIMIT_NOFILE, 0, 5 };
	struct rlimit old, tight;
	char *contain = NULL;
	char wanted[64];
	struct trial t;
	int r;

	trial_begin (&t, 0);
	if (trial_run (&t, AGENT ("limit")))
		contain = strdup (t.result->outcome.contain);
	CU_ASSERT_PTR_NOT_NULL_FATAL (contain);
	t.opts.limits = &limit;
	t.opts.n_limits = 1;
	if (trial_run (&t, AGENT ("limit"))) {
		TAP_EQ_STR (t.text, "nofile 5 5\n");
		TAP_EQ_STR (t.result->outcome.contain, contain);
	}
	getrlimit (RLIMIT_NOFILE, &old);
	tight = old;
	/* The least with which it can be started at all. */
	tight.rlim_cur = (rlim_t) count_fds ();
	do {
		tight.rlim_cur++;
		setrlimit (RLIMIT_NOFILE, &tight);
		r = trial_start (&t, AGENT ("limit"));
	} while (r == LHK_ESYS && tight.rlim_cur < old.rlim_cur);
	CU_ASSERT_EQUAL_FATAL (r, LHK_OK);
	if (trial_wait (&t)) {
		snprintf (wanted, sizeof wanted, "nofile %lld %lld\n",
			  (long long) tight.rlim_cur,
			  (long long) tight.rlim_max);
		TAP_EQ_STR (t.text, wanted);
		TAP_EQ_STR (t.result->outcome.contain, contain);
	}
	setrlimit (RLIMIT_NOFILE, &old);
	free (contain);
	trial_end (&t);
}

static void
usage (void)
{
	struct trial t;

	trial_begin (&t, 0);
	if (trial_run (&t, WORDS ("sh", "-c",
				  "i=0; while [ $i -lt 100000 ]; do"
				  " i=$((i+1)); done"))) {
		CU_ASSERT (t.result->outcome.user_ms + t.result->outcome.sys_ms
			   >= 10);
		CU_ASSERT (t.result->outcome.max_rss_kib > 100);
	}
	trial_end (&t);
}

static const struct tap_case cases[] = {
	{ "the_agent_has_descriptors_0_1_2_and_no_other", only_three_fds },
	{ "dispositions_and_mask_of_the_agent_are_the_default",
	  signals_are_reset },
	{ "the_environment_is_the_callers_less_the_markers", environment },
	{ "the_command_is_searched_in_the_childs_path", path_of_child },
	{ "limits_of_resources_are_set_for_the_agent", limits },
	{ "a_limit_on_descriptors_is_the_hosts_or_the_agents", few_files },
	{ "times_and_memory_of_the_tree_are_reported", usage },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("run_agent", cases);
}
