/* SPDX-License-Identifier: MIT */
/* crash-asked.c - ends the process from inside a callback. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <linehook/plugin.h>

static void
write_nowhere (void)
{
	volatile char *p = mmap (NULL, 4096, PROT_NONE,
				 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	*p = 1;
}

/* A stack that has no end. */
static int
recurse (volatile int *depth)
{
	volatile int more = *depth + 1;

	return more < 0 ? 0 : recurse (&more) + more;
}

static const struct {
	const char *word;
	int signo;
} signals[] = {
	{ "SIGBUS", SIGBUS },
	{ "SIGFPE", SIGFPE },
	{ "SIGILL", SIGILL },
};

static void
obey (const struct lhk_api *api, const char *word)
{
	volatile int depth = 0;
	size_t i;

	(void) api;
	for (i = 0; i < sizeof signals / sizeof signals[0]; i++)
		if (strcmp (word, signals[i].word) == 0)
			raise (signals[i].signo);
	if (strcmp (word, "SIGSEGV") == 0)
		write_nowhere ();
	if (strcmp (word, "SIGABRT") == 0)
		abort ();
	if (strcmp (word, "stack") == 0)
		exit (recurse (&depth));
	if (strcmp (word, "exit") == 0)
		exit (0);
}

#define ASKED_NAME "crash-asked"
#include "asked.h"
