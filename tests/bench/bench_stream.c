/* SPDX-License-Identifier: MIT */
/*
 * bench_stream.c - the time and memory of a stream, compared with a plain copy.
 *
 *	bench_stream FILE [PLUGIN_DIR]
 *
 * FILE holds 10 MB of codex events of about 200 bytes (gen.py lines200).  Each
 * round gives the same bytes, in writes of 32 KiB, to a pass-through (one copy
 * into a buffer, as a runner does that shows its agent's output unchanged) and
 * to lhk_stream_write.  The rounds alternate, and the first one is discarded.
 * Then it measures long lines: time, events, notices, and peak memory.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <linehook/host.h>
#include <linehook/run.h>
#include <linehook/stream.h>

#define ROUNDS 11
#define BLOCK (32u << 10)

/* An allocator that counts what the library asks for. */
struct meter {
	size_t held, peak;
	unsigned long calls;
};

/* The consumer: a buffer that is filled over and over. */
struct consumer {
	unsigned long events, notices, texts;
	uint64_t bytes;
	size_t at;
	char room[256 << 10];
};

static struct consumer sink;

static void *
meter_resize (void *ctx, void *ptr, size_t old_size, size_t new_size)
{
	struct meter *const m = ctx;
	void *p = NULL;

	m->calls++;
	if (new_size == 0)
		free (ptr);
	else if ((p = realloc (ptr, new_size)) == NULL)
		return NULL;
	m->held += new_size - old_size;
	if (m->held > m->peak)
		m->peak = m->held;
	return p;
}

static void
consume (const char *data, size_t len)
{
	sink.bytes += len;
	if (len > sizeof sink.room)
		return;
	if (sink.at + len > sizeof sink.room)
		sink.at = 0;
	memcpy (sink.room + sink.at, data, len);
	sink.at += len;
}

static void
on_event (void *user, const struct lhk_meta *meta, const struct lhk_event *ev)
{
	const struct lhk_ev_text *const t = (const void *) ev;

	(void) user;
	(void) meta;
	sink.events++;
	sink.notices += ev->kind == LHK_EV_NOTICE;
	if (ev->kind == LHK_EV_TEXT) {
		sink.texts++;
		consume (t->text.ptr, t->text.len);
	}
}

static double
now_ms (void)
{
	struct timespec t;

	clock_gettime (CLOCK_MONOTONIC, &t);
	return (double) t.tv_sec * 1e3 + (double) t.tv_nsec / 1e6;
}

static void
die (const char *what, const char *name, const char *why)
{
	fprintf (stderr, "bench_stream: %s '%s': %s\n", what, name, why);
	exit (1);
}

static char *
read_file (const char *name, size_t *ret_len)
{
	FILE *const f = fopen (name, "rb");
	char *data;
	long len;

	if (f == NULL || fseek (f, 0, SEEK_END) != 0)
		die ("cannot read", name, strerror (errno));
	len = ftell (f);
	rewind (f);
	data = malloc ((size_t) len);
	if (data == NULL || fread (data, 1, (size_t) len, f) != (size_t) len)
		die ("cannot read", name, "too short, or no memory");
	fclose (f);
	*ret_len = (size_t) len;
	return data;
}

static double
pass_through (const char *data, size_t len)
{
	const double start = now_ms ();
	size_t at, n;

	for (at = 0; at < len; at += n) {
		n = len - at < BLOCK ? len - at : BLOCK;
		consume (data + at, n);
	}
	return now_ms () - start;
}

static struct lhk_stream *
open_stream (struct lhk_host *host, const char *plugin)
{
	struct lhk_stream_opts opts = LHK_STREAM_OPTS_INIT;
	const struct lhk_plugin_ref *ref;
	struct lhk_stream *s;
	struct lhk_error err;

	opts.on_event = on_event;
	if (lhk_host_plugin (host, plugin, &ref, &err) < 0)
		die ("no plugin", plugin, err.text);
	if (lhk_stream_new (host, ref, &opts, &s, &err) < 0)
		die ("no stream for", plugin, err.text);
	return s;
}

/* Write all of DATA to a new stream; it is steady after the first half. */
static double
through_stream (struct lhk_host *host, const char *plugin, const char *data,
		size_t len, struct lhk_stream_stats *stats)
{
	struct lhk_stream *const s = open_stream (host, plugin);
	const struct lhk_result *result;
	double start, spent;
	size_t at, n;

	start = now_ms ();
	for (at = 0; at < len; at += n) {
		n = len - at < BLOCK ? len - at : BLOCK;
		lhk_stream_write (s, data + at, n);
	}
	if (lhk_stream_finish (s, NULL, &result) < 0)
		die ("no result from", plugin, "finish failed");
	spent = now_ms () - start;
	stats->size = (uint32_t) sizeof *stats;
	lhk_stream_stats (s, stats);
	lhk_stream_free (s);
	return spent;
}

static int
compare_doubles (const void *a, const void *b)
{
	const double x = *(const double *) a, y = *(const double *) b;

	return x < y ? -1 : x > y;
}

static void
report (const char *name, double *ms, double *ratio, size_t len, uint64_t lines)
{
	const size_t n = ROUNDS - 1;

	qsort (ms, n, sizeof *ms, compare_doubles);
	qsort (ratio, n, sizeof *ratio, compare_doubles);
	printf ("%-13s %8.2f ms  %6.0f MB/s  %6.1f ns/line  "
		"x pass-through %.2f (%.2f to %.2f)\n",
		name, ms[n / 2], (double) len / 1e3 / ms[n / 2],
		lines > 0 ? ms[n / 2] * 1e6 / (double) lines : 0.0,
		ratio[n / 2], ratio[0], ratio[n - 1]);
}

static void
compare_small (struct lhk_host *host, const char *data, size_t len)
{
	static const char *const plugins[] = { "raw", "codex" };
	double pass[2][ROUNDS], through[2][ROUNDS], ratio[2][ROUNDS];
	double one[ROUNDS] = { 0 };
	struct lhk_stream_stats stats[2];
	size_t i, p;

	for (i = 0; i < ROUNDS; i++) {
		const size_t to = i > 0 ? i - 1 : 0;

		one[to] = 1.0;
		for (p = 0; p < 2; p++) {
			pass[p][to] = pass_through (data, len);
			through[p][to] = through_stream (host, plugins[p], data,
							 len, &stats[p]);
			ratio[p][to] = through[p][to] / pass[p][to];
		}
	}
	report ("pass-through", pass[0], one, len, stats[0].lines);
	report ("lines (raw)", through[0], ratio[0], len, stats[0].lines);
	report ("events(codex)", through[1], ratio[1], len, stats[1].lines);
}

/* Count the allocations for the second half of the lines; none are expected. */
static void
count_steady (struct lhk_host *host, struct meter *m, const char *data,
	      size_t len)
{
	struct lhk_stream *const s = open_stream (host, "codex");
	const size_t half = len / 2;
	unsigned long before;

	lhk_stream_write (s, data, half);
	before = m->calls;
	lhk_stream_write (s, data + half, len - half);
	printf ("calls of the allocator in the second 5 MB: %lu\n",
		m->calls - before);
	lhk_stream_free (s);
}

static char *
make_long (size_t content, size_t *ret_len)
{
	static const char head[] =
		"{\"type\":\"item.completed\",\"item\":"
		"{\"id\":\"item_0\",\"type\":\"agent_message\",\"text\":\"";
	static const char small[] =
		"{\"type\":\"item.completed\",\"item\":"
		"{\"id\":\"item_1\",\"type\":\"agent_message\","
		"\"text\":\"small\"}}\n";
	const size_t n_head = sizeof head - 1, n_small = sizeof small - 1;
	char *const data = malloc (content + 1 + 10 * n_small);
	int i;

	if (data == NULL)
		die ("no memory for", "a long line", strerror (errno));
	memset (data, 'x', content);
	memcpy (data, head, n_head);
	memcpy (data + content - 3, "\"}}", 3);
	data[content] = '\n';
	for (i = 0; i < 10; i++)
		memcpy (data + content + 1 + (size_t) i * n_small, small,
			n_small);
	*ret_len = content + 1 + 10 * n_small;
	return data;
}

static void
long_line (struct lhk_host *host, struct meter *m, const char *name,
	   size_t content)
{
	struct lhk_stream_stats stats;
	size_t len, before;
	char *const data = make_long (content, &len);
	double ms;

	sink = (struct consumer){ 0 };
	before = m->held;
	m->peak = m->held;
	ms = through_stream (host, "codex", data, len, &stats);
	printf ("%-6s + 10 small: %2lu texts, %lu notices, %7.2f ms, "
		"%6.0f MB/s, held at most %zu KiB, line buffer %llu KiB\n",
		name, sink.texts, sink.notices, ms, (double) len / 1e3 / ms,
		(m->peak - before) >> 10,
		(unsigned long long) stats.buffer_peak >> 10);
	free (data);
}

int
main (int argc, char **argv)
{
	struct lhk_host_opts opts = LHK_HOST_OPTS_INIT;
	struct meter meter = { 0, 0, 0 };
	const struct lhk_alloc alloc = { &meter, meter_resize };
	struct lhk_host *host;
	struct lhk_error err;
	size_t len;
	char *data;

	if (argc != 2 && argc != 3) {
		fputs ("usage: bench_stream FILE [PLUGIN_DIR]\n", stderr);
		return 2;
	}
	opts.alloc = &alloc;
	if (lhk_host_new (&opts, &host, &err) < 0)
		die ("no host", "", err.text);
	if (argc == 3 && lhk_host_add_plugin_dir (host, argv[2]) < 0)
		die ("no plugin directory", argv[2], "refused");

	data = read_file (argv[1], &len);
	compare_small (host, data, len);
	count_steady (host, &meter, data, len);
	free (data);
	long_line (host, &meter, "1 MiB", 1 << 20);
	long_line (host, &meter, "9 MB", 9000000);
	long_line (host, &meter, "11 MiB", 11 << 20);
	long_line (host, &meter, "35 MiB", 36700160);
	lhk_host_free (host);
	return 0;
}
