/* SPDX-License-Identifier: MIT */
/* controls.c - negative controls: the torture tests must notice each kind of
 * leak and each kind of wrong outcome. */
#include "config.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/machine.h"
#include "lib/trial.h"
#include "torture/torture.h"
#include "torture/expected.h"

#define LIMIT_MS 30000
#define HANG_MS 400
#define FOUND_MAX 6
#define RESIDENT "KiB resident"

static const struct sandbox_config control_config = { "control", 0, 0, 100 };

/* ---- leaks ---- */

static void
leave_nothing (struct sandbox *s)
{
	(void) s;
}

static void
leave_descriptor (struct sandbox *s)
{
	(void) s;
	if (open ("/dev/null", O_RDONLY | O_CLOEXEC) < 0)
		_exit (80);
}

static void *
stay (void *arg)
{
	for (;;)
		pause ();
	return arg;
}

static void
leave_thread (struct sandbox *s)
{
	pthread_t thread;

	(void) s;
	if (pthread_create (&thread, NULL, stay, NULL) != 0)
		_exit (80);
}

static void
leave_zombie (struct sandbox *s)
{
	pid_t pid = fork ();

	(void) s;
	if (pid == 0)
		_exit (0);
	zombies_await (1);
}

static void
leave_file (struct sandbox *s)
{
	char path[sizeof s->spool + 8];
	int fd;

	snprintf (path, sizeof path, "%s/left", s->spool);
	fd = open (path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		_exit (80);
	close (fd);
}

static void
leave_cgroup (struct sandbox *s)
{
	char path[CGROUP_PATH + 8];

	snprintf (path, sizeof path, "%s/left", s->cgroup);
	if (s->cgroup[0] != '\0' && mkdir (path, 0755) < 0)
		_exit (80);
}

static void
leave_memory (struct sandbox *s)
{
	struct lhk_alloc *a = &s->memory.alloc;

	if (a->resize (a->ctx, NULL, 0, 1 << 20) == NULL)
		_exit (80);
}

static void
leave_resident (struct sandbox *s)
{
	static char *volatile left;

	(void) s;
	left = malloc (1 << 20);
	if (left == NULL)
		_exit (80);
	memset (left, 'r', 1 << 20);
}

/* The monitor of this run kills nobody. */
static void
leave_daemon (struct sandbox *s)
{
	static const struct entry e = {
		.id = "leaky",
		.words = { "daemon", "(", "close", "0", "close", "1", "close",
			   "2", "pause", ")", "exit", "0" },
		.expected = { EXITED (0) },
	};
	char why[WHY_MAX] = "";

	s->monitor = getenv ("LEAKY_MONITOR");
	if (!runner_one (s, &e, LHK_CONTAIN_SUBREAPER, why))
		snprintf (s->report->trouble, sizeof s->report->trouble,
			  "%.200s", why);
}

static void
leave_run (struct sandbox *s)
{
	struct lhk_run_opts o = LHK_RUN_OPTS_INIT;
	struct lhk_host *host = sandbox_host (s);
	struct lhk_run *run;

	o.argv = AGENT ("pause");
	o.plugin = sandbox_plugin (host, "raw");
	o.contain = LHK_CONTAIN_SUBREAPER;
	if (lhk_run_start (host, &o, &run, NULL) < 0)
		_exit (80);
}

/* FOUND: the resources that must be named, and no other. */
static const struct control {
	const char *name;
	void (*leave) (struct sandbox *s);
	const char *found[FOUND_MAX];
} controls[] = {
	{ "nothing", leave_nothing, { NULL } },
	{ "a descriptor", leave_descriptor, { "descriptors" } },
	{ "a thread", leave_thread, { "threads" } },
	{ "a zombie", leave_zombie, { "children", "zombies" } },
	{ "a file", leave_file, { "files" } },
	{ "a cgroup", leave_cgroup, { "cgroups" } },
	{ "a MiB of the heap", leave_memory, { "bytes" } },
	{ "a MiB of other memory", leave_resident, { RESIDENT } },
	{ "a daemon", leave_daemon, { "processes" } },
	{ "a run",
	  leave_run,
	  { "descriptors", "children", "processes", "bytes" } },
};

#define N_CONTROLS ((long) (sizeof controls / sizeof controls[0]))

static void
leave_one (struct sandbox *s)
{
	struct report *r = s->report;

	resources_count (s, &r->first);
	controls[r->argument].leave (s);
	resources_count (s, &r->last);
	resources_grown (&r->first, &r->last, 1, r->grown, sizeof r->grown);
}

/* 1: NAME is one of the resources in GROWN: "NAME: ..; NAME: ..". */
static int
is_named (const char *grown, const char *name)
{
	char expected[64];

	snprintf (expected, sizeof expected, "%s: ", name);
	for (; grown != NULL; grown = strstr (grown, "; ")) {
		grown += strncmp (grown, "; ", 2) == 0 ? 2 : 0;
		if (strncmp (grown, expected, strlen (expected)) == 0)
			return 1;
	}
	return 0;
}

/* How many resources are named.  Resident memory may grow in any control, so it
 * is not counted. */
static int
count_named (const char *grown)
{
	int n = *grown != '\0';
	const char *p;

	for (p = grown; (p = strstr (p, "; ")) != NULL; p += 2)
		n++;
	return n - is_named (grown, RESIDENT);
}

static void
check_found (const struct control *c, const char *grown)
{
	int i, expected = 0;

	for (i = 0; i < FOUND_MAX && c->found[i] != NULL; i++) {
		if (strcmp (c->found[i], RESIDENT) != 0)
			expected++;
		else if (torture_slowness () > 1)
			continue; /* not told under a sanitizer */
		CU_ASSERT (is_named (grown, c->found[i]));
	}
	TAP_EQ_INT (count_named (grown), expected);
}

static void
found (void)
{
	struct report *r;
	long i;

	for (i = 0; i < N_CONTROLS; i++) {
		r = report_new ();
		r->argument = i;
		CU_ASSERT (
			sandbox_run (&control_config, r, leave_one, LIMIT_MS));
		tap_note ("%s: %s", controls[i].name,
			  r->grown[0] == '\0' ? "all is even" : r->grown);
		if (r->last.cgroups < 0 && controls[i].leave == leave_cgroup)
			tap_note ("no cgroup can be made here");
		else
			check_found (&controls[i], r->grown);
		TAP_EQ_STR (r->trouble, "");
		report_free (r);
	}
}

/* ---- outcomes ---- */

/* clang-format off: a table */
static const struct entry mismatches[] = {
	{ .id = "code", .words = { "exit", "3" }, .expected = { EXITED (4) } },
	{ .id = "signal",
	  .words = { "raise", "9" },
	  .expected = { SIGNALED (15) } },
	{ .id = "end reason",
	  .words = { "exit", "0" },
	  .expected = { TIMED_OUT } },
	{ .id = "verdict",
	  .words = { "exit", "0" },
	  .expected = { .end_reason = LHK_END_EXITED,
			.verdict = LHK_VERDICT_FAILED } },
	{ .id = "flags",
	  .words = { "fork", "(", "pause", ")" },
	  .drain = 30,
	  .expected = { EXITED (0) } },
	{ .id = "no flags",
	  .words = { "exit", "0" },
	  .expected = { EXITED (0), .flags = LHK_FLAG_DRAIN_CUT } },
	{ .id = "lines",
	  .words = { "lines", "3" },
	  .expected = { EXITED (0), .lines = 4 } },
	{ .id = "bytes",
	  .words = { "bytes", "3" },
	  .expected = { EXITED (0), .bytes = 4 } },
	{ .id = "notice",
	  .words = { "exit", "0" },
	  .expected = { EXITED (0), .notice = "stall" } },
	{ .id = "step",
	  .words = { "missing" },
	  .setup = setup_path,
	  .expected = { REFUSED ("chdir", 2) } },
	{ .id = "errno",
	  .words = { "missing" },
	  .setup = setup_path,
	  .expected = { REFUSED ("exec", 13) } },
	{ .id = "echo",
	  .words = { "out", "x" },
	  .flags = OWN_STDIN,
	  .setup = setup_input_echo,
	  .expected = { EXITED (0) } },
};
/* clang-format on */

#define N_MISMATCHES (sizeof mismatches / sizeof mismatches[0])

static void
run_mismatches (struct sandbox *s)
{
	size_t i;

	for (i = 0; i < N_MISMATCHES; i++)
		s->report->counts[i].wrong = (uint32_t) !runner_one (
			s, &mismatches[i], LHK_CONTAIN_AUTO,
			s->report->counts[i].why);
}

static void
wrong_outcomes (void)
{
	struct report *r = report_new ();
	size_t i;

	CU_ASSERT (sandbox_run (&control_config, r, run_mismatches, LIMIT_MS));
	for (i = 0; i < N_MISMATCHES; i++) {
		TAP_EQ_INT (r->counts[i].wrong, 1);
		tap_note ("%s: %s", mismatches[i].id, r->counts[i].why);
	}
	report_free (r);
}

/* A process of the tree still holds stdin when the result comes. */
static void
leave_holder (struct sandbox *s)
{
	static const struct entry e = {
		.id = "held",
		.words = { "daemon", "(", "close", "1", "close", "2", "pause",
			   ")", "exit", "0" },
		.expected = { EXITED (0) },
	};

	s->monitor = getenv ("LEAKY_MONITOR");
	s->report->counts[0].wrong = (uint32_t) !runner_one (
		s, &e, LHK_CONTAIN_SUBREAPER, s->report->counts[0].why);
}

static void
early_result (void)
{
	struct report *r = report_new ();

	CU_ASSERT (sandbox_run (&control_config, r, leave_holder, LIMIT_MS));
	TAP_EQ_INT (r->counts[0].wrong, 1);
	TAP_EQ_STR (r->counts[0].why,
		    "its result is there, and somebody of its tree is alive");
	report_free (r);
}

/* ---- what hangs ---- */

static void
hang (struct sandbox *s)
{
	static const struct entry e = {
		.id = "hangs",
		.words = { "daemon", "(", "pause", ")", "pause" },
		.expected = { EXITED (0) },
	};
	char why[WHY_MAX];

	runner_one (s, &e, LHK_CONTAIN_AUTO, why);
}

/* Run a job that hangs; TEXT is what the watchdog prints to stderr. */
static long
catch_stderr (struct report *r, char *text, size_t size)
{
	FILE *f = tmpfile ();
	int kept = dup (2);
	size_t n;

	if (f == NULL || kept < 0)
		exit (99);
	fflush (stderr);
	dup2 (fileno (f), 2);
	CU_ASSERT (!sandbox_run (&control_config, r, hang,
				 HANG_MS / torture_slowness ()));
	fflush (stderr);
	dup2 (kept, 2);
	close (kept);
	rewind (f);
	n = fread (text, 1, size - 1, f);
	text[n] = '\0';
	fclose (f);
	return (long) n;
}

static void
hung (void)
{
	static const char *const expected[] = { "'hangs' took more than ",
						"exec",
						"agent",
						"State:",
						"wchan: ",
						"fd 0: ",
						"NSpid:" };
	static char text[1 << 18];
	struct report *r = report_new ();
	size_t i;

	CU_ASSERT (catch_stderr (r, text, sizeof text) > 0);
	for (i = 0; i < sizeof expected / sizeof expected[0]; i++)
		if (strstr (text, expected[i]) == NULL) {
			tap_note ("not shown: %s", expected[i]);
			CU_FAIL ("what hung was not shown");
		}
	CU_ASSERT_PTR_NOT_NULL (strstr (r->trouble, "'hangs' took more"));
	report_free (r);
}

static const struct tap_case cases[] = {
	{ "each_leak_is_found_by_its_own_counter", found },
	{ "an_outcome_that_was_not_expected_is_a_mismatch", wrong_outcomes },
	{ "a_result_before_the_end_of_the_tree_is_a_mismatch", early_result },
	{ "a_run_that_hangs_is_ended_and_shown", hung },
	{ NULL, NULL },
};

int
main (void)
{
	machine_need_own_mounts ();
	if (getenv ("LEAKY_MONITOR") == NULL) {
		printf ("Bail out! LEAKY_MONITOR is not set: run by make check\n");
		return 99;
	}
	return tap_run ("controls", cases);
}
