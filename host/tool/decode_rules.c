/* SPDX-License-Identifier: MIT */
/* decode_rules.c - the shape of a document: values, members, items. */
#include "config.h"

#include <string.h>

#include "tool/decode.h"

/* Of json-c's objects with what malloc adds, about. */
#define COST_VALUE 64u
#define COST_ARRAY 400u	 /* with room for 32 items from the first on */
#define COST_OBJECT 832u /* a table of 16 from the first on */
#define COST_ITEM 16u
#define COST_MEMBER 96u

/* Count what the tree takes. */
static int
pay (struct decode *d, uint64_t cost)
{
	if (d->reader == NULL)
		return 0;
	d->cost += cost;
	if (d->cost <= d->cost_most)
		return 0;
	return decode_fail (d, DECODE_LARGE);
}

/* A value of so much is whole, or begins to be. */
static int
place (struct decode *d, uint64_t cost)
{
	if (d->depth > 0)
		cost += d->is_array[d->depth - 1] ? COST_ITEM : COST_MEMBER;
	return pay (d, cost);
}

static void
value_over (struct decode *d)
{
	d->state = d->depth == 0 ? AT_REST : AT_MORE;
}

static int
begin (struct decode *d, int is_array)
{
	if (d->depth == DECODE_DEPTH)
		return decode_fail (d, DECODE_DEEP);
	if (place (d, is_array ? COST_ARRAY : COST_OBJECT) < 0)
		return -1;
	d->is_array[d->depth++] = (unsigned char) is_array;
	d->state = is_array ? AT_FIRST_ITEM : AT_FIRST_NAME;
	return 0;
}

static int
end (struct decode *d)
{
	d->depth--;
	value_over (d);
	return 0;
}

static int
begin_string (struct decode *d, int in_name)
{
	d->state = IN_STRING;
	d->in_name = in_name;
	d->text_len = 0;
	return 0;
}

int
decode_string_over (struct decode *d)
{
	if (d->in_name) {
		d->state = AT_COLON;
		return pay (d, d->text_len);
	}
	value_over (d);
	return place (d, COST_VALUE + d->text_len);
}

int
decode_number_over (struct decode *d)
{
	value_over (d);
	return place (d, COST_VALUE);
}

static int
begin_word (struct decode *d, const char *word)
{
	d->state = IN_WORD;
	d->word = word + 1;
	return 0;
}

static int
word_byte (struct decode *d, char c)
{
	if (c != *d->word)
		return decode_fail (d, DECODE_CHARACTER);
	d->word++;
	if (*d->word != '\0')
		return 0;
	value_over (d);
	return place (d, COST_VALUE);
}

/* C begins a value. */
static int
begin_value (struct decode *d, char c)
{
	switch (c) {
	case '{':
		return begin (d, 0);
	case '[':
		return begin (d, 1);
	case '"':
		return begin_string (d, 0);
	case 't':
		return begin_word (d, "true");
	case 'f':
		return begin_word (d, "false");
	case 'n':
		return begin_word (d, "null");
	default:
		if (c != '-' && (c < '0' || c > '9'))
			return decode_fail (d, DECODE_CHARACTER);
		d->state = IN_NUMBER;
		return 0;
	}
}

/* An answer is an object, or null. */
static int
begin_document (struct decode *d, char c)
{
	d->is_object = c == '{';
	if (d->is_object || c == 'n')
		return begin_value (d, c);
	return decode_fail (d,
			    c != '\0' && strchr ("[\"-0123456789tf", c) != NULL
				    ? DECODE_TOP
				    : DECODE_CHARACTER);
}

static int
is_space (char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

int
decode_rule (struct decode *d, char c)
{
	int in_array = d->depth > 0 && d->is_array[d->depth - 1];

	if (d->state == IN_WORD)
		return word_byte (d, c);
	if (is_space (c))
		return 0;
	switch (d->state) {
	case AT_TOP:
		return begin_document (d, c);
	case AT_FIRST_ITEM:
		return c == ']' ? end (d) : begin_value (d, c);
	case AT_VALUE:
		return begin_value (d, c);
	case AT_FIRST_NAME:
		if (c == '}')
			return end (d);
		/* fall through */
	case AT_NAME:
		if (c == '"')
			return begin_string (d, 1);
		break;
	case AT_COLON:
		d->state = AT_VALUE;
		if (c == ':')
			return 0;
		break;
	case AT_MORE:
		d->state = in_array ? AT_VALUE : AT_NAME;
		if (c == ',')
			return 0;
		if (c == (in_array ? ']' : '}'))
			return end (d);
		break;
	default:
		return decode_fail (d, DECODE_TRAILING);
	}
	return decode_fail (d, DECODE_CHARACTER);
}
