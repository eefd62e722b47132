/* SPDX-License-Identifier: MIT */
/*
 * reason.h - why a run did not end well, in one sentence.
 *
 * It is the error of the provider's last claim that has one; a claim without an
 * error does not wipe it, a claim of success does.  Without it, it is that claim
 * and exit status disagree, and what the provider last said of trouble of its
 * own: an error, a retry, a limit that stopped it.  A warning is less than an
 * error of the same turn, and trouble that the model got over (a retry that
 * helped) is no reason.  Of an agent that was not started it is what went wrong,
 * and of a failure of ours the last error that the host told.
 */
#ifndef EVENT_REASON_H
#define EVENT_REASON_H

#include <linehook/run.h>

#include "json/text_reader.h"

struct reason {
	const struct lhk_alloc *alloc;
	struct text_copy claimed; /* the error of a claim */
	struct text_copy trouble; /* the text of a notice */
	struct text_copy passing; /* of a later one, of a retry or a limit */
	struct text_copy host;	  /* the text of an error of the host */
	struct text_copy made;	  /* a sentence of ours */
	int32_t level; /* of TROUBLE; LHK_LOG_DEBUG: of an earlier turn */
	int lost;      /* there was no memory for a part of it */
};

/* ALLOC is borrowed until reason_free. */
void reason_init (struct reason *r, const struct lhk_alloc *alloc);
void reason_free (struct reason *r);

void reason_claim (struct reason *r, const struct lhk_ev_result *claim);
void reason_notice (struct reason *r, const struct lhk_ev_notice *notice);

/* The model did something: its provider answers. */
void reason_work (struct reason *r);

/* The reason of VERDICT, borrowed from R; absent if none is known, and for OK.
 * CLAIM is the last verdict that was claimed, or 0. */
struct lhk_text reason_get (struct reason *r, int verdict, int claim,
			    const struct lhk_outcome *how);

#endif /* EVENT_REASON_H */
