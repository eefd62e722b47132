/* SPDX-License-Identifier: MIT */
/* runner.c - run entries: several at once, in random order, each to its end. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/trial.h"
#include "torture/torture.h"

/* A run that nothing else ends times out, which is a mismatch. */
#define TOTAL_MS 60000
#define GRACE_MS 20000
#define DRAIN_MS 20000

static const int containments[] = {
	LHK_CONTAIN_AUTO,
	LHK_CONTAIN_CGROUP,
	LHK_CONTAIN_PIDNS,
	LHK_CONTAIN_SUBREAPER,
};

/* ---- callbacks of a run ---- */

static void
on_notice (struct job *j, const struct lhk_ev_notice *n)
{
	size_t at = strlen (j->notices);

	snprintf (j->notices + at, sizeof j->notices - at, "%.*s: %.*s\n",
		  (int) n->code.len, n->code.ptr, (int) n->text.len,
		  n->text.ptr);
}

static void
on_event (void *user, const struct lhk_meta *meta,
	  const struct lhk_event *event)
{
	struct job *j = user;
	const struct lhk_ev_text *text;

	(void) meta;
	j->after_final += j->n_final;
	if (event->kind == LHK_EV_NOTICE)
		on_notice (j, (const struct lhk_ev_notice *) event);
	if (event->kind == LHK_EV_RESULT
	    && ((const struct lhk_ev_result *) event)->final != NULL)
		j->n_final++;
	if (event->kind != LHK_EV_TEXT)
		return;
	text = (const struct lhk_ev_text *) event;
	if (text->text.len == 2 && memcmp (text->text.ptr, "up", 2) == 0)
		j->ups++;
}

static void
on_stdout (void *user, const char *data, size_t len)
{
	struct job *j = user;

	/* Of other outputs the length is enough. */
	if (j->expected_hash != 0)
		j->hash = hash_more (j->hash, data, len);
	j->n_out += len;
}

/* ---- from an entry to a run ---- */

static void
set_options (struct job *j)
{
	const struct entry *e = j->entry;
	struct lhk_run_opts *o = &j->opts;

	o->total_ms = e->total != 0
			      ? e->total
			      : (uint32_t) (TOTAL_MS * torture_slowness ());
	o->idle_ms = e->idle;
	o->grace_ms = e->grace != 0 ? e->grace : GRACE_MS;
	o->drain_ms = e->drain != 0 ? e->drain : DRAIN_MS;
	o->linger_ms = e->linger;
	if (e->flags & SPOOLED)
		o->stdout_mode = LHK_STDOUT_FILE;
	o->tmp_dir = j->sandbox->spool;
	o->stream = &j->stream;
	o->on_stdout = on_stdout;
	o->plugin =
		sandbox_plugin (j->host, e->flags & CLAIMS ? "claims" : "raw");
	j->stream.on_event = on_event;
	j->stream.user = j;
}

static void
set_argv (struct job *j)
{
	const char *const *w;

	j->argv[j->n_argv++] = trial_agent ();
	for (w = j->entry->words; *w != NULL; w++)
		j->argv[j->n_argv++] =
			strcmp (*w, "%cgroup") == 0 ? j->sandbox->cgroup : *w;
}

/* Every process of the tree inherits this pipe: poll on our end tells whether
 * one of them is alive, whatever its pid. */
static void
set_stdin (struct job *j, int fds[2])
{
	j->hold = fds[0] = fds[1] = -1;
	if (j->entry->flags & OWN_STDIN)
		return;
	if (pipe2 (fds, O_CLOEXEC) < 0)
		_exit (91);
	j->hold = fds[1];
	j->opts.stdin_mode = LHK_STDIN_FD;
	j->opts.stdin_fd = fds[0];
}

static int
job_start (struct job *j, const struct entry *e, int contain)
{
	int fds[2], r;

	j->entry = e;
	j->expected = e->expected;
	j->opts = (struct lhk_run_opts) LHK_RUN_OPTS_INIT;
	j->stream = (struct lhk_stream_opts) LHK_STREAM_OPTS_INIT;
	set_options (j);
	set_argv (j);
	set_stdin (j, fds);
	records_choose_store (j);
	j->opts.contain = contain;
	if (e->setup != NULL)
		e->setup (j);
	j->argv[j->n_argv] = NULL;
	j->opts.argv = j->argv;
	slot_begin (j->sandbox->report, j->slot, e->id);
	r = lhk_run_start (j->host, &j->opts, &j->run, NULL);
	j->sandbox->n_records += r == LHK_OK && j->opts.record_dir != NULL;
	if (fds[0] >= 0)
		close (fds[0]);
	return r;
}

/* 1: a process of the tree is alive, and holds the pipe. */
static int
is_held (const struct job *j)
{
	struct pollfd p = { .fd = j->hold, .events = 0 };

	return j->hold >= 0 && poll (&p, 1, 0) == 0;
}

static int
job_end (struct job *j, int started, char *why)
{
	int right = 0;

	if (started < 0)
		snprintf (why, WHY_MAX, "not started: %s",
			  lhk_strerror (started));
	else if (is_held (j))
		snprintf (why, WHY_MAX,
			  "its result is there, and somebody of"
			  " its tree is alive");
	else
		right = expected_check (j, why);
	lhk_run_free (j->run);
	if (j->hold >= 0)
		close (j->hold);
	free (j->bytes);
	slot_end (j->sandbox->report, j->slot);
	return right;
}

static void
count_outcome (struct job *j, int contain, int right, const char *why)
{
	struct report *r = j->sandbox->report;
	struct entry_counts *t = &r->counts[j->index];

	t->runs++;
	r->runs++;
	if (right)
		return;
	r->wrong++;
	fprintf (stderr, "# %s: %s %s, contain %d: %s\n",
		 j->sandbox->config->name, j->entry->id, j->entry->what,
		 contain, why);
	if (t->wrong++ == 0)
		snprintf (t->why, sizeof t->why, "contain %d: %.200s", contain,
			  why);
}

/* ---- rounds ---- */

static int
choose_containment (struct sandbox *s, const struct entry *e)
{
	int contain;

	do
		contain = containments[prng_below (&s->prng, 4)];
	while ((s->containments & 1u << contain) == 0
	       || (contain == LHK_CONTAIN_PIDNS && (e->flags & NO_PIDNS)));
	return contain;
}

static int
shuffle (struct sandbox *s, int *order)
{
	const struct entry *all;
	int i, k, swap, n = 0, total = entries_all (&all);

	for (i = 0; i < total; i++)
		if (entry_fits (&all[i], s) && all[i].serial == NULL)
			order[n++] = i;
	for (i = n - 1; i > 0; i--) {
		k = (int) prng_below (&s->prng, (uint32_t) i + 1);
		swap = order[i];
		order[i] = order[k];
		order[k] = swap;
	}
	return n;
}

/* Start entry INDEX as job J.  1: it is running. */
static int
start_job (struct sandbox *s, struct lhk_host *host, struct job *j, int index)
{
	const struct entry *all;
	char why[WHY_MAX];
	int r, slot = j->slot;

	entries_all (&all);
	memset (j, 0, sizeof *j);
	j->slot = slot;
	j->sandbox = s;
	j->host = host;
	j->index = index;
	r = job_start (j, &all[index], choose_containment (s, &all[index]));
	if (r == LHK_OK)
		return 1;
	job_end (j, r, why);
	count_outcome (j, j->opts.contain, 0, why);
	j->run = NULL;
	return 0;
}

/* When jobs run one at a time, a leak is known to be that of the last one.  It
 * is reported once. */
static int
has_leaked (struct sandbox *s, char *why)
{
	struct resources now;

	if (s->report->at_once != 1)
		return 0;
	resources_count (s, &now);
	if (!resources_grown (&s->even, &now, 0, why, WHY_MAX))
		return 0;
	s->even = now;
	return 1;
}

/* Call the turn hook, and check the job if it has ended.  1: it has. */
static int
finish_job (struct job *j)
{
	char why[WHY_MAX];
	int right;

	if (j->entry->on_turn != NULL)
		j->entry->on_turn (j);
	if (lhk_run_result (j->run) == NULL)
		return 0;
	right = job_end (j, LHK_OK, why) && !has_leaked (j->sandbox, why);
	count_outcome (j, j->opts.contain, right, why);
	j->run = NULL;
	return 1;
}

void
runner_round (struct sandbox *s, struct lhk_host *host)
{
	static struct job jobs[SLOTS];
	struct lhk_host *own = host == NULL ? sandbox_host (s) : NULL;
	long width = s->report->at_once, i;
	int order[ENTRIES_MAX];
	struct resources even;
	int n = shuffle (s, order), next = 0, busy = 0;

	if (host == NULL)
		host = own;
	runner_warm_up (s, host);
	even = s->even;
	if (width == 1)
		resources_count (s, &s->even);
	while (next < n || busy > 0) {
		for (i = 0; i < width && next < n; i++) {
			if (jobs[i].run != NULL)
				continue;
			jobs[i].slot = (int) i;
			busy += start_job (s, host, &jobs[i], order[next++]);
		}
		if (busy > 0 && lhk_host_dispatch (host, 1000) < 0)
			_exit (90);
		for (i = 0; i < width; i++)
			if (jobs[i].run != NULL)
				busy -= finish_job (&jobs[i]);
	}
	lhk_host_free (own);
	s->even = even;
}

static int
run_one (struct lhk_host *host, struct sandbox *s, const struct entry *e,
	 int contain, char *why)
{
	struct job j = { .sandbox = s, .host = host };
	int r = job_start (&j, e, contain);

	while (r == LHK_OK && lhk_run_result (j.run) == NULL) {
		if (lhk_host_dispatch (host, 1000) < 0)
			_exit (90);
		if (e->on_turn != NULL)
			e->on_turn (&j);
	}
	return job_end (&j, r, why);
}

int
runner_one (struct sandbox *s, const struct entry *e, int contain, char *why)
{
	struct lhk_host *host = sandbox_host (s);
	int right = run_one (host, s, e, contain, why);

	lhk_host_free (host);
	return right;
}

void
runner_warm_up (struct sandbox *s, struct lhk_host *host)
{
	static const struct entry warm = {
		.id = "warm",
		.words = { "out", "x" },
		.flags = SPOOLED,
		.expected = { .end_reason = LHK_END_EXITED },
	};
	char why[WHY_MAX];

	if (!run_one (host, s, &warm, LHK_CONTAIN_AUTO, why))
		_exit (84);
}

/* A containment that this machine lacks must be refused by a result that says
 * so. */
void
runner_find_containments (struct sandbox *s)
{
	static const struct entry probe = {
		.id = "probe",
		.words = { "exit", "0" },
		.expected = { .end_reason = LHK_END_EXITED, .code = 0 },
	};
	static const struct entry refused = {
		.id = "probe",
		.words = { "exit", "0" },
		.expected = { .end_reason = LHK_END_SPAWN_FAILED,
			      .code = ANY,
			      .step = "contain",
			      .error = ANY },
	};
	static const char *const names[] = { "auto", "cgroup", "pidns",
					     "subreaper" };
	struct report *r = s->report;
	char why[WHY_MAX];
	size_t i, at = 0;

	for (i = 0; i < sizeof containments / sizeof containments[0]; i++) {
		if (runner_one (s, &probe, containments[i], why))
			s->containments |= 1u << containments[i];
		else if (!runner_one (s, &refused, containments[i], why))
			snprintf (r->trouble, sizeof r->trouble,
				  "tier %s: %.200s", names[i], why);
		else
			continue;
		at += (size_t) snprintf (r->containments + at,
					 sizeof r->containments - at, " %s",
					 names[i]);
	}
}
