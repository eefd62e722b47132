/* SPDX-License-Identifier: MIT */
/*
 * fail_killed.c - a host is killed at each of its system calls.
 *
 * A process writes a record, with the writer alone or with an agent, and kills
 * itself at the k-th call of a kind, before it is done; or it writes one byte
 * and is killed at the next call.  The record that it left must be readable.
 */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/faults.h"
#include "lib/record_fixture.h"
#include "lib/record_check.h"
#include "lib/trial.h"

static const int calls[] = {
	CALL_PWRITE, CALL_OPEN,	 CALL_MKDIR,	 CALL_RENAME, CALL_UNLINK,
	CALL_CLOSE,  CALL_LOCK,	 CALL_LOCK_SOON, CALL_LSEEK,  CALL_ACCESS,
	CALL_FSTAT,  CALL_FSYNC, CALL_PREAD,
};

#define N_CALLS_HERE (sizeof calls / sizeof calls[0])
#define K_MAX 5000u

struct play {
	const char *dir;
	void (*keep) (const struct play *p);
	uint64_t lost, ended, none;
};

static void
die (void)
{
	kill (getpid (), SIGKILL);
}

/* ---- hosts ---- */

static void
by_keeper (const struct play *p)
{
	struct record_writer k;
	uint64_t i;

	(void) p;
	record_fixture_begin (&k, "cut");
	for (i = 1; i <= 9; i += 3) {
		record_writer_stdout (&k, "a line\n", 7);
		record_writer_stderr (&k, "err\n", 4);
		record_fixture_events (&k, i, 3);
	}
	record_fixture_finish (&k, LHK_VERDICT_OK, 0);
}

static void
by_run (const struct play *p)
{
	struct trial t;

	trial_begin (&t, 0);
	t.opts.record_dir = p->dir;
	t.opts.run_id = "cut";
	trial_run (&t, AGENT ("lines", "20", "err", "oops", "exit", "0"));
	trial_end (&t);
}

/* ---- kills ---- */

/* 1: the host was killed; 0: there was no call left. */
static int
host_killed_at (const struct play *p, const struct fault *f)
{
	int status = 0;
	pid_t pid = fork ();

	if (pid == 0) {
		faults_on_fault (die);
		faults_arm (f);
		p->keep (p);
		_exit (0);
	}
	if (pid < 0 || waitpid (pid, &status, 0) != pid)
		CU_FAIL ("no host");
	return WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL;
}

static void
count (struct play *p, const struct record_found *found)
{
	p->lost += found->status == LHK_RECORD_LOST;
	p->ended += found->status == LHK_RECORD_ENDED;
	p->none += found->status == 0;
}

static int
one (struct play *p, int call, uint64_t k)
{
	struct fault f = { .call = call, .error = EIO, .at = k, .times = 1 };
	int killed = host_killed_at (p, &f);
	struct record_found found;
	const char *fault = record_check (p->dir, "cut", &found);

	if (fault == NULL && !killed && found.status != LHK_RECORD_ENDED)
		fault = "a host that lives has not kept its run";
	if (fault != NULL) {
		CU_FAIL ("see the comment");
		tap_note ("%s call %llu: %s (%s)", fault_calls[call].name,
			  (unsigned long long) k, fault, found.why);
	}
	if (killed)
		count (p, &found);
	return killed;
}

/* Monitors of killed hosts become children of the test. */
static void
reap (void)
{
	while (waitpid (-1, NULL, 0) > 0 || errno == EINTR)
		;
}

static void
each_call (void (*keep) (const struct play *p), uint64_t step)
{
	struct play p = { .dir = record_fixture_store (), .keep = keep };
	uint64_t k;
	size_t i;

	record_fixture_make_dir ();
	for (i = 0; i < N_CALLS_HERE; i++)
		for (k = 1; k < K_MAX && one (&p, calls[i], k);
		     k += k < 3 || tap_is_exhaustive () ? 1 : step)
			;
	reap ();
	tap_note ("%llu lost, %llu ended, %llu never were",
		  (unsigned long long) p.lost, (unsigned long long) p.ended,
		  (unsigned long long) p.none);
	CU_ASSERT (p.lost > 0 && p.none > 0);
	record_fixture_clear ();
}

static void
record_writer_alone (void)
{
	each_call (by_keeper, 1);
}

static void
with_agent (void)
{
	each_call (by_run, 9);
}

static const struct tap_case cases[] = {
	{ "a_record_writer_may_be_killed_at_any_call", record_writer_alone },
	{ "a_host_of_an_agent_may_be_killed_at_any_call", with_agent },
	{ NULL, NULL },
};

int
main (void)
{
	prctl (PR_SET_CHILD_SUBREAPER, 1);
	return tap_run ("fail_killed", cases);
}
