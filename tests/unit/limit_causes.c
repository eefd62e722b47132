/* SPDX-License-Identifier: MIT */
/* limit_causes.c - a limit that ended an agent is named. */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "common/text.h"
#include "lib/tap.h"
#include "run/limits.h"

#define NONE UINT64_MAX

static struct run_limits limits;

static void
set (int resource, uint64_t value)
{
	struct lhk_run_opts opts = LHK_RUN_OPTS_INIT;
	const struct lhk_rlimit one = { resource, 0, value };

	opts.limits = &one;
	opts.n_limits = 1;
	run_limits_init (&limits, &opts);
}

/* How an agent ended whose only limit is RESOURCE: by SIGNO, or with STATUS and
 * what it wrote to stderr. */
static const struct {
	const char *name;
	int resource;
	uint64_t value;
	int signo, status;
	uint64_t wall_ms, stdout_bytes;
	const char *err;
	const char *wanted; /* part of the sentence; NULL: none */
} ends[] = {
	{ "as is too small for exec", RLIMIT_AS, 1024, SIGSEGV, 0, 3, 0, "",
	  "limit as=1 KiB may be too small for it to start" },
	{ "or for the loader", RLIMIT_AS, 1 << 20, 0, 127, 3, 0,
	  "cannot open shared object", "limit as=1 MiB may be too small" },
	{ "stack is too small", RLIMIT_STACK, 4096, SIGKILL, 0, 3, 0, "",
	  "limit stack=4 KiB may be too small" },
	{ "a crash later", RLIMIT_AS, 1024, SIGSEGV, 0, 9000, 0, "", NULL },
	{ "a crash after output", RLIMIT_AS, 1024, SIGSEGV, 0, 3, 5, "", NULL },
	{ "a crash without such a limit", RLIMIT_CORE, 0, SIGSEGV, 0, 3, 0, "",
	  NULL },
	{ "no limit is no cause", RLIMIT_AS, NONE, SIGSEGV, 0, 3, 0, "", NULL },
	{ "a polite signal", RLIMIT_AS, 1024, SIGTERM, 0, 3, 0, "", NULL },
	{ "nofile", RLIMIT_NOFILE, 16, 0, 1, 9000, 5,
	  "Error: EMFILE: too many open files",
	  "limit nofile=16: its stderr contains 'EMFILE'" },
	{ "nproc", RLIMIT_NPROC, 4, 0, 2, 9000, 5, "sh: 1: Cannot fork\n",
	  "limit nproc=4: its stderr contains 'Cannot fork'" },
	{ "as at work", RLIMIT_AS, 1 << 30, 0, 1, 9000, 5,
	  "cat: Cannot allocate memory", "limit as=1 GiB" },
	{ "fsize at work", RLIMIT_FSIZE, 4096, 0, 1, 9000, 5,
	  "write: File too large", "limit fsize=4 KiB" },
	{ "a complaint of another limit", RLIMIT_NOFILE, 16, 0, 1, 9000, 5,
	  "cat: Cannot allocate memory", NULL },
	{ "a complaint, and all is well", RLIMIT_NOFILE, 16, 0, 0, 9000, 5,
	  "EMFILE", NULL },
};

static void
fail (const char *name, const char *text)
{
	tap_note ("%s: %s", name, text == NULL ? "nothing" : text);
	CU_FAIL ("another sentence");
}

static void
explained (void)
{
	size_t i;

	for (i = 0; i < sizeof ends / sizeof *ends; i++) {
		const struct lhk_outcome how = {
			.end_reason = ends[i].signo != 0 ? LHK_END_SIGNALED
							 : LHK_END_EXITED,
			.has_exit = ends[i].signo == 0,
			.exit_code = ends[i].status,
			.signal = ends[i].signo,
			.wall_ms = ends[i].wall_ms,
			.stderr_head = { ends[i].err, strlen (ends[i].err) },
		};
		const char *text;

		set (ends[i].resource, ends[i].value);
		text = run_limits_explain (&limits, &how, ends[i].stdout_bytes,
					   0);
		if (ends[i].wanted == NULL
			    ? text != NULL
			    : text == NULL
				      || strstr (text, ends[i].wanted) == NULL)
			fail (ends[i].name, text);
	}
}

/* An end by SIGNO after US of CPU time. */
static const char *
prove (int signo, uint64_t us, int oom)
{
	const struct proto_report r = {
		.status = signo,
		.agent_cpu_us = us,
		.oom = oom,
	};

	return run_limits_prove (&limits, &r);
}

static void
proved (void)
{
	struct lhk_run_opts opts = LHK_RUN_OPTS_INIT;

	set (RLIMIT_FSIZE, 4096);
	CU_ASSERT (prove (SIGXFSZ, 0, 0) != NULL);
	set (RLIMIT_FSIZE, 4096);
	CU_ASSERT (prove (SIGKILL, 0, 0) == NULL);
	set (RLIMIT_CPU, 2);
	CU_ASSERT (prove (SIGKILL, 1000000, 0) == NULL);
	CU_ASSERT (prove (SIGKILL, 1999000, 0) != NULL);
	opts.memory_max = 64 << 20;
	run_limits_init (&limits, &opts);
	CU_ASSERT (prove (SIGKILL, 0, OOM_SHARED) == NULL);
	TAP_EQ_STR (prove (SIGKILL, 0, OOM_OWN),
		    "the agent was killed because the run used up its limit "
		    "mem=64 MiB");
}

static void
forks (void)
{
	const struct lhk_outcome how = {
		.end_reason = LHK_END_EXITED,
		.has_exit = 1,
		.exit_code = 1,
	};
	struct lhk_run_opts opts = LHK_RUN_OPTS_INIT;

	opts.pids_max = 8;
	run_limits_init (&limits, &opts);
	CU_ASSERT (run_limits_explain (&limits, &how, 0, 0) == NULL);
	TAP_EQ_STR (run_limits_explain (&limits, &how, 0, 1),
		    "the run reached its limit pids=8, so 1 process or thread "
		    "could not be started");
	run_limits_init (&limits, &opts);
	TAP_EQ_STR (run_limits_explain (&limits, &how, 0, 3),
		    "the run reached its limit pids=8, so 3 processes or "
		    "threads could not be started");
}

/* exec says no more than that there is no room. */
static void
no_room (void)
{
	struct lhk_outcome how = { .end_reason = LHK_END_SPAWN_FAILED,
				   .sys_errno = E2BIG };

	set (RLIMIT_AS, 1024);
	TAP_EQ_STR (run_limits_explain (&limits, &how, 0, 0),
		    "its limit as=1 KiB may be too small for it to start");
	set (RLIMIT_AS, 1 << 30);
	CU_ASSERT (run_limits_explain (&limits, &how, 0, 0) == NULL);
	how.sys_errno = EACCES;
	set (RLIMIT_AS, 1024);
	CU_ASSERT (run_limits_explain (&limits, &how, 0, 0) == NULL);
}

static const struct tap_case cases[] = {
	{ "exec_without_room_names_a_small_limit", no_room },
	{ "a_limit_that_may_be_the_cause_is_named", explained },
	{ "a_limit_that_is_the_cause_is_named", proved },
	{ "forks_that_the_limit_of_a_tree_refused_are_named", forks },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("limit_causes", cases);
}
