/* SPDX-License-Identifier: MIT */
/* process_state.c - the state of a process that a library must not change. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "embed/process_state.h"
#include "lib/leaks.h"

extern char **environ;

static void
take_signals (struct process_state *s)
{
	struct sigaction act;
	int i;

	for (i = 0; i < STATE_SIGNALS; i++) {
		memset (&act, 0, sizeof act);
		/* The C library reserves these signals: their entries stay zero. */
		if (sigaction (i + 1, NULL, &act) < 0)
			continue;
		s->actions[i].handler = act.sa_handler;
		memcpy (&s->actions[i].mask, &act.sa_mask, 8);
		s->actions[i].flags = act.sa_flags;
	}
	sigprocmask (SIG_SETMASK, NULL, &act.sa_mask);
	memcpy (&s->blocked, &act.sa_mask, 8);
	sigaltstack (NULL, &s->altstack);
	/* ss_flags says whether the thread is on that stack, not what was set. */
	s->altstack.ss_flags = 0;
}

/* umask(2) changes the mask in order to read it, so it is read from /proc. */
static unsigned int
read_umask (void)
{
	FILE *f = fopen ("/proc/self/status", "r");
	unsigned int mask = 0;
	char line[256];

	while (f != NULL && fgets (line, sizeof line, f) != NULL)
		if (sscanf (line, "Umask: %o", &mask) == 1)
			break;
	if (f != NULL)
		fclose (f);
	return mask;
}

static uint64_t
sum_environ (void)
{
	uint64_t sum = 14695981039346656037u;
	const char *p;
	char **e;

	for (e = environ; e != NULL && *e != NULL; e++)
		for (p = *e;; p++) {
			sum = (sum ^ (unsigned char) *p) * 1099511628211u;
			if (*p == '\0')
				break;
		}
	return sum;
}

static void
take_prctls (struct process_state *s)
{
	int value = 0;

	if (prctl (PR_GET_CHILD_SUBREAPER, &value, 0, 0, 0) == 0)
		s->prctls[0] = value;
	value = 0;
	if (prctl (PR_GET_PDEATHSIG, &value, 0, 0, 0) == 0)
		s->prctls[1] = value;
	s->prctls[2] = prctl (PR_GET_DUMPABLE, 0, 0, 0, 0);
	s->prctls[3] = prctl (PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0);
	s->prctls[4] = prctl (PR_GET_KEEPCAPS, 0, 0, 0, 0);
	s->prctls[5] = prctl (PR_GET_SECCOMP, 0, 0, 0, 0);
	s->prctls[6] = prctl (PR_GET_TIMERSLACK, 0, 0, 0, 0);
	s->prctls[7] = prctl (PR_GET_SECUREBITS, 0, 0, 0, 0);
	prctl (PR_GET_NAME, s->name, 0, 0, 0);
}

void
process_state_take (struct process_state *s)
{
	static const int which[] = { ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF };
	unsigned int i;

	memset (s, 0, sizeof *s);
	take_signals (s);
	if (getcwd (s->cwd, sizeof s->cwd) == NULL)
		s->cwd[0] = '\0';
	s->umask = read_umask ();
	snprintf (s->locale, sizeof s->locale, "%s", setlocale (LC_ALL, NULL));
	s->environ_at = environ;
	s->environ_sum = sum_environ ();
	for (i = 0; i < RLIM_NLIMITS; i++)
		getrlimit (i, &s->limits[i]);
	take_prctls (s);
	s->priority = getpriority (PRIO_PROCESS, 0);
	s->session = getsid (0);
	s->group = getpgrp ();
	for (i = 0; i < 3; i++) {
		getitimer (which[i], &s->timers[i]);
		s->standard[i] = fcntl ((int) i, F_GETFL);
	}
	s->threads = count_threads ();
}

#define DIFFERS(member) (memcmp (&a->member, &b->member, sizeof a->member) != 0)

const char *
process_state_difference (const struct process_state *a,
			  const struct process_state *b)
{
	return DIFFERS (actions)       ? "the table of signal actions"
	       : DIFFERS (blocked)     ? "the signal mask"
	       : DIFFERS (altstack)    ? "the alternate signal stack"
	       : DIFFERS (cwd)	       ? "the working directory"
	       : DIFFERS (umask)       ? "the umask"
	       : DIFFERS (locale)      ? "the locale"
	       : DIFFERS (environ_at)  ? "where the environment is"
	       : DIFFERS (environ_sum) ? "the environment"
	       : DIFFERS (limits)      ? "a resource limit"
	       : DIFFERS (prctls)      ? "an attribute of prctl"
	       : DIFFERS (name)	       ? "the name of the thread"
	       : DIFFERS (priority)    ? "the priority"
	       : DIFFERS (session)     ? "the session"
	       : DIFFERS (group)       ? "the process group"
	       : DIFFERS (timers)      ? "an interval timer"
	       : DIFFERS (standard)    ? "a flag of 0, 1 or 2"
	       : DIFFERS (threads)     ? "the number of threads"
				       : NULL;
}
