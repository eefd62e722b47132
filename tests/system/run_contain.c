/* SPDX-License-Identifier: MIT */
/*
 * run_contain.c - every containment, for root and for another user: whatever
 * an agent starts, nothing is left.
 *
 * Each relative of the agent inherits its stdin, a pipe: when the last one has
 * gone, the test's end of it says so, whatever numbers the relatives had.
 */
#include "config.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/pidns.h"
#include "lib/trial.h"
#include "lib/containments.h"
#include "lib/machine.h"

#define WORDS_MAX 256
#define CHAIN 20

#define UP "out", "up", "pause"

/* "%d" stands for that cgroup; UPS is how many say "up". */
static const struct shape {
	const char *name;
	int ups;
	const char *words[40];
} shapes[] = {
	{ "T1 same group", 2, { "fork", "(", UP, ")", "fork", "(", UP, ")" } },
	{ "T2 own group", 1, { "fork", "(", "group", UP, ")" } },
	{ "T3 own session", 1, { "fork", "(", "setsid", UP, ")" } },
	{ "T4 daemon", 1, { "daemon", "(", UP, ")" } },
	{ "T5 bare daemon", 1, { "daemon", "(", "bare", UP, ")" } },
	{ "T6 ignores signals",
	  1,
	  { "ignoreall", "daemon", "(", "ignoreall", UP, ")" } },
	{ "T7 stopped daemon", 1, { "daemon", "(", "out", "up", "stop", ")" } },
	{ "T8 hydra", 1, { "daemon", "(", "out", "up", "hydra", "1", ")" } },
	{ "T9 spray", 100, { "spray", "100" } },
	{ "T10 own namespaces",
	  2,
	  { "inside", "(", "fork", "(", UP, ")", UP, ")" } },
	{ "T11 nested reaper",
	  2,
	  { "fork", "(", "reaper", "daemon", "(", UP, ")", UP, ")" } },
	{ "T13 sibling", 1, { "sibling", "(", UP, ")" } },
	{ "T14 another cgroup",
	  2,
	  { "fork", "(", "enter", "%d", "fork", "(", UP, ")", UP, ")" } },
	{ "T15 chain", 1, { "%chain" } },
	{ "T16 busy hydras",
	  4,
	  { "daemon", "(", "out", "up", "hydra", "0", ")",
	    "daemon", "(", "out", "up", "hydra", "0", ")",
	    "daemon", "(", "out", "up", "hydra", "0", ")",
	    "daemon", "(", "out", "up", "hydra", "0", ")" } },
};

#define N_SHAPES (sizeof shapes / sizeof shapes[0])

/* Each below the one before: a fork, a group, a session, a daemon by turns. */
static const char **
put_chain (const char **to)
{
	static const char *const kinds[][3] = {
		{ "fork", "(" },
		{ "fork", "(", "group" },
		{ "fork", "(", "setsid" },
		{ "daemon", "(" },
	};
	int i;

	for (i = 0; i < CHAIN; i++) {
		*to++ = kinds[i % 4][0];
		*to++ = kinds[i % 4][1];
		if (kinds[i % 4][2] != NULL)
			*to++ = kinds[i % 4][2];
	}
	*to++ = "out";
	*to++ = "up";
	for (i = 0; i < CHAIN; i++) {
		*to++ = "pause";
		*to++ = ")";
	}
	return to;
}

static void
make_argv (const struct shape *s, const char *const *end, const char **to)
{
	const char *const *w;

	*to++ = trial_agent ();
	for (w = s->words; *w != NULL; w++) {
		if (strcmp (*w, "%chain") == 0)
			to = put_chain (to);
		else
			*to++ = strcmp (*w, "%d") == 0 ? containment_cgroup
						       : *w;
	}
	while (*end != NULL)
		*to++ = *end++;
	*to = NULL;
}

/* One that goes into another cgroup needs one, and so does one with namespaces
 * of its own. */
static int
can_play (const struct shape *s)
{
	const char *const *w;

	if (strcmp (s->words[0], "inside") == 0
	    && !machine_has_user_namespaces (geteuid ())) {
		tap_note ("left out: '%s', for want of namespaces", s->name);
		return 0;
	}
	for (w = s->words; *w != NULL; w++)
		if (strcmp (*w, "%d") == 0 && containment_cgroup[0] == '\0') {
			tap_note ("left out: '%s', for want of a cgroup",
				  s->name);
			return 0;
		}
	return 1;
}

/* Started, with all its relatives; the end of its stdin. */
static int
start_shape (struct trial *t, const struct containment *on,
	     const struct shape *s, const char *const *end)
{
	const char *argv[WORDS_MAX];
	int hold[2];

	make_argv (s, end, argv);
	if (pipe2 (hold, O_CLOEXEC) < 0)
		exit (99);
	t->opts.contain = on->contain;
	t->opts.stdin_mode = LHK_STDIN_FD;
	t->opts.stdin_fd = hold[0];
	t->opts.drain_ms = 20;
	t->opts.grace_ms = 100;
	if (trial_start (t, argv) != LHK_OK)
		exit (99);
	close (hold[0]);
	while (trial_count_up (t) < s->ups && lhk_run_result (t->run) == NULL)
		if (lhk_host_dispatch (t->host, 20000) < 0)
			break;
	return hold[1];
}

/* Nobody holds the other end of HOLD. */
static void
check_gone (const struct containment *on, const struct shape *s, int hold)
{
	struct pollfd p = { .fd = hold, .events = 0 };

	if (!TAP_EQ_INT (poll (&p, 1, 0), 1))
		tap_note ("%s as %d: '%s' is left", on->text, (int) on->uid,
			  s->name);
	TAP_EQ_INT (p.revents & POLLERR, POLLERR);
	close (hold);
	TAP_EQ_INT (count_children (), 0);
	if (containment_cgroup[0] != '\0')
		TAP_EQ_INT (cgroup_count (containment_cgroup), 0);
}

static void
cancel_all (int arg)
{
	const struct containment *on = &containments[arg];
	struct trial t;
	size_t i;
	int hold;

	trial_begin (&t, 0);
	for (i = 0; i < N_SHAPES; i++) {
		if (!can_play (&shapes[i]))
			continue;
		hold = start_shape (&t, on, &shapes[i], WORDS ("pause"));
		lhk_run_cancel (t.run, 0);
		if (trial_wait (&t)) {
			TAP_EQ_INT (t.result->outcome.end_reason,
				    LHK_END_CANCELED);
			containment_check (on, &t.result->outcome);
		}
		check_gone (on, &shapes[i], hold);
	}
	trial_end (&t);
}

/* T12: the agent leaves, and all of the above stays. */
static void
leave_all (int arg)
{
	const struct containment *on = &containments[arg];
	struct trial t;
	size_t i;
	int hold;

	trial_begin (&t, 0);
	for (i = 0; i < N_SHAPES; i++) {
		if (!can_play (&shapes[i]))
			continue;
		hold = start_shape (&t, on, &shapes[i],
				    WORDS ("go", "exit", "7"));
		CU_ASSERT_EQUAL (write (hold, "g", 1), 1);
		if (trial_wait (&t)) {
			TAP_EQ_INT (t.result->outcome.end_reason,
				    LHK_END_EXITED);
			TAP_EQ_INT (t.result->outcome.exit_code, 7);
			TAP_EQ_INT (t.result->outcome.flags
					    & LHK_FLAG_LEFTOVER_KILLED,
				    LHK_FLAG_LEFTOVER_KILLED);
			containment_check (on, &t.result->outcome);
		}
		check_gone (on, &shapes[i], hold);
	}
	trial_end (&t);
}

static void
gone_after_cancel (void)
{
	containment_each (cancel_all);
}

static void
gone_after_exit (void)
{
	containment_each (leave_all);
}

static const struct tap_case cases[] = {
	{ "no_tree_of_any_shape_is_left_after_a_cancel_in_any_tier",
	  gone_after_cancel },
	{ "no_tree_of_any_shape_is_left_after_an_exit_in_any_tier",
	  gone_after_exit },
	{ NULL, NULL },
};

int
main (void)
{
	pidns_enter ();
	return tap_run ("run_contain", cases);
}
