/* SPDX-License-Identifier: MIT */
/* state.h - what the events of a run come to. */
#ifndef RECORD_STATE_H
#define RECORD_STATE_H

#include "record/store.h"
#include "json/writer.h"

/* Read all events of run ID and write the member `state' to W.  LHK_OK; LHK_*
 * with a sentence, and then nothing was written. */
int record_state_write (struct lhk_store *s, const char *id, struct jw *w,
			struct lhk_error *err);

#endif /* RECORD_STATE_H */
