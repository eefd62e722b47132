/* SPDX-License-Identifier: MIT */
/*
 * final_text.h - the text that will be the final answer, in one buffer.
 *
 * The answer is the text of the claim; before there is one, the last whole
 * text; before there is one, the deltas of the last id since the last tool call,
 * or, until there are any, those before it.  A claim ends the answer: text that
 * comes after it begins the next one.  A text that is empty or white space never
 * takes the place of one that is not.  The buffer holds at most MAX bytes, and
 * no text twice.
 */
#ifndef EVENT_FINAL_TEXT_H
#define EVENT_FINAL_TEXT_H

#include <linehook/host.h>

/* Bytes of an id by which deltas are told apart. */
#define FINAL_TEXT_ID 64

struct final_text {
	const struct lhk_alloc *alloc;
	size_t max;
	char *ptr;
	size_t cap;
	size_t len;
	uint32_t form; /* LHK_TEXT_* */
	int rank;      /* none, deltas or whole */
	int cut;       /* the rest did not fit, or there was no memory */
	int ended;     /* by a claim or a call: text begins the next answer */
	char id[FINAL_TEXT_ID]; /* of the deltas, as the line has it */
	size_t id_len;		/* in whole; 0: none */
};

/* ALLOC is borrowed until final_text_free; MAX is in bytes. */
void final_text_init (struct final_text *f, const struct lhk_alloc *alloc,
		      size_t max);
void final_text_free (struct final_text *f);

/* A whole text of the assistant came, a delta, a tool event, or a claim whose
 * text may be absent.  TEXT is copied. */
void final_text_whole (struct final_text *f, const struct lhk_text *text);
void final_text_delta (struct final_text *f, const struct lhk_text *text);
void final_text_tool (struct final_text *f);
void final_text_claim (struct final_text *f, const struct lhk_text *text);

/* The deltas that come next are of this id, which may be absent: another one
 * ends what came before. */
void final_text_id (struct final_text *f, const struct lhk_text *id);

/* The answer so far, borrowed from F until one of the calls above; absent if
 * there is none. */
struct lhk_text final_text_get (const struct final_text *f);

#endif /* EVENT_FINAL_TEXT_H */
