/* SPDX-License-Identifier: MIT */
/* gc.h - clean up after crashes: torn last lines, records that were not made or
 * not removed completely. */
#ifndef RECORD_GC_H
#define RECORD_GC_H

#include "record/store.h"

/* Cut the events of a lost run behind their last whole line, unless another
 * process holds its lock. */
void record_gc_cut_events (struct lhk_store *s, const char *id);

/* Remove NAME, an entry of the store that is no run id, if a crash left it.  An
 * error is not reported: the entry does no harm. */
void record_gc_remove_leftover (struct lhk_store *s, const char *name);

#endif /* RECORD_GC_H */
