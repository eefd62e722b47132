/* SPDX-License-Identifier: MIT */
/* agent_odd.h - words of the mock agent that few agents obey. */
#ifndef TESTS_AGENT_ODD_H
#define TESTS_AGENT_ODD_H

/*
 *	go			wait for a byte of stdin
 *	group, reaper		own process group; adopt orphans
 *	bare			execute itself for the words behind, with an
 *				empty environment
 *	sibling ( WORDS )	a child of our parent does them
 *	inside ( WORDS )	a child in its own user and pid namespace
 *	spray N			N daemons, each says "up" and stays
 *	put TEXT		write it, no newline
 *	enter DIR		move to that cgroup
 *	eat MIB, burn MS	memory, touched; CPU time
 *	childburn MS		a child uses it, and is waited for
 *	killinit, stopinit	signal process 1
 *	chokeparent, chokehost	set all limits of the parent, of its parent, to
 *				0 (but that of CPU time), and its priorities;
 *				says whether that was done or refused
 *	starveparent		the same, CPU time included
 *	reniceuser		the priority of all processes of the user
 *	setown			the same calls for itself and a child
 *
 * Does the first word of W: the place behind it and what it took, or NULL: it
 * is none of these.
 */
char **odd_obey (char **w, void (*obey) (char **w),
		 char **(*behind) (char **w));

#endif /* TESTS_AGENT_ODD_H */
