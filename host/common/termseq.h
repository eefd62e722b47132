/* SPDX-License-Identifier: MIT */
/*
 * termseq.h - bytes that a terminal obeys and does not show.
 *
 * Blanks, control characters and escape sequences (CSI; OSC, DCS and the other
 * strings, to BEL or ST; two bytes and more behind ESC; the same in their C1
 * forms, as a byte or in UTF-8), and byte order marks.  A byte at a time, in
 * any pieces.  Any ESC ends a sequence that is not complete, and no sequence
 * ends in a brace, so that what is cut off hides no JSON that follows.
 */
#ifndef COMMON_TERMSEQ_H
#define COMMON_TERMSEQ_H

#include <stddef.h>
#include <stdint.h>

/* It starts zeroed. */
struct termseq {
	uint8_t state;
	uint8_t follow; /* bytes that the character of a string still has */
	uint8_t lead;	/* the first byte of that character */
	uint8_t before; /* bytes before the last one that were no sequence */
	uint8_t opened; /* the last byte began a control string */
};

/* Does C belong to what a terminal does not show?  If not (0), S begins anew
 * behind C, and s->before bytes before C do not belong to it either: they and C
 * look like the beginning of a character. */
int termseq_takes (struct termseq *s, uint8_t c);

/* Does no sequence, or what looks like the beginning of one, go on? */
int termseq_is_idle (const struct termseq *s);

/* Does what was taken so far stand in a control string (OSC, DCS ..) whose end
 * has not come? */
int termseq_in_string (const struct termseq *s);

/* The number of bytes from P to END that a terminal does not show; a control
 * string without an end is not among them but its first bytes are, unless no
 * brace follows. */
size_t termseq_span (const char *p, const char *end);

#endif /* COMMON_TERMSEQ_H */
