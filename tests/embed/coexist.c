/* SPDX-License-Identifier: MIT */
/*
 * coexist.c - an embedder forks, executes programs, has thousands of
 * descriptors, many threads and limits: it and the library do not disturb each
 * other.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linehook/json.h>

#include "embed/embedder.h"
#include "embed/process_state.h"
#include "lib/leaks.h"
#include "lib/tap.h"

/* ---- the comparison itself ---- */

static void
change_action (void)
{
	signal (SIGUSR2, SIG_IGN);
}
static void
change_umask (void)
{
	umask (0123);
}
static void
change_cwd (void)
{
	CU_ASSERT_EQUAL (chdir ("/usr"), 0);
}
static void
change_locale (void)
{
	setlocale (LC_NUMERIC, "C.UTF-8");
}
static void
change_environ (void)
{
	setenv ("LHK_EMBEDDER", "1", 1);
}
static void
change_name (void)
{
	prctl (PR_SET_NAME, "embedder", 0, 0, 0);
}
static void
change_prctl (void)
{
	prctl (PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}
static void
change_group (void)
{
	setpgid (0, 0);
}
static void
change_flags (void)
{
	fcntl (2, F_SETFL, O_APPEND);
}

static void
change_mask (void)
{
	sigset_t set;

	sigemptyset (&set);
	sigaddset (&set, SIGCHLD);
	sigprocmask (SIG_BLOCK, &set, NULL);
}

static void
change_limit (void)
{
	struct rlimit rl;

	getrlimit (RLIMIT_NOFILE, &rl);
	rl.rlim_cur--;
	setrlimit (RLIMIT_NOFILE, &rl);
}

static void (*const changes[]) (void) = {
	change_action,	change_umask, change_cwd,   change_locale,
	change_environ, change_name,  change_prctl, change_group,
	change_flags,	change_mask,  change_limit,
};

static int
change (int which)
{
	static struct process_state a, b;

	change_flags ();
	fcntl (2, F_SETFL, 0);
	process_state_take (&a);
	process_state_take (&b);
	if (process_state_difference (&a, &b) != NULL)
		return 1;
	changes[which]();
	process_state_take (&b);
	return process_state_difference (&a, &b) == NULL;
}

static void
changes_are_seen (void)
{
	unsigned int i;

	for (i = 0; i < sizeof changes / sizeof changes[0]; i++)
		embedder_apart (change, (int) i);
}

/* ---- descriptors ---- */

#define MANY 5000

/* The test itself may have been started with open descriptors. */
static void
close_all_on_exec (void)
{
	int fd;

	for (fd = 3; fd < 1024; fd++)
		if (fcntl (fd, F_GETFD) >= 0)
			fcntl (fd, F_SETFD, FD_CLOEXEC);
}

static int
has_many (int arg)
{
	struct rlimit rl = { 1 << 20, 1 << 20 };
	struct lhk_host *host;
	struct lhk_run *run;
	const struct lhk_result *result;
	int i, bad;

	(void) arg;
	/* An ordinary user cannot raise the limit: take what is allowed. */
	if (setrlimit (RLIMIT_NOFILE, &rl) < 0
	    && getrlimit (RLIMIT_NOFILE, &rl) == 0) {
		rl.rlim_cur = rl.rlim_max;
		setrlimit (RLIMIT_NOFILE, &rl);
	}
	for (i = 0; i < MANY; i++)
		if (dup (0) < 0)
			return 2;
	host = embedder_host ();
	run = embedder_start (host, EMBEDDER_AGENT ("fds"));
	if (run == NULL || lhk_run_wait (run, 60000) != LHK_OK)
		return 3;
	result = lhk_run_result (run);
	bad = result->text.len != 9
	      || memcmp (result->text.ptr, "fds 0 1 2", 9) != 0;
	if (bad)
		tap_note ("%.*s", (int) result->text.len, result->text.ptr);
	lhk_host_free (host);
	return bad;
}

static void
many_descriptors (void)
{
	embedder_apart (has_many, 0);
}

static atomic_int enough;
static atomic_int n_started;

/* Start "agent fds" without the library; SAID gets its list of descriptors. */
static int
start_unrelated_child (char said[256])
{
	ssize_t n, len = 0;
	int fds[2], status;
	pid_t pid;

	if (pipe2 (fds, O_CLOEXEC) < 0)
		return -1;
	pid = fork ();
	if (pid == 0) {
		dup2 (fds[1], 1);
		execl (embedder_agent (), "agent", "fds", (char *) NULL);
		_exit (126);
	}
	close (fds[1]);
	while ((n = read (fds[0], said + len, 255 - (size_t) len)) > 0)
		len += n;
	close (fds[0]);
	said[len] = '\0';
	return waitpid (pid, &status, 0) == pid ? status : -1;
}

static void *
start_others (void *arg)
{
	char (*wrong)[256] = arg, said[256];

	while (!atomic_load (&enough)) {
		if (start_unrelated_child (said) != 0
		    || strcmp (said, "fds 0 1 2\n") != 0)
			memcpy (*wrong, said, sizeof said);
		atomic_fetch_add (&n_started, 1);
	}
	return NULL;
}

static int
is_inherited (int arg)
{
	static char wrong[256];
	struct lhk_host *host;
	pthread_t thread;
	int i, bad = 0;

	(void) arg;
	close_all_on_exec ();
	if (pthread_create (&thread, NULL, start_others, &wrong) != 0)
		return 2;
	for (i = 0; bad == 0 && (i < 60 || atomic_load (&n_started) < 60);
	     i++) {
		host = embedder_host ();
		bad = embedder_try (host, "a", 0);
		lhk_host_free (host);
	}
	atomic_store (&enough, 1);
	pthread_join (thread, NULL);
	if (wrong[0] != '\0')
		tap_note ("inherited: %s", wrong);
	return bad || wrong[0] != '\0';
}

static void
inherited (void)
{
	embedder_apart (is_inherited, 0);
}

/* ---- fork ---- */

#define FORKED(call) ((call) == LHK_EFORKED)

static int
refused (struct lhk_host *host, struct lhk_run *run)
{
	const struct lhk_plugin_ref *ref;
	struct lhk_run_opts opts = LHK_RUN_OPTS_INIT;
	const char *const *argv = EMBEDDER_AGENT ("out", "a");
	struct lhk_stream *stream;
	struct lhk_run *other;
	struct lhk_str line;

	opts.argv = argv;
	return FORKED (lhk_host_fd (host))
	       && FORKED (lhk_host_dispatch (host, 0))
	       && FORKED (lhk_host_add_plugin_dir (host, "/"))
	       && FORKED (lhk_host_add_plugin (host, &embedder_plugin, NULL))
	       && FORKED (lhk_host_plugin (host, "raw", &ref, NULL))
	       && FORKED (lhk_host_list_plugins (host, embedder_no_entry, NULL))
	       && FORKED (lhk_host_plugin_for_command (host, argv, &ref))
	       && FORKED (lhk_run_start (host, &opts, &other, NULL))
	       && FORKED (lhk_stream_new (host, NULL, NULL, &stream, NULL))
	       && FORKED (lhk_run_wait (run, 0))
	       && FORKED (lhk_run_next_json (run, &line))
	       && FORKED (lhk_run_pause (run)) && FORKED (lhk_run_resume (run))
	       && lhk_run_result (run) == NULL;
}

/* In a forked child every call refuses, and freeing the host closes the
 * copies of its descriptors. */
static int
in_child (struct lhk_host *host, struct lhk_run *run, int fds)
{
	if (!refused (host, run))
		return 1;
	lhk_run_cancel (run, SIGKILL);
	lhk_host_wake (host);
	lhk_host_free (host);
	return count_fds () == fds ? 0 : 2;
}

static void
forked (void)
{
	int fds = count_fds (), status = -1, i;
	struct lhk_host *host = embedder_host ();
	struct lhk_run *runs[2] = {
		embedder_start (host, EMBEDDER_AGENT ("out", "a", "pause")),
		embedder_start (host, EMBEDDER_AGENT ("out", "b", "exit", "0")),
	};
	pid_t pid = fork ();

	if (pid == 0)
		_exit (in_child (host, runs[0], fds));
	CU_ASSERT_EQUAL (waitpid (pid, &status, 0), pid);
	TAP_EQ_INT (status, 0);
	/* The child has not disturbed the runs of the parent. */
	TAP_EQ_INT (lhk_run_wait (runs[1], 60000), LHK_OK);
	lhk_run_cancel (runs[0], 0);
	TAP_EQ_INT (lhk_run_wait (runs[0], 60000), LHK_OK);
	for (i = 0; i < 2; i++)
		TAP_EQ_INT (lhk_run_result (runs[i])->verdict,
			    i ? LHK_VERDICT_OK : LHK_VERDICT_CANCELED);
	lhk_host_free (host);
	TAP_EQ_INT (count_fds (), fds);
	TAP_EQ_INT (count_children (), 0);
}

/* ---- threads ---- */

#define N_THREADS 8
#define N_RUNS 50

static void *
run_often (void *arg)
{
	struct lhk_host *host = embedder_host ();
	int *bad = arg, i, status = *bad;
	char word[32];

	*bad = 0;
	for (i = 0; i < N_RUNS; i++) {
		snprintf (word, sizeof word, "thread %d run %d", status, i);
		*bad += embedder_try (host, word, status);
	}
	lhk_host_free (host);
	return NULL;
}

static void
threads (void)
{
	int fds = count_fds (), bad[N_THREADS], i;
	pthread_t thread[N_THREADS];

	for (i = 0; i < N_THREADS; i++) {
		bad[i] = i;
		CU_ASSERT_EQUAL_FATAL (
			pthread_create (&thread[i], NULL, run_often, &bad[i]),
			0);
	}
	for (i = 0; i < N_THREADS; i++) {
		pthread_join (thread[i], NULL);
		TAP_EQ_INT (bad[i], 0);
	}
	TAP_EQ_INT (count_fds (), fds);
	TAP_EQ_INT (count_children (), 0);
}

/* ---- limits ---- */

/* Nonzero unless WANTED events can be pulled: they wait in memory, because a
 * file would exceed the limit. */
static int
has_lost (struct lhk_run *run, long wanted)
{
	struct lhk_str line;

	while (lhk_run_next_json (run, &line) == LHK_OK)
		wanted--;
	return wanted != 0;
}

/* Writing beyond the limit would raise SIGXFSZ and end this process; the
 * library must not do that. */
static int
has_file_limit (int arg)
{
	static char input[256 << 10];
	struct rlimit rl = { 64 << 10, 64 << 10 };
	const char *const *echo = EMBEDDER_AGENT ("cat");
	const char *const *much = EMBEDDER_AGENT ("lines", "60000");
	struct lhk_run_opts opts = LHK_RUN_OPTS_INIT;
	struct lhk_host *host = embedder_host ();
	struct lhk_run *run = NULL;
	int r;

	if (setrlimit (RLIMIT_FSIZE, &rl) < 0)
		return 2;
	memset (input, 'x', sizeof input);
	opts.argv = arg ? much : echo;
	if (arg == 0) {
		opts.stdin_mode = LHK_STDIN_BYTES;
		opts.input = (struct lhk_str){ input, sizeof input };
	}
	r = lhk_run_start (host, &opts, &run, NULL);
	if (arg == 0)
		r = r != LHK_ESYS;
	else if (r == LHK_OK)
		r = lhk_run_wait (run, 60000);
	/* The lines have a header before them and a result after them. */
	if (arg == 1 && r == LHK_OK && has_lost (run, 60002))
		r = 3;
	lhk_host_free (host);
	return r;
}

static void
file_limit (void)
{
	embedder_apart (has_file_limit, 0);
	embedder_apart (has_file_limit, 1);
}

static const struct tap_case cases[] = {
	{ "a_change_of_the_embedder_would_be_seen", changes_are_seen },
	{ "an_agent_gets_0_1_2_of_an_embedder_with_5000_descriptors",
	  many_descriptors },
	{ "a_thread_that_forks_and_executes_inherits_nothing_of_ours",
	  inherited },
	{ "every_call_of_a_forked_child_is_refused_and_free_gives_back",
	  forked },
	{ "eight_threads_with_a_host_each_make_50_runs", threads },
	{ "a_limit_on_files_costs_neither_the_embedder_nor_an_event",
	  file_limit },
	{ NULL, NULL },
};

int
main (void)
{
	embedder_agent ();
	return tap_run ("coexist", cases);
}
