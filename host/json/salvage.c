/* SPDX-License-Identifier: MIT */
/*
 * salvage.c - the small members of endless objects.
 *
 * A state machine that sees each byte once.  The member that is being read is
 * written behind those that are kept already, and taken back if it does not
 * fit or if the reader does not accept it.
 */
#include "config.h"

#include <string.h>

#include <linehook/plugin.h>

#include "json/ops.h"
#include "json/recover.h"
#include "json/salvage.h"
#include "json/slice.h"

enum {
	AT_TEXT,  /* what is no object, up to an opening brace */
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
	s->state = AT_TEXT;
	s->room = LIMIT_SALVAGE_TOTAL;
}

/* Where the member begins that is being read. */
static char *
member_of (struct salvage *s)
{
	return s->out + s->base + s->kept;
}

/* Close the object behind its members.  Returns its length. */
static size_t
close_object (struct salvage *s)
{
	char *end = member_of (s);

	*end = '}';
	memset (end + 1, '\n', SALVAGE_PADDING);
	return s->kept + 1;
}

/* The first object makes room for another one, which is the last so far. */
static void
begin_object (struct salvage *s)
{
	uint8_t behind = s->n > 0 && s->behind_text[s->n - 1];

	if (s->n == 1 && s->half == 0) {
		s->n = 0;
	} else if (s->n == 1) {
		s->kept = s->half;
		s->first = close_object (s);
		s->base = s->first + SALVAGE_PADDING;
		s->room = LIMIT_SALVAGE_TOTAL - s->first;
	}
	s->n = (uint8_t) (s->n == 0 ? 1 : SALVAGE_OBJECTS);
	s->behind_text[s->n - 1] = behind || s->text;
	s->text = 0;
	s->kept = s->half = 0;
}

/* Append to the member.  One byte is left for the brace that will close the
 * object. */
static void
append (struct salvage *s, const char *p, size_t n)
{
	if (s->lost)
		return;
	if (n > s->room - 1 - s->have
	    || (s->state == IN_VALUE
		&& n > LIMIT_SALVAGE_MEMBER - (s->have - s->value))) {
		s->lost = 1;
		return;
	}
	memcpy (s->out + s->base + s->have, p, n);
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

/* Repair the object in place.  Returns its new length, or 0. */
static size_t
repair (const struct salvage *s, char *object, size_t len)
{
	char copy[LIMIT_SALVAGE_TOTAL + LHK_LINE_PADDING];
	struct recover r;
	struct lhk_str found;

	if (recover_begin (&r, object, len, copy,
			   s->room - s->kept + LHK_LINE_PADDING)
		    != 1
	    || !recover_next (&r, &found) || r.text || r.rest != NULL)
		return 0;
	memcpy (object, found.ptr, found.len);
	return found.len;
}

/* The member is whole: keep it if the reader accepts it.  For that the comma
 * in front of it becomes a brace for a moment. */
static void
end_member (struct salvage *s)
{
	char *member = member_of (s);
	const char before = *member;
	size_t len = s->have - s->kept + 1;

	s->state = AT_COMMA;
	if (s->lost)
		return;
	member[len - 1] = '}';
	memset (member + len, '\n', SALVAGE_PADDING);
	*member = '{';
	if (!json_slice_is_padded_value (member, len))
		len = repair (s, member, len);
	*member = before;
	if (len == 0) {
		s->refused = 1;
		return;
	}
	s->kept += len - 1;
	if (s->kept < LIMIT_SALVAGE_TOTAL / 2)
		s->half = s->kept;
}

/* What nests deeper than the reader goes is counted, so that its end is found,
 * and left out.  The top-level object counts too. */
static void
open_container (struct salvage *s, int is_object)
{
	const uint64_t bit = (uint64_t) 1 << (s->depth & 63);

	if (s->depth >= LHK_JSON_DEPTH - 1)
		s->lost = 1;
	else if (is_object)
		s->is_object[s->depth >> 6] |= bit;
	else
		s->is_object[s->depth >> 6] &= ~bit;
	s->depth++;
}

static void
close_container (struct salvage *s, int is_object)
{
	s->depth--;
	if (s->depth < LHK_JSON_DEPTH - 1
	    && (int) (s->is_object[s->depth >> 6] >> (s->depth & 63) & 1)
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
	else if (c == '}')
		s->state = AT_TEXT;
	else if (!termseq_takes (&s->seq, (uint8_t) c))
		s->state = OVER;
}

/* Does C end a value that is no container and no string? */
static int
ends_scalar (char c)
{
	return c == ',' || c == '}' || c == ']' || (uint8_t) c <= ' ';
}

/* Does C belong to an escape sequence?  A blank stands for it. */
static int
is_escape (struct salvage *s, char c)
{
	if (c == '\x1b')
		append (s, " ", 1);
	else if (termseq_is_idle (&s->seq))
		return 0;
	return termseq_takes (&s->seq, (uint8_t) c);
}

/* C is a byte of a value, outside of its strings. */
static void
step_value (struct salvage *s, char c)
{
	if (is_escape (s, c))
		return;
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

/* C stands between objects. */
static void
step_text (struct salvage *s, char c)
{
	if (c == '{') {
		s->state = AT_FIRST;
		memset (&s->seq, 0, sizeof s->seq);
	} else if (!termseq_takes (&s->seq, (uint8_t) c)) {
		s->text |= strchr ("[,]", c) == NULL;
	}
}

/* C stands behind a brace, which begins an object only in front of a key. */
static void
step_first (struct salvage *s, char c)
{
	if (c == '"') {
		begin_object (s);
		begin_member (s);
		return;
	}
	s->state = AT_TEXT;
	if (c == '}')
		return;
	s->text = 1;
	step_text (s, c);
}

/* C is a byte outside of strings and between values. */
static void
step_between (struct salvage *s, char c)
{
	switch (s->state) {
	case AT_FIRST:
		step_first (s, c);
		break;
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
	default:
		s->state = IN_VALUE;
		s->value = s->have;
		if (ends_scalar (c))
			s->state = OVER;
		else
			step_value (s, c);
		break;
	}
}

/* C is a byte outside of strings. */
static void
step (struct salvage *s, char c)
{
	if (s->state == IN_VALUE && s->depth == 0 && ends_scalar (c)) {
		end_member (s);
		step_comma (s, c);
	} else if (s->state == IN_VALUE) {
		step_value (s, c);
	} else if (s->state == AT_TEXT) {
		step_text (s, c);
	} else if (s->state == AT_COMMA) {
		step_comma (s, c);
	} else if (!termseq_takes (&s->seq, (uint8_t) c)) {
		step_between (s, c);
	}
}

/* The number of bytes at P that end neither the string nor the line, and begin
 * no escape. */
static size_t
count_plain (const char *p, const char *end)
{
	const char *start = p;

	while (p < end && *p != '"' && *p != '\\' && *p != '\n')
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

/* The next brace of text, or the end. */
static const char *
skip_text (const char *p, const char *end)
{
	const char *brace = memchr (p, '{', (size_t) (end - p));

	return brace != NULL ? brace : end;
}

/* Blanks and controls of a terminal that are a sequence of their own. */
static int
is_blank (char c)
{
	return (uint8_t) c <= ' ' && c != '\x1b';
}

static const char *
skip_blanks (const char *p, const char *end)
{
	while (p < end && is_blank (*p))
		p++;
	return p;
}

void
salvage_feed (struct salvage *s, const char *data, size_t len)
{
	const char *p = data;
	const char *end = data + len;

	while (p < end && s->state != OVER) {
		if (s->in_string)
			p += step_string (s, p, end);
		else if (s->state == AT_TEXT && s->text && *p != '{')
			p = skip_text (p, end);
		else if (s->state == AT_TEXT && is_blank (*p)
			 && termseq_is_idle (&s->seq))
			p = skip_blanks (p, end);
		else
			step (s, *p++);
	}
}

int
salvage_is_whole (const struct salvage *s)
{
	return s->state == AT_TEXT && s->n == 1 && !s->text && !s->refused;
}

size_t
salvage_end (struct salvage *s, struct lhk_str ret[SALVAGE_OBJECTS])
{
	size_t n = 0;

	s->state = OVER;
	if (s->first > 0 && !(s->text && s->behind_text[0]))
		ret[n++] = (struct lhk_str){ s->out, s->first };
	if (s->kept > 0 && !(s->text && s->behind_text[s->n - 1])) {
		ret[n].len = close_object (s);
		ret[n++].ptr = s->out + s->base;
	}
	return n;
}
