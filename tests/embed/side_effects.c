/* SPDX-License-Identifier: MIT */
/*
 * side_effects.c - no call of the library changes the state of its embedder.
 *
 * A tour makes each call of the host and of a run at least once, and compares
 * the whole state of the process after each.  Embedders of several kinds make
 * the tour, each in a process of its own.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <linehook/run.h>

#include "embed/embedder.h"
#include "embed/process_state.h"
#include "lib/leaks.h"
#include "lib/tap.h"

/* BROKEN is 0, or the number of the last call that changed something.  Failures
 * are reported on REPORT_FD, because descriptor 1 may be closed or watched. */
static struct {
	struct process_state before;
	int report_fd;
	int calls;
	int broken;
} tour;

static void
report (const char *what, const char *call)
{
	char line[256];
	int n = snprintf (line, sizeof line, "# call %d, %s: %s\n", tour.calls,
			  call, what);

	if (write (tour.report_fd, line, (size_t) n) != n)
		tour.broken = 99;
	tour.broken = tour.calls;
}

static void
compare (const char *call)
{
	struct process_state now;
	const char *what;

	tour.calls++;
	process_state_take (&now);
	what = process_state_difference (&tour.before, &now);
	if (what != NULL)
		report (what, call);
}

/* Make a call, then compare the state of the process. */
#define CALL(expression)                                                       \
	do {                                                                   \
		expression;                                                    \
		compare (#expression);                                         \
	} while (0)

/* The same, and the expression must be true. */
#define MUST(expression)                                                       \
	do {                                                                   \
		if (!(expression))                                             \
			report ("is wrong", #expression);                      \
		compare (#expression);                                         \
	} while (0)

static struct lhk_run *
start (struct lhk_host *host, const char *const *argv, int file)
{
	struct lhk_run_opts opts = LHK_RUN_OPTS_INIT;
	struct lhk_run *run = NULL;

	opts.argv = argv;
	opts.cwd = "/usr";
	opts.stdin_mode = LHK_STDIN_BYTES;
	opts.input = (struct lhk_str){ "in\n", 3 };
	opts.stdout_mode = file ? LHK_STDOUT_FILE : LHK_STDOUT_PIPE;
	opts.total_ms = 60000;
	opts.grace_ms = 50;
	MUST (lhk_run_start (host, &opts, &run, NULL) == LHK_OK);
	return run;
}

/* Drive the run to its end, as an embedder's loop would. */
static void
drive (struct lhk_host *host, struct lhk_run *run)
{
	struct pollfd p = { lhk_host_fd (host), POLLIN, 0 };
	struct lhk_str line;
	int r = 0;

	while (lhk_run_result (run) == NULL && r >= 0) {
		poll (&p, 1, -1);
		CALL (r = lhk_host_dispatch (host, 0));
		while (lhk_run_next_json (run, &line) == LHK_OK)
			;
		compare ("lhk_run_next_json");
	}
}

static void
whole_run (struct lhk_host *host, int file)
{
	const char *argv[] = { embedder_agent (),
			       "out",
			       "a",
			       "cat",
			       "err",
			       "e",
			       "exit",
			       "5",
			       NULL };
	struct lhk_run *run = start (host, argv, file);
	const struct lhk_result *result;

	drive (host, run);
	result = lhk_run_result (run);
	MUST (result != NULL && result->outcome.end_reason == LHK_END_EXITED
	      && result->outcome.exit_code == 5 && result->stats.lines == 2
	      && result->outcome.stderr_bytes == 2);
	CALL (lhk_run_free (run));
}

static void
canceled_run (struct lhk_host *host)
{
	const char *argv[] = { embedder_agent (), "ignoreall", "out", "a",
			       "pause",		  NULL };
	struct lhk_run *run = start (host, argv, 0);

	MUST (lhk_run_pause (run) == LHK_OK);
	MUST (lhk_run_resume (run) == LHK_OK);
	CALL (lhk_run_cancel (run, SIGINT));
	MUST (lhk_run_wait (run, 20000) == LHK_OK);
	MUST (lhk_run_result (run)->verdict == LHK_VERDICT_CANCELED);
	CALL (lhk_run_free (run));
}

/* Calls that fail change nothing either. */
static void
errors (struct lhk_host *host)
{
	const char *argv[] = { "/nowhere/agent", NULL };
	const struct lhk_plugin_ref *plugin;
	struct lhk_run_opts opts = LHK_RUN_OPTS_INIT;
	struct lhk_run *run;

	MUST (lhk_run_start (host, &opts, &run, NULL) == LHK_EINVAL);
	opts.argv = argv;
	opts.stdin_mode = LHK_STDIN_FD;
	opts.stdin_fd = 9999;
	MUST (lhk_run_start (host, &opts, &run, NULL) == LHK_ESYS);
	run = start (host, argv, 0);
	MUST (lhk_run_wait (run, 20000) == LHK_OK);
	MUST (lhk_run_result (run)->verdict == LHK_VERDICT_SPAWN_FAILED);
	CALL (lhk_run_free (run));
	MUST (lhk_host_plugin (host, "/nowhere/plugin.so", &plugin, NULL) < 0);
}

/* The whole tour; returns 0, or the number of a call that changed something. */
static int
take_tour (void)
{
	const char *waits[] = { embedder_agent (), "out", "a", "pause", NULL };
	struct lhk_host_opts opts = LHK_HOST_OPTS_INIT;
	struct lhk_host *host = NULL;
	struct lhk_run *run;
	int fds = count_fds ();

	process_state_take (&tour.before);
	opts.monitor = embedder_monitor ();
	MUST (lhk_host_new (&opts, &host, NULL) == LHK_OK);
	if (host == NULL)
		return 98;
	MUST (lhk_host_add_plugin (host, &embedder_plugin, NULL) == LHK_OK);
	MUST (lhk_host_add_plugin_dir (host, "/nowhere") == LHK_OK);
	MUST (lhk_host_list_plugins (host, embedder_no_entry, NULL) == 1);
	MUST (lhk_host_fd (host) > 2);
	CALL (lhk_host_wake (host));
	whole_run (host, 0);
	whole_run (host, 1);
	canceled_run (host);
	errors (host);
	run = start (host, waits, 0);
	CALL (lhk_run_free (run));
	start (host, waits, 1);
	start (host, waits, 0);
	CALL (lhk_host_free (host));
	if (count_fds () != fds)
		report ("the descriptors are not those of before", "all");
	return tour.broken;
}

/* ---- kinds of embedders ---- */

static int
plain (int arg)
{
	tour.report_fd = 1;
	/* Other values than the defaults, so that a reset to them is noticed. */
	if (arg == 1) {
		umask (0137);
		setlocale (LC_ALL, "C.UTF-8");
		signal (SIGPIPE, SIG_IGN);
		signal (SIGUSR1, SIG_IGN);
		signal (SIGRTMIN + 3, SIG_IGN);
	}
	return take_tour () || count_children () != 0;
}

static atomic_int n_sigchld;

static void
on_sigchld (int signo)
{
	(void) signo;
	atomic_fetch_add (&n_sigchld, 1);
}

static int
counts_sigchld (int arg)
{
	struct sigaction act = { .sa_handler = on_sigchld,
				 .sa_flags = arg ? SA_RESTART : 0 };

	tour.report_fd = 1;
	sigaction (SIGCHLD, &act, NULL);
	/* The handler sees monitors, which are children, and not much else. */
	return take_tour () || atomic_load (&n_sigchld) < 1
	       || atomic_load (&n_sigchld) > 40;
}

static int
ignores_sigchld (int arg)
{
	struct sigaction act = { .sa_handler = SIG_IGN,
				 .sa_flags = arg ? SA_NOCLDWAIT : 0 };

	tour.report_fd = 1;
	sigaction (SIGCHLD, &act, NULL);
	return take_tour ();
}

static int
blocks_all (int arg)
{
	sigset_t all;

	(void) arg;
	tour.report_fd = 1;
	sigfillset (&all);
	sigprocmask (SIG_SETMASK, &all, NULL);
	return take_tour ();
}

static atomic_int enough;

static void *
reap_all (void *arg)
{
	(void) arg;
	while (!atomic_load (&enough))
		if (waitpid (-1, NULL, 0) < 0)
			sched_yield ();
	return NULL;
}

static int
reaps_all (int arg)
{
	pthread_t thread;
	int bad;

	(void) arg;
	tour.report_fd = 1;
	if (pthread_create (&thread, NULL, reap_all, NULL) != 0)
		return 97;
	bad = take_tour ();
	atomic_store (&enough, 1);
	pthread_join (thread, NULL);
	return bad;
}

/* If bit N of WHICH is set, descriptor N is closed. */
static int
has_closed (int which)
{
	int fd;

	tour.report_fd = fcntl (1, F_DUPFD_CLOEXEC, 10);
	for (fd = 0; fd < 3; fd++)
		if (which & 1 << fd)
			close (fd);
	return take_tour ();
}

/* Descriptors 1 and 2 record every byte, and 0 holds a byte that must still be
 * there afterwards. */
static int
watches_stdio (int arg)
{
	int out = memfd_create ("stdout", MFD_CLOEXEC);
	int err = memfd_create ("stderr", MFD_CLOEXEC);
	struct stat st[2];
	int in[2], bad;
	char c;

	(void) arg;
	tour.report_fd = fcntl (1, F_DUPFD_CLOEXEC, 10);
	if (pipe2 (in, O_CLOEXEC) < 0 || write (in[1], "x", 1) != 1)
		return 97;
	dup2 (in[0], 0);
	dup2 (out, 1);
	dup2 (err, 2);
	bad = take_tour ();
	fstat (out, &st[0]);
	fstat (err, &st[1]);
	return bad || st[0].st_size != 0 || st[1].st_size != 0
	       || read (0, &c, 1) != 1;
}

static int (*const kinds[]) (int arg) = {
	plain,	   counts_sigchld, ignores_sigchld, blocks_all,
	reaps_all, has_closed,	   watches_stdio,
};

static void
each (int kind, int n_args)
{
	int arg;

	for (arg = 0; arg < n_args; arg++)
		embedder_apart (kinds[kind], arg);
}

static void
as_plain (void)
{
	each (0, 2);
}
static void
as_counter (void)
{
	each (1, 2);
}
static void
as_ignorer (void)
{
	each (2, 2);
}
static void
as_blocker (void)
{
	each (3, 1);
}
static void
as_reaper (void)
{
	each (4, 1);
}
static void
as_closer (void)
{
	each (5, 8);
}
static void
as_watcher (void)
{
	each (6, 1);
}

static const struct tap_case cases[] = {
	{ "after_each_call_the_embedder_is_as_it_was", as_plain },
	{ "nothing_changes_beside_a_sigchld_handler", as_counter },
	{ "nothing_changes_where_sigchld_is_ignored", as_ignorer },
	{ "nothing_changes_where_all_signals_are_blocked", as_blocker },
	{ "nothing_changes_beside_a_thread_that_waits_for_any_child",
	  as_reaper },
	{ "nothing_changes_where_0_1_2_are_closed_in_all_8_ways", as_closer },
	{ "nothing_is_read_from_0_or_written_to_1_and_2", as_watcher },
	{ NULL, NULL },
};

int
main (void)
{
	embedder_agent ();
	return tap_run ("side_effects", cases);
}
