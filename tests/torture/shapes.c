/* SPDX-License-Identifier: MIT */
/*
 * shapes.c - entries of process trees, each with three ends: its leader exits,
 * it times out, it is canceled.
 */
#include "config.h"

#include <stddef.h>
#include <string.h>

#include "torture/torture.h"
#include "torture/expected.h"

#define CUT (LHK_FLAG_DRAIN_CUT | LHK_FLAG_LEFTOVER_KILLED)
#define UP "out", "up", "pause"

/* The arguments are the words of the agent up to its end. */
/* clang-format off */
#define TREE(id_, what_, ups_, is_, setup_, ...)				\
	{ .id = id_, .what = what_ ", its leader leaves", .flags = (is_),	\
	  .words = { __VA_ARGS__, "go", "exit", "7" }, .ups = (ups_),	\
	  .setup = (setup_), .on_turn = turn_go_at_up, .drain = 50,		\
	  .expected = { EXITED (7), .flags = LHK_FLAG_LEFTOVER_KILLED,	\
		      .may = LHK_FLAG_DRAIN_CUT } },			\
	{ .id = id_, .what = what_ ", its time is over", .flags = (is_),	\
	  .words = { __VA_ARGS__, "pause" }, .setup = (setup_),		\
	  .total = 200, .grace = 80, .drain = 50,			\
	  .expected = { TIMED_OUT, .may = CUT } },			\
	{ .id = id_, .what = what_ ", it is canceled", .flags = (is_),	\
	  .words = { __VA_ARGS__, "pause" }, .ups = (ups_),		\
	  .setup = (setup_), .on_turn = turn_cancel_at_up, .grace = 80,	\
	  .drain = 50, .expected = { CANCELED, .may = CUT } }
/* clang-format on */

/* clang-format off: a table */
const struct entry shapes[] = {
	TREE ("T1", "two in the group", 2, 0, NULL, "fork", "(", UP, ")",
	      "fork", "(", UP, ")"),
	TREE ("T2", "own group", 1, 0, NULL, "fork", "(", "group", UP, ")"),
	TREE ("T3", "own session", 1, 0, NULL, "fork", "(", "setsid", UP, ")"),
	TREE ("T4", "daemon", 1, 0, NULL, "daemon", "(", UP, ")"),
	TREE ("T5", "daemon without environment", 1, 0, NULL, "daemon", "(",
	      "bare", UP, ")"),
	TREE ("T6", "ignores all signals", 1, 0, NULL, "ignoreall", "daemon",
	      "(", "ignoreall", UP, ")"),
	TREE ("T7", "stopped daemon", 1, 0, NULL, "daemon", "(", "out", "up",
	      "stop", "pause", ")"),
	TREE ("T8", "hydra, 1 ms", 1, 0, NULL, "daemon", "(", "out", "up",
	      "hydra", "1", ")"),
	TREE ("T9", "100 daemons", 100, 0, NULL, "spray", "100"),
	TREE ("T9", "400 daemons", 400, FOR_LONG, NULL, "spray", "400"),
	TREE ("T10", "own namespaces", 2, FOR_NAMESPACES, NULL, "inside", "(",
	      "fork", "(", UP, ")", UP, ")"),
	TREE ("T11", "nested subreaper", 2, 0, NULL, "fork", "(", "reaper",
	      "daemon", "(", UP, ")", UP, ")"),
	{ .id = "T12",
	  .what = "main exits, daemon stays",
	  .drain = 50,
	  .words = { "daemon", "(", UP, ")", "exit", "0" },
	  .expected = { EXITED (0), .flags = CUT } },
	TREE ("T13", "sibling of the leader", 1, 0, NULL, "sibling", "(", UP,
	      ")"),
	TREE ("T14", "another cgroup", 2, FOR_CGROUP, NULL, "fork", "(",
	      "enter", "%cgroup", "fork", "(", UP, ")", UP, ")"),
	TREE ("T15", "chain of 20", 1, 0, setup_chain, ")"),
	TREE ("T16", "four busy hydras", 4, 0, NULL, "daemon", "(", "out", "up",
	      "hydra", "0", ")", "daemon", "(", "out", "up", "hydra", "0", ")",
	      "daemon", "(", "out", "up", "hydra", "0", ")", "daemon", "(",
	      "out", "up", "hydra", "0", ")"),
	TREE ("T16", "eight hydras that ignore signals, 1 ms", 8, 0,
	      setup_hydras, "ignore", "1"),
	{ .id = NULL },
};
/* clang-format on */

void
setup_hydras (struct job *j)
{
	static const char *const hydra[] = { "daemon", "(",  "ignoreall",
					     "out",    "up", "hydra",
					     "1",      ")" };
	const char *const *own = j->entry->words;
	size_t i;

	j->n_argv = 1;
	for (i = 0; i < 8 * sizeof hydra / sizeof hydra[0]; i++)
		j->argv[j->n_argv++] =
			hydra[i % (sizeof hydra / sizeof hydra[0])];
	while (*own != NULL)
		j->argv[j->n_argv++] = *own++;
}

/* Twenty processes, each the child of the one before; the words of the entry
 * come last. */
void
setup_chain (struct job *j)
{
	static const char *const kinds[][3] = {
		{ "fork", "(" },
		{ "fork", "(", "group" },
		{ "fork", "(", "setsid" },
		{ "daemon", "(" },
	};
	const char *const *own = j->entry->words;
	int i, k;

	j->n_argv = 1;
	for (i = 0; i < 20; i++)
		for (k = 0; k < 3 && kinds[i % 4][k] != NULL; k++)
			j->argv[j->n_argv++] = kinds[i % 4][k];
	j->argv[j->n_argv++] = "out";
	j->argv[j->n_argv++] = "up";
	for (i = 0; i < 19; i++) {
		j->argv[j->n_argv++] = "pause";
		j->argv[j->n_argv++] = ")";
	}
	j->argv[j->n_argv++] = "pause";
	while (*own != NULL)
		j->argv[j->n_argv++] = *own++;
}
