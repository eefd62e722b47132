/* SPDX-License-Identifier: MIT */
/* walk.h - the entries of a store, the newest first. */
#ifndef RECORD_WALK_H
#define RECORD_WALK_H

#include "record/index.h"

/*
 * Call FN for each entry of the open store S until it returns non-zero.  An
 * entry may be that of a run that was removed, and there may be two of one
 * run.  They come from the index, or from the directories when runs are
 * missing from that.  0 or -errno.
 */
int record_walk (struct lhk_store *s,
		 int (*fn) (void *user, const struct record_entry *e),
		 void *user);

#endif /* RECORD_WALK_H */
