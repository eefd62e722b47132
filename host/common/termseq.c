/* SPDX-License-Identifier: MIT */
/* termseq.c - bytes that a terminal obeys and does not show. */
#include "config.h"

#include <string.h>

#include "common/termseq.h"

enum {
	GROUND = 0,
	ESCAPE, /* behind ESC */
	FINAL,	/* behind ESC and intermediate bytes */
	CSI,
	STRING,
	STRING_ESCAPE, /* behind an ESC that may begin ST */
	TWO_BYTES,     /* behind c2: C1 in UTF-8, or a character */
	MARK_2,	       /* behind the first byte of a byte order mark */
	MARK_3
};

#define BEL 0x07
#define CAN 0x18
#define SUB 0x1a
#define ESC 0x1b
#define DEL 0x7f

static int
is_between (uint8_t c, uint8_t first, uint8_t last)
{
	return c >= first && c <= last;
}

static int
become (struct termseq *s, uint8_t state)
{
	s->state = state;
	s->follow = 0;
	return 1;
}

/* C is the byte behind ESC, or a C1 control less 0x40. */
static int
take_introduced (struct termseq *s, uint8_t c)
{
	switch (c) {
	case '[':
		return become (s, CSI);
	case ']':
	case 'P':
	case 'X':
	case '^':
	case '_':
		s->opened = 1;
		return become (s, STRING);
	default:
		return become (s, GROUND);
	}
}

static int
take_ground (struct termseq *s, uint8_t c)
{
	s->before = 0;
	if (c == ESC)
		return become (s, ESCAPE);
	if (c <= ' ' || c == DEL)
		return become (s, GROUND);
	if (c == 0xc2)
		return become (s, TWO_BYTES);
	if (c == 0xef)
		return become (s, MARK_2);
	if (is_between (c, 0x80, 0x9f))
		return take_introduced (s, (uint8_t) (c - 0x40));
	s->state = GROUND;
	return 0;
}

static int
take_escape (struct termseq *s, uint8_t c)
{
	if (is_between (c, 0x20, 0x2f))
		return become (s, FINAL);
	if (is_between (c, 0x30, 0x7e) && c != '{')
		return s->state == FINAL ? become (s, GROUND)
					 : take_introduced (s, c);
	return take_ground (s, c);
}

static int
take_csi (struct termseq *s, uint8_t c)
{
	if (is_between (c, 0x20, 0x3f))
		return 1;
	if (is_between (c, 0x40, 0x7e) && c != '{')
		return become (s, GROUND);
	return take_ground (s, c);
}

/* Bytes of a character in UTF-8 behind its first one. */
static uint8_t
count_follow (uint8_t lead)
{
	return lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc2;
}

/* A byte of a control string.  Any C1 control ends it, ST among them; the same
 * byte may also be a part of a character. */
static int
take_string (struct termseq *s, uint8_t c)
{
	int follows = is_between (c, 0x80, 0xbf) && s->follow > 0;

	if (is_between (c, 0x80, 0x9f) && (!follows || s->lead == 0xc2))
		return take_introduced (s, (uint8_t) (c - 0x40));
	if (follows) {
		s->follow--;
		return 1;
	}
	s->follow = c >= 0x80 ? count_follow (c) : 0;
	s->lead = c;
	if (c == ESC)
		return become (s, STRING_ESCAPE);
	if (c == BEL || c == CAN || c == SUB)
		return become (s, GROUND);
	return 1;
}

/* C did not complete what N bytes before it began. */
static int
take_none (struct termseq *s, uint8_t n)
{
	s->state = GROUND;
	s->before = n;
	return 0;
}

int
termseq_takes (struct termseq *s, uint8_t c)
{
	s->opened = 0;
	switch (s->state) {
	case ESCAPE:
	case FINAL:
		return take_escape (s, c);
	case CSI:
		return take_csi (s, c);
	case STRING:
		return take_string (s, c);
	case STRING_ESCAPE:
		return c == '\\' ? become (s, GROUND) : take_escape (s, c);
	case TWO_BYTES:
		return is_between (c, 0x80, 0x9f)
			       ? take_introduced (s, (uint8_t) (c - 0x40))
			       : take_none (s, 1);
	case MARK_2:
		return c == 0xbb ? become (s, MARK_3) : take_none (s, 1);
	case MARK_3:
		return c == 0xbf ? become (s, GROUND) : take_none (s, 2);
	default:
		return take_ground (s, c);
	}
}

int
termseq_is_idle (const struct termseq *s)
{
	return s->state == GROUND;
}

int
termseq_in_string (const struct termseq *s)
{
	return s->state == STRING;
}

size_t
termseq_span (const char *p, const char *end)
{
	struct termseq s = { 0 };
	const char *start = p, *string = NULL;

	for (; p < end; p++) {
		if (!termseq_takes (&s, (uint8_t) *p))
			return (size_t) (p - start) - s.before;
		if (!termseq_in_string (&s))
			string = NULL;
		else if (s.opened)
			string = p + 1;
	}
	if (s.state == TWO_BYTES || s.state == MARK_2)
		p--;
	else if (s.state == MARK_3)
		p -= 2;
	else if (string != NULL
		 && memchr (string, '{', (size_t) (end - string)) != NULL)
		p = string;
	return (size_t) (p - start);
}
