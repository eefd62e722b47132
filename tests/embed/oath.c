/* SPDX-License-Identifier: MIT */
/*
 * oath.c - the guest's oath: after every single call the embedder is as it
 * was, whatever kind of embedder it is.
 *
 * A tour makes each call of host.h and run.h once or more; the whole state of
 * the process is compared after each.  It is made by embedders of many kinds,
 * each in a process of its own.
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

#include "embed/guest.h"
#include "embed/state.h"
#include "lib/left.h"
#include "lib/tap.h"

/* 0, or the number of the call that broke the oath; said on descriptor
 * TOUR.SAY, as 1 may be closed or watched. */
static struct {
	struct state before;
	int say;
	int calls;
	int broken;
} tour;

static void
say (const char *what, const char *call)
{
	char line[256];
	int n = snprintf (line, sizeof line, "# call %d, %s: %s\n", tour.calls,
			  call, what);

	if (write (tour.say, line, (size_t) n) != n)
		tour.broken = 99;
	tour.broken = tour.calls;
}

static void
compare (const char *call)
{
	struct state now;
	const char *what;

	tour.calls++;
	state_take (&now);
	what = state_difference (&tour.before, &now);
	if (what != NULL)
		say (what, call);
}

/* Make a call, then look around. */
#define CALL(expression)                                                       \
	do {                                                                   \
		expression;                                                    \
		compare (#expression);                                         \
	} while (0)

/* And it must have worked. */
#define MUST(expression)                                                       \
	do {                                                                   \
		if (!(expression))                                             \
			say ("is wrong", #expression);                         \
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

/* Step by step until it has ended, as an embedder's loop would. */
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
	const char *argv[] = { guest_agent (), "out", "a", "cat", "err", "e",
			       "exit",	       "5",   NULL };
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
	const char *argv[] = { guest_agent (), "ignoreall", "out", "a",
			       "pause",	       NULL };
	struct lhk_run *run = start (host, argv, 0);

	MUST (lhk_run_pause (run) == LHK_OK);
	MUST (lhk_run_resume (run) == LHK_OK);
	CALL (lhk_run_cancel (run, SIGINT));
	MUST (lhk_run_wait (run, 20000) == LHK_OK);
	MUST (lhk_run_result (run)->verdict == LHK_VERDICT_CANCELED);
	CALL (lhk_run_free (run));
}

/* What goes wrong must not be seen either. */
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

/* The whole tour; 0, or a number for run_apart. */
static int
take_tour (void)
{
	const char *waits[] = { guest_agent (), "out", "a", "pause", NULL };
	struct lhk_host_opts opts = LHK_HOST_OPTS_INIT;
	struct lhk_host *host = NULL;
	struct lhk_run *run;
	int fds = count_fds ();

	state_take (&tour.before);
	opts.monitor = guest_helper ();
	MUST (lhk_host_new (&opts, &host, NULL) == LHK_OK);
	if (host == NULL)
		return 98;
	MUST (lhk_host_add_plugin (host, &guest_plugin, NULL) == LHK_OK);
	MUST (lhk_host_add_plugin_dir (host, "/nowhere") == LHK_OK);
	MUST (lhk_host_list_plugins (host, guest_no_entry, NULL) == 1);
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
		say ("the descriptors are not those of before", "all");
	return tour.broken;
}

/* ---- kinds of embedders ---- */

static int
plain (int arg)
{
	tour.say = 1;
	/* Not the defaults, so that a reset is seen as well. */
	if (arg == 1) {
		umask (0137);
		setlocale (LC_ALL, "C.UTF-8");
		signal (SIGPIPE, SIG_IGN);
		signal (SIGUSR1, SIG_IGN);
		signal (SIGRTMIN + 3, SIG_IGN);
	}
	return take_tour () || count_children () != 0;
}

static atomic_int heard;

static void
hear (int signo)
{
	(void) signo;
	atomic_fetch_add (&heard, 1);
}

static int
counts_sigchld (int arg)
{
	struct sigaction act = { .sa_handler = hear,
				 .sa_flags = arg ? SA_RESTART : 0 };

	tour.say = 1;
	sigaction (SIGCHLD, &act, NULL);
	/* Helpers are children: some were heard of, and nothing else came. */
	return take_tour () || atomic_load (&heard) < 1
	       || atomic_load (&heard) > 40;
}

static int
ignores_sigchld (int arg)
{
	struct sigaction act = { .sa_handler = SIG_IGN,
				 .sa_flags = arg ? SA_NOCLDWAIT : 0 };

	tour.say = 1;
	sigaction (SIGCHLD, &act, NULL);
	return take_tour ();
}

static int
blocks_all (int arg)
{
	sigset_t all;

	(void) arg;
	tour.say = 1;
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
	tour.say = 1;
	if (pthread_create (&thread, NULL, reap_all, NULL) != 0)
		return 97;
	bad = take_tour ();
	atomic_store (&enough, 1);
	pthread_join (thread, NULL);
	return bad;
}

/* Bit N of WHICH: descriptor N is closed. */
static int
has_closed (int which)
{
	int fd;

	tour.say = fcntl (1, F_DUPFD_CLOEXEC, 10);
	for (fd = 0; fd < 3; fd++)
		if (which & 1 << fd)
			close (fd);
	return take_tour ();
}

/* 1 and 2 take every byte down, and 0 has one that nobody may read. */
static int
watches_stdio (int arg)
{
	int out = memfd_create ("stdout", MFD_CLOEXEC);
	int err = memfd_create ("stderr", MFD_CLOEXEC);
	struct stat st[2];
	int in[2], bad;
	char c;

	(void) arg;
	tour.say = fcntl (1, F_DUPFD_CLOEXEC, 10);
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
		guest_apart (kinds[kind], arg);
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
	{ "oath_after_each_call_the_embedder_is_as_it_was", as_plain },
	{ "oath_holds_beside_a_sigchld_handler", as_counter },
	{ "oath_holds_where_sigchld_is_ignored", as_ignorer },
	{ "oath_holds_where_all_signals_are_blocked", as_blocker },
	{ "oath_holds_beside_a_thread_that_waits_for_any_child", as_reaper },
	{ "oath_holds_where_0_1_2_are_closed_in_all_8_ways", as_closer },
	{ "oath_nothing_is_read_from_0_or_written_to_1_and_2", as_watcher },
	{ NULL, NULL },
};

int
main (void)
{
	guest_agent ();
	return tap_run ("oath", cases);
}
