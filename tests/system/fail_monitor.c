/* SPDX-License-Identifier: MIT */
/*
 * fail_monitor.c - every system call of linehook-exec fails, one by one.
 *
 * The monitor is that of the installed program, linked with calls that can
 * fail; they fail in its child, too, until exec.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/faults.h"
#include "lib/scenario.h"
#include "lib/tap.h"

#define K_MAX 300u
#define SHOWN 60

static char log_path[300];
static uint64_t n_faults, n_bad;

static void
arm (struct scenario_env *env, void *user)
{
	const struct fault *f = user;
	char text[80];

	(void) env;
	snprintf (text, sizeof text, "%d:%d:%llu:%llu", f->call, f->error,
		  (unsigned long long) f->at, (unsigned long long) f->times);
	if (f->times != 0)
		setenv ("LINEHOOK_FAULT", text, 1);
}

static void
disarm (struct scenario_env *env, void *user)
{
	(void) env;
	(void) user;
	unsetenv ("LINEHOOK_FAULT");
}

/* How many calls failed since this was last asked. */
static uint64_t
count_faults (void)
{
	struct stat st = { .st_size = 0 };

	if (stat (log_path, &st) < 0 || truncate (log_path, 0) < 0)
		return 0;
	return (uint64_t) st.st_size;
}

/* The monitor's pipes carry short records between two living processes: only
 * signals can interrupt that. */
static int
is_possible (int call, int error)
{
	return error == EINTR
	       || (call != CALL_READ_PIPE && call != CALL_WRITE_PIPE);
}

/* With no file of /proc processes cannot be found, so not killed; the run then
 * ends as host_error with a notice. */
static int
reports_survivors (const struct observed *s, const struct fault *f)
{
	return f->call == CALL_OPEN && f->times == FAULT_ALWAYS
	       && s->verdict == LHK_VERDICT_HOST_ERROR && s->n_notices != 0;
}

/* What is wrong with S: a failed start must have the errno of the fault. */
static const char *
find_mistake (const struct observed *s, const struct observed *baseline,
	      const struct fault *f, unsigned int flags)
{
	const char *complaint =
		scenario_check (s, baseline, f->error, flags & FAULT_HARMLESS);

	if (complaint == NULL && s->code < 0)
		return "the start of a run that is one returned an error";
	if (complaint == NULL && s->verdict == LHK_VERDICT_SPAWN_FAILED
	    && s->sys_errno != f->error && s->sys_errno != baseline->sys_errno)
		return "the errno is lost";
	return complaint;
}

static void
complain (const struct scenario *scenario, const struct fault *f,
	  const char *what, const struct observed *observed)
{
	CU_FAIL ("see the note");
	if (++n_bad > SHOWN)
		return;
	tap_note ("%s: %s call %llu: %s x%llu: %s", scenario->name,
		  fault_calls[f->call].name, (unsigned long long) f->at,
		  f->error == FAULT_SHORT ? "one byte"
					  : strerrorname_np (f->error),
		  f->times == FAULT_ALWAYS ? 0 : (unsigned long long) f->times,
		  what);
	tap_note ("    %s", scenario_describe (observed));
}

static void
each_k (const struct scenario *scenario, const struct observed *baseline,
	int call, const struct fault_error *e, uint64_t times)
{
	struct fault f = { call, e->error, 1, times };
	struct scenario_fault how = { arm, disarm, &f, getenv ("FAULTY") };
	struct observed observed;
	int far = e == fault_calls[call].errors;
	const char *complaint;
	uint64_t n;

	for (; f.at < K_MAX; f.at = scenario_next_call (f.at, far)) {
		complaint = scenario_run (scenario, &how, &observed);
		n = count_faults ();
		n_faults += n;
		if (complaint == NULL)
			complaint = find_mistake (&observed, baseline, &f,
						  e->flags);
		if (complaint != NULL && !reports_survivors (&observed, &f))
			complain (scenario, &f, complaint, &observed);
		if (n == 0)
			return;
	}
}

static void
each_call (const char *name)
{
	static const struct fault none = { 0, 0, 0, 0 };
	struct fault no = none;
	struct scenario_fault how = { arm, disarm, &no, getenv ("FAULTY") };
	const struct scenario *scenario = scenarios;
	const struct fault_error *e;
	struct observed baseline;
	int call;

	while (strcmp (scenario->name, name) != 0)
		scenario++;
	n_faults = 0;
	CU_ASSERT_PTR_NULL (scenario_run (scenario, &how, &baseline));
	for (call = 0; call < N_CALLS; call++)
		for (e = fault_calls[call].errors; e->error != 0; e++) {
			if (!is_possible (call, e->error)
			    || (call == CALL_OPEN && e->error != EMFILE
				&& !tap_is_exhaustive ()))
				continue;
			each_k (scenario, &baseline, call, e, 1);
			/* It takes seconds: survivors are waited for. */
			if (call == CALL_OPEN && !tap_is_exhaustive ())
				break;
			each_k (scenario, &baseline, call, e,
				e->flags & FAULT_PASSING ? 3 : FAULT_ALWAYS);
		}
	tap_note ("%s: %llu calls failed", name, (unsigned long long) n_faults);
}

static void
in_pipe (void)
{
	each_call ("pipe");
}

static void
in_timeout (void)
{
	each_call ("timeout");
}

static void
in_no_program (void)
{
	each_call ("no-program");
}

static const struct tap_case cases[] = {
	{ "any_call_of_the_monitor_may_fail", in_pipe },
	{ "any_call_of_the_monitor_may_fail_when_it_ends_a_tree", in_timeout },
	{ "any_call_of_the_monitor_may_fail_when_nothing_starts",
	  in_no_program },
	{ NULL, NULL },
};

int
main (void)
{
	struct tempdir tmp;
	int r;

	if (getenv ("FAULTY") == NULL) {
		puts ("Bail out! FAULTY is not set: run by make check");
		return 99;
	}
	tempdir_init (&tmp);
	snprintf (log_path, sizeof log_path, "%s",
		  tempdir_put (&tmp, "faults", NULL, "", 0600));
	setenv ("LINEHOOK_FAULT_LOG", log_path, 1);
	scenario_init ();
	r = tap_run ("fail_monitor", cases);
	tempdir_done (&tmp);
	return r;
}
