/* SPDX-License-Identifier: MIT */
/*
 * delta_progress.h - how much of which text a person has seen.
 *
 * Of each text by deltas only the length and a running hash are kept; when the
 * whole comes they tell whether it goes on from what was shown.  The last
 * SHOWN_MAX texts are known.
 */
#ifndef FORMAT_DELTA_PROGRESS_H
#define FORMAT_DELTA_PROGRESS_H

#include "event/idmap.h"
#include "event/text.h"

#define SHOWN_MAX 16

struct shown_text {
	struct ident id;
	uint64_t len; /* plain bytes; 0: unused */
	uint64_t hash;
	uint64_t age;
};

struct shown {
	struct shown_text texts[SHOWN_MAX];
	uint64_t clock;
};

/* What was shown of ID; a new one takes the place of the oldest. */
struct shown_text *shown_get (struct shown *s, const struct ident *id);

void shown_add (struct shown_text *t, const char *p, size_t n);

/* Forget it: what comes next under this id is another text. */
void shown_forget (struct shown_text *t);

/* Does the text that R has begun start with what was shown?  R is then behind
 * that; else it is anywhere. */
int shown_skip (const struct shown_text *t, struct text_reader *r);

#endif /* FORMAT_DELTA_PROGRESS_H */
