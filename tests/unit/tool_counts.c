/* SPDX-License-Identifier: MIT */
/* tool_counts.c - which calls are at work, and what ends that. */
#include "config.h"

#include <stdio.h>

#include "common/limits.h"
#include "event/tool_counts.h"
#include "lib/capture.h"
#include "lib/failing.h"
#include "lib/tap.h"

static struct failing f;
static struct tool_counts t;

static void
begin (void)
{
	failing_init (&f);
	tool_counts_init (&t, &f.alloc);
}

static void
finish (void)
{
	tool_counts_free (&t);
	CU_ASSERT (failing_clean (&f));
}

static void
call (const char *id, int status, const char *parent, uint32_t flags)
{
	struct lhk_ev_tool e = {
		.ev = LHK_EV (struct lhk_ev_tool, LHK_EV_TOOL),
		.status = status,
		.flags = flags,
		.id = clean_text (id),
	};

	e.ev.parent = clean_text (parent);
	tool_counts_tool (&t, &e);
}

static void
run (const char *id, const char *parent)
{
	call (id, LHK_TOOL_RUNNING, parent, 0);
}

static void
end (const char *id)
{
	call (id, LHK_TOOL_DONE, NULL, 0);
}

static void
message (const char *parent)
{
	struct lhk_text text = clean_text (parent);

	tool_counts_message (&t, &text);
}

static void
ask (const char *tool, const char *outcome)
{
	struct lhk_ev_ask e = {
		.ev = LHK_EV (struct lhk_ev_ask, LHK_EV_ASK),
		.tool = clean_text (tool),
		.outcome = clean_text (outcome),
	};

	tool_counts_ask (&t, &e);
}

static void
task (const char *code, const char *id, const char *tool)
{
	char data[80];
	struct lhk_ev_notice e = {
		.ev = LHK_EV (struct lhk_ev_notice, LHK_EV_NOTICE),
		.code = clean_text (code),
	};

	snprintf (data, sizeof data, "{\"id\":\"%s\",\"tool\":\"%s\"}", id,
		  tool);
	e.data.ptr = data;
	e.data.len = strlen (data);
	tool_counts_notice (&t, &e);
}

static void
working (size_t n)
{
	TAP_EQ_INT (tool_counts_working (&t), n);
}

static void
messages (void)
{
	begin ();
	run ("a", NULL);
	run ("b", NULL);
	run ("c", "sub");
	end ("a");
	working (2);
	message ("other");
	working (2);
	message (NULL);
	working (1);
	message ("sub");
	working (0);
	/* An update that comes late brings nothing back; a new call counts. */
	run ("b", NULL);
	working (0);
	run ("d", NULL);
	working (1);
	end ("b");
	working (1);
	TAP_EQ_INT (tool_counts_unfinished (&t), 2);
	finish ();
}

static void
next_message (void)
{
	begin ();
	run ("a", NULL);
	run ("b", NULL);
	working (2);
	call ("c", LHK_TOOL_RUNNING, NULL, LHK_TOOL_NEXT_MESSAGE);
	working (1);
	/* Of an update the flag says nothing. */
	run ("d", NULL);
	call ("d", LHK_TOOL_RUNNING, NULL, LHK_TOOL_NEXT_MESSAGE);
	working (2);
	finish ();
}

static void
turns (void)
{
	begin ();
	run ("a", NULL);
	run ("b", "sub");
	tool_counts_turn (&t);
	working (0);
	run ("c", "sub");
	working (1);
	end ("b");
	working (1);
	finish ();
}

static void
parents (void)
{
	begin ();
	run ("agent", NULL);
	run ("b", "agent");
	run ("c", "b");
	working (3);
	/* Those that its subagent's calls have made, too. */
	end ("agent");
	working (0);
	end ("b");
	working (0);
	finish ();
}

/* A background task outlives the call that began it, and the turn. */
static void
tasks (void)
{
	begin ();
	run ("agent", NULL);
	run ("b", "agent");
	task (LHK_CODE_TASK_STARTED, "k", "agent");
	end ("agent");
	working (1);
	tool_counts_turn (&t);
	working (1);
	run ("c", "agent");
	working (2);
	message ("agent");
	working (0);
	run ("d", "agent");
	task (LHK_CODE_TASK_ENDED, "k", "agent");
	working (0);
	TAP_EQ_INT (t.tasks_open, 0);
	TAP_EQ_INT (t.tasks_started, 1);
	/* The same task again. */
	task (LHK_CODE_TASK_STARTED, "k", "agent");
	TAP_EQ_INT (t.tasks_open, 1);
	finish ();
}

static void
lose (const char *parent)
{
	struct lhk_text text = clean_text (parent);

	tool_counts_lost (&t, &text);
}

/* One of the calls of the thread has ended; which one, its others tell. */
static void
lost_lines (void)
{
	begin ();
	run ("a", NULL);
	run ("b", NULL);
	run ("c", "a");
	run ("d", "unknown");
	lose (NULL);
	working (3);
	end ("b");
	/* So it was A that had ended, with all that its subagent did. */
	working (1);
	end ("a");
	working (1);
	lose ("unknown");
	lose ("unknown");
	lose ("nobody");
	working (0);
	run ("e", NULL);
	run ("f", "unknown");
	working (2);
	finish ();
}

/* Nobody knows of which thread the line was: the outer ones wait. */
static void
lost_somewhere (void)
{
	begin ();
	run ("a", NULL);
	run ("b", "a");
	run ("c", "b");
	tool_counts_lost (&t, NULL);
	working (2);
	tool_counts_lost (&t, NULL);
	tool_counts_lost (&t, NULL);
	working (0);
	tool_counts_lost (&t, NULL);
	working (0);
	finish ();
}

/* A task goes on when the thread does that started it, whatever it has started
 * itself. */
static void
descendants (void)
{
	begin ();
	run ("a", NULL);
	run ("b", "a");
	run ("c", "b");
	run ("agent", NULL);
	task (LHK_CODE_TASK_STARTED, "k", "agent");
	run ("d", "agent");
	run ("e", "d");
	working (6);
	message (NULL);
	working (2);
	run ("f", "b");
	working (3);
	message (NULL);
	working (2);
	message ("agent");
	working (0);
	run ("g", "agent");
	run ("h", "g");
	run ("i", "h");
	working (3);
	task (LHK_CODE_TASK_ENDED, "k", "agent");
	working (0);
	/* Calls that claim to be each other's subagents. */
	run ("x", "y");
	run ("y", "x");
	run ("z", "z");
	working (3);
	message ("x");
	message ("z");
	working (0);
	finish ();
}

/* A chain of threads in a table that has no room for it. */
static void
deep (void)
{
	char id[24], parent[24];
	unsigned int i;

	begin ();
	for (i = 1; i < 3 * LIMIT_TRACKED; i++) {
		snprintf (id, sizeof id, "c%u", i);
		snprintf (parent, sizeof parent, "c%u", i - 1);
		run (id, i == 1 ? NULL : parent);
	}
	CU_ASSERT (tool_counts_working (&t) <= LIMIT_TRACKED);
	message (NULL);
	end ("c1");
	for (i = 2 * LIMIT_TRACKED; i < 3 * LIMIT_TRACKED; i++) {
		snprintf (id, sizeof id, "c%u", i);
		end (id);
	}
	working (0);
	finish ();
}

static void
questions (void)
{
	begin ();
	run ("a", NULL);
	run ("b", NULL);
	ask ("a", NULL);
	ask ("unknown", NULL);
	ask (NULL, NULL);
	working (1);
	call ("a", LHK_TOOL_PENDING, NULL, 0);
	working (1);
	/* It was answered after all. */
	run ("a", NULL);
	working (2);
	ask ("b", "denied");
	working (2);
	end ("a");
	ask ("a", NULL);
	working (1);
	t.can_answer = 1;
	ask ("b", NULL);
	working (1);
	finish ();
}

/* Tables stay bounded, and open calls that fall out are counted. */
static void
limits (void)
{
	char id[32], parent[32];
	unsigned int i;

	begin ();
	for (i = 0; i < 3 * LIMIT_TRACKED; i++) {
		snprintf (id, sizeof id, "c%u", i);
		snprintf (parent, sizeof parent, "p%u", i);
		run (id, parent);
		task (LHK_CODE_TASK_STARTED, id, parent);
		CU_ASSERT (tool_counts_working (&t) <= LIMIT_TRACKED);
	}
	CU_ASSERT (t.tasks_open <= LIMIT_TRACKED);
	CU_ASSERT (t.forgotten > 2 * LIMIT_TRACKED);
	CU_ASSERT (t.forgotten < 6 * LIMIT_TRACKED);
	for (i = 0; i < 3 * LIMIT_TRACKED; i++) {
		snprintf (id, sizeof id, "c%u", i);
		task (LHK_CODE_TASK_ENDED, id, "");
	}
	working (0);
	TAP_EQ_INT (t.tasks_open, 0);
	TAP_EQ_INT (tool_counts_unfinished (&t), 3 * LIMIT_TRACKED);
	CU_ASSERT (f.peak < 2u << 20);
	finish ();
}

static unsigned int sweeps;

void __real_idmap_sweep (struct idmap *m, idmap_keep_fn *keep, void *user);
void __wrap_idmap_sweep (struct idmap *m, idmap_keep_fn *keep, void *user);

void
__wrap_idmap_sweep (struct idmap *m, idmap_keep_fn *keep, void *user)
{
	sweeps++;
	__real_idmap_sweep (m, keep, user);
}

/* A table that is full of open calls but for a few: a sweep looks at all of
 * them. */
static void
rare_sweeps (void)
{
	unsigned int i, open;
	char id[24];

	for (open = LIMIT_TRACKED - 300; open <= LIMIT_TRACKED; open += 100) {
		begin ();
		for (i = 0; i < open; i++) {
			snprintf (id, sizeof id, "open%u", i);
			run (id, NULL);
		}
		sweeps = 0;
		for (i = 0; i < 4 * LIMIT_TRACKED; i++) {
			snprintf (id, sizeof id, "c%u", i);
			run (id, NULL);
			end (id);
		}
		if (sweeps > 64)
			tap_note ("%u open calls: %u sweeps", open, sweeps);
		CU_ASSERT (sweeps <= 64);
		TAP_EQ_INT (tool_counts_unfinished (&t), open);
		TAP_EQ_INT (t.started, open + 4 * LIMIT_TRACKED);
		finish ();
	}
}

/* Without memory calls are counted, and hold nothing. */
static void
no_memory (void)
{
	unsigned int i;

	for (i = 1; i < 12; i++) {
		begin ();
		f.fail_at = i;
		run ("a", "sub");
		task (LHK_CODE_TASK_STARTED, "k", "sub");
		end ("a");
		task (LHK_CODE_TASK_ENDED, "k", "sub");
		working (0);
		TAP_EQ_INT (t.started >= 1, 1);
		finish ();
	}
}

static const struct tap_case cases[] = {
	{ "tool_counts_a_message_ends_the_calls_of_its_thread", messages },
	{ "tool_counts_a_call_of_the_next_message_does_too", next_message },
	{ "tool_counts_the_end_of_a_turn_ends_them", turns },
	{ "tool_counts_the_end_of_a_call_ends_its_subagents_calls", parents },
	{ "tool_counts_a_background_task_ends_its_own_calls", tasks },
	{ "tool_counts_a_lost_line_ended_one_call_of_its_thread", lost_lines },
	{ "tool_counts_a_lost_line_of_no_known_thread_ended_the_innermost",
	  lost_somewhere },
	{ "tool_counts_a_thread_takes_those_with_it_that_it_started",
	  descendants },
	{ "tool_counts_forget_the_threads_of_a_deep_chain", deep },
	{ "tool_counts_a_question_nobody_answers_is_no_work", questions },
	{ "tool_counts_stay_bounded_and_tell_what_fell_out", limits },
	{ "tool_counts_forget_many_at_once", rare_sweeps },
	{ "tool_counts_hold_when_memory_fails", no_memory },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("tool_counts", cases);
}
