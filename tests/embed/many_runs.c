/* SPDX-License-Identifier: MIT */
/*
 * many_runs.c - the C example drives many runs in its own poll loop, some of
 * them canceled, and nothing is left of them.
 */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/leaks.h"
#include "lib/tap.h"

/* The example itself, under another name. */
int poll_main (int argc, char **argv);
#define main poll_main
#include "../host/examples/c/poll.c"
#undef main

#define N_RUNS 20
#define N_ROUNDS 3

/* What the agent of run NUMBER does, and its verdict, by NUMBER % 4. */
static const struct kind {
	const char *words;
	const char *verdict;
	int n_texts;
} kinds[] = {
	{ "pause", "canceled", -1 }, /* canceled at some time */
	{ "err oops exit 3", "failed", 1 },
	{ "lines 200", "ok", 201 },
	{ "fork '(' sleep 5000 ')'", "ok", 1 },
};

/* The numbers of the runs to cancel, written to the example's stdin. */
static int
numbers_to_cancel (void)
{
	char text[16];
	int fds[2], i, n;

	if (pipe2 (fds, O_CLOEXEC) < 0)
		exit (99);
	for (i = 0; i < N_RUNS; i += 4) {
		n = snprintf (text, sizeof text, "%d\n", i);
		if (write (fds[1], text, (size_t) n) != n)
			exit (99);
	}
	close (fds[1]);
	return fds[0];
}

/* Run the example's main with this stdin and stdout; returns its status. */
static int
run_with (int in, int out, char **words)
{
	int kept[2] = { fcntl (0, F_DUPFD_CLOEXEC, 10),
			fcntl (1, F_DUPFD_CLOEXEC, 10) };
	int r;

	fflush (stdout);
	dup2 (in, 0);
	dup2 (out, 1);
	r = poll_main (N_RUNS + 1, words);
	fflush (stdout);
	dup2 (kept[0], 0);
	dup2 (kept[1], 1);
	close (kept[0]);
	close (kept[1]);
	return r;
}

/* Check the lines "NUMBER JSON" and "NUMBER = VERDICT" of every run. */
static void
check_output (FILE *f, int round)
{
	int texts[N_RUNS] = { 0 }, own[N_RUNS] = { 0 }, ends[N_RUNS] = { 0 };
	char *line = NULL, *rest, name[64], word[64];
	size_t size = 0;
	int i;

	rewind (f);
	while (getline (&line, &size, f) > 0) {
		i = (int) strtol (line, &rest, 10);
		if (i < 0 || i >= N_RUNS)
			continue;
		snprintf (name, sizeof name, "\"text\":\"round %d run %d\"",
			  round, i);
		texts[i] += strstr (rest, "\"kind\":\"text\"") != NULL;
		own[i] += strstr (rest, "\"kind\":\"text\"") != NULL
			  && strstr (rest, name) != NULL;
		if (sscanf (rest, " = %63s", word) == 1) {
			ends[i]++;
			TAP_EQ_STR (word, kinds[i % 4].verdict);
		}
	}
	free (line);
	for (i = 0; i < N_RUNS; i++) {
		TAP_EQ_INT (ends[i], 1);
		if (kinds[i % 4].n_texts < 0)
			continue;
		TAP_EQ_INT (texts[i], kinds[i % 4].n_texts);
		TAP_EQ_INT (own[i], 1);
	}
}

static void
one_round (int round)
{
	static char commands[N_RUNS][512];
	char *words[N_RUNS + 2] = { NULL };
	FILE *out = tmpfile ();
	int i, in = numbers_to_cancel ();

	if (out == NULL)
		exit (99);
	for (i = 0; i < N_RUNS; i++) {
		snprintf (commands[i], sizeof commands[i],
			  "exec '%s' out 'round %d run %d' %s",
			  getenv ("AGENT"), round, i, kinds[i % 4].words);
		words[i + 1] = commands[i];
	}
	TAP_EQ_INT (run_with (in, fileno (out), words), 0);
	check_output (out, round);
	fclose (out);
	close (in);
}

static void
many (void)
{
	int fds = count_fds (), threads = count_threads (), i;

	setenv ("LINEHOOK_EXEC", getenv ("LINEHOOK_EXEC"), 1);
	setenv ("LINEHOOK_PLUGIN_PATH", getenv ("PLUGIN_DIR"), 1);
	for (i = 0; i < N_ROUNDS; i++) {
		one_round (i);
		TAP_EQ_INT (count_fds (), fds);
		TAP_EQ_INT (count_threads (), threads);
		TAP_EQ_INT (count_children (), 0);
	}
}

static const struct tap_case cases[] = {
	{ "c_20_runs_at_once_have_no_cross_talk_and_leave_nothing", many },
	{ NULL, NULL },
};

int
main (void)
{
	if (getenv ("AGENT") == NULL || getenv ("LINEHOOK_EXEC") == NULL
	    || getenv ("PLUGIN_DIR") == NULL) {
		puts ("Bail out! no AGENT: run by make check");
		return 99;
	}
	return tap_run ("many_runs", cases);
}
