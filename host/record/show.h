/* SPDX-License-Identifier: MIT */
/* show.h - the JSON object that show and wait return: a result, or a status. */
#ifndef RECORD_SHOW_H
#define RECORD_SHOW_H

#include "record/store.h"

#define RECORD_SHOW_INCLUDES                                                   \
	((uint32_t) (LHK_INCLUDE_STATE | LHK_INCLUDE_REQUEST))

/*
 * Make the answer for a run of STATUS.  FD is result.json as of
 * record_store_status, and is closed here.  LHK_OK, LHK_ENOMEM, LHK_ESYS,
 * LHK_EPARSE, each with a sentence and an empty answer.
 */
int record_show_answer (struct lhk_store *s, const char *id, int status, int fd,
			uint32_t include, struct lhk_error *err);

/* The answer; "" after a failure.  Owned by S, until the next answer. */
struct lhk_str record_show_text (const struct lhk_store *s);

#endif /* RECORD_SHOW_H */
