/* SPDX-License-Identifier: MIT */
/*
 * torture.c - run every fault and every tree over and over, in random order.
 *
 *	TORTURE=long	the long form: 5,000 runs and more for each of root
 *			and another user
 *	ROUNDS=N	rounds; in some sandboxes a tenth of them
 *	SEED=N		repeats the order of another run
 *	AT_ONCE=N	runs at once; with 1 a leak is blamed on its entry
 *	ONLY=F11	runs only this entry
 *
 * After every round all resources must be what they were before it.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/machine.h"
#include "lib/child.h"
#include "lib/trial.h"
#include "torture/torture.h"

#define LIMIT_MS 60000
#define FAULTS 60
#define CASE_NAME_MAX 160

static const struct sandbox_config configs[] = {
	{ "root", 0, 0, 100 },
	{ "user", NOBODY, 0, 100 },
	{ "root, reaping embedder", 0, EMBEDDER_REAPS_ALL, 10 },
	{ "user, embedder without signals", NOBODY,
	  EMBEDDER_IGNORES_SIGCHLD | EMBEDDER_BLOCKS_SIGNALS, 10 },
	{ "root, interrupted embedder", 0, EMBEDDER_IS_INTERRUPTED, 10 },
};

#define N_CONFIGS (sizeof configs / sizeof configs[0])

static struct report *reports[N_CONFIGS];
static long long took_ms[N_CONFIGS];

/* ---- in the sandbox ---- */

static void
check_resources (struct sandbox *s, long round)
{
	struct report *r = s->report;
	char why[WHY_MAX];

	resources_count (s, &r->last);
	r->rounds_done++;
	if (!resources_grown (&s->even, &r->last, 0, why, sizeof why))
		return;
	if (r->dirty_rounds++ == 0)
		snprintf (r->dirt, sizeof r->dirt, "round %ld: %.200s", round,
			  why);
}

/* A serial entry gives the same each time, so once is enough. */
static void
run_serial (struct sandbox *s)
{
	const struct entry *all;
	char why[WHY_MAX] = "";
	struct entry_counts *t;
	int i, n = entries_all (&all);

	for (i = 0; i < n; i++) {
		if (all[i].serial == NULL || !entry_fits (&all[i], s))
			continue;
		t = &s->report->counts[i];
		t->runs++;
		slot_begin (s->report, SLOTS - 1, all[i].id);
		if (!all[i].serial (s, why)) {
			t->wrong++;
			snprintf (t->why, sizeof t->why, "%.220s", why);
		}
		slot_end (s->report, SLOTS - 1);
	}
}

/* Every other round has a host of its own. */
static void
run_rounds (struct sandbox *s)
{
	struct report *r = s->report;
	struct lhk_host *host;
	char why[WHY_MAX];
	long i;

	runner_find_containments (s);
	if (r->trouble[0] != '\0')
		_exit (1);
	if (s->config->embedder == 0)
		run_serial (s);
	host = sandbox_host (s);
	runner_warm_up (s, host);
	resources_count (s, &r->first);
	s->even = r->first;
	s->with_records = 1;
	for (i = 0; i < r->rounds; i++) {
		runner_round (s, i % 2 == 0 ? host : NULL);
		check_resources (s, i);
		if (i == r->rounds / 10)
			r->warm = r->last;
	}
	if (r->rounds >= 20)
		resources_grown (&r->warm, &r->last, 1, r->grown,
				 sizeof r->grown);
	lhk_host_free (host);
	if (!records_check (s, why) && r->dirty_rounds++ == 0)
		snprintf (r->dirt, sizeof r->dirt, "%.220s", why);
	r->numbers[0] = (long) s->memory.held;
	r->numbers[1] = (long) s->memory.bad_sizes;
}

/* ---- outside ---- */

static void
print_report (size_t i)
{
	const struct report *r = reports[i];

	tap_note (
		"%s: containments%s; %ld rounds, %ld runs, %ld mismatches, %ld"
		" dirty rounds, %lld ms",
		configs[i].name, r->containments, (long) r->rounds_done,
		(long) r->runs, (long) r->wrong, (long) r->dirty_rounds,
		took_ms[i]);
	tap_note ("  before and after: descriptors %ld %ld, threads %ld %ld,"
		  " zombies %ld %ld, survivors %ld %ld, cgroups %ld %ld, files"
		  " %ld %ld",
		  r->first.fds, r->last.fds, r->first.threads, r->last.threads,
		  r->first.zombies, r->last.zombies, r->first.others,
		  r->last.others, r->first.cgroups, r->last.cgroups,
		  r->first.files, r->last.files);
	tap_note ("  after a tenth and after all: heap %ld %ld bytes, resident"
		  " %ld %ld KiB",
		  r->warm.held, r->last.held, r->warm.rss_kib, r->last.rss_kib);
}

static void
run_sandboxes (void)
{
	long rounds = torture_number ("ROUNDS", 2, 60);
	size_t i;

	tap_note ("SEED=%llu repeats this",
		  (unsigned long long) torture_seed ());
	for (i = 0; i < N_CONFIGS; i++) {
		reports[i] = report_new ();
		reports[i]->rounds = (rounds * configs[i].percent + 99) / 100;
		reports[i]->at_once = torture_number ("AT_ONCE", 8, 8);
		took_ms[i] = now_ms ();
		if (!sandbox_run (&configs[i], reports[i], run_rounds,
				  LIMIT_MS))
			tap_note ("%s: %s", configs[i].name,
				  reports[i]->trouble);
		CU_ASSERT (reports[i]->trouble[0] == '\0');
		took_ms[i] = now_ms () - took_ms[i];
		print_report (i);
	}
}

static void
nothing_left (void)
{
	size_t i;

	for (i = 0; i < N_CONFIGS; i++) {
		TAP_EQ_INT (reports[i]->rounds_done, reports[i]->rounds);
		TAP_EQ_INT (reports[i]->dirty_rounds, 0);
		if (reports[i]->dirty_rounds != 0)
			tap_note ("%s: %s", configs[i].name, reports[i]->dirt);
	}
}

static void
nothing_grows (void)
{
	size_t i;

	for (i = 0; i < N_CONFIGS; i++) {
		TAP_EQ_STR (reports[i]->grown, "");
		TAP_EQ_INT (reports[i]->numbers[0], 0);
		TAP_EQ_INT (reports[i]->numbers[1], 0);
	}
}

/* Whatever the embedder does with signals and children, outcomes are the
 * same. */
static void
embedder_changes_nothing (void)
{
	size_t i;

	for (i = 0; i < N_CONFIGS; i++) {
		if (!TAP_EQ_INT (reports[i]->wrong, 0))
			tap_note ("sandbox '%s'", configs[i].name);
		CU_ASSERT (reports[i]->runs > 0);
	}
}

/* 1: the file that WHERE begins with is below tests/. */
static int
is_tested (const char *where)
{
	const char *top = getenv ("srcdir");
	char path[512];

	snprintf (path, sizeof path, "%s/%.*s", top == NULL ? "." : top,
		  (int) strcspn (where, ":"), where);
	return access (path, R_OK) == 0;
}

static void
catalogue_is_whole (void)
{
	const struct entry *all;
	int n = entries_all (&all), i, f;
	char id[8];

	for (f = 1; f <= FAULTS; f++) {
		snprintf (id, sizeof id, "F%02d", f);
		for (i = 0; i < n && strcmp (all[i].id, id) != 0; i++)
			;
		if (i == n)
			tap_note ("%s is not there", id);
		CU_ASSERT (i < n);
	}
	for (i = 0; i < n; i++) {
		if (all[i].elsewhere == NULL)
			continue;
		tap_note ("%s %s: %s", all[i].id, all[i].what,
			  all[i].elsewhere);
		CU_ASSERT (is_tested (all[i].elsewhere));
	}
}

/* The case of the next entry: cases come in the order of the table. */
static void
next_entry (void)
{
	static int next;
	const struct entry *all;
	const struct entry_counts *t;
	int n = entries_all (&all), runs = 0;
	size_t i;

	while (next < n && all[next].elsewhere != NULL)
		next++;
	for (i = 0; i < N_CONFIGS && next < n; i++) {
		t = &reports[i]->counts[next];
		runs += (int) t->runs;
		if (!TAP_EQ_INT (t->wrong, 0))
			tap_note ("sandbox '%s', of %u runs %u: %s",
				  configs[i].name, t->runs, t->wrong, t->why);
	}
	if (runs == 0 && (all[next].flags & FOR_LONG) && !torture_is_long ())
		tap_note ("in the long form alone");
	else if (runs == 0)
		tap_skip ("nothing here that it could be tried with");
	next++;
}

static int
name_cases (struct tap_case *cases)
{
	static char names[ENTRIES_MAX][CASE_NAME_MAX];
	const struct entry *all;
	int i, n = entries_all (&all), at = 0;

	for (i = 0; i < n; i++) {
		if (all[i].elsewhere != NULL)
			continue;
		snprintf (names[at], sizeof names[at], "%s %s", all[i].id,
			  all[i].what);
		cases[at] = (struct tap_case){ names[at], next_entry };
		at++;
	}
	return at;
}

int
main (void)
{
	static struct tap_case cases[ENTRIES_MAX + 8] = {
		{ "all_sandboxes_end_by_themselves", run_sandboxes },
	};
	int n = 1;

	machine_need_own_mounts ();
	n += name_cases (cases + n);
	cases[n++] = (struct tap_case){
		"F41 F42 F43 F47 no_embedder_changes_an_outcome",
		embedder_changes_nothing
	};
	cases[n++] = (struct tap_case){ "nothing_is_left_after_any_round",
					nothing_left };
	cases[n++] = (struct tap_case){ "memory_does_not_grow_over_the_rounds",
					nothing_grows };
	cases[n++] = (struct tap_case){
		"every_fault_of_the_catalogue_is_here_or_elsewhere",
		catalogue_is_whole
	};
	return tap_run ("torture", cases);
}
