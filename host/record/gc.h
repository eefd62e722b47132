/* SPDX-License-Identifier: MIT */
/* gc.h - what crashes left: torn last lines, half-made and half-removed
 * records. */
#ifndef RECORD_GC_H
#define RECORD_GC_H

#include "record/store.h"

/* Cut the events of a lost run behind their last whole line, unless somebody
 * else holds its lock. */
void record_gc_cut_events (struct lhk_store *s, const char *id);

/* Remove NAME, an entry of the store that is no run id, if a crash left it.
 * What cannot be removed now harms nobody: errors are not reported. */
void record_gc_remove_leftover (struct lhk_store *s, const char *name);

#endif /* RECORD_GC_H */
