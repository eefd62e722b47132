/* SPDX-License-Identifier: MIT */
/* probe_subprocess.c - a probe that hangs or crashes harms no other. */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/doctor/doctor.h"
#include "lib/tap.h"

static char why[DOCTOR_TEXT];

static void
writes_seven (struct doctor *d, void *arg)
{
	(void) d;
	*(int *) arg = 7;
}

static void
hangs (struct doctor *d, void *arg)
{
	(void) d;
	(void) arg;
	for (;;)
		pause ();
}

static void
raises_sigsys (struct doctor *d, void *arg)
{
	(void) d;
	(void) arg;
	signal (SIGSYS, SIG_DFL);
	raise (SIGSYS);
}

/* Signals of a terminal go to every process of the group. */
static void
is_interrupted (struct doctor *d, void *arg)
{
	(void) d;
	raise (SIGINT);
	raise (SIGTERM);
	raise (SIGHUP);
	*(int *) arg = 8;
}

static void
changes_itself (struct doctor *d, void *arg)
{
	struct rlimit none = { 0, 0 };

	(void) d;
	setrlimit (RLIMIT_NOFILE, &none);
	signal (SIGTERM, SIG_IGN);
	*(int *) arg = chdir ("/");
}

static void
no_child_is_left (void)
{
	CU_ASSERT_EQUAL (waitpid (-1, NULL, 0), -1);
	CU_ASSERT_EQUAL (errno, ECHILD);
}

static void
test_shared (void)
{
	int *n = doctor_shared_memory (sizeof *n);

	CU_ASSERT_PTR_NOT_NULL_FATAL (n);
	CU_ASSERT_EQUAL (probe_subprocess (NULL, writes_seven, n, 60000, why),
			 0);
	CU_ASSERT_EQUAL (*n, 7);
	CU_ASSERT_EQUAL (probe_subprocess (NULL, is_interrupted, n, 60000, why),
			 0);
	CU_ASSERT_EQUAL (*n, 8);
	no_child_is_left ();
}

static void
test_hangs (void)
{
	CU_ASSERT_EQUAL (probe_subprocess (NULL, hangs, NULL, 50, why), -1);
	CU_ASSERT_STRING_EQUAL (why, "no answer within 50 ms");
	no_child_is_left ();
}

static void
test_killed (void)
{
	CU_ASSERT_EQUAL (
		probe_subprocess (NULL, raises_sigsys, NULL, 60000, why), -1);
	CU_ASSERT_PTR_NOT_NULL (strstr (why, "signal 31 (Bad system call"));
	no_child_is_left ();
}

static void
test_unchanged (void)
{
	sigset_t before, after;
	struct rlimit was, is;
	int *n = doctor_shared_memory (sizeof *n);

	CU_ASSERT_PTR_NOT_NULL_FATAL (n);
	/* The kernel sets a part of it only. */
	memset (&before, 0, sizeof before);
	memset (&after, 0, sizeof after);
	sigprocmask (SIG_SETMASK, NULL, &before);
	getrlimit (RLIMIT_NOFILE, &was);
	CU_ASSERT_EQUAL (probe_subprocess (NULL, changes_itself, n, 60000, why),
			 0);
	sigprocmask (SIG_SETMASK, NULL, &after);
	getrlimit (RLIMIT_NOFILE, &is);
	CU_ASSERT_EQUAL (memcmp (&before, &after, sizeof before), 0);
	CU_ASSERT_EQUAL (was.rlim_cur, is.rlim_cur);
	CU_ASSERT_PTR_EQUAL (signal (SIGTERM, SIG_DFL), SIG_DFL);
}

/* With no descriptor left there can be no pipe. */
static void
test_no_descriptor (void)
{
	struct rlimit was, none;
	int *n = doctor_shared_memory (sizeof *n);
	int r;

	CU_ASSERT_PTR_NOT_NULL_FATAL (n);
	getrlimit (RLIMIT_NOFILE, &was);
	none = was;
	none.rlim_cur = 0;
	setrlimit (RLIMIT_NOFILE, &none);
	r = probe_subprocess (NULL, writes_seven, n, 60000, why);
	setrlimit (RLIMIT_NOFILE, &was);
	CU_ASSERT_EQUAL (r, 0);
	CU_ASSERT_EQUAL (*n, 7);
}

int
main (void)
{
	static const struct tap_case cases[] = {
		{ "the report of a probe is read, whatever is typed",
		  test_shared },
		{ "a probe that hangs is killed", test_hangs },
		{ "a probe that a filter kills is reported", test_killed },
		{ "a probe changes its own process alone", test_unchanged },
		{ "a probe needs no descriptor", test_no_descriptor },
		{ NULL, NULL },
	};

	/* Under the thread sanitizer _exit of a child writes what is
	 * buffered. */
	setvbuf (stdout, NULL, _IOLBF, 0);
	return tap_run ("probe_subprocess", cases);
}
