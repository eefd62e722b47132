/* SPDX-License-Identifier: MIT */
/* opts.h - the options of a run: checked and copied. */
#ifndef RUN_OPTS_H
#define RUN_OPTS_H

#include <linehook/run.h>

/* Where a spool file is made unless the options name a directory. */
#define RUN_TMP_DIR "/tmp"

/* Check OPTS and copy as much of them as both sides know; what they point to is
 * still borrowed.  LHK_OK, or LHK_EINVAL with a sentence. */
int run_opts_copy (const struct lhk_run_opts *opts, struct lhk_run_opts *ret,
		   struct lhk_error *err);

/* The options of its stream, which are the defaults without any.  LHK_OK, or
 * LHK_EINVAL with a sentence. */
int run_opts_copy_stream (const struct lhk_run_opts *opts,
			  struct lhk_stream_opts *ret, struct lhk_error *err);

/* Drop the pointers that were borrowed for the start alone. */
void run_opts_drop_borrowed (struct lhk_run_opts *o);

#endif /* RUN_OPTS_H */
