/* SPDX-License-Identifier: MIT */
/*
 * repeat.h - a text that is sent again after a broken stream.
 *
 * What was shown of the last text is kept.  When it may be sent again, the
 * pieces that come are compared with it and held back while they are the same;
 * what goes beyond it is shown, and a text that turns out to be another one is
 * shown from its start.  A text of more than REPEAT_MAX bytes is shown again.
 */
#ifndef FORMAT_REPEAT_H
#define FORMAT_REPEAT_H

#include <linehook/host.h>

#include "event/idmap.h"

#define REPEAT_MAX 65536u

struct repeat {
	const struct lhk_alloc *alloc;
	struct idmap_key id; /* of the text that was shown last */
	char *ptr;	     /* plain UTF-8 */
	size_t len;
	size_t cap;
	size_t same;  /* bytes that came again so far */
	int expected; /* it may be sent again */
	int broken; /* it does not go on: it was withdrawn, or another began */
	int too_long;
};

/* ALLOC is borrowed until repeat_free. */
void repeat_init (struct repeat *r, const struct lhk_alloc *alloc);
void repeat_free (struct repeat *r);

/* The text of ID goes on, or begins if another one was shown last. */
void repeat_begin (struct repeat *r, const struct idmap_key *id);

/* N bytes of the text were shown. */
void repeat_shown (struct repeat *r, const char *p, size_t n);

/* What was shown last may come again.  WITHDRAWN 1: if not, another text comes;
 * 0: it may also just go on. */
void repeat_expect (struct repeat *r, int withdrawn);

/* What comes next is not what was shown last. */
void repeat_forget (struct repeat *r);

/* Compare the next N bytes.  Returns how many of them were shown before, which
 * are all unless the repetition has ended with them.  *RET_HELD is how many
 * bytes from r->ptr on were held back and have to be shown now, because this is
 * another text.  0 and 0 for a text that was not broken: it goes on. */
size_t repeat_compare (struct repeat *r, const char *p, size_t n,
		       size_t *ret_held);

#endif /* FORMAT_REPEAT_H */
