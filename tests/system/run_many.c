/* SPDX-License-Identifier: MIT */
/* run_many.c - many runs, one after the other and at once. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "lib/trial.h"

#define AT_ONCE 100
#define ROUNDS 100

/* One run of each kind; what is left must not grow. */
static void
one_round (struct trial *t, int i)
{
	switch (i % 6) {
	case 0:
		trial_run (t, AGENT ("lines", "10"));
		break;
	case 1:
		t->opts.drain_ms = 1;
		trial_run (t, AGENT ("daemon", "(", "pause", ")"));
		break;
	case 2:
		trial_run (t, WORDS ("no-such-program"));
		break;
	case 3:
		t->opts.total_ms = 5;
		t->opts.grace_ms = 5;
		trial_run (t, AGENT ("ignoreall", "pause"));
		break;
	case 4:
		t->opts.stdin_mode = LHK_STDIN_BYTES;
		t->opts.input = (struct lhk_str){ "x\n", 2 };
		t->opts.stdout_mode = LHK_STDOUT_FILE;
		trial_run (t, AGENT ("cat"));
		break;
	default:
		trial_run (t, AGENT ("killparent"));
		break;
	}
}

static void
flat_counts (void)
{
	struct trial t;
	int fds, threads, i;

	trial_begin (&t, 0);
	for (i = 0; i < 6; i++)
		one_round (&t, i);
	lhk_run_free (t.run);
	t.run = NULL;
	fds = count_fds ();
	threads = count_threads ();
	for (i = 0; i < ROUNDS; i++)
		one_round (&t, i);
	lhk_run_free (t.run);
	t.run = NULL;
	TAP_EQ_INT (count_fds (), fds);
	TAP_EQ_INT (count_threads (), threads);
	TAP_EQ_INT (count_children (), 0);
	trial_end (&t);
	/* The host's own. */
	TAP_EQ_INT (count_fds (), fds - 4);
}

/* ---- at once ---- */

struct member {
	struct lhk_run *run;
	int code;
	int right; /* lines that are its own */
	int wrong;
	int finals;
};

static void
member_event (void *user, const struct lhk_meta *meta,
	      const struct lhk_event *event)
{
	struct member *m = user;
	const struct lhk_ev_text *text;
	char own[32];

	(void) meta;
	if (event->kind == LHK_EV_TEXT) {
		text = (const struct lhk_ev_text *) event;
		snprintf (own, sizeof own, "run %d", m->code);
		if (text->text.len == strlen (own)
		    && memcmp (text->text.ptr, own, strlen (own)) == 0)
			m->right++;
		else
			m->wrong++;
	} else if (event->kind == LHK_EV_RESULT
		   && ((const struct lhk_ev_result *) event)->final != NULL) {
		m->finals++;
	}
}

static void
start_member (struct trial *t, struct member *m, int i)
{
	char code[16], line[32];

	m->code = i;
	snprintf (code, sizeof code, "%d", i);
	snprintf (line, sizeof line, "run %d", i);
	t->stream.on_event = member_event;
	t->stream.user = m;
	t->opts.stream = &t->stream;
	t->opts.argv =
		AGENT ("out", line, "sleep", "50", "out", line, "exit", code);
	TAP_EQ_INT (lhk_run_start (t->host, &t->opts, &m->run, NULL), LHK_OK);
}

static void
hundred_at_once (void)
{
	static struct member members[AT_ONCE];
	const struct lhk_result *result;
	struct trial t;
	int fds, most, ended = 0, i, r;

	trial_begin (&t, 0);
	CU_ASSERT (lhk_host_fd (t.host) >= 0);
	fds = count_fds ();
	for (i = 0; i < AT_ONCE; i++)
		start_member (&t, &members[i], i);
	most = count_fds () - fds;
	/* Control, pidfd of the monitor, two outputs; later one of the
	 * agent. */
	CU_ASSERT (most <= 5 * AT_ONCE);
	while (ended < AT_ONCE) {
		r = lhk_host_dispatch (t.host, 10000);
		if (r < 0)
			break;
		ended += r;
	}
	TAP_EQ_INT (ended, AT_ONCE);
	for (i = 0; i < AT_ONCE; i++) {
		result = lhk_run_result (members[i].run);
		CU_ASSERT_PTR_NOT_NULL_FATAL (result);
		TAP_EQ_INT (result->outcome.end_reason, LHK_END_EXITED);
		TAP_EQ_INT (result->outcome.exit_code, i);
		TAP_EQ_INT (members[i].right, 2);
		TAP_EQ_INT (members[i].wrong, 0);
		TAP_EQ_INT (members[i].finals, 1);
	}
	/* What has ended holds no descriptor, freed or not. */
	TAP_EQ_INT (count_fds (), fds);
	for (i = 0; i < AT_ONCE; i++)
		lhk_run_free (members[i].run);
	TAP_EQ_INT (count_children (), 0);
	trial_end (&t);
}

/* ---- without descriptors ---- */

/* With room for one more descriptor each time: an error of start that leaves
 * nothing, until there is enough. */
static void
short_of_descriptors (void)
{
	struct rlimit old, tight;
	struct trial t;
	int fds, r = -1, i, highest;

	trial_begin (&t, 0);
	/* The loop has what it needs. */
	t.opts.stdout_mode = LHK_STDOUT_FILE;
	trial_run (&t, AGENT ("exit", "0"));
	lhk_run_free (t.run);
	t.run = NULL;
	fds = count_fds ();
	highest = fcntl (0, F_DUPFD_CLOEXEC, 3);
	close (highest);
	getrlimit (RLIMIT_NOFILE, &old);
	tight = old;
	for (i = 0; i < 40 && r != LHK_OK; i++) {
		tight.rlim_cur = (rlim_t) (highest + i);
		setrlimit (RLIMIT_NOFILE, &tight);
		t.opts.stdin_mode = LHK_STDIN_BYTES;
		t.opts.input = (struct lhk_str){ "x\n", 2 };
		t.opts.stdout_mode = LHK_STDOUT_FILE;
		r = trial_start (&t, AGENT ("cat"));
		if (r == LHK_OK)
			break;
		TAP_EQ_INT (r, LHK_ESYS);
		setrlimit (RLIMIT_NOFILE, &old);
		TAP_EQ_INT (count_fds (), fds);
		TAP_EQ_INT (count_children (), 0);
	}
	setrlimit (RLIMIT_NOFILE, &old);
	CU_ASSERT (i >= 8);
	if (r == LHK_OK && trial_wait (&t)) {
		TAP_EQ_INT (t.result->verdict, LHK_VERDICT_OK);
		TAP_EQ_STR (t.text, "x\n");
	}
	trial_end (&t);
}

/* ---- without memory ---- */

struct tight {
	long left; /* allocations until one fails */
	long held; /* bytes */
	int failed;
};

static void *
tight_resize (void *ctx, void *ptr, size_t old_size, size_t new_size)
{
	struct tight *a = ctx;
	void *p;

	if (new_size == 0) {
		free (ptr);
		a->held -= (long) old_size;
		return NULL;
	}
	if (a->left-- == 0) {
		a->failed = 1;
		return NULL;
	}
	p = realloc (ptr, new_size);
	if (p != NULL)
		a->held += (long) new_size - (long) old_size;
	return p;
}

static int
run_tight (struct tight *a, const struct lhk_plugin *plugin, int pull)
{
	struct lhk_alloc alloc = { a, tight_resize };
	struct lhk_host_opts ho = LHK_HOST_OPTS_INIT;
	struct lhk_run_opts o = LHK_RUN_OPTS_INIT;
	struct lhk_host *host = NULL;
	struct lhk_run *run = NULL;
	struct lhk_str line;
	int r;

	ho.alloc = &alloc;
	ho.monitor = trial_monitor ();
	o.argv = AGENT ("out", "x", "err", "y", "exit", "3");
	o.stdin_mode = LHK_STDIN_BYTES;
	o.input = (struct lhk_str){ "z", 1 };
	o.stdout_mode = pull ? LHK_STDOUT_PIPE : LHK_STDOUT_FILE;
	r = lhk_host_new (&ho, &host, NULL);
	if (r == LHK_OK)
		r = lhk_host_add_plugin (host, plugin, NULL);
	if (r == LHK_OK)
		r = lhk_run_start (host, &o, &run, NULL);
	if (r == LHK_OK) {
		r = lhk_run_wait (run, 10000);
		CU_ASSERT_EQUAL (r, LHK_OK);
		if (lhk_run_result (run) != NULL)
			TAP_EQ_INT (lhk_run_result (run)->outcome.exit_code, 3);
		while (lhk_run_next_json (run, &line) == LHK_OK)
			;
	}
	lhk_run_free (run);
	lhk_host_free (host);
	return r;
}

static void
short_of_memory (void)
{
	const struct lhk_plugin_ref *ref;
	struct tight a = { 0, 0, 0 };
	struct trial t;
	int fds, k, pull, r;

	trial_begin (&t, 0);
	CU_ASSERT_EQUAL_FATAL (lhk_host_plugin (t.host, "raw", &ref, NULL),
			       LHK_OK);
	fds = count_fds ();
	for (pull = 0; pull < 2; pull++) {
		for (k = 0; k < 500; k++) {
			a = (struct tight){ k, 0, 0 };
			r = run_tight (&a, lhk_plugin_ref_descriptor (ref),
				       pull);
			CU_ASSERT (r == LHK_OK || r == LHK_ENOMEM);
			if (!TAP_EQ_INT (a.held, 0)
			    || !TAP_EQ_INT (count_fds (), fds)
			    || !TAP_EQ_INT (count_children (), 0) || !a.failed)
				break;
		}
		tap_note ("%d allocations", k);
		CU_ASSERT (k > 10 && k < 500);
	}
	trial_end (&t);
}

static const struct tap_case cases[] = {
	{ "descriptors_threads_and_children_are_flat_over_100_runs",
	  flat_counts },
	{ "100_runs_at_once_have_no_cross_talk", hundred_at_once },
	{ "a_start_without_descriptors_fails_and_leaves_nothing",
	  short_of_descriptors },
	{ "a_run_without_memory_fails_or_ends_well_and_leaves_nothing",
	  short_of_memory },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("run_many", cases);
}
