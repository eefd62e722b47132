/* SPDX-License-Identifier: MIT */
/*
 * paper.h - a file of a record that others see whole or not at all.
 *
 * Written beside its place under NAME PAPER_NEW, then renamed.
 */
#ifndef KEEP_PAPER_H
#define KEEP_PAPER_H

#include "keep/keeper.h"

#define PAPER_NEW ".new"

struct paper {
	int dir, fd;
	const char *name;
	int sys_errno;
	struct out *out;
};

/* What goes to OUT from now on is the file.  0 or an errno. */
int paper_begin (struct paper *p, int dir, const char *name, struct out *out);

/* 0: it is in its place; else an errno, and there is no such file. */
int paper_end (struct paper *p);

/* run.json.  0 or an errno. */
int paper_run (int dir, struct out *out, const struct keeper_about *about);

/* All of it; 0 or the errno of the first write that failed. */
int paper_write (int fd, const char *data, size_t len);

#endif /* KEEP_PAPER_H */
