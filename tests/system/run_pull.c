/* SPDX-License-Identifier: MIT */
/* run_pull.c - events that are asked for, soon, late and too late. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/trial.h"
#include "run/run.h"

#define MIB (1 << 20)

static void
pulled (void)
{
	struct lhk_str line;
	struct trial t;
	int n = 0, r, finals = 0;

	trial_begin (&t, 0);
	t.stream.on_event = NULL;
	TAP_EQ_INT (trial_start (&t, AGENT ("lines", "50000")), LHK_OK);
	while ((r = lhk_run_next_json (t.run, &line)) != LHK_END) {
		if (r == LHK_AGAIN) {
			if (lhk_host_dispatch (t.host, 10000) < 0)
				break;
			continue;
		}
		if (!TAP_EQ_INT (r, LHK_OK))
			break;
		n++;
		CU_ASSERT (line.len > 2 && line.ptr[0] == '{'
			   && line.ptr[line.len - 1] == '}');
		if (memmem (line.ptr, line.len, "\"final\":true", 12) != NULL)
			finals++;
	}
	TAP_EQ_INT (n, 50002);
	TAP_EQ_INT (finals, 1);
	TAP_EQ_INT (lhk_run_next_json (t.run, &line), LHK_END);
	trial_end (&t);
}

/* All waits while nobody pulls; most of it in a file. */
static void
pulled_late (void)
{
	struct lhk_str line;
	struct trial t;
	size_t bytes = 0;
	int n = 0;

	trial_begin (&t, 0);
	t.stream.on_event = NULL;
	TAP_EQ_INT (trial_start (&t, AGENT ("lines", "50000")), LHK_OK);
	TAP_EQ_INT (lhk_run_wait (t.run, 20000), LHK_OK);
	while (lhk_run_next_json (t.run, &line) == LHK_OK) {
		n++;
		bytes += line.len;
		CU_ASSERT (line.len > 2 && line.ptr[0] == '{'
			   && line.ptr[line.len - 1] == '}');
	}
	TAP_EQ_INT (n, 50002);
	CU_ASSERT (bytes > 2 * MIB);
	trial_end (&t);
}

/* Nobody pulls, and there is more than may wait: the agent is not slowed, and
 * what was dropped is told. */
static void
pulled_too_late (void)
{
	unsigned long long next = 1, seq, from, to;
	struct lhk_str line;
	const char *p;
	struct trial t;
	int gaps = 0, finals = 0;

	trial_begin (&t, 0);
	t.stream.on_event = NULL;
	t.opts.max_output = 64 * MIB;
	t.opts.tmp_dir = "/tmp";
	TAP_EQ_INT (trial_start (&t, AGENT ("lines", "300000")), LHK_OK);
	t.run->events.queue.bytes_max = 4 * MIB;
	TAP_EQ_INT (lhk_run_wait (t.run, 20000), LHK_OK);
	CU_ASSERT (spool_size (&t.run->events.queue.backlog) < 4 * MIB + 4096);
	CU_ASSERT (lhk_run_result (t.run)->outcome.flags & LHK_FLAG_DEGRADED);
	TAP_EQ_INT (lhk_run_result (t.run)->verdict, LHK_VERDICT_OK);
	while (lhk_run_next_json (t.run, &line) == LHK_OK) {
		p = memmem (line.ptr, line.len, "\"seq\":", 6);
		seq = p == NULL ? 0 : strtoull (p + 6, NULL, 10);
		p = memmem (line.ptr, line.len, "\"from\":", 7);
		if (p != NULL
		    && sscanf (p, "\"from\":%llu,\"to\":%llu", &from, &to)
			       == 2) {
			gaps++;
			TAP_EQ_INT (from, next);
			TAP_EQ_INT (to, seq);
			next = from;
		}
		if (p == NULL && !TAP_EQ_INT (seq, next))
			break;
		next = seq + 1;
		finals += memmem (line.ptr, line.len, "\"final\":true", 12)
			  != NULL;
	}
	TAP_EQ_INT (gaps, 1);
	TAP_EQ_INT (finals, 1);
	TAP_EQ_INT (next, 300003);
	trial_end (&t);
}

static const struct tap_case cases[] = {
	{ "events_can_be_pulled_as_json_while_they_come", pulled },
	{ "events_wait_for_a_late_puller", pulled_late },
	{ "events_for_a_caller_that_pulls_too_late_are_dropped_and_counted",
	  pulled_too_late },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("run_pull", cases);
}
