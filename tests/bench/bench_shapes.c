/* SPDX-License-Identifier: MIT */
/*
 * bench_shapes.c - what one long line costs, in its worst shapes.
 *
 *	bench_shapes [-m MB] [-p PLUGIN] [-s SHAPE] PLUGIN_DIR
 *
 * A line of MB / 2 and one of MB megabytes for each shape of lib/line_shapes.c,
 * each in a process of its own: CPU time until the events have been written as
 * JSON, and how much the process has grown beyond the line itself.  The last line
 * says how many shapes take more than three times as long when they are twice as
 * long.
 */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <linehook/stream.h>

#include "common/outbuf.h"
#include "format/event_json.h"
#include "lib/line_shapes.h"

#define RATIO_MAX 3.0

struct figures {
	double ms;
	long grown_kib;
	uint64_t events;
	uint64_t unparsed;
};

static void
die (const char *what, const char *why)
{
	fprintf (stderr, "bench_shapes: %s: %s\n", what, why);
	exit (1);
}

static void
drop (void *user, const char *data, size_t len)
{
	(void) user;
	(void) data;
	(void) len;
}

static void
on_event (void *user, const struct lhk_meta *meta,
	  const struct lhk_event *event)
{
	format_json_event (user, meta, event, 0);
}

static double
cpu_ms (void)
{
	struct timespec t;

	clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double) t.tv_sec * 1e3 + (double) t.tv_nsec / 1e6;
}

static long
peak_kib (void)
{
	struct rusage usage;

	getrusage (RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

static struct lhk_stream *
open_stream (const char *plugin, const char *dir, struct outbuf *out)
{
	struct lhk_stream_opts opts = LHK_STREAM_OPTS_INIT;
	const struct lhk_plugin_ref *ref;
	struct lhk_stream *s;
	struct lhk_host *host;
	struct lhk_error err = { .text = "no directory" };

	opts.on_event = on_event;
	opts.user = out;
	opts.line_max = (size_t) 64 << 20;
	if (lhk_host_new (NULL, &host, &err) < 0
	    || lhk_host_add_plugin_dir (host, dir) < 0
	    || lhk_host_plugin (host, plugin, &ref, &err) < 0
	    || lhk_stream_new (host, ref, &opts, &s, &err) < 0)
		die (plugin, err.text);
	return s;
}

static void
measure (const struct line_shape *shape, size_t size, const char *dir,
	 struct figures *ret)
{
	static struct outbuf out;
	struct lhk_stream_stats stats = { .size = sizeof stats };
	struct lhk_stream *s;
	size_t len, before_len;
	char *line = line_shape_make (shape, size, &len);
	char *before = line_shape_before (shape, &before_len);

	outbuf_init (&out, drop, NULL);
	s = open_stream (shape->plugin, dir, &out);
	lhk_stream_write (s, before, before_len);
	ret->grown_kib = -peak_kib ();
	ret->ms = -cpu_ms ();
	lhk_stream_write (s, line, len);
	ret->ms += cpu_ms ();
	ret->grown_kib += peak_kib ();
	lhk_stream_stats (s, &stats);
	ret->events = stats.events;
	ret->unparsed = stats.unparsed;
}

/* In a process of its own, so that each has its own peak. */
static void
measure_apart (const struct line_shape *shape, size_t size, const char *dir,
	       struct figures *ret)
{
	int fds[2], status;
	pid_t pid;

	if (pipe (fds) < 0)
		die ("pipe", "failed");
	fflush (stdout);
	pid = fork ();
	if (pid == 0) {
		measure (shape, size, dir, ret);
		_exit (write (fds[1], ret, sizeof *ret) != sizeof *ret);
	}
	close (fds[1]);
	if (pid < 0 || read (fds[0], ret, sizeof *ret) != sizeof *ret)
		die (shape->name, "no figures");
	close (fds[0]);
	waitpid (pid, &status, 0);
}

/* Returns 1 if the time is more than linear. */
static int
report (const struct line_shape *shape, size_t size, const char *dir)
{
	struct figures half, whole;
	double ratio;

	measure_apart (shape, size / 2, dir, &half);
	measure_apart (shape, size, dir, &whole);
	ratio = whole.ms / half.ms;
	printf ("%-9s %-24s %9.2f %9.2f ms  x %4.1f  %7ld %7ld KiB  %7" PRIu64
		" events%s%s\n",
		shape->plugin, shape->name, half.ms, whole.ms, ratio,
		half.grown_kib, whole.grown_kib, whole.events,
		whole.unparsed > 0 ? ", unparsed" : "",
		ratio > RATIO_MAX ? "  <-- not linear" : "");
	return ratio > RATIO_MAX;
}

int
main (int argc, char **argv)
{
	const char *plugin = NULL, *name = NULL;
	const struct line_shape *shape;
	size_t size = 10000000;
	int c, bad = 0, n = 0;

	while ((c = getopt (argc, argv, "m:p:s:")) != -1) {
		if (c == 'm')
			size = strtoul (optarg, NULL, 10) * 1000000;
		else if (c == 'p')
			plugin = optarg;
		else if (c == 's')
			name = optarg;
	}
	if (optind + 1 != argc || size == 0)
		die ("usage", "bench_shapes [-m MB] [-p PLUGIN] [-s SHAPE]"
			      " PLUGIN_DIR");
	for (shape = line_shapes; shape->plugin != NULL; shape++) {
		if ((plugin != NULL && strcmp (plugin, shape->plugin) != 0)
		    || (name != NULL && strcmp (name, shape->name) != 0))
			continue;
		bad += report (shape, size, argv[optind]);
		n++;
	}
	printf ("lines of %zu and %zu bytes: %d of %d take more than %.0f times"
		" as long\n",
		size / 2, size, bad, n, RATIO_MAX);
	return bad > 0;
}
