/* SPDX-License-Identifier: MIT */
/*
 * fail_monitor.c - every system call of linehook-exec fails, one by one.
 *
 * The monitor is that of the installed program, linked with calls that can fail;
 * they fail in its child, too, until exec.
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
#include "lib/scene.h"
#include "lib/tap.h"

#define K_MAX 300u
#define SHOWN 60

static char log_path[300];
static uint64_t n_faults, n_bad;

static void
arm (struct stage_set *w, void *user)
{
	const struct fault *f = user;
	char text[80];

	(void) w;
	snprintf (text, sizeof text, "%d:%d:%llu:%llu", f->call, f->error,
		  (unsigned long long) f->at, (unsigned long long) f->times);
	if (f->times != 0)
		setenv ("LINEHOOK_FAULT", text, 1);
}

static void
disarm (struct stage_set *w, void *user)
{
	(void) w;
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
reports_survivors (const struct seen *s, const struct fault *f)
{
	return f->call == CALL_OPEN && f->times == FAULT_ALWAYS
	       && s->verdict == LHK_VERDICT_HOST_ERROR && s->n_notices != 0;
}

/* What is wrong with SEEN: a failed start must have the errno of the fault. */
static const char *
find_mistake (const struct seen *s, const struct seen *whole,
	      const struct fault *f, unsigned int flags)
{
	const char *fault =
		scene_judge (s, whole, f->error, flags & FAULT_HARMLESS);

	if (fault == NULL && s->code < 0)
		return "the start of a run that is one returned an error";
	if (fault == NULL && s->verdict == LHK_VERDICT_SPAWN_FAILED
	    && s->sys_errno != f->error && s->sys_errno != whole->sys_errno)
		return "the errno is lost";
	return fault;
}

static void
complain (const struct scene *scene, const struct fault *f, const char *what,
	  const struct seen *seen)
{
	CU_FAIL ("see the note");
	if (++n_bad > SHOWN)
		return;
	tap_note ("%s: %s call %llu: %s x%llu: %s", scene->name,
		  fault_calls[f->call].name, (unsigned long long) f->at,
		  f->error == FAULT_SHORT ? "one byte"
					  : strerrorname_np (f->error),
		  f->times == FAULT_ALWAYS ? 0 : (unsigned long long) f->times,
		  what);
	tap_note ("    %s", scene_text (seen));
}

static void
each_k (const struct scene *scene, const struct seen *whole, int call,
	const struct fault_error *e, uint64_t times)
{
	struct fault f = { call, e->error, 1, times };
	struct scene_fault how = { arm, disarm, &f, getenv ("FAULTY") };
	struct seen seen;
	int far = e == fault_calls[call].errors;
	const char *fault;
	uint64_t n;

	for (; f.at < K_MAX; f.at = scene_next (f.at, far)) {
		fault = scene_play (scene, &how, &seen);
		n = count_faults ();
		n_faults += n;
		if (fault == NULL)
			fault = find_mistake (&seen, whole, &f, e->flags);
		if (fault != NULL && !reports_survivors (&seen, &f))
			complain (scene, &f, fault, &seen);
		if (n == 0)
			return;
	}
}

static void
each_call (const char *name)
{
	static const struct fault none = { 0, 0, 0, 0 };
	struct fault no = none;
	struct scene_fault how = { arm, disarm, &no, getenv ("FAULTY") };
	const struct scene *scene = scenes;
	const struct fault_error *e;
	struct seen whole;
	int call;

	while (strcmp (scene->name, name) != 0)
		scene++;
	n_faults = 0;
	CU_ASSERT_PTR_NULL (scene_play (scene, &how, &whole));
	for (call = 0; call < N_CALLS; call++)
		for (e = fault_calls[call].errors; e->error != 0; e++) {
			if (!is_possible (call, e->error)
			    || (call == CALL_OPEN && e->error != EMFILE
				&& !scene_whole ()))
				continue;
			each_k (scene, &whole, call, e, 1);
			/* It takes seconds: survivors are waited for. */
			if (call == CALL_OPEN && !scene_whole ())
				break;
			each_k (scene, &whole, call, e,
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
	struct tempdir place;
	int r;

	if (getenv ("FAULTY") == NULL) {
		puts ("Bail out! FAULTY is not set: run by make check");
		return 99;
	}
	tempdir_init (&place);
	snprintf (log_path, sizeof log_path, "%s",
		  tempdir_put (&place, "faults", NULL, "", 0600));
	setenv ("LINEHOOK_FAULT_LOG", log_path, 1);
	scene_init ();
	r = tap_run ("fail_monitor", cases);
	tempdir_done (&place);
	return r;
}
