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

struct final_text {
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

void final_text_init (struct final_text *a, const struct lhk_alloc *alloc,
		      size_t max);
void final_text_free (struct final_text *a);

void final_text_whole (struct final_text *a, const struct lhk_text *text);
void final_text_delta (struct final_text *a, const struct lhk_text *text);
void final_text_tool (struct final_text *a);
void final_text_claim (struct final_text *a, const struct lhk_text *text);

/* Borrowed from A until it is given the next text; may be absent. */
struct lhk_text final_text_text (const struct final_text *a);

#endif /* EVENT_FINAL_TEXT_H */
