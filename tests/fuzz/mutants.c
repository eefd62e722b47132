/* SPDX-License-Identifier: MIT */
/*
 * mutants.c - thousands of damaged recordings through one host.
 *
 *	mutants [-n MUTANTS] [-s SEED] [-o MUTANT] [-t SECONDS] [-c] [-m] [-w]
 *		PLUGIN_DIR FOLDER...
 *
 * Each mutant goes through the plugin of its recording or through another one,
 * with options drawn at random.  There must be exactly one final result, the
 * last of events whose numbers have no gap; what is printed as JSON must be
 * read by json-c, strictly, and be the same when linehook has read it and writes
 * it again; as text for a terminal it must be valid and harmless; and after the
 * stream no more memory may be held than before.
 *
 * The same seed gives the same mutants.  -o makes one of them alone, -t stops
 * after a time, -m prints the mutants and -w what comes of them.  -c compares the
 * CPU time of each line with those of the recordings themselves and reports the
 * worst: times are not checked.  A failure prints what repeats it.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <linehook/run.h>

#include "common/macros.h"
#include "common/mem.h"
#include "format/event_json.h"
#include "cli/view/view.h"
#include "format/event_text.h"
#include "fuzz/mutate.h"
#include "fuzz/printed.h"
#include "lib/event_rewrite.h"
#include "lib/failing.h"

/* What a line may cost, compared with one of a recording that is as long. */
#define COST_MAX 10.0

/* What any line costs, however short, in bytes: most of a recording are as
 * long. */
#define LINE_BYTES 512

static const char *const plugins[] = { "claude",   "codex", "gemini",
				       "opencode", "qwen",  "droid",
				       "copilot",  "pi",    "raw" };

/* Text that was written, all of it. */
struct output {
	struct outbuf out;
	char *data;
	size_t len, cap;
};

/* The options of one stream, and what came of it. */
struct trial {
	const char *plugin;
	struct lhk_stream_opts opts;
	struct lhk_outcome outcome;
	int has_outcome;
	unsigned int json_flags;
	int with_view; /* and not the text alone */
	size_t chunk;
	uint64_t seq;
	unsigned int finals;
	int seq_is_wrong;
	struct format_text *text;
	struct view *view;
};

static struct {
	struct recordings recordings;
	struct failing memory; /* of the host */
	struct lhk_host *host;
	struct output json, text;
	struct event_reader reader;
	struct mutant mutant;
	const char *name; /* of the recording */
	uint64_t seed;
	unsigned long number;
	int print_mutants, print_events;
} all;

/* The CPU time of each line, in nanoseconds. */
static struct {
	int wanted;
	double per_byte[ARRAY_SIZE (plugins)]; /* of the dearest line */
	double worst;
	unsigned long dear;
	size_t line; /* the dearest of a mutant */
	unsigned long long lines;
} cost;

extern size_t __sanitizer_get_current_allocated_bytes (void)
	__attribute__ ((__weak__));

static void
fail (const struct trial *t, const char *what, const char *line, size_t len)
{
	fprintf (stderr,
		 "mutants: %s\n  mutant %lu of seed %llu (-s %llu -o %lu):"
		 " %s, plugin %s, line_max %zu, chunk %zu\n",
		 what, all.number, (unsigned long long) all.seed,
		 (unsigned long long) all.seed, all.number, all.name, t->plugin,
		 t->opts.line_max, t->chunk);
	if (line != NULL)
		fprintf (stderr, "  %.*s\n", len > 2000 ? 2000 : (int) len,
			 line);
	abort ();
}

/* ---- output ---- */

static void
keep (void *user, const char *data, size_t len)
{
	struct output *o = user;

	if (o->len + len > o->cap) {
		o->cap = 2 * (o->len + len);
		o->data = realloc (o->data, o->cap);
		if (o->data == NULL)
			abort ();
	}
	memcpy (o->data + o->len, data, len);
	o->len += len;
}

static void
on_event (void *user, const struct lhk_meta *meta,
	  const struct lhk_event *event)
{
	struct trial *t = user;
	const struct lhk_ev_result *r = (const struct lhk_ev_result *) event;

	t->seq_is_wrong |= meta->seq != ++t->seq || t->finals > 0;
	t->finals += event->kind == LHK_EV_RESULT && r->final != NULL;
	format_json_event (&all.json.out, meta, event, t->json_flags);
	if (t->with_view)
		view_event (t->view, &all.text.out, meta, event);
	else
		format_text_event (t->text, &all.text.out, event);
}

/* ---- one stream ---- */

/* All of the program, where a sanitizer can tell; else that of the host. */
static size_t
memory_held (void)
{
	if (__sanitizer_get_current_allocated_bytes != NULL)
		return __sanitizer_get_current_allocated_bytes ();
	return all.memory.held;
}

static struct lhk_stream *
open_stream (struct trial *t)
{
	const struct view_opts view_opts = { 0 };
	const struct lhk_plugin_ref *ref;
	struct lhk_stream *s = NULL;
	struct lhk_error err = { .text = "no memory" };

	all.json.len = all.text.len = 0;
	t->text = format_text_new (&all.memory.alloc);
	t->view = view_new (&all.memory.alloc, &view_opts);
	t->opts.on_event = on_event;
	t->opts.user = t;
	if (t->text == NULL || t->view == NULL
	    || lhk_host_plugin (all.host, t->plugin, &ref, &err) < 0
	    || lhk_stream_new (all.host, ref, &t->opts, &s, &err) < 0)
		fail (t, err.text, NULL, 0);
	return s;
}

static void
close_stream (struct trial *t, struct lhk_stream *s)
{
	const struct lhk_result *result;

	if (lhk_stream_finish (s, t->has_outcome ? &t->outcome : NULL, &result)
	    < 0)
		fail (t, "no result", NULL, 0);
	lhk_stream_free (s);
	format_text_free (t->text);
	view_free (t->view);
	outbuf_flush (&all.json.out);
	outbuf_flush (&all.text.out);
}

static void
run (struct trial *t)
{
	struct lhk_stream *s = open_stream (t);
	size_t at, n;
	char *piece;

	for (at = 0; at < all.mutant.len; at += n) {
		n = all.mutant.len - at;
		if (n > t->chunk)
			n = t->chunk;
		/* In memory of its own size, so that no byte behind is read. */
		piece = malloc (n);
		if (piece == NULL)
			abort ();
		memcpy (piece, all.mutant.data + at, n);
		lhk_stream_write (s, piece, n);
		free (piece);
	}
	close_stream (t, s);
}

static size_t
plugin_number (const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE (plugins); i++)
		if (strcmp (plugins[i], name) == 0)
			break;
	return i;
}

/* Mostly its own, if there is one. */
static const char *
draw_plugin (struct prng *p, const char *own)
{
	return plugin_number (own) < ARRAY_SIZE (plugins)
			       && prng_below (p, 4) > 0
		       ? own
		       : plugins[prng_below (p, ARRAY_SIZE (plugins))];
}

static void
draw_options (struct trial *t, struct prng *p)
{
	static const size_t lines[] = { LHK_LINE_MAX_MIN, 16384, 1 << 20,
					LHK_LINE_MAX_DEFAULT };
	static const size_t chunks[] = { 13, 257, 4096, 65536, MUTANT_MAX };

	t->opts.line_max = lines[prng_below (p, ARRAY_SIZE (lines))];
	t->opts.oversize = (int32_t) prng_below (p, LHK_OVERSIZE_RAW + 1);
	t->opts.flags = prng_below (p, 4) == 0 ? LHK_STREAM_RAW_LINES : 0;
	t->json_flags = t->opts.flags != 0 ? FORMAT_JSON_RAW : 0;
	t->json_flags |= prng_below (p, 2) ? FORMAT_JSON_SOURCE : 0;
	t->with_view = (int) prng_below (p, 2);
	t->chunk = chunks[prng_below (p, ARRAY_SIZE (chunks))];
	t->has_outcome = prng_below (p, 2) != 0;
	t->outcome.size = sizeof t->outcome;
	t->outcome.end_reason = LHK_END_EXITED;
	t->outcome.has_exit = 1;
	t->outcome.exit_code =
		prng_below (p, 2) ? (int) prng_below (p, 256) : 0;
}

static void
draw_trial (struct trial *t)
{
	const struct lhk_stream_opts opts = LHK_STREAM_OPTS_INIT;
	struct prng *p = &all.mutant.prng;
	const struct recording *from;

	p->state = (all.seed + 1) * UINT64_C (0x9e3779b97f4a7c15)
		   ^ (all.number + 1) * UINT64_C (0xc2b2ae3d27d4eb4f);
	prng_below (p, 2);
	from = &all.recordings
			.list[prng_below (p, (uint32_t) all.recordings.n)];
	all.name = from->name;
	memset (t, 0, sizeof *t);
	t->opts = opts;
	t->plugin = draw_plugin (p, from->plugin);
	draw_options (t, p);
	mutate (&all.mutant, from);
	if (all.print_mutants)
		fwrite (all.mutant.data, 1, all.mutant.len, stdout);
}

static void
check_printed (const struct trial *t, struct printed_fault fault)
{
	if (fault.what != NULL)
		fail (t, fault.what, fault.at, fault.len);
}

/* Each event, read and written again, is the same line. */
static void
check_rewritten (const struct trial *t)
{
	const char *p = all.json.data, *end = p + all.json.len, *lf;

	for (; p < end; p = lf + 1) {
		lf = memchr (p, '\n', (size_t) (end - p));
		if (lf == NULL
		    || !event_rewrite_is_same (
			    &all.reader, p, (size_t) (lf - p), t->json_flags))
			fail (t, "an event is another one when written again",
			      p, (size_t) ((lf == NULL ? end : lf) - p));
	}
}

static void
check_trial (void)
{
	struct trial t;
	size_t before, room;

	draw_trial (&t);
	room = all.json.cap + all.text.cap;
	before = memory_held ();
	run (&t);
	if ((memory_held () > before && room == all.json.cap + all.text.cap)
	    || all.memory.bad_sizes > 0)
		fail (&t, "memory is held after the stream", NULL, 0);
	if (t.seq_is_wrong)
		fail (&t, "the numbers of the events have a gap", NULL, 0);
	if (t.finals != 1)
		fail (&t, "there is not one final result", NULL, 0);
	check_printed (&t, printed_json (all.json.data, all.json.len, t.seq));
	check_printed (&t, printed_text (all.text.data, all.text.len));
	check_rewritten (&t);
	if (all.print_events)
		fwrite (all.json.data, 1, all.json.len, stdout);
}

/* ---- the time of a line ---- */

static double
cpu_ns (void)
{
	struct timespec t;

	clock_gettime (CLOCK_THREAD_CPUTIME_ID, &t);
	return (double) t.tv_sec * 1e9 + (double) t.tv_nsec;
}

/* The least time of each line in ROUNDS streams, by its length and a bit more;
 * returns the most of any line. */
static double
dearest_line (struct trial *t, const char *data, size_t len, int rounds)
{
	static double times[MUTANT_MAX];
	double most = 0, start, spent;
	size_t at, n, line = 0;
	struct lhk_stream *s;
	const char *lf;
	int i;

	for (i = 0; i < rounds; i++) {
		s = open_stream (t);
		for (at = 0, line = 0; at < len; at += n, line++) {
			lf = memchr (data + at, '\n', len - at);
			n = lf == NULL ? len - at
				       : (size_t) (lf - data) + 1 - at;
			start = cpu_ns ();
			lhk_stream_write (s, data + at, n);
			spent = (cpu_ns () - start) / (double) (n + LINE_BYTES);
			if (i == 0 || spent < times[line])
				times[line] = spent;
		}
		close_stream (t, s);
		t->seq = t->finals = 0;
	}
	for (at = 0; at < line; at++)
		if (times[at] > most) {
			most = times[at];
			cost.line = at;
		}
	cost.lines += line;
	return most;
}

/* What the recordings cost as they are, each with its own plugin and as text. */
static void
measure_recordings (void)
{
	const struct lhk_stream_opts opts = LHK_STREAM_OPTS_INIT;
	const struct recording *r = all.recordings.list;
	struct trial t = { .opts = opts };
	double *most, found;
	size_t i, k;

	for (i = 0; i < 2 * all.recordings.n; i++) {
		r = &all.recordings.list[i / 2];
		k = plugin_number (i % 2 ? "raw" : r->plugin);
		if (k == ARRAY_SIZE (plugins))
			continue;
		t.plugin = plugins[k];
		most = &cost.per_byte[k];
		found = dearest_line (&t, r->data, r->len, 3);
		if (found > *most)
			*most = found;
	}
}

static void
measure_trial (void)
{
	struct trial t;
	double ratio, most;

	draw_trial (&t);
	most = cost.per_byte[plugin_number (t.plugin)];
	ratio = dearest_line (&t, all.mutant.data, all.mutant.len, 1) / most;
	if (ratio > COST_MAX)
		ratio = dearest_line (&t, all.mutant.data, all.mutant.len, 5)
			/ most;
	if (ratio > cost.worst) {
		cost.worst = ratio;
		printf ("mutant %lu: %s, plugin %s: line %zu takes %.1f times"
			" as long\n",
			all.number, all.name, t.plugin, cost.line + 1, ratio);
	}
	cost.dear += ratio > COST_MAX;
}

/* ---- all ---- */

static void
begin (const char *plugin_dir, char **folders)
{
	struct lhk_host_opts opts = LHK_HOST_OPTS_INIT;

	failing_init (&all.memory);
	event_reader_init (&all.reader, &mem_system);
	opts.alloc = &all.memory.alloc;
	outbuf_init (&all.json.out, keep, &all.json);
	outbuf_init (&all.text.out, keep, &all.text);
	all.mutant.data = malloc (MUTANT_MAX);
	for (; *folders != NULL; folders++)
		if (recordings_add (&all.recordings, *folders) < 0)
			exit (1);
	all.mutant.recordings = &all.recordings;
	if (all.mutant.data == NULL || lhk_host_new (&opts, &all.host, NULL) < 0
	    || lhk_host_add_plugin_dir (all.host, plugin_dir) < 0) {
		fprintf (stderr, "mutants: no plugins in '%s'\n", plugin_dir);
		exit (1);
	}
}

static void
end (void)
{
	lhk_host_free (all.host);
	event_reader_free (&all.reader);
	recordings_free (&all.recordings);
	free (all.mutant.data);
	free (all.json.data);
	free (all.text.data);
}

/* What is made once and kept is made now. */
static void
warm_up (void)
{
	const struct lhk_stream_opts opts = LHK_STREAM_OPTS_INIT;
	struct trial t = { .opts = opts };
	size_t i;

	all.number = 0;
	all.name = "none";
	for (i = 0; i < ARRAY_SIZE (plugins); i++) {
		t.plugin = plugins[i];
		t.chunk = 1;
		all.mutant.len = 1;
		all.mutant.data[0] = '\n';
		run (&t);
	}
}

/* Mutants FROM to TO - 1, or as many as SECONDS allow. */
static unsigned long
run_all (unsigned long from, unsigned long to, long seconds)
{
	const time_t stop = time (NULL) + seconds;
	void (*each) (void) = cost.wanted ? measure_trial : check_trial;

	warm_up ();
	if (cost.wanted)
		measure_recordings ();
	for (all.number = from; all.number < to; all.number++) {
		if (seconds > 0 && time (NULL) >= stop)
			break;
		each ();
	}
	return all.number - from;
}

int
main (int argc, char **argv)
{
	unsigned long n = 20000, from = 0, done;
	long seconds = 0;
	int c;

	while ((c = getopt (argc, argv, "n:s:o:t:cmw")) != -1) {
		if (c == 'n')
			n = strtoul (optarg, NULL, 10);
		else if (c == 's')
			all.seed = strtoull (optarg, NULL, 10);
		else if (c == 'o')
			from = strtoul (optarg, NULL, 10), n = 1;
		else if (c == 't')
			seconds = strtol (optarg, NULL, 10);
		else if (c == 'c')
			cost.wanted = 1;
		else if (c == 'm')
			all.print_mutants = 1;
		else if (c == 'w')
			all.print_events = 1;
		else
			return 2;
	}
	if (argc - optind < 2) {
		fputs ("usage: mutants [-n MUTANTS] [-s SEED] [-o MUTANT]"
		       " [-t SECONDS] [-c] [-m] [-w] PLUGIN_DIR FOLDER...\n",
		       stderr);
		return 2;
	}
	begin (argv[optind], argv + optind + 1);
	done = run_all (from, from + n, seconds);
	fprintf (stderr, "%lu mutants of %zu recordings, seed %llu\n", done,
		 all.recordings.n, (unsigned long long) all.seed);
	if (cost.wanted)
		fprintf (stderr,
			 "%llu lines; %lu mutants have one above %.0f times the"
			 " time of a recording's, the worst %.1f\n",
			 cost.lines, cost.dear, COST_MAX, cost.worst);
	end ();
	return 0;
}
