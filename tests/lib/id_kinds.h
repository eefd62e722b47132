/* SPDX-License-Identifier: MIT */
/*
 * id_kinds.h - streams in which every line has ids that were never seen.
 *
 * There is a kind for each thing that a plugin, the host or a format remembers
 * by an id: calls, messages, models, tasks, plans, sessions, questions, threads
 * of subagents, turns.
 */
#ifndef TESTS_ID_KINDS_H
#define TESTS_ID_KINDS_H

#include <stddef.h>

struct id_kind {
	const char *plugin;
	const char *name;
	/* Lines without their last newline; in each '@' stands for the number,
	 * of 12 digits. */
	const char *lines;
	/* The same, fed ID_KIND_BEFORE times before all others; or NULL. */
	const char *before;
	/* 1: ids fall out of a full table whose loss is counted. */
	int is_counted;
};

/* How often the lines `before' come: nearly enough to fill a table. */
#define ID_KIND_BEFORE 4095u

/* Room for the lines of a kind. */
#define ID_KIND_ROOM 4096u

/* The table ends with a kind without a plugin. */
extern const struct id_kind id_kinds[];

/* Write LINES with the number N into OUT; returns how many bytes. */
size_t id_kind_write (const char *lines, unsigned long n,
		      char out[ID_KIND_ROOM]);

#endif /* TESTS_ID_KINDS_H */
