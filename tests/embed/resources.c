/* SPDX-License-Identifier: MIT */
/*
 * resources.c - a host and its runs take no more descriptors, memory and stack
 * than linehook-embed(7) promises.
 */
#include "config.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "embed/embedder.h"
#include "lib/leaks.h"
#include "lib/tap.h"

#define N_RUNS 10

/* ---- descriptors ---- */

#define FDS_HOST 4 /* epoll, timer, event, inotify */
#define FDS_RUN 7  /* control, two pidfds, stdin, stdout, stderr, backlog */

static int n_said;

static void
count_said (void *user, const char *data, size_t len)
{
	(void) user;
	(void) data;
	n_said += len != 0;
}

static struct lhk_run *
start_all (struct lhk_host *host, struct lhk_run **runs, int file)
{
	struct lhk_run_opts opts = LHK_RUN_OPTS_INIT;
	int i;

	/* More output than waits in memory, so that a spool file is open as well. */
	opts.argv = EMBEDDER_AGENT ("lines", "30000", "err", "e", "pause");
	opts.on_stderr = count_said;
	opts.stdin_mode = LHK_STDIN_BYTES;
	opts.input = (struct lhk_str){ "x", 1 };
	opts.stdout_mode = file ? LHK_STDOUT_FILE : LHK_STDOUT_PIPE;
	for (i = 0; i < N_RUNS; i++)
		if (lhk_run_start (host, &opts, &runs[i], NULL) != LHK_OK)
			return NULL;
	return runs[0];
}

/* The largest number of open descriptors until every run has printed to stderr
 * and nothing more comes for 200 ms. */
static int
most_fds (struct lhk_host *host)
{
	struct pollfd p = { lhk_host_fd (host), POLLIN, 0 };
	int most = 0, n;

	for (n_said = 0; n_said < N_RUNS || poll (&p, 1, 200) > 0;) {
		if (lhk_host_dispatch (host, -1) < 0)
			break;
		n = count_fds ();
		most = n > most ? n : most;
	}
	return most;
}

static void
descriptors (void)
{
	struct lhk_run *runs[N_RUNS];
	int before = count_fds (), file, most;
	struct lhk_host *host;

	for (file = 0; file < 2; file++) {
		host = embedder_host ();
		CU_ASSERT_PTR_NOT_NULL (start_all (host, runs, file));
		most = most_fds (host) - before;
		tap_note ("%d runs: %d descriptors", N_RUNS, most);
		CU_ASSERT (most <= FDS_HOST + N_RUNS * FDS_RUN);
		lhk_host_free (host);
		TAP_EQ_INT (count_fds (), before);
	}
}

/* ---- memory ---- */

#define LINE_MAX 65536
#define STDERR_KEEP 8192
#define OUT_MEMORY (1 << 20) /* events that wait to be pulled */
#define HOST_FIXED (320 << 10)
#define RUN_FIXED (256 << 10)

static size_t held, peak;

static void *
count_resize (void *ctx, void *ptr, size_t old_size, size_t new_size)
{
	void *p;

	(void) ctx;
	if (new_size == 0) {
		free (ptr);
		held -= old_size;
		return NULL;
	}
	p = realloc (ptr, new_size);
	if (p != NULL)
		held = held - old_size + new_size;
	peak = held > peak ? held : peak;
	return p;
}

static struct lhk_host *
counted_host (void)
{
	static const struct lhk_alloc counted = { NULL, count_resize };
	struct lhk_host_opts opts = LHK_HOST_OPTS_INIT;
	struct lhk_host *host;

	opts.monitor = embedder_monitor ();
	opts.alloc = &counted;
	if (lhk_host_new (&opts, &host, NULL) < 0
	    || lhk_host_add_plugin (host, &embedder_plugin, NULL) < 0)
		exit (99);
	return host;
}

/* Long lines, a long answer, much stderr, and events that nobody pulls. */
static void
memory (void)
{
	struct lhk_stream_opts stream = LHK_STREAM_OPTS_INIT;
	struct lhk_run_opts opts = LHK_RUN_OPTS_INIT;
	struct lhk_run *runs[N_RUNS];
	struct lhk_host *host = counted_host ();
	size_t most = HOST_FIXED
		      + N_RUNS
				* (3 * (size_t) LINE_MAX + LHK_STREAM_SLACK
				   + OUT_MEMORY + STDERR_KEEP + RUN_FIXED);
	int i;

	stream.line_max = LINE_MAX;
	opts.stream = &stream;
	opts.stderr_keep = STDERR_KEEP;
	opts.argv = EMBEDDER_AGENT ("errflood", "1", "flood", "2", "lines",
				    "20000", "bytes", "60000");
	for (i = 0; i < N_RUNS; i++)
		CU_ASSERT_EQUAL_FATAL (
			lhk_run_start (host, &opts, &runs[i], NULL), LHK_OK);
	for (i = 0; i < N_RUNS; i++)
		TAP_EQ_INT (lhk_run_wait (runs[i], 60000), LHK_OK);
	tap_note ("%d runs: %zu KiB, promised %zu", N_RUNS, peak >> 10,
		  most >> 10);
	CU_ASSERT (peak <= most);
	lhk_host_free (host);
	TAP_EQ_INT (held, 0);
}

/* ---- stack ---- */

/* Sanitizers need more stack. */
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#define STACK (1 << 20)
#elif defined __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define STACK (1 << 20)
#endif
#endif
#ifndef STACK
#define STACK (64 << 10)
#endif

static void *
run_small (void *arg)
{
	struct lhk_host *host = embedder_host ();

	*(int *) arg = embedder_try (host, "a", 3);
	lhk_host_free (host);
	return NULL;
}

static void
stack (void)
{
	pthread_attr_t attr;
	pthread_t thread;
	int bad = -1;

	pthread_attr_init (&attr);
	TAP_EQ_INT (pthread_attr_setstacksize (&attr, STACK), 0);
	CU_ASSERT_EQUAL_FATAL (pthread_create (&thread, &attr, run_small, &bad),
			       0);
	pthread_join (thread, NULL);
	pthread_attr_destroy (&attr);
	TAP_EQ_INT (bad, 0);
}

static const struct tap_case cases[] = {
	{ "a_host_takes_4_descriptors_and_a_run_7_at_most", descriptors },
	{ "a_thread_with_64_kib_of_stack_can_run_agents", stack },
	{ "memory_stays_below_what_the_manual_says", memory },
	{ NULL, NULL },
};

int
main (void)
{
	embedder_agent ();
	return tap_run ("resources", cases);
}
