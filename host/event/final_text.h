/* SPDX-License-Identifier: MIT */
/*
 * final_text.h - the text that will be the final answer, in one buffer.
 *
 * An answer is the text of a claim; before there is one, the last whole text;
 * before there is one, the deltas since the last tool call.  A claim ends an
 * answer: text that comes after it begins the next one.  Never more than MAX
 * bytes, nor two copies of anything.
 */
#ifndef EVENT_FINAL_TEXT_H
#define EVENT_FINAL_TEXT_H

#include <linehook/host.h>

struct answer {
	const struct lhk_alloc *alloc;
	size_t max;
	char *ptr;
	size_t cap;
	size_t len;
	uint32_t form;
	int rank;  /* deltas, or whole; 0: there is none */
	int cut;   /* the rest did not fit */
	int ended; /* by a claim */
};

void answer_init (struct answer *a, const struct lhk_alloc *alloc, size_t max);
void answer_free (struct answer *a);

void answer_whole (struct answer *a, const struct lhk_text *text);
void answer_delta (struct answer *a, const struct lhk_text *text);
void answer_tool (struct answer *a);
void answer_claim (struct answer *a, const struct lhk_text *text);

/* Borrowed from A until it is given the next text; may be absent. */
struct lhk_text answer_text (const struct answer *a);

#endif /* EVENT_FINAL_TEXT_H */
