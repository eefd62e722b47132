/* SPDX-License-Identifier: MIT */
/*
 * salvage.h - what can be kept of a JSON line that is too long to be kept.
 *
 * The line is fed in pieces of any size, in constant memory and linear time.
 * Kept of an object is each member whose value, as it is written, has at most
 * LIMIT_SALVAGE_MEMBER bytes, in the order of the line, as long as all together
 * fit LIMIT_SALVAGE_TOTAL; a member that does not fit, or that nests deeper than
 * LHK_JSON_DEPTH, is left out, and later ones that do are kept.  What is kept is
 * valid: bad bytes in strings and escape sequences between tokens are repaired
 * as in a line that is not too long.  The rest of the line need not be valid, it
 * may be cut anywhere.  Collecting ends where an object cannot be JSON any more:
 * brackets that do not match, a token that is out of place.
 *
 * An object may stand behind text, and be one of several, or of an array.  Then
 * the first and the last are kept, which share the room; those behind text only
 * if the line does not end in text.
 */
#ifndef JSON_SALVAGE_H
#define JSON_SALVAGE_H

#include <linehook/base.h>
#include <linehook/json.h>

#include "common/limits.h"
#include "common/termseq.h"

#define SALVAGE_PADDING 64

/* The first object of a line, and the last. */
#define SALVAGE_OBJECTS 2

struct salvage {
	uint8_t state;
	uint8_t in_string;
	uint8_t escaped; /* the next byte stands behind a backslash */
	uint8_t lost;	 /* the member being read does not fit */
	uint8_t refused; /* a member was left out that is not JSON */
	uint8_t text;	 /* text stands behind the last object */
	uint8_t n;	 /* objects that were kept, and the one being read */
	uint8_t behind_text[SALVAGE_OBJECTS];
	struct termseq seq;    /* outside of values */
	size_t depth;	       /* open containers of the value */
	uint64_t is_object[2]; /* bit per open container */
	size_t first;	       /* bytes of the first object, if N is 2 */
	size_t base;	       /* where the object being read begins */
	size_t room;	       /* bytes that it may have */
	size_t kept;	       /* its bytes of whole members */
	size_t half;	       /* of those in the first half of all room */
	size_t have;	       /* and of the member being read */
	size_t value;	       /* where its value begins */
	char out[LIMIT_SALVAGE_TOTAL + SALVAGE_OBJECTS * SALVAGE_PADDING];
};

void salvage_init (struct salvage *s);

/* The next LEN bytes of the line. */
void salvage_feed (struct salvage *s, const char *data, size_t len);

/* Is what was fed one object, and all of it that is left out too long or too
 * deep?  1 or 0. */
int salvage_is_whole (const struct salvage *s);

/*
 * End the line.  Fills RET with the objects, each a line as plugins get it, with
 * '\n' and padding behind, and returns how many there are.  They point into S
 * and are valid until the next salvage_init.
 */
size_t salvage_end (struct salvage *s, struct lhk_str ret[SALVAGE_OBJECTS]);

#endif /* JSON_SALVAGE_H */
