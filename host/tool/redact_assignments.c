/* SPDX-License-Identifier: MIT */
/*
 * redact_assignments.c - the value after the name of a secret.
 *
 *	NAME=value		to white space; to the end of the line if NAME
 *				is in capital letters and begins the line
 *	name: value		to the end of the line
 *	"name": "value"		to the quote, also with backslashes before it
 *	"name": 1		to the comma or bracket
 *	"name": ["a", "b"]	each item
 *	--name value		the word
 *	Bearer value		the word
 *
 * The name stands first, so nothing has to be held back.
 */
#include "config.h"

#include <string.h>

#include "common/macros.h"
#include "tool/redact_private.h"

enum {
	AT_NAME,
	AT_VALUE, /* before the value */
	IN_WORD,
	IN_LINE,
	IN_SCALAR,
	IN_QUOTES
};

/* Characters between a name and its = or :, as in "name" ] = */
#define GAP_MAX 8

static int
has_lower_case (const struct assignment_scan *s)
{
	size_t i;

	for (i = 0; i < s->n_name; i++)
		if (s->name[i] >= 'a' && s->name[i] <= 'z')
			return 1;
	return 0;
}

static void
expect_name (struct assignment_scan *s)
{
	s->state = AT_NAME;
	s->n_name = 0;
	s->in_name = s->list = s->flag = 0;
}

static void
expect_value (struct assignment_scan *s, int unquoted, int flag)
{
	s->state = AT_VALUE;
	s->unquoted = unquoted;
	s->flag = flag;
	s->list = 0;
	s->slashes = 0;
	s->n_head = 0;
}

static void
name_add (struct assignment_scan *s, unsigned char c)
{
	if (!s->in_name) {
		s->in_name = 1;
		s->n_name = 0;
		s->gap = s->quoted = 0;
		s->at_line = s->last == '\n' || s->last == '\0';
	}
	if (s->n_name == REDACT_NAME_MAX) {
		s->n_name = REDACT_NAME_MAX / 2;
		memcpy (s->name, s->name + s->n_name, s->n_name);
	}
	s->name[s->n_name++] = (char) c;
}

/* A = or : after the name. */
static void
on_assignment (struct assignment_scan *s, unsigned char c)
{
	int unquoted = IN_LINE;

	/* Capital letters: a variable. */
	if (!redact_is_secret_name (s->names, s->name, s->n_name,
				    c == '=' && !has_lower_case (s))) {
		expect_name (s);
		return;
	}
	if (s->quoted)
		unquoted = IN_SCALAR;
	else if (c == '=' && (!s->at_line || has_lower_case (s)))
		unquoted = IN_WORD;
	expect_value (s, unquoted, 0);
}

static void
name_step (struct assignment_scan *s, unsigned char c)
{
	int just = s->in_name;

	if (redact_is_alnum (c) || c == '_' || c == '-' || c == '.') {
		name_add (s, c);
		return;
	}
	s->in_name = 0;
	if (s->n_name == 0)
		return;
	if (c == '=' || c == ':') {
		on_assignment (s, c);
		return;
	}
	if ((c == ' ' || c == '\t') && just) {
		if (s->name[0] == '-'
		    && redact_is_secret_name (s->names, s->name, s->n_name, 0))
			expect_value (s, IN_WORD, 1);
		else if (s->n_name == 6 && redact_is_scheme (s->name, 6))
			expect_value (s, IN_WORD, 1);
	}
	s->quoted |= c == '"' || c == '\'';
	if (++s->gap > GAP_MAX || strchr (" \t\"'\\])", c) == NULL)
		s->n_name = 0;
}

static int
ends_value (const struct assignment_scan *s, unsigned char c)
{
	if (c == '\n' || c == '\r')
		return 1;
	if (s->state == IN_LINE)
		return 0;
	if (c == ' ' || c == '\t')
		return 1;
	return strchr (s->state == IN_SCALAR ? ",}]" : "&\"'`", c) != NULL;
}

static int
unquoted_step (struct assignment_scan *s, unsigned char c)
{
	if (c != '\0' && ends_value (s, c)) {
		if (s->state == IN_WORD && (c == ' ' || c == '\t')
		    && s->n_head < sizeof s->head
		    && redact_is_scheme (s->head, s->n_head))
			expect_value (s, IN_WORD, 1);
		else if (s->list && c == ',')
			s->state = AT_VALUE;
		else
			expect_name (s);
		return 0;
	}
	if (s->n_head < sizeof s->head)
		s->head[s->n_head++] = (char) c;
	return 1;
}

static int
before_value_step (struct assignment_scan *s, unsigned char c)
{
	switch (c) {
	case ' ':
	case '\t':
		return 0;
	case '\\':
		s->slashes++;
		return 0;
	case '"':
	case '\'':
	case '`':
		s->quote = (char) c;
		s->opened = s->slashes;
		s->slashes = 0;
		s->state = IN_QUOTES;
		return 0;
	case '=':
	case ':':
	case '>':
		return 0;
	case '[':
		s->list = 1;
		return 0;
	case '\n':
	case '\r':
	case ',':
		if (!s->list)
			expect_name (s);
		return 0;
	case '-':
		if (!s->flag)
			break;
		expect_name (s);
		name_add (s, c);
		return 0;
	case '{':
	case '}':
	case ']':
		expect_name (s);
		return 0;
	default:
		break;
	}
	s->state = s->list ? IN_SCALAR : s->unquoted;
	return unquoted_step (s, c);
}

static int
quoted_step (struct assignment_scan *s, unsigned char c)
{
	unsigned int slashes = s->slashes;

	if (c == '\\') {
		s->slashes++;
		return 1;
	}
	s->slashes = 0;
	if (c == (unsigned char) s->quote
	    && (s->opened == 0 ? slashes % 2 == 0 : slashes <= s->opened)) {
		if (s->list)
			s->state = AT_VALUE;
		else
			expect_name (s);
		return 0;
	}
	if (c != '\n')
		return 1;
	expect_name (s);
	return 0;
}

int
redact_assignments_step (struct assignment_scan *s, unsigned char c)
{
	int secret = 0;

	switch (s->state) {
	case AT_NAME:
		name_step (s, c);
		break;
	case AT_VALUE:
		secret = before_value_step (s, c);
		break;
	case IN_QUOTES:
		secret = quoted_step (s, c);
		break;
	default:
		secret = unquoted_step (s, c);
		break;
	}
	s->last = c;
	return secret;
}
