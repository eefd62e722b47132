/* SPDX-License-Identifier: MIT */
/*
 * run_old_kernel.c - runs end right on kernels that lack system calls.
 *
 * The program executes itself under a filter that refuses calls, or in another
 * namespace, and makes the same runs each time.
 */
#include "config.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/cgroup.h"
#include "lib/machine.h"
#include "lib/pidns.h"
#include "lib/trial.h"

#define ALL_CALLS                                                              \
	"landlock,pidfd_open,pidfd_send_signal,close_range,clone3,"            \
	"peerpidfd"

/* ---- the runs ---- */

static const char *texts[] = {
	[LHK_CONTAIN_CGROUP] = "cgroup",
	[LHK_CONTAIN_PIDNS] = "pidns",
	[LHK_CONTAIN_SUBREAPER] = "subreaper",
};

/* The end of a pipe that every process of the run holds as its stdin. */
static int
hold_stdin (struct trial *t)
{
	int hold[2];

	if (pipe2 (hold, O_CLOEXEC) < 0)
		exit (99);
	t->opts.stdin_mode = LHK_STDIN_FD;
	t->opts.stdin_fd = hold[0];
	return hold[1];
}

static void
start (struct trial *t, int tier, const char *const *argv)
{
	int mine = t->opts.stdin_fd;

	t->opts.contain = tier;
	TAP_EQ_INT (trial_start (t, argv), LHK_OK);
	close (mine);
}

static void
check_gone (int hold, int wait_ms)
{
	struct pollfd p = { .fd = hold, .events = 0 };

	TAP_EQ_INT (poll (&p, 1, wait_ms), 1);
	TAP_EQ_INT (p.revents & POLLERR, POLLERR);
	close (hold);
}

static void
check_exits (struct trial *t, int tier, int scoped)
{
	char text[32];
	int hold = hold_stdin (t);

	t->opts.drain_ms = 20;
	start (t, tier,
	       AGENT ("daemon", "(", "ignoreall", "pause", ")", "fork", "(",
		      "setsid", "hydra", "1", ")", "out", "x", "exit", "3"));
	if (trial_wait (t)) {
		TAP_EQ_INT (t->result->outcome.end_reason, LHK_END_EXITED);
		TAP_EQ_INT (t->result->outcome.exit_code, 3);
		TAP_EQ_INT (t->result->outcome.n_survivors, 0);
		TAP_EQ_STR (t->text == NULL ? "" : t->text, "x\n");
		snprintf (text, sizeof text, "%s%s", texts[tier],
			  scoped ? "+scope" : "");
		TAP_EQ_STR (t->result->outcome.contain, text);
	}
	check_gone (hold, 0);
}

static void
check_cancel (struct trial *t, int tier)
{
	int hold = hold_stdin (t);

	t->opts.drain_ms = 20;
	t->opts.grace_ms = 20;
	t->cancel_on = "up";
	start (t, tier,
	       AGENT ("ignoreall", "daemon", "(", "ignoreall", "pause", ")",
		      "out", "up", "pause"));
	if (trial_wait (t)) {
		TAP_EQ_INT (t->result->outcome.end_reason, LHK_END_CANCELED);
		TAP_EQ_INT (t->result->outcome.n_survivors, 0);
	}
	check_gone (hold, 0);
	t->opts.contain = tier;
	if (trial_run (t, WORDS ("/no/such/program"))) {
		TAP_EQ_STR (t->result->outcome.step, "exec");
		TAP_EQ_INT (t->result->outcome.has_exit, 0);
	}
}

/* The monitor learns of it by the control socket alone. */
static void
check_host_death (int tier)
{
	struct trial t;
	int hold[2], status;
	pid_t pid;

	if (pipe2 (hold, O_CLOEXEC) < 0)
		exit (99);
	fflush (stdout);
	pid = fork ();
	if (pid == 0) {
		close (hold[1]);
		trial_begin (&t, 0);
		t.opts.stdin_mode = LHK_STDIN_FD;
		t.opts.stdin_fd = hold[0];
		start (&t, tier,
		       AGENT ("daemon", "(", "ignoreall", "pause", ")", "out",
			      "up", "pause"));
		while (t.text_len == 0)
			if (lhk_host_dispatch (t.host, 20000) < 0)
				_exit (99);
		kill (getpid (), SIGKILL);
	}
	close (hold[0]);
	CU_ASSERT_EQUAL (waitpid (pid, &status, 0), pid);
	TAP_EQ_INT (WTERMSIG (status), SIGKILL);
	check_gone (hold[1], 20000);
}

/* TIERS has a digit for each LHK_CONTAIN_* that is tried. */
static void
run_tiers (const char *tiers, int scoped)
{
	struct trial t;
	int tier;

	trial_begin (&t, 0);
	for (; *tiers != '\0'; tiers++) {
		tier = *tiers - '0';
		check_exits (&t, tier, scoped);
		check_cancel (&t, tier);
		check_host_death (tier);
		TAP_EQ_INT (count_children (), 0);
	}
	trial_end (&t);
}

/* A run that wants a pid namespace is refused, with WORD in the reason. */
static void
check_no_pidns (const char *word)
{
	struct trial t;

	trial_begin (&t, 0);
	t.opts.contain = LHK_CONTAIN_PIDNS;
	if (trial_run (&t, AGENT ("out", "x"))) {
		const struct lhk_outcome *o = &t.result->outcome;

		TAP_EQ_INT (o->end_reason, LHK_END_SPAWN_FAILED);
		TAP_EQ_STR (o->step == NULL ? "" : o->step, "contain");
		TAP_EQ_INT (o->sys_errno != 0, 1);
		printf ("# %s\n", o->detail == NULL ? "" : o->detail);
		TAP_EQ_INT (o->detail != NULL
				    && strstr (o->detail, "no pid namespace")
					       != NULL
				    && strstr (o->detail, word) != NULL,
			    1);
	}
	TAP_EQ_INT (count_children (), 0);
	trial_end (&t);
}

/* ---- the program that is executed again ---- */

/* Enter a place that lacks something.  0, or -1 with errno. */
static int
enter (const char *place)
{
	if (strcmp (place, "foreign") == 0)
		return unshare (CLONE_NEWPID);
	if (strcmp (place, "noproc") == 0) {
		if (unshare (CLONE_NEWNS) < 0)
			return -1;
		while (umount2 ("/proc", MNT_DETACH) == 0)
			;
		return 0;
	}
	if (strcmp (place, "limited") == 0)
		return unshare (CLONE_NEWUSER) < 0
				       || !cgroup_put ("/proc/self", "uid_map",
						       "0 0 1")
				       || !cgroup_put ("/proc/sys/user",
						       "max_pid_namespaces",
						       "0")
			       ? -1
			       : 0;
	return 0;
}

static const char *reexec_tiers;
static int reexec_scoped;

static void
reexec_runs (void)
{
	if (reexec_tiers[0] == '!')
		check_no_pidns (reexec_tiers + 1);
	else
		run_tiers (reexec_tiers, reexec_scoped);
}

static const struct tap_case reexec_cases[] = {
	{ "the_same_runs", reexec_runs },
	{ NULL, NULL },
};

/* Reap children until PID has ended.  Its exit status. */
static int
await (pid_t pid)
{
	int status = 0;
	pid_t gone;

	do
		gone = wait (&status);
	while (gone > 0 && gone != pid);
	return WIFEXITED (status) ? WEXITSTATUS (status) : 99;
}

/* run_old_kernel PLACE TIERS SCOPED */
static int
reexec_main (char **argv)
{
	pid_t pid;
	int r;

	reexec_tiers = argv[2];
	reexec_scoped = atoi (argv[3]);
	if (enter (argv[1]) < 0)
		return 99;
	/* The first child may be process 1 of a namespace: it only reaps what
	 * others leave. */
	pid = fork ();
	if (pid > 0)
		_exit (await (pid));
	pid = fork ();
	if (pid > 0)
		_exit (await (pid));
	r = tap_run ("reexec", reexec_cases);
	fflush (stdout);
	/* Not exit: the leak check of a sanitizer fails in these places. */
	_exit (r);
}

static const char *
without (void)
{
	static char path[4096];
	const char *agent = trial_agent ();
	const char *slash = strrchr (agent, '/');

	snprintf (path, sizeof path, "%.*s/without",
		  slash == NULL ? 1 : (int) (slash - agent),
		  slash == NULL ? "." : agent);
	return path;
}

/* The path of this program. */
static char self[4096];

/* In a mount namespace of our own the link has the path outside. */
static void
find_self (void)
{
	ssize_t n = readlink ("/proc/self/exe", self, sizeof self - 1);

	self[n < 0 ? 0 : n] = '\0';
}

/* Execute this program without the system calls of the list CALLS ("": none
 * is missing), in PLACE, and expect that its runs of TIERS end right. */
static void
check (const char *calls, const char *place, const char *tiers, int scoped)
{
	char digit[] = { (char) ('0' + scoped), '\0' };
	const char *argv[] = { without (), calls, self, place,
			       tiers,	   digit, NULL };
	int out[2], status = -1, at_start = 1, c;
	pid_t pid;
	FILE *f;

	if (pipe2 (out, O_CLOEXEC) < 0)
		exit (99);
	pid = fork ();
	if (pid == 0) {
		dup2 (out[1], 1);
		execv (argv[0], (char **) argv);
		_exit (99);
	}
	close (out[1]);
	/* Print its report as comments of this one. */
	f = fdopen (out[0], "r");
	for (; f != NULL && (c = getc (f)) != EOF; at_start = c == '\n') {
		if (at_start)
			fputs ("#   ", stdout);
		putchar (c);
	}
	if (f != NULL)
		fclose (f);
	CU_ASSERT_EQUAL (waitpid (pid, &status, 0), pid);
	if (status != 0)
		tap_note ("without '%s' in '%s': status 0x%x", calls, place,
			  status);
	TAP_EQ_INT (status, 0);
}

/* ---- the test ---- */

static const char *
tiers_here (void)
{
	char dir[CGROUP_PATH];

	if (!cgroup_make (NULL, 0, dir))
		return "23";
	cgroup_remove (dir);
	return "123";
}

static void
old_calls (void)
{
	check (ALL_CALLS, "here", tiers_here (), 0);
}

static void
no_pidfd_open (void)
{
	check ("pidfd_open", "here", tiers_here (), machine_has_scope ());
}

static void
no_close_range (void)
{
	check ("close_range", "here", tiers_here (), machine_has_scope ());
}

static void
no_clone3 (void)
{
	check ("clone3", "here", tiers_here (), machine_has_scope ());
}

static void
no_peerpidfd (void)
{
	check ("peerpidfd", "here", tiers_here (), machine_has_scope ());
}

static void
no_pidfd_send_signal (void)
{
	check ("pidfd_send_signal", "here", tiers_here (),
	       machine_has_scope ());
}

static void
no_landlock (void)
{
	check ("landlock", "here", tiers_here (), 0);
}

static void
no_lists (void)
{
	check ("children", "here", tiers_here (), machine_has_scope ());
}

static void
foreign_proc (void)
{
	if (machine_has_root ())
		check ("", "foreign", tiers_here (), machine_has_scope ());
}

static void
foreign_proc_no_lists (void)
{
	if (machine_has_root ())
		check ("children", "foreign", tiers_here (),
		       machine_has_scope ());
}

static void
no_proc (void)
{
	if (!machine_has_root ())
		return;
	check ("", "noproc", "3", machine_has_scope ());
}

static void
no_unshare (void)
{
	check ("unshare", "here", "!unshare: Operation not permitted", 0);
}

static void
no_proc_for_namespace (void)
{
	if (machine_has_root ())
		check ("", "noproc", "!/proc", 0);
}

static void
namespaces_limited (void)
{
	if (!machine_has_root ())
		return;
	if (machine_has_user_namespaces (0))
		check ("", "limited", "!user.max_pid_namespaces from 0", 0);
	else
		tap_skip ("a user namespace is not permitted");
}

static const struct tap_case cases[] = {
	{ "without_any_new_system_call_runs_end_right", old_calls },
	{ "without_pidfd_open_runs_end_right", no_pidfd_open },
	{ "without_close_range_runs_end_right", no_close_range },
	{ "without_clone3_runs_end_right", no_clone3 },
	{ "without_so_peerpidfd_runs_end_right", no_peerpidfd },
	{ "without_pidfd_send_signal_runs_end_right", no_pidfd_send_signal },
	{ "without_landlock_runs_end_right_and_unscoped", no_landlock },
	{ "without_lists_of_children_runs_end_right", no_lists },
	{ "with_the_proc_of_another_namespace_runs_end_right", foreign_proc },
	{ "with_a_foreign_proc_without_lists_of_children_runs_end_right",
	  foreign_proc_no_lists },
	{ "without_proc_runs_end_right", no_proc },
	{ "a_namespace_that_unshare_refuses_is_explained", no_unshare },
	{ "a_namespace_that_lacks_proc_is_explained", no_proc_for_namespace },
	{ "a_namespace_beyond_the_limit_is_explained", namespaces_limited },
	{ NULL, NULL },
};

int
main (int argc, char **argv)
{
	if (argc == 4)
		return reexec_main (argv);
	machine_need_own_mounts ();
	find_self ();
	pidns_enter ();
	return tap_run ("run_old_kernel", cases);
}
