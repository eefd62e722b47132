/* SPDX-License-Identifier: MIT */
/*
 * delta_progress.h - how much of which text a person has seen.
 *
 * Of each text by deltas only the length and a running hash are kept; when the
 * whole comes they tell whether it goes on from what was shown.  The last
 * DELTA_PROGRESS_MAX texts are known.
 */
#ifndef FORMAT_DELTA_PROGRESS_H
#define FORMAT_DELTA_PROGRESS_H

#include "event/idmap.h"
#include "json/text_reader.h"

#define DELTA_PROGRESS_MAX 16

struct shown_text {
	struct idmap_key id;
	uint64_t len; /* plain bytes; 0: unused */
	uint64_t hash;
	uint64_t age;
};

struct delta_progress {
	struct shown_text texts[DELTA_PROGRESS_MAX];
	uint64_t clock;
};

/* What was shown of ID; a new one takes the place of the oldest. */
struct shown_text *delta_progress_get (struct delta_progress *s,
				       const struct idmap_key *id);

void delta_progress_add (struct shown_text *t, const char *p, size_t n);

/* Forget it: what comes next under this id is another text. */
void delta_progress_forget (struct shown_text *t);

/* Does the text that R has begun start with what was shown?  R is then behind
 * that; else it is anywhere. */
int delta_progress_skip (const struct shown_text *t, struct text_reader *r);

#endif /* FORMAT_DELTA_PROGRESS_H */
