/* SPDX-License-Identifier: MIT */
/* signals.c - from a signal to lhk_run_cancel. */
#include "config.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>

#include "cli/signals.h"

static const int caught[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };

static struct lhk_run *_Atomic current;
volatile sig_atomic_t signals_noted;

static void
on_signal (int signo)
{
	struct lhk_run *run = atomic_load (&current);
	int kept = errno;

	if (run != NULL)
		lhk_run_cancel (run, signo);
	else
		signals_noted = signo;
	errno = kept;
}

void
signals_catch (void)
{
	struct sigaction action = { .sa_handler = on_signal };
	struct sigaction old;
	size_t i;

	sigfillset (&action.sa_mask);
	for (i = 0; i < sizeof caught / sizeof caught[0]; i++)
		if (sigaction (caught[i], NULL, &old) == 0
		    && old.sa_handler != SIG_IGN)
			sigaction (caught[i], &action, NULL);
}

void
signals_cancel (struct lhk_run *run)
{
	atomic_store (&current, run);
	if (run == NULL) {
		signals_noted = 0;
	} else if (signals_noted != 0) {
		lhk_run_cancel (run, signals_noted);
		signals_noted = 0;
	}
}
