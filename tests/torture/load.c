/* SPDX-License-Identifier: MIT */
/*
 * load.c - many runs at once, and a run that prints a byte at a time.
 *
 *	CROWD=N		runs at once: 50, in the long form 200
 *	TRICKLE=N	bytes, 10 ms apart: 50, 6,000
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "lib/machine.h"
#include "lib/trial.h"
#include "torture/load.h"

#define CROWD_MAX 1000
#define PRINTS 10 /* times its own number, before and after */
#define FDS_PER_RUN 7

const struct sandbox_config load_config = { "root", 0, 0, 100 };

/* ---- many at once ---- */

struct member {
	struct lhk_run *run;
	int number, own, others, finals;
	char name[16];
};

static struct member members[CROWD_MAX];

static void
on_member_event (void *user, const struct lhk_meta *meta,
		 const struct lhk_event *event)
{
	struct member *m = user;
	const struct lhk_ev_text *text = (const void *) event;

	(void) meta;
	if (event->kind == LHK_EV_RESULT
	    && ((const struct lhk_ev_result *) event)->final != NULL)
		m->finals++;
	if (event->kind != LHK_EV_TEXT)
		return;
	if (text->text.len == strlen (m->name)
	    && memcmp (text->text.ptr, m->name, text->text.len) == 0)
		m->own++;
	else
		m->others++;
}

static int
start_member (struct sandbox *s, struct lhk_host *host, struct member *m, int i,
	      int hold)
{
	struct lhk_run_opts o = LHK_RUN_OPTS_INIT;
	struct lhk_stream_opts so = LHK_STREAM_OPTS_INIT;
	const char *argv[4 * PRINTS + 8] = { trial_agent () };
	char code[16];
	int n = 1, k;

	memset (m, 0, sizeof *m);
	m->number = i;
	snprintf (m->name, sizeof m->name, "member %d", i);
	snprintf (code, sizeof code, "%d", i % 256);
	for (k = 0; k < 2 * PRINTS; k++) {
		argv[n++] = "out";
		argv[n++] = m->name;
		if (k == PRINTS - 1)
			argv[n++] = "eof";
	}
	argv[n++] = "exit";
	argv[n++] = code;
	argv[n] = NULL;
	so.on_event = on_member_event;
	so.user = m;
	o.stream = &so;
	o.argv = argv;
	o.plugin = sandbox_plugin (host, "raw");
	o.stdin_mode = LHK_STDIN_FD;
	o.stdin_fd = hold;
	o.contain = (int) s->report->argument;
	return lhk_run_start (host, &o, &m->run, NULL);
}

static long
pss_kib (int pid)
{
	char path[64], line[128];
	long kib = 0;
	FILE *f;

	snprintf (path, sizeof path, "/proc/%d/smaps_rollup", pid);
	f = fopen (path, "re");
	while (f != NULL && fgets (line, sizeof line, f) != NULL)
		if (sscanf (line, "Pss: %ld kB", &kib) == 1)
			break;
	if (f != NULL)
		fclose (f);
	return kib;
}

static int
by_size (const void *a, const void *b)
{
	long x = *(const long *) a, y = *(const long *) b;

	return (x > y) - (x < y);
}

/* Measure our children, which are the monitors. */
static void
measure_monitors (struct report *r)
{
	static long found[CROWD_MAX];
	FILE *f = fopen ("/proc/thread-self/children", "re");
	size_t n = 0;
	int pid;

	while (f != NULL && n < CROWD_MAX && fscanf (f, "%d", &pid) == 1) {
		found[n] = pss_kib (pid);
		r->numbers[N_PSS_ALL] += found[n++];
	}
	if (f != NULL)
		fclose (f);
	qsort (found, n, sizeof found[0], by_size);
	r->numbers[N_PSS] = n == 0 ? 0 : found[n / 2];
}

static int
all_have_printed (long n)
{
	long i;

	for (i = 0; i < n; i++)
		if (members[i].own < PRINTS)
			return 0;
	return 1;
}

static int
is_right (const struct member *m)
{
	const struct lhk_result *r = lhk_run_result (m->run);

	return r != NULL && r->outcome.end_reason == LHK_END_EXITED
	       && r->outcome.exit_code == m->number % 256
	       && r->outcome.flags == 0 && m->own == 2 * PRINTS
	       && m->others == 0 && m->finals == 1;
}

static void
run_crowd (struct sandbox *s)
{
	struct report *r = s->report;
	struct lhk_host *host = sandbox_host (s);
	long n = r->at_once, i, held;
	int hold[2], fds, ended = 0, got;

	runner_warm_up (s, host);
	resources_count (s, &r->first);
	fds = count_fds ();
	held = (long) s->memory.held;
	if (pipe2 (hold, O_CLOEXEC) < 0)
		_exit (1);
	slot_begin (r, 0, "crowd");
	for (i = 0; i < n; i++)
		if (start_member (s, host, &members[i], (int) i, hold[0]) < 0)
			_exit (2);
	close (hold[0]);
	while (!all_have_printed (n))
		if (lhk_host_dispatch (host, 1000) != 0)
			_exit (3);
	r->numbers[N_FDS] = count_fds () - 1 - fds;
	r->numbers[N_HEAP] = ((long) s->memory.held - held) / n;
	measure_monitors (r);
	close (hold[1]);
	while (ended < n && (got = lhk_host_dispatch (host, 1000)) >= 0)
		ended += got;
	for (i = 0; i < n; i++) {
		r->numbers[N_RIGHT] += is_right (&members[i]);
		lhk_run_free (members[i].run);
	}
	slot_end (r, 0);
	resources_count (s, &r->last);
	resources_grown (&r->first, &r->last, 0, r->grown, sizeof r->grown);
	lhk_host_free (host);
}

static void
crowd (void)
{
	static const struct {
		int contain;
		const char *name;
	} containments[] = {
		{ LHK_CONTAIN_SUBREAPER, "subreaper" },
		{ LHK_CONTAIN_CGROUP, "cgroup" },
		{ LHK_CONTAIN_PIDNS, "pidns" },
	};
	long n = torture_number ("CROWD", 50, 200);
	struct report *r;
	size_t i;

	for (i = 0; i < sizeof containments / sizeof containments[0]; i++) {
		if (!machine_has_containment (containments[i].contain,
					      geteuid ())) {
			tap_skip (machine_lacks_containment (
				containments[i].contain));
			continue;
		}
		r = report_new ();
		r->argument = containments[i].contain;
		r->at_once = n < CROWD_MAX ? n : CROWD_MAX;
		CU_ASSERT (sandbox_run (&load_config, r, run_crowd, LIMIT_MS));
		TAP_EQ_STR (r->trouble, "");
		TAP_EQ_STR (r->grown, "");
		TAP_EQ_INT (r->numbers[N_RIGHT], r->at_once);
		CU_ASSERT (r->numbers[N_FDS] <= FDS_PER_RUN * r->at_once);
		tap_note ("%ld at once, %s: %ld.%02ld descriptors and %ld bytes"
			  " of heap for a run; PSS of a monitor %ld KiB"
			  " (median), %ld KiB of all",
			  r->at_once, containments[i].name,
			  r->numbers[N_FDS] / r->at_once,
			  r->numbers[N_FDS] * 100 / r->at_once % 100,
			  r->numbers[N_HEAP], r->numbers[N_PSS],
			  r->numbers[N_PSS_ALL]);
		report_free (r);
	}
}

/* ---- a byte at a time ---- */

static void
run_trickle (struct sandbox *s)
{
	struct report *r = s->report;
	struct lhk_run_opts o = LHK_RUN_OPTS_INIT;
	struct lhk_host *host = sandbox_host (s);
	struct rusage before, after;
	struct lhk_run *run;
	char script[128];

	snprintf (script, sizeof script,
		  "i=0; while [ $i -lt %ld ]; do i=$((i"
		  " + 1)); printf x; sleep 0.01; done",
		  r->argument);
	o.argv = WORDS ("/bin/sh", "-c", script);
	o.plugin = sandbox_plugin (host, "raw");
	o.idle_ms = 60000;
	getrusage (RUSAGE_SELF, &before);
	slot_begin (r, 0, "F30");
	if (lhk_run_start (host, &o, &run, NULL) < 0)
		_exit (1);
	while (lhk_run_result (run) == NULL) {
		if (lhk_host_dispatch (host, -1) < 0)
			_exit (2);
		r->numbers[N_TURNS]++;
	}
	slot_end (r, 0);
	getrusage (RUSAGE_SELF, &after);
	r->numbers[N_SWITCHES] = after.ru_nvcsw - before.ru_nvcsw;
	r->numbers[N_CPU_US] =
		(after.ru_utime.tv_sec - before.ru_utime.tv_sec
		 + after.ru_stime.tv_sec - before.ru_stime.tv_sec)
			* 1000000
		+ after.ru_utime.tv_usec - before.ru_utime.tv_usec
		+ after.ru_stime.tv_usec - before.ru_stime.tv_usec;
	r->numbers[N_BYTES] = (long) lhk_run_result (run)->stats.bytes;
	r->numbers[N_WALL_MS] = (long) lhk_run_result (run)->outcome.wall_ms;
	lhk_host_free (host);
}

/* CPU time depends on the machine, the number of turns does not. */
static void
trickle (void)
{
	struct report *r = report_new ();
	long n = torture_number ("TRICKLE", 50, 6000);

	r->argument = n;
	CU_ASSERT (
		sandbox_run (&load_config, r, run_trickle, LIMIT_MS + n * 40));
	tap_note ("%ld bytes in %ld ms: %ld turns, %ld switches, %ld us of CPU"
		  " time",
		  r->numbers[N_BYTES], r->numbers[N_WALL_MS],
		  r->numbers[N_TURNS], r->numbers[N_SWITCHES],
		  r->numbers[N_CPU_US]);
	TAP_EQ_STR (r->trouble, "");
	TAP_EQ_INT (r->numbers[N_BYTES], n);
	CU_ASSERT (r->numbers[N_TURNS] <= 2 * n + 20);
	CU_ASSERT (r->numbers[N_SWITCHES] <= 2 * n + 100);
	report_free (r);
}

static const struct tap_case cases[] = {
	{ "F56 many_at_once_have_no_cross_talk_and_cost_little", crowd },
	{ "F57 F36 many_starts_and_cancels_at_once_leave_nothing",
	  load_stress },
	{ "F30 one_byte_every_10_ms_is_no_busy_loop", trickle },
	{ NULL, NULL },
};

int
main (void)
{
	machine_need_own_mounts ();
	return tap_run ("load", cases);
}
