/* SPDX-License-Identifier: MIT */
/*
 * deaths.c - the host is killed at any moment, and its trees die with it.
 *
 *	DEATHS=N	deaths for each user: 20, in the long form 200
 *
 * Each process of a tree holds a pipe: our end tells when the last one is dead.
 */
#include "config.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/machine.h"
#include "lib/child.h"
#include "lib/trial.h"
#include "torture/torture.h"

#define LIMIT_MS 60000
#define PROMISED_MS 100
#define LENIENT_MS 1000
#define DEATHS_MAX 2000

static const struct sandbox_config configs[] = {
	{ "root", 0, 0, 100 },
	{ "user", NOBODY, 0, 100 },
};

static const struct tree {
	const char *id;
	int ups;
	const char *words[16];
} trees[] = {
	{ "F04", 1, { "ignoreall", "out", "up", "pause" } },
	{ "F12",
	  2,
	  { "daemon", "(", "ignoreall", "out", "up", "pause", ")", "out", "up",
	    "pause" } },
	{ "F13",
	  1,
	  { "daemon", "(", "out", "up", "hydra", "1", ")", "pause" } },
	{ "F14", 50, { "spray", "50", "pause" } },
};

#define N_TREES (sizeof trees / sizeof trees[0])

/* Milliseconds until each tree was dead, for both users; in memory that the
 * sandboxes share. */
static int *times;

enum { N_STARTING, N_LEFT, N_CGROUPS };

/* ---- the host that dies ---- */

/* Write a byte for each "up"; every process prints it in one write. */
static void
pass_ups_on (void *user, const char *data, size_t len)
{
	const int *say = user;
	size_t i;

	for (i = 0; i + 1 < len; i++)
		if (memcmp (data + i, "up", 2) == 0 && write (*say, "u", 1) < 0)
			_exit (1);
}

static void
run_host (struct sandbox *s, const struct tree *tree, int contain, int hold,
	  int say)
{
	struct lhk_run_opts o = LHK_RUN_OPTS_INIT;
	struct lhk_stream_opts so = LHK_STREAM_OPTS_INIT;
	struct lhk_host *host = sandbox_host (s);
	const char *argv[20] = { trial_agent () };
	struct lhk_run *run;
	int i;

	for (i = 0; tree->words[i] != NULL; i++)
		argv[i + 1] = tree->words[i];
	so.user = &say;
	o.argv = argv;
	o.plugin = sandbox_plugin (host, "raw");
	o.stdin_mode = LHK_STDIN_FD;
	o.stdin_fd = hold;
	o.contain = contain;
	o.stream = &so;
	o.on_stdout = pass_ups_on;
	if (lhk_run_start (host, &o, &run, NULL) < 0)
		_exit (1);
	close (hold);
	while (lhk_host_dispatch (host, -1) >= 0)
		;
	_exit (2);
}

/* ---- its end ---- */

static void
wait_for_ups (int fd, int n)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char c;

	for (; n > 0; n--)
		if (poll (&p, 1, 20000) != 1 || read (fd, &c, 1) != 1)
			_exit (3);
}

/* Milliseconds until nobody holds the other end of HOLD and nobody is in the
 * namespace but us. */
static int
wait_for_deaths (struct sandbox *s, int hold)
{
	struct pollfd p = { .fd = hold, .events = 0 };
	long long start = now_ms ();
	struct resources c;
	long long took;

	poll (&p, 1, LENIENT_MS * 20);
	took = now_ms () - start;
	do {
		sleep_us (500);
		resources_count (s, &c);
	} while (c.others + c.children > 0
		 && now_ms () - start < LENIENT_MS * 20);
	if (c.others + c.children > 0)
		s->report->numbers[N_LEFT]++;
	if (c.cgroups > 0)
		s->report->numbers[N_CGROUPS]++;
	return (int) took;
}

/* Kill a host once; EARLY: within the first milliseconds. */
static int
die_once (struct sandbox *s, const struct tree *tree, int contain, int early)
{
	int hold[2], say[2], took;
	pid_t pid;

	if (pipe2 (hold, O_CLOEXEC) < 0 || pipe2 (say, O_CLOEXEC) < 0)
		_exit (4);
	pid = fork ();
	if (pid == 0) {
		close (hold[1]);
		run_host (s, tree, contain, hold[0], say[1]);
	}
	close (hold[0]);
	close (say[1]);
	if (!early)
		wait_for_ups (say[0], tree->ups);
	sleep_us ((long) prng_below (&s->prng, early ? 6000 : 3000)
		  * torture_slowness ());
	kill (pid, SIGKILL);
	waitpid (pid, NULL, 0);
	took = wait_for_deaths (s, hold[1]);
	close (hold[1]);
	close (say[0]);
	return took;
}

static void
die_often (struct sandbox *s)
{
	static const int containments[] = { LHK_CONTAIN_AUTO,
					    LHK_CONTAIN_CGROUP,
					    LHK_CONTAIN_PIDNS,
					    LHK_CONTAIN_SUBREAPER };
	struct report *r = s->report;
	int contain, early;
	long i;

	runner_find_containments (s);
	for (i = 0; i < r->rounds; i++) {
		do
			contain = containments[prng_below (&s->prng, 4)];
		while ((s->containments & 1u << contain) == 0);
		early = (int) prng_below (&s->prng, 2);
		r->numbers[N_STARTING] += early;
		slot_begin (r, 0, trees[i % (long) N_TREES].id);
		times[r->argument * DEATHS_MAX + i] = die_once (
			s, &trees[i % (long) N_TREES], contain, early);
		slot_end (r, 0);
		r->rounds_done++;
	}
}

/* ---- outside ---- */

static int
by_size (const void *a, const void *b)
{
	return *(const int *) a - *(const int *) b;
}

static void
check_times (const struct sandbox_config *config, const struct report *r,
	     int *took)
{
	int n = (int) r->rounds_done, late = 0, i;

	qsort (took, (size_t) n, sizeof *took, by_size);
	for (i = 0; i < n; i++)
		late += took[i] > PROMISED_MS;
	tap_note (
		"%s: containments%s; %d deaths, %ld of them while starting; trees"
		" dead after (ms): median %d, 95%% %d, most %d; above %d:"
		" %d; left: %ld, cgroups left: %ld",
		config->name, r->containments, n, r->numbers[N_STARTING],
		took[n / 2], took[n * 95 / 100], took[n - 1], PROMISED_MS, late,
		r->numbers[N_LEFT], r->numbers[N_CGROUPS]);
	CU_ASSERT (took[n - 1] <= LENIENT_MS * torture_slowness ());
}

static void
deaths (void)
{
	long n = torture_number ("DEATHS", 20, 200), i;
	struct report *r;

	tap_note ("SEED=%llu repeats this",
		  (unsigned long long) torture_seed ());
	for (i = 0; i < 2; i++) {
		r = report_new ();
		r->rounds = n < DEATHS_MAX ? n : DEATHS_MAX;
		r->argument = i;
		CU_ASSERT (sandbox_run (&configs[i], r, die_often, LIMIT_MS));
		TAP_EQ_STR (r->trouble, "");
		TAP_EQ_INT (r->rounds_done, r->rounds);
		TAP_EQ_INT (r->numbers[N_LEFT], 0);
		TAP_EQ_INT (r->numbers[N_CGROUPS], 0);
		if (r->rounds_done > 0)
			check_times (&configs[i], r, times + i * DEATHS_MAX);
		report_free (r);
	}
}

static const struct tap_case cases[] = {
	{ "F39 F40 a_host_killed_at_any_moment_takes_its_trees_along", deaths },
	{ NULL, NULL },
};

int
main (void)
{
	machine_need_own_mounts ();
	times = mmap (NULL, 2 * DEATHS_MAX * sizeof *times,
		      PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	if (times == MAP_FAILED)
		return 99;
	return tap_run ("deaths", cases);
}
