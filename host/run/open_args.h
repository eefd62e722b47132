/* SPDX-License-Identifier: MIT */
/*
 * open_args.h - copies of what a stream was opened with.
 *
 * A stream borrows its header and the options of its plugin while it is made.
 * One that does not know its plugin yet needs them later.
 */
#ifndef RUN_OPEN_ARGS_H
#define RUN_OPEN_ARGS_H

#include <linehook/stream.h>

struct open_args {
	const struct lhk_alloc *alloc;
	struct lhk_ev_run header; /* size 0: none was given */
	struct lhk_text *argv;	  /* of the header */
	struct lhk_option *options;
	size_t n_options;
	char *bytes; /* of all strings */
	size_t size;
};

/* Copy the header, which may be NULL, and the options.  ALLOC is borrowed until
 * open_args_free, which is to be called in either case.  LHK_OK or
 * LHK_ENOMEM. */
int open_args_copy (struct open_args *a, const struct lhk_alloc *alloc,
		    const struct lhk_ev_run *header,
		    const struct lhk_option *options, size_t n_options);
void open_args_free (struct open_args *a);

#endif /* RUN_OPEN_ARGS_H */
