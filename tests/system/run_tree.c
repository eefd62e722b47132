/* SPDX-License-Identifier: MIT */
/* run_tree.c - nothing of an agent is left, whatever it started. */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/trial.h"

/* Words of an agent with relatives that write their pids to FILE and say "up"
 * when they are there.  %s is the file. */
static const struct shape {
	const char *name;
	int n; /* relatives */
	const char *words[24];
} shapes[] = {
	{ "child",
	  1,
	  { "fork", "(", "pidfile", "%s", "out", "up", "pause", ")" } },
	{ "two children",
	  2,
	  { "fork", "(", "pidfile", "%s", "out", "up", "pause", ")", "fork",
	    "(", "pidfile", "%s", "out", "up", "pause", ")" } },
	{ "session",
	  1,
	  { "fork", "(", "setsid", "pidfile", "%s", "out", "up", "pause",
	    ")" } },
	{ "daemon",
	  1,
	  { "daemon", "(", "pidfile", "%s", "out", "up", "pause", ")" } },
	{ "daemon that ignores signals",
	  1,
	  { "daemon", "(", "ignoreall", "pidfile", "%s", "out", "up", "pause",
	    ")" } },
	{ "stopped daemon",
	  1,
	  { "daemon", "(", "pidfile", "%s", "out", "up", "stop", ")" } },
	{ "nested",
	  3,
	  { "fork", "(",     "pidfile", "%s",	  "daemon",  "(",     "pidfile",
	    "%s",   "fork",  "(",	"setsid", "pidfile", "%s",    "out",
	    "up",   "pause", ")",	"pause",  ")",	     "pause", ")" } },
};

#define N_SHAPES (sizeof shapes / sizeof shapes[0])

/* The agent's words, with those of END behind. */
static void
make_argv (const struct shape *s, const char *file, const char *const *end,
	   const char **argv)
{
	const char *const *w;

	*argv++ = trial_agent ();
	for (w = s->words; *w != NULL; w++)
		*argv++ = strcmp (*w, "%s") == 0 ? file : *w;
	while (*end != NULL)
		*argv++ = *end++;
	*argv = NULL;
}

static int
count_up (const struct trial *t)
{
	const char *p = t->text;
	int n = 0;

	while (p != NULL && (p = strstr (p, "up\n")) != NULL) {
		n++;
		p += 3;
	}
	return n;
}

static void
check_gone (const struct shape *s, const char *file)
{
	int alive;

	tap_note ("shape: %s", s->name);
	TAP_EQ_INT (pids_read (file, &alive), s->n);
	TAP_EQ_INT (alive, 0);
	TAP_EQ_INT (count_children (), 0);
}

static void
gone_after_cancel (void)
{
	const char *argv[64];
	const char *file;
	struct trial t;
	size_t i;

	trial_begin (&t, 0);
	for (i = 0; i < N_SHAPES; i++) {
		file = pids_file ();
		make_argv (&shapes[i], file, WORDS ("pause"), argv);
		t.opts.drain_ms = 100;
		if (trial_start (&t, argv) != LHK_OK)
			break;
		while (count_up (&t) < (shapes[i].n == 2 ? 2 : 1))
			if (lhk_host_dispatch (t.host, 10000) < 0)
				break;
		lhk_run_cancel (t.run, 0);
		if (trial_wait (&t)) {
			TAP_EQ_INT (t.result->outcome.end_reason,
				    LHK_END_CANCELED);
			TAP_EQ_INT (t.result->outcome.n_survivors, 0);
		}
		check_gone (&shapes[i], file);
	}
	trial_end (&t);
}

/* The agent leaves when its relatives are up: it waits to be told by its
 * stdin, which is at its end when the test has heard them. */
static void
gone_after_exit (void)
{
	const char *argv[64];
	const char *file;
	struct trial t;
	int hold[2];
	size_t i;

	trial_begin (&t, 0);
	for (i = 0; i < N_SHAPES; i++) {
		file = pids_file ();
		make_argv (&shapes[i], file, WORDS ("eof", "exit", "0"), argv);
		if (pipe (hold) < 0)
			break;
		t.opts.stdin_mode = LHK_STDIN_FD;
		t.opts.stdin_fd = hold[0];
		t.opts.drain_ms = 100;
		if (trial_start (&t, argv) != LHK_OK)
			break;
		close (hold[0]);
		while (count_up (&t) < (shapes[i].n == 2 ? 2 : 1))
			if (lhk_host_dispatch (t.host, 10000) < 0)
				break;
		close (hold[1]);
		if (trial_wait (&t)) {
			TAP_EQ_INT (t.result->outcome.end_reason,
				    LHK_END_EXITED);
			TAP_EQ_INT (t.result->verdict, LHK_VERDICT_OK);
			TAP_EQ_INT (t.result->outcome.flags,
				    LHK_FLAG_DRAIN_CUT
					    | LHK_FLAG_LEFTOVER_KILLED);
		}
		check_gone (&shapes[i], file);
	}
	trial_end (&t);
}

static void
gone_after_timeout (void)
{
	const char *argv[64];
	const char *file;
	struct trial t;
	size_t i;

	trial_begin (&t, 0);
	for (i = 0; i < N_SHAPES; i++) {
		file = pids_file ();
		make_argv (&shapes[i], file, WORDS ("ignoreall", "pause"),
			   argv);
		t.opts.idle_ms = 2000;
		t.opts.grace_ms = 50;
		if (trial_run (&t, argv))
			TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_IDLE);
		check_gone (&shapes[i], file);
	}
	trial_end (&t);
}

static void
shell_jobs (void)
{
	const char *file = pids_file ();
	char script[512];
	struct trial t;
	int alive;

	snprintf (script, sizeof script,
		  "job='echo $$ >>%s; exec sleep 100'\n"
		  "sh -c \"$job\" & sh -c \"$job\" &\n"
		  "sh -c \"(sh -c '$job' &) ; wait\" &\n"
		  "until [ $(wc -l <%s) = 3 ]; do sleep 0.01; done\n"
		  "echo up; wait",
		  file, file);
	trial_begin (&t, 0);
	t.cancel_on = "up";
	t.opts.drain_ms = 200;
	if (trial_run (&t, WORDS ("sh", "-c", script)))
		TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_CANCELED);
	TAP_EQ_INT (pids_read (file, &alive), 3);
	TAP_EQ_INT (alive, 0);
	TAP_EQ_INT (count_children (), 0);
	trial_end (&t);
}

static void
hydra (void)
{
	struct trial t;
	int i;

	trial_begin (&t, 0);
	for (i = 0; i < 5; i++) {
		t.opts.drain_ms = 30;
		if (trial_run (&t, AGENT ("daemon", "(", "close", "1", "close",
					  "2", "hydra", "1", ")", "daemon", "(",
					  "hydra", "0", ")", "sleep", "20"))) {
			TAP_EQ_INT (t.result->outcome.end_reason,
				    LHK_END_EXITED);
			TAP_EQ_INT (t.result->outcome.n_survivors, 0);
			CU_ASSERT (t.result->outcome.flags
				   & LHK_FLAG_LEFTOVER_KILLED);
		}
	}
	TAP_EQ_INT (count_children (), 0);
	trial_end (&t);
}

static void
many_daemons (void)
{
	const char *argv[420];
	struct trial t;
	const char *file = pids_file ();
	int alive, i, n = 1;

	argv[0] = trial_agent ();
	for (i = 0; i < 50; i++) {
		argv[n++] = "daemon";
		argv[n++] = "(";
		argv[n++] = "pidfile";
		argv[n++] = file;
		argv[n++] = "out";
		argv[n++] = "up";
		argv[n++] = "pause";
		argv[n++] = ")";
	}
	argv[n++] = "pause";
	argv[n] = NULL;
	trial_begin (&t, 0);
	t.opts.drain_ms = 50;
	if (trial_start (&t, argv) == LHK_OK) {
		while (count_up (&t) < 50)
			if (lhk_host_dispatch (t.host, 10000) < 0)
				break;
		lhk_run_cancel (t.run, 0);
		trial_wait (&t);
	}
	TAP_EQ_INT (pids_read (file, &alive), 50);
	TAP_EQ_INT (alive, 0);
	trial_end (&t);
}

static void
own_group (void)
{
	struct trial t;
	int pid, sid, pgid;

	trial_begin (&t, 0);
	if (trial_run (&t, AGENT ("ids"))) {
		CU_ASSERT_EQUAL (
			sscanf (t.text, "ids %d %d %d", &pid, &sid, &pgid), 3);
		TAP_EQ_INT (sid, pid);
		TAP_EQ_INT (pgid, pid);
	}
	trial_end (&t);
}

static void
freed_while_running (void)
{
	const char *file = pids_file ();
	struct trial t;
	int before, alive;

	trial_begin (&t, 0);
	CU_ASSERT (lhk_host_fd (t.host) >= 0);
	before = count_fds ();
	if (trial_start (&t, AGENT ("daemon", "(", "ignoreall", "pidfile", file,
				    "out", "up", "pause", ")", "ignoreall",
				    "pause"))
	    == LHK_OK) {
		while (count_up (&t) < 1)
			if (lhk_host_dispatch (t.host, 10000) < 0)
				break;
		lhk_run_free (t.run);
		t.run = NULL;
		TAP_EQ_INT (t.n_final, 0);
	}
	TAP_EQ_INT (pids_read (file, &alive), 1);
	TAP_EQ_INT (alive, 0);
	TAP_EQ_INT (count_fds (), before);
	TAP_EQ_INT (count_children (), 0);
	/* And by the host. */
	TAP_EQ_INT (trial_start (&t, AGENT ("pause")), LHK_OK);
	t.run = NULL;
	lhk_host_free (t.host);
	t.host = NULL;
	TAP_EQ_INT (count_children (), 0);
	free (t.text);
}

static const struct tap_case cases[] = {
	{ "no_relative_is_alive_after_a_cancel", gone_after_cancel },
	{ "no_relative_is_alive_after_an_ordinary_exit", gone_after_exit },
	{ "no_relative_is_alive_after_a_timeout", gone_after_timeout },
	{ "jobs_of_nested_shells_are_gone_after_a_cancel", shell_jobs },
	{ "processes_that_fork_all_the_time_are_caught", hydra },
	{ "fifty_daemons_are_killed_and_reaped", many_daemons },
	{ "the_agent_leads_its_own_session_and_group", own_group },
	{ "a_run_freed_while_it_goes_on_leaves_nothing", freed_while_running },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("run_tree", cases);
}
