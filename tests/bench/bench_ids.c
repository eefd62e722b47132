/* SPDX-License-Identifier: MIT */
/*
 * bench_ids.c - what a stream costs in which every id is new.
 *
 *	bench_ids [-n IDS] [-p PLUGIN] [-k KIND] [-f FORMAT] PLUGIN_DIR
 *
 * For each kind of id (lib/id_kinds.c) and each format IDS ids go through one
 * stream, a write for each, with the totals of a budget asked for after it.
 * A line says how long a thousand ids took at first and at last, and by how much
 * the process has grown.  "First" is the median of STARTS new streams, "last" of
 * the last STARTS thousands of the long one; both are CPU time.  The last line
 * says how many are above a ratio of 1.5 or 64 MiB.  Each stream has a process
 * of its own.
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

#include "cli/view/view.h"
#include "common/macros.h"
#include "common/mem.h"
#include "common/outbuf.h"
#include "format/event_json.h"
#include "format/event_text.h"
#include "lib/id_kinds.h"
#include "run/host.h"

#define BATCH 1000u
#define STARTS 21u
#define RATIO_MAX 1.5
#define GROWTH_MAX_KIB (64 << 10)

enum { NONE, TEXT, VIEW, EVENTS };

static const char *const formats[] = { "none", "text", "view", "events" };

/* What one stream is for. */
struct probe {
	const struct id_kind *kind;
	int format;
	unsigned long ids;
	const char *plugin_dir;
};

/* A stream and where its events go to. */
struct sink {
	struct lhk_host *host;
	struct lhk_stream *stream;
	struct format_text *text;
	struct view *view;
	struct outbuf out;
};

struct figures {
	double first_us, last_us; /* of BATCH ids */
	long grown_kib;
	uint64_t forgotten;
	int degraded;
};

static void
die (const char *what, const char *why)
{
	fprintf (stderr, "bench_ids: %s: %s\n", what, why);
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
	struct sink *s = user;

	if (s->text != NULL)
		format_text_event (s->text, &s->out, event);
	else if (s->view != NULL)
		view_event (s->view, &s->out, meta, event);
	else
		format_json_event (&s->out, meta, event, 0);
}

static void
sink_open (struct sink *s, const struct probe *probe)
{
	struct lhk_stream_opts opts = LHK_STREAM_OPTS_INIT;
	const struct view_opts view_opts = { 0 };
	const struct lhk_plugin_ref *ref;
	struct lhk_error err;

	memset (s, 0, sizeof *s);
	outbuf_init (&s->out, drop, s);
	if (probe->format == TEXT)
		s->text = format_text_new (&mem_system);
	if (probe->format == VIEW)
		s->view = view_new (&mem_system, &view_opts);
	if (probe->format != NONE)
		opts.on_event = on_event;
	opts.user = s;
	if (lhk_host_new (NULL, &s->host, &err) < 0
	    || lhk_host_add_plugin_dir (s->host, probe->plugin_dir) < 0)
		die (probe->plugin_dir, "is no directory of plugins");
	if (lhk_host_plugin (s->host, probe->kind->plugin, &ref, &err) < 0
	    || lhk_stream_new (s->host, ref, &opts, &s->stream, &err) < 0)
		die (probe->kind->plugin, err.text);
}

static void
sink_close (struct sink *s)
{
	lhk_stream_free (s->stream);
	lhk_host_free (s->host);
	format_text_free (s->text);
	view_free (s->view);
}

static void
feed (struct sink *s, const char *lines, unsigned long from, unsigned long n)
{
	char room[ID_KIND_ROOM];
	int64_t tokens, cost;
	unsigned long i;
	int has_cost;

	for (i = from; i < from + n; i++) {
		lhk_stream_write (s->stream, room,
				  id_kind_write (lines, i, room));
		stream_sum (s->stream, &tokens, &cost, &has_cost);
	}
}

static double
cpu_us (void)
{
	struct timespec t;

	clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double) t.tv_sec * 1e6 + (double) t.tv_nsec / 1e3;
}

static double
time_batch (struct sink *s, const struct probe *probe, unsigned long from)
{
	double start = cpu_us ();

	feed (s, probe->kind->lines, from, BATCH);
	return cpu_us () - start;
}

static int
compare_doubles (const void *a, const void *b)
{
	double x = *(const double *) a, y = *(const double *) b;

	return x < y ? -1 : x > y;
}

static double
median (double *values, size_t n)
{
	qsort (values, n, sizeof *values, compare_doubles);
	return values[n / 2];
}

static void
feed_before (struct sink *s, const struct probe *probe)
{
	if (probe->kind->before != NULL)
		feed (s, probe->kind->before, 0, ID_KIND_BEFORE);
}

static double
time_first (const struct probe *probe)
{
	double times[STARTS];
	struct sink s;
	size_t i;

	for (i = 0; i < STARTS; i++) {
		sink_open (&s, probe);
		feed_before (&s, probe);
		times[i] = time_batch (&s, probe, 0);
		sink_close (&s);
	}
	return median (times, STARTS);
}

static long
peak_kib (void)
{
	struct rusage usage;

	getrusage (RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

static void
measure (const struct probe *probe, struct figures *ret)
{
	const struct lhk_result *result;
	double times[STARTS];
	struct sink s;
	unsigned long at, last = probe->ids - STARTS * BATCH;
	size_t i;

	ret->grown_kib = -peak_kib ();
	ret->first_us = time_first (probe);
	sink_open (&s, probe);
	feed_before (&s, probe);
	for (at = 0; at < last; at += BATCH)
		feed (&s, probe->kind->lines, at, BATCH);
	for (i = 0; i < STARTS; i++, at += BATCH)
		times[i] = time_batch (&s, probe, at);
	ret->last_us = median (times, STARTS);
	if (lhk_stream_finish (s.stream, NULL, &result) < 0)
		die (probe->kind->name, "no result");
	ret->forgotten = result->stats.forgotten;
	ret->degraded = (result->outcome.flags & LHK_FLAG_DEGRADED) != 0;
	ret->grown_kib += peak_kib ();
	sink_close (&s);
}

/* In a process of its own, so that each has its own peak. */
static void
measure_apart (const struct probe *probe, struct figures *ret)
{
	int pipe_fds[2], status;
	pid_t pid;

	if (pipe (pipe_fds) < 0)
		die ("pipe", "failed");
	fflush (stdout);
	pid = fork ();
	if (pid == 0) {
		measure (probe, ret);
		if (write (pipe_fds[1], ret, sizeof *ret) != sizeof *ret)
			_exit (1);
		_exit (0);
	}
	close (pipe_fds[1]);
	if (pid < 0 || read (pipe_fds[0], ret, sizeof *ret) != sizeof *ret)
		die (probe->kind->name, "no figures");
	close (pipe_fds[0]);
	waitpid (pid, &status, 0);
}

/* Returns 1 if the figures are above what is allowed. */
static int
report (const struct probe *probe)
{
	struct figures f;
	double ratio;
	int bad;

	measure_apart (probe, &f);
	ratio = f.last_us / f.first_us;
	bad = ratio > RATIO_MAX || f.grown_kib > GROWTH_MAX_KIB
	      || (probe->kind->is_counted && (f.forgotten == 0 || !f.degraded));
	printf ("%-9s %-24s %-8s %8.2f %8.2f us  x %.2f  %6ld KiB  "
		"%8" PRIu64 " forgotten%s\n",
		probe->kind->plugin, probe->kind->name, formats[probe->format],
		f.first_us / BATCH, f.last_us / BATCH, ratio, f.grown_kib,
		f.forgotten, bad ? "  <-- too much" : "");
	return bad;
}

static int
is_wanted (const char *wanted, const char *name)
{
	return wanted == NULL || strcmp (wanted, name) == 0;
}

int
main (int argc, char **argv)
{
	const char *plugin = NULL, *kind = NULL, *format = NULL;
	struct probe probe = { .ids = 1000000 };
	int c, bad = 0, n = 0;

	while ((c = getopt (argc, argv, "n:p:k:f:")) != -1) {
		if (c == 'n')
			probe.ids = strtoul (optarg, NULL, 10);
		else if (c == 'p')
			plugin = optarg;
		else if (c == 'k')
			kind = optarg;
		else if (c == 'f')
			format = optarg;
	}
	if (optind + 1 != argc || probe.ids < 2ul * STARTS * BATCH)
		die ("usage", "bench_ids [-n IDS, at least 42000] [-p PLUGIN]"
			      " [-k KIND] [-f FORMAT] PLUGIN_DIR");
	probe.plugin_dir = argv[optind];
	for (probe.kind = id_kinds; probe.kind->plugin != NULL; probe.kind++)
		for (probe.format = NONE; probe.format <= EVENTS;
		     probe.format++) {
			if (!is_wanted (plugin, probe.kind->plugin)
			    || !is_wanted (kind, probe.kind->name)
			    || !is_wanted (format, formats[probe.format]))
				continue;
			bad += report (&probe);
			n++;
		}
	printf ("%lu ids, the time of one at first and at last: %d of %d above"
		" a ratio of %.1f or %d MiB, or not counted\n",
		probe.ids, bad, n, RATIO_MAX, GROWTH_MAX_KIB >> 10);
	return bad > 0;
}
