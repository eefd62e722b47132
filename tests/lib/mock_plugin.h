/* SPDX-License-Identifier: MIT */
/*
 * mock_plugin.h - a plugin linked into the tests; its input says what it does.
 *
 * A line that begins with '{' becomes a text event of the whole line.  The
 * first byte of any other line is a command (its argument follows without a
 * space):
 *
 *	t WORD	text		d WORD	text as a delta
 *	o NAME	tool running	c NAME	tool done
 *	u N	usage of a turn, N tokens in and out
 *	r	claim ok	x	claim failed
 *	s ID	session
 *	n N	N text events
 *	k	return LHK_SKIP	p	emit, then return LHK_EPARSE
 *	f	emit, then fail	w	return a value that is not defined
 *	b	a broken event	e	emit an unknown kind, then a text
 *	l	log a line
 *	h	hold: flush and exited emit a text, too
 *
 * A salvaged line gives the text "salvaged LINE", a repaired one "repaired
 * LINE", the head of an oversize one "head LENGTH".  After 'h', flush emits
 * "flushed" and exited emits "exit CODE SIGNAL".
 */
#ifndef TESTS_MOCK_PLUGIN_H
#define TESTS_MOCK_PLUGIN_H

#include <linehook/plugin.h>

/* Named "mock", with LHK_PLUGIN_JSON and LHK_PLUGIN_CLAIMS. */
extern const struct lhk_plugin mock_plugin;

/* Named "plain", without flags: each line is a text. */
extern const struct lhk_plugin plain_plugin;

/* Handles of both plugins that are open. */
extern int mock_plugin_open_handles;

#endif /* TESTS_MOCK_PLUGIN_H */
