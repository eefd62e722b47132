/* SPDX-License-Identifier: MIT */
/*
 * echo.h - a plugin linked into the tests, steered by the lines it reads.
 *
 * A line that begins with '{' is a text event of the whole line.  Else its
 * first byte says what to do (words follow without a space):
 *
 *	t WORD	text		d WORD	text as a delta
 *	o NAME	tool running	c NAME	tool done
 *	u N	usage of a turn, N tokens in and out
 *	r	claim ok	x	claim failed
 *	s ID	session
 *	n N	N text events
 *	k	LHK_SKIP	p	emit, then LHK_EPARSE
 *	f	emit, then fail	w	return a value nobody knows
 *	b	a broken event	e	emit of an unknown kind, then of a text
 *	l	say something to the operator
 *	h	emit, keep the rest for flush
 *
 * Salvaged lines give "salvaged" and the line, heads "head" and their length,
 * repaired ones "repaired" and the line.  At the end flush emits "flushed" if
 * something was kept, exited "exit CODE SIGNAL" if asked to by 'h'.
 */
#ifndef TESTS_ECHO_H
#define TESTS_ECHO_H

#include <linehook/plugin.h>

/* "echo": flags LHK_PLUGIN_JSON and LHK_PLUGIN_CLAIMS. */
extern const struct lhk_plugin echo_plugin;

/* "plain": no flags; each line is a text. */
extern const struct lhk_plugin plain_plugin;

/* Handles opened and not closed, of both. */
extern int echo_open_handles;

#endif /* TESTS_ECHO_H */
