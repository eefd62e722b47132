/* SPDX-License-Identifier: MIT */
/* limits.c - did a limit of the run end its agent? */
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "common/macros.h"
#include "common/units.h"
#include "run/limits.h"

/*
 * SIGKILL may come from anywhere: the kernel sends it for CPU time that it
 * measures by ticks, a few of which may be missing from what was counted.  The
 * limit counts as reached when less than this was left.
 */
#define CPU_SLACK_US 50000

/* A program that its limits keep from starting ends sooner than this. */
#define START_MS 2000

/* What the system allows arguments and environment to be, with room beside. */
#define ARGUMENTS_MAX (UINT64_C (8) << 20)

/* Of the dynamic loader and of shells: the program could not be started. */
#define STATUS_NOT_STARTED 127

static const struct {
	int resource;
	const char *name; /* as in --limit */
	int is_size;
} resources[RUN_LIMITS] = {
	[RUN_LIMIT_CPU] = { RLIMIT_CPU, "cpu", 0 },
	[RUN_LIMIT_FSIZE] = { RLIMIT_FSIZE, "fsize", 1 },
	[RUN_LIMIT_AS] = { RLIMIT_AS, "as", 1 },
	[RUN_LIMIT_DATA] = { RLIMIT_DATA, "data", 1 },
	[RUN_LIMIT_STACK] = { RLIMIT_STACK, "stack", 1 },
	[RUN_LIMIT_NOFILE] = { RLIMIT_NOFILE, "nofile", 0 },
	[RUN_LIMIT_NPROC] = { RLIMIT_NPROC, "nproc", 0 },
};

/* What a program that met a limit may have written to stderr. */
static const struct {
	enum run_limit limit;
	const char *text;
} complaints[] = {
	{ RUN_LIMIT_NOFILE, "Too many open files" },
	{ RUN_LIMIT_NOFILE, "EMFILE" },
	{ RUN_LIMIT_NOFILE, "Error 24" }, /* of the dynamic loader */
	{ RUN_LIMIT_NPROC, "Resource temporarily unavailable" },
	{ RUN_LIMIT_NPROC, "EAGAIN" },
	{ RUN_LIMIT_NPROC, "Cannot fork" },
	{ RUN_LIMIT_NPROC, "can't start new thread" },
	{ RUN_LIMIT_AS, "Cannot allocate memory" },
	{ RUN_LIMIT_AS, "ENOMEM" },
	{ RUN_LIMIT_AS, "out of memory" },
	{ RUN_LIMIT_AS, "Out of memory" },
	{ RUN_LIMIT_AS, "MemoryError" },
	{ RUN_LIMIT_AS, "bad_alloc" },
	{ RUN_LIMIT_AS, "failed to map segment" },
	{ RUN_LIMIT_FSIZE, "File too large" },
	{ RUN_LIMIT_FSIZE, "EFBIG" },
};

void
run_limits_init (struct run_limits *l, const struct lhk_run_opts *opts)
{
	size_t i, k;

	memset (l, 0, sizeof *l);
	l->memory_max = opts->memory_max;
	l->pids_max = opts->pids_max;
	for (k = 0; k < RUN_LIMITS; k++) {
		l->values[k] = UINT64_MAX;
		for (i = 0; i < opts->n_limits; i++)
			if (opts->limits[i].resource == resources[k].resource)
				l->values[k] = opts->limits[i].value;
	}
}

/* "as=1 KiB", "nofile=16". */
static void
print_limit (const struct run_limits *l, enum run_limit k, char *buf,
	     size_t size)
{
	char value[UNITS_SIZE];

	if (resources[k].is_size)
		units_print_size (l->values[k], value);
	else
		snprintf (value, sizeof value, "%" PRIu64, l->values[k]);
	snprintf (buf, size, "%s=%s", resources[k].name, value);
}

const char *
run_limits_prove (struct run_limits *l, const struct proto_report *exited)
{
	const int signo = WTERMSIG (exited->status);
	const uint64_t cpu = l->values[RUN_LIMIT_CPU];
	char size[UNITS_SIZE];

	if (signo == SIGXFSZ && l->values[RUN_LIMIT_FSIZE] != UINT64_MAX) {
		snprintf (l->text, sizeof l->text,
			  "the agent was ended by its limit fsize: a file "
			  "would have had more than %" PRIu64 " bytes",
			  l->values[RUN_LIMIT_FSIZE]);
	} else if (cpu != UINT64_MAX
		   && (signo == SIGXCPU
		       || (signo == SIGKILL && cpu <= UINT64_MAX / 1000000
			   && exited->agent_cpu_us + CPU_SLACK_US
				      >= cpu * 1000000))) {
		snprintf (l->text, sizeof l->text,
			  "the agent was ended by its limit cpu: its %" PRIu64
			  " s were used up",
			  cpu);
	} else if (exited->oom == OOM_OWN && l->memory_max != 0) {
		units_print_size (l->memory_max, size);
		snprintf (l->text, sizeof l->text,
			  "the agent was killed because the run used up its "
			  "limit mem=%s",
			  size);
	}
	return l->text[0] == '\0' ? NULL : l->text;
}

/* Is a limit of memory set that is at most MAX?  1, and its name in BUF. */
static int
find_space (const struct run_limits *l, uint64_t max, char *buf, size_t size)
{
	static const enum run_limit spaces[] = { RUN_LIMIT_AS, RUN_LIMIT_STACK,
						 RUN_LIMIT_DATA };
	size_t i;

	for (i = 0; i < ARRAY_SIZE (spaces); i++)
		if (l->values[spaces[i]] <= max) {
			print_limit (l, spaces[i], buf, size);
			return 1;
		}
	return 0;
}

/* A crash at once, before any output: of 1 that is set, the name is in BUF. */
static int
is_start_too_small (const struct run_limits *l, const struct lhk_outcome *how,
		    char *buf, size_t size)
{
	static const int crashes[] = { SIGKILL, SIGSEGV, SIGBUS, SIGABRT,
				       SIGILL,	SIGTRAP, SIGSYS };
	size_t i;

	for (i = 0; i < ARRAY_SIZE (crashes); i++)
		if (how->signal == crashes[i])
			break;
	if (i == ARRAY_SIZE (crashes)
	    && !(how->has_exit && how->exit_code == STATUS_NOT_STARTED))
		return 0;
	return find_space (l, UINT64_MAX - 1, buf, size);
}

/* exec had no room for the arguments and the environment: of the limit that may
 * have left it so little, the name is in BUF. */
static int
is_exec_too_small (const struct run_limits *l, const struct lhk_outcome *how,
		   char *buf, size_t size)
{
	return how->end_reason == LHK_END_SPAWN_FAILED
	       && (how->sys_errno == E2BIG || how->sys_errno == ENOMEM)
	       && find_space (l, ARGUMENTS_MAX, buf, size);
}

static int
contains (const struct lhk_str *s, const char *word)
{
	const size_t len = strlen (word);
	size_t at;

	for (at = 0; at + len <= s->len; at++)
		if (memcmp (s->ptr + at, word, len) == 0)
			return 1;
	return 0;
}

/* The first complaint about a limit that is set, or NULL. */
static const char *
find_complaint (const struct run_limits *l, const struct lhk_outcome *how,
		char *buf, size_t size)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE (complaints); i++)
		if (l->values[complaints[i].limit] != UINT64_MAX
		    && (contains (&how->stderr_head, complaints[i].text)
			|| contains (&how->stderr_tail, complaints[i].text))) {
			print_limit (l, complaints[i].limit, buf, size);
			return complaints[i].text;
		}
	return NULL;
}

static int
ended_well (const struct lhk_outcome *how)
{
	return how->end_reason == LHK_END_EXITED && how->exit_code == 0;
}

static int
ended_by_itself (const struct lhk_outcome *how)
{
	return how->end_reason == LHK_END_EXITED
	       || how->end_reason == LHK_END_SIGNALED;
}

const char *
run_limits_explain (struct run_limits *l, const struct lhk_outcome *how,
		    uint64_t stdout_bytes, uint32_t n_refused)
{
	char limit[UNITS_SIZE + 16];
	const char *said;

	if (l->text[0] != '\0')
		return l->text;
	if (is_exec_too_small (l, how, limit, sizeof limit)) {
		snprintf (l->text, sizeof l->text,
			  "its limit %s may be too small for it to start",
			  limit);
		return l->text;
	}
	if (!ended_by_itself (how) || ended_well (how))
		return NULL;
	said = find_complaint (l, how, limit, sizeof limit);
	if (n_refused > 0)
		snprintf (l->text, sizeof l->text,
			  "the run reached its limit pids=%u, so %u %s could "
			  "not be started",
			  (unsigned int) l->pids_max, (unsigned int) n_refused,
			  n_refused == 1 ? "process or thread"
					 : "processes or threads");
	else if (stdout_bytes == 0 && how->wall_ms < START_MS
		 && is_start_too_small (l, how, limit, sizeof limit))
		snprintf (l->text, sizeof l->text,
			  "the agent ended before it printed anything; its "
			  "limit %s may be too small for it to start",
			  limit);
	else if (said != NULL)
		snprintf (l->text, sizeof l->text,
			  "the agent may have failed because of its limit %s: "
			  "its stderr contains '%s'",
			  limit, said);
	else
		return NULL;
	return l->text;
}
