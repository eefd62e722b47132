/* SPDX-License-Identifier: MIT */
/*
 * salvage.c - the small members of an endless object.
 *
 * A state machine that sees each byte once.  The member that is being read is
 * written behind those that are kept already, and taken back if it does not
 * fit or if the reader does not accept it.
 */
#include "config.h"

#include <string.h>

#include "json/ops.h"
#include "json/salvage.h"

enum {
	AT_START, /* blanks, then the opening brace */
	AT_FIRST, /* the first key, or the end of an empty object */
	AT_KEY,
	IN_KEY,
	AT_COLON,
	AT_VALUE,
	IN_VALUE,
	AT_COMMA,
	OVER /* nothing more is collected */
};

void
salvage_init (struct salvage *s)
{
	memset (s, 0, offsetof (struct salvage, out));
	s->state = AT_START;
}

static int
is_blank (char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Append to the member.  One byte is left for the brace that will close the
 * object. */
static void
append (struct salvage *s, const char *p, size_t n)
{
	if (s->lost)
		return;
	if (n > LIMIT_SALVAGE_TOTAL - 1 - s->have
	    || (s->state == IN_VALUE
		&& n > LIMIT_SALVAGE_MEMBER - (s->have - s->value))) {
		s->lost = 1;
		return;
	}
	memcpy (s->out + s->have, p, n);
	s->have += n;
}

static void
begin_member (struct salvage *s)
{
	s->have = s->kept;
	s->lost = 0;
	append (s, s->kept ? "," : "{", 1);
	s->state = IN_KEY;
	s->in_string = 1;
	append (s, "\"", 1);
}

/* The member is whole: keep it if the reader accepts it.  For that the comma
 * in front of it becomes a brace for a moment. */
static void
end_member (struct salvage *s)
{
	char *member = s->out + s->kept;
	const char before = *member;
	const size_t len = s->have - s->kept + 1;
	struct lhk_json j;

	s->state = AT_COMMA;
	if (s->lost)
		return;
	s->out[s->have] = '}';
	memset (s->out + s->have + 1, '\n', SALVAGE_PADDING);
	*member = '{';
	lhk_json_begin (&j, member, len);
	lhk_json_skip (&j);
	if (lhk_json_end (&j) == LHK_OK)
		s->kept = s->have;
	*member = before;
}

static void
open_container (struct salvage *s, int is_object)
{
	const uint64_t bit = (uint64_t) 1 << (s->depth & 63);

	/* The top-level object counts too. */
	if (s->depth == LHK_JSON_DEPTH - 1) {
		s->state = OVER;
		return;
	}
	if (is_object)
		s->is_object[s->depth >> 6] |= bit;
	else
		s->is_object[s->depth >> 6] &= ~bit;
	s->depth++;
}

static void
close_container (struct salvage *s, int is_object)
{
	s->depth--;
	if ((int) (s->is_object[s->depth >> 6] >> (s->depth & 63) & 1)
	    != is_object)
		s->state = OVER;
	else if (s->depth == 0)
		end_member (s);
}

static void
step_comma (struct salvage *s, char c)
{
	if (c == ',')
		s->state = AT_KEY;
	else if (!is_blank (c))
		s->state = OVER;
}

/* Does C end a value that is no container and no string? */
static int
ends_scalar (char c)
{
	return c == ',' || c == '}' || c == ']' || is_blank (c);
}

/* C is a byte of a value, outside of its strings. */
static void
step_value (struct salvage *s, char c)
{
	append (s, &c, 1);
	switch (c) {
	case '"':
		s->in_string = 1;
		break;
	case '{':
	case '[':
		open_container (s, c == '{');
		break;
	case '}':
	case ']':
		close_container (s, c == '}');
		break;
	default:
		break;
	}
}

/* C is a byte outside of strings. */
static void
step (struct salvage *s, char c)
{
	if (s->state == IN_VALUE) {
		if (s->depth == 0 && ends_scalar (c)) {
			end_member (s);
			step_comma (s, c);
		} else {
			step_value (s, c);
		}
		return;
	}
	if (is_blank (c))
		return;
	switch (s->state) {
	case AT_START:
		s->state = c == '{' ? AT_FIRST : OVER;
		break;
	case AT_FIRST:
	case AT_KEY:
		if (c == '"')
			begin_member (s);
		else
			s->state = OVER;
		break;
	case AT_COLON:
		append (s, ":", 1);
		s->state = c == ':' ? AT_VALUE : OVER;
		break;
	case AT_VALUE:
		s->state = IN_VALUE;
		s->value = s->have;
		if (ends_scalar (c))
			s->state = OVER;
		else
			step_value (s, c);
		break;
	default:
		step_comma (s, c);
		break;
	}
}

/* The number of bytes at P that end no string and begin no escape. */
static size_t
count_plain (const char *p, const char *end)
{
	const char *start = p;

	while (p < end && *p != '"' && *p != '\\' && (uint8_t) *p >= 0x20)
		p++;
	return (size_t) (p - start);
}

/* P is inside a string.  Returns the number of bytes that were read. */
static size_t
step_string (struct salvage *s, const char *p, const char *end)
{
	size_t n;

	if (s->escaped) {
		s->escaped = 0;
		if (lhk_json_escapes[(uint8_t) *p] == ESCAPE_BAD)
			s->state = OVER;
		append (s, p, 1);
		return 1;
	}
	n = count_plain (p, end);
	append (s, p, n);
	if (n > 0)
		return n;
	append (s, p, 1);
	if (*p == '\\') {
		s->escaped = 1;
	} else if (*p != '"') {
		s->state = OVER;
	} else {
		s->in_string = 0;
		if (s->state == IN_KEY)
			s->state = AT_COLON;
		else if (s->depth == 0)
			end_member (s);
	}
	return 1;
}

void
salvage_feed (struct salvage *s, const char *data, size_t len)
{
	const char *p = data;
	const char *end = data + len;

	while (p < end && s->state != OVER) {
		if (s->in_string)
			p += step_string (s, p, end);
		else
			step (s, *p++);
	}
}

struct lhk_str
salvage_end (struct salvage *s)
{
	struct lhk_str ret = { NULL, 0 };

	s->state = OVER;
	if (s->kept == 0)
		return ret;
	s->out[s->kept] = '}';
	memset (s->out + s->kept + 1, '\n', SALVAGE_PADDING);
	ret.ptr = s->out;
	ret.len = s->kept + 1;
	return ret;
}
