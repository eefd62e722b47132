/* SPDX-License-Identifier: MIT */
/*
 * poll.c - several agents in a poll loop of your own.
 *
 *	cc -o poll poll.c $(pkg-config --cflags --libs linehook)
 *	./poll 'claude -p "say hi" --output-format stream-json --verbose' 'date'
 *
 * Each argument is a command for the shell; all run at once.  Their events are
 * printed as "NUMBER JSON", at the end of each its verdict as "NUMBER = WORD".
 * A number on stdin cancels that run.
 *
 * LINEHOOK_PLUGIN_PATH (one directory of plugins) and LINEHOOK_EXEC (the
 * monitor) are for a linehook that is not installed.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <linehook/run.h>

#define MOST_RUNS 64

static struct lhk_run *runs[MOST_RUNS];
static int n_runs;

static struct lhk_host *
new_host (void)
{
	struct lhk_host_opts opts = LHK_HOST_OPTS_INIT;
	const char *dir = getenv ("LINEHOOK_PLUGIN_PATH");
	struct lhk_host *host;
	struct lhk_error err;

	/* The library reads no environment variables; a program may. */
	opts.monitor = getenv ("LINEHOOK_EXEC");
	if (lhk_host_new (&opts, &host, &err) < 0) {
		fprintf (stderr, "poll: %s\n", err.text);
		return NULL;
	}
	if (lhk_host_add_plugin_dir (host, dir ? dir : lhk_plugin_dir ()) < 0) {
		fprintf (stderr, "poll: cannot use the plugin directory\n");
		lhk_host_free (host);
		return NULL;
	}
	return host;
}

static int
start (struct lhk_host *host, const char *command)
{
	const char *argv[] = { "sh", "-c", command, NULL };
	struct lhk_run_opts opts = LHK_RUN_OPTS_INIT;
	struct lhk_error err;

	/* With a plugin by the first word of the command ("claude"), give the
	 * words themselves instead of a shell; or name one in opts.plugin. */
	opts.argv = argv;
	opts.total_ms = 10 * 60 * 1000;
	if (lhk_run_start (host, &opts, &runs[n_runs], &err) < 0) {
		fprintf (stderr, "poll: %s\n", err.text);
		return -1;
	}
	n_runs++;
	return 0;
}

/* Print the events of run I that are there; 1 if the run has ended. */
static int
pull (int i)
{
	const struct lhk_result *result;
	struct lhk_str line;
	int r;

	while ((r = lhk_run_next_json (runs[i], &line)) == LHK_OK)
		printf ("%d %.*s\n", i, (int) line.len, line.ptr);
	if (r == LHK_AGAIN)
		return 0;
	result = lhk_run_result (runs[i]);
	printf ("%d = %s\n", i,
		result ? lhk_verdict_name (result->verdict) : "?");
	lhk_run_free (runs[i]);
	runs[i] = NULL;
	return 1;
}

/* Read a number from stdin and cancel that run; 0 at the end of stdin. */
static int
handle_input (void)
{
	char text[256], *next = text;
	ssize_t len = read (0, text, sizeof text - 1);
	long i;

	if (len <= 0)
		return 0;
	text[len] = '\0';
	for (;;) {
		char *at = next;

		i = strtol (at, &next, 10);
		if (next == at)
			return 1;
		if (i >= 0 && i < n_runs && runs[i] != NULL)
			lhk_run_cancel (runs[i], 0);
	}
}

int
main (int argc, char **argv)
{
	struct pollfd fds[2] = { { .fd = 0, .events = POLLIN },
				 { .fd = -1, .events = POLLIN } };
	struct lhk_host *host = new_host ();
	int i, left, status = 0;

	if (host == NULL)
		return 1;
	for (n_runs = 0, i = 1; i < argc && n_runs < MOST_RUNS; i++)
		if (start (host, argv[i]) < 0)
			status = 1;

	/* One descriptor is for all runs and all their timers: no timeout. */
	fds[1].fd = lhk_host_fd (host);
	for (left = n_runs; left > 0;) {
		if (poll (fds, 2, -1) < 0)
			continue; /* a signal */
		if (fds[0].revents != 0 && !handle_input ())
			fds[0].fd = -1;
		if (fds[1].revents == 0)
			continue;
		if (lhk_host_dispatch (host, 0) < 0)
			break;
		for (i = 0; i < n_runs; i++)
			if (runs[i] != NULL)
				left -= pull (i);
		fflush (stdout);
	}
	/* Kills what still runs. */
	lhk_host_free (host);
	return status;
}
