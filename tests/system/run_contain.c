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

#include "lib/runs.h"
#include "lib/world.h"

#define WORDS_MAX 256
#define CHAIN 20

#define UP "out", "up", "pause"

static const struct setting {
	int contain;
	uid_t uid;
	const char *text;
} settings[] = {
	{ LHK_CONTAIN_CGROUP, 0, "cgroup" },
	{ LHK_CONTAIN_CGROUP, NOBODY, "cgroup" },
	{ LHK_CONTAIN_PIDNS, 0, "pidns" },
	{ LHK_CONTAIN_PIDNS, NOBODY, "pidns" },
	{ LHK_CONTAIN_SUBREAPER, 0, "subreaper" },
	{ LHK_CONTAIN_SUBREAPER, NOBODY, "subreaper" },
};

#define N_SETTINGS ((int) (sizeof settings / sizeof settings[0]))

/* The cgroup that the runs are started in. */
static char ours[CGROUP_PATH];

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
	{ "T6 deaf", 1, { "ignoreall", "daemon", "(", "ignoreall", UP, ")" } },
	{ "T7 stopped daemon", 1, { "daemon", "(", "out", "up", "stop", ")" } },
	{ "T8 hydra", 1, { "daemon", "(", "out", "up", "hydra", "1", ")" } },
	{ "T9 spray", 100, { "spray", "100" } },
	{ "T10 own namespaces", 2, { "inside", "(", "fork", "(", UP, ")", UP,
				     ")" } },
	{ "T11 nested reaper", 2, { "fork", "(", "reaper", "daemon", "(", UP,
				    ")", UP, ")" } },
	{ "T13 sibling", 1, { "sibling", "(", UP, ")" } },
	{ "T14 another cgroup", 2, { "fork", "(", "enter", "%d", "fork", "(",
				     UP, ")", UP, ")" } },
	{ "T15 chain", 1, { "%chain" } },
	{ "T16 busy hydras", 4, { "daemon", "(", "out", "up", "hydra", "0",
				  ")", "daemon", "(", "out", "up", "hydra", "0",
				  ")", "daemon", "(", "out", "up", "hydra", "0",
				  ")", "daemon", "(", "out", "up", "hydra", "0",
				  ")" } },
};

#define N_SHAPES (sizeof shapes / sizeof shapes[0])

/* Each below the one before: a fork, a group, a session, a daemon by turns. */
static const char **
put_chain (const char **to)
{
	static const char *const kinds[][3] = {
		{ "fork", "(" }, { "fork", "(", "group" },
		{ "fork", "(", "setsid" }, { "daemon", "(" },
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

	*to++ = runs_agent ();
	for (w = s->words; *w != NULL; w++) {
		if (strcmp (*w, "%chain") == 0)
			to = put_chain (to);
		else
			*to++ = strcmp (*w, "%d") == 0 ? ours : *w;
	}
	while (*end != NULL)
		*to++ = *end++;
	*to = NULL;
}

static int
count_up (const struct trial *t)
{
	const char *p = t->text;
	int n = 0;

	while (p != NULL && (p = strstr (p, "up\n")) != NULL) {
		n++;
		p += 3;
	}
	return n;
}

/* Started, with all its relatives; the end of its stdin. */
static int
start_shape (struct trial *t, const struct setting *on, const struct shape *s,
	     const char *const *end)
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
	while (count_up (t) < s->ups && lhk_run_result (t->run) == NULL)
		if (lhk_host_dispatch (t->host, 20000) < 0)
			break;
	return hold[1];
}

/* Nobody holds the other end of HOLD. */
static void
check_gone (const struct setting *on, const struct shape *s, int hold)
{
	struct pollfd p = { .fd = hold, .events = 0 };

	if (!TAP_EQ_INT (poll (&p, 1, 0), 1))
		tap_note ("%s as %d: '%s' is left", on->text, (int) on->uid,
			  s->name);
	TAP_EQ_INT (p.revents & POLLERR, POLLERR);
	close (hold);
	TAP_EQ_INT (count_children (), 0);
	if (ours[0] != '\0')
		TAP_EQ_INT (cgroup_count (ours), 0);
}

static void
check_contain (const struct setting *on, const struct lhk_outcome *o)
{
	char text[32];

	snprintf (text, sizeof text, "%s%s", on->text,
		  world_has_scope () ? "+scope" : "");
	TAP_EQ_STR (o->contain == NULL ? "" : o->contain, text);
	TAP_EQ_INT (o->n_survivors, 0);
	if (o->detail != NULL)
		tap_note ("%s", o->detail);
}

static void
cancel_all (int arg)
{
	const struct setting *on = &settings[arg];
	struct trial t;
	size_t i;
	int hold;

	trial_begin (&t, 0);
	for (i = 0; i < N_SHAPES; i++) {
		hold = start_shape (&t, on, &shapes[i], WORDS ("pause"));
		lhk_run_cancel (t.run, 0);
		if (trial_wait (&t)) {
			TAP_EQ_INT (t.result->outcome.how, LHK_HOW_CANCELED);
			check_contain (on, &t.result->outcome);
		}
		check_gone (on, &shapes[i], hold);
	}
	trial_end (&t);
}

/* T12: the agent leaves, and all of the above stays. */
static void
leave_all (int arg)
{
	const struct setting *on = &settings[arg];
	struct trial t;
	size_t i;
	int hold;

	trial_begin (&t, 0);
	for (i = 0; i < N_SHAPES; i++) {
		hold = start_shape (&t, on, &shapes[i],
				    WORDS ("go", "exit", "7"));
		CU_ASSERT_EQUAL (write (hold, "g", 1), 1);
		if (trial_wait (&t)) {
			TAP_EQ_INT (t.result->outcome.how, LHK_HOW_EXITED);
			TAP_EQ_INT (t.result->outcome.exit_code, 7);
			TAP_EQ_INT (t.result->outcome.flags
				    & LHK_FLAG_LEFTOVER_KILLED,
				    LHK_FLAG_LEFTOVER_KILLED);
			check_contain (on, &t.result->outcome);
		}
		check_gone (on, &shapes[i], hold);
	}
	trial_end (&t);
}

/* FN under every setting, each in a cgroup of its own where there is one. */
static void
under_all (void (*fn) (int arg))
{
	int i, has;

	for (i = 0; i < N_SETTINGS; i++) {
		has = cgroup_make (NULL, settings[i].uid, ours);
		if (!has)
			ours[0] = '\0';
		if (!has && settings[i].contain == LHK_CONTAIN_CGROUP) {
			tap_skip ("no cgroup of version 2 can be made here");
			continue;
		}
		world_apart (fn, i, settings[i].uid, has ? ours : NULL);
		if (has) {
			TAP_EQ_INT (cgroup_count (ours), 0);
			cgroup_remove (ours);
		}
	}
}

static void
gone_after_cancel (void)
{
	under_all (cancel_all);
}

static void
gone_after_exit (void)
{
	under_all (leave_all);
}

/* ---- an agent against its monitor ---- */

static void
attack_monitor (int arg)
{
	const struct setting *on = &settings[arg];
	struct trial t;

	trial_begin (&t, 0);
	t.opts.contain = on->contain;
	if (trial_run (&t, AGENT ("killparent", "stopparent", "daemon", "(",
				  "pause", ")", "out", "alive", "exit", "3"))) {
		TAP_EQ_INT (t.result->outcome.how, LHK_HOW_EXITED);
		TAP_EQ_INT (t.result->outcome.exit_code, 3);
		TAP_EQ_STR (t.text, "alive\n");
		check_contain (on, &t.result->outcome);
	}
	TAP_EQ_INT (count_children (), 0);
	trial_end (&t);
}

static void
monitor_is_out_of_reach (void)
{
	if (world_has_scope ())
		under_all (attack_monitor);
	else
		tap_skip ("this kernel has no Landlock of ABI 6");
}

/* Without that fence, process 1 of a namespace is out of reach all the same. */
static void
attack_first (int arg)
{
	struct trial t;

	(void) arg;
	trial_begin (&t, 0);
	t.opts.contain = LHK_CONTAIN_PIDNS;
	t.opts.flags = LHK_RUN_UNSCOPED;
	if (trial_run (&t, AGENT ("killparent", "stopparent", "killinit",
				  "stopinit", "out", "alive", "exit", "3"))) {
		TAP_EQ_INT (t.result->outcome.exit_code, 3);
		TAP_EQ_STR (t.text, "alive\n");
		TAP_EQ_STR (t.result->outcome.contain, "pidns");
	}
	trial_end (&t);
}

static void
first_of_namespace (void)
{
	world_apart (attack_first, 0, 0, NULL);
	world_apart (attack_first, 0, NOBODY, NULL);
}

static void
unscoped (void)
{
	struct trial t;

	trial_begin (&t, 0);
	t.opts.contain = LHK_CONTAIN_SUBREAPER;
	t.opts.flags = LHK_RUN_UNSCOPED;
	if (trial_run (&t, AGENT ("out", "x")))
		TAP_EQ_STR (t.result->outcome.contain, "subreaper");
	t.opts.contain = LHK_CONTAIN_SUBREAPER;
	t.opts.flags = LHK_RUN_UNSCOPED;
	/* It dies with its monitor. */
	if (trial_run (&t, AGENT ("killparent", "pause")))
		TAP_EQ_INT (t.result->outcome.flags & LHK_FLAG_MONITOR_LOST,
			    LHK_FLAG_MONITOR_LOST);
	trial_end (&t);
}

static const struct tap_case cases[] = {
	{ "no_tree_of_any_shape_is_left_after_a_cancel_in_any_tier",
	  gone_after_cancel },
	{ "no_tree_of_any_shape_is_left_after_an_exit_in_any_tier",
	  gone_after_exit },
	{ "row_37_an_agent_cannot_kill_or_stop_its_monitor",
	  monitor_is_out_of_reach },
	{ "process_1_of_the_namespace_is_safe_without_the_fence",
	  first_of_namespace },
	{ "an_unscoped_agent_may_signal_its_monitor_and_dies_with_it",
	  unscoped },
	{ NULL, NULL },
};

int
main (void)
{
	world_enter ();
	return tap_run ("run_contain", cases);
}
