/* SPDX-License-Identifier: MIT */
/*
 * salvage.h - what can be kept of a JSON line that is too long to be kept.
 *
 * The line is fed in pieces of any size, in constant memory and linear time.
 * Kept is each member of the top-level object whose value, as it is written,
 * has at most LIMIT_SALVAGE_MEMBER bytes, in the order of the line, as long as
 * all together fit LIMIT_SALVAGE_TOTAL; a member that does not fit is left
 * out, and later ones that do are kept.  What is kept is valid; the rest of
 * the line need not be, it may be cut anywhere.  Collecting ends where the
 * line cannot be JSON any more: a control byte in a string, brackets that do
 * not match or nest deeper than LHK_JSON_DEPTH, a token that is out of place.
 */
#ifndef JSON_SALVAGE_H
#define JSON_SALVAGE_H

#include <linehook/base.h>
#include <linehook/json.h>

#include "common/limits.h"

#define SALVAGE_PADDING 64

struct salvage {
	uint8_t state;
	uint8_t in_string;
	uint8_t escaped;       /* the next byte stands behind a backslash */
	uint8_t lost;	       /* the member being read does not fit */
	uint32_t depth;	       /* open containers of its value */
	uint64_t is_object[2]; /* bit per open container */
	size_t kept;	       /* bytes of whole members */
	size_t have;	       /* and of the member being read */
	size_t value;	       /* where its value begins */
	char out[LIMIT_SALVAGE_TOTAL + SALVAGE_PADDING];
};

void salvage_init (struct salvage *s);

/* The next LEN bytes of the line. */
void salvage_feed (struct salvage *s, const char *data, size_t len);

/*
 * End the line.  Returns the members that were kept as one object: a line as
 * plugins get it, with '\n' and padding behind; {NULL, 0} if there are none.
 * It points into S and is valid until the next salvage_init.
 */
struct lhk_str salvage_end (struct salvage *s);

#endif /* JSON_SALVAGE_H */
