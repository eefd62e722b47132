/* SPDX-License-Identifier: MIT */
/*
 * redact_assignments.c - what stands behind the name of a secret.
 *
 *	NAME=value		to white space; at the beginning of a line and
 *				in capital letters to the end of it
 *	name: value		to the end of the line
 *	"name": "value"		to the quote, also with backslashes before it
 *	"name": 1		to the comma or bracket
 *	"name": ["a", "b"]	each
 *	--name value		the word
 *	Bearer value		the word
 *
 * The name stands first, so nothing has to be held back.
 */
#include "config.h"

#include <string.h>

#include "tool/redact_parts.h"

/* Part of a name without _ - . and in lower case; or its end. */
static const struct {
	const char *word;
	int at_end;
} secret_names[] = {
	{ "accesskey", 0 },
	{ "apikey", 0 },
	{ "authorization", 0 },
	{ "bearer", 1 },
	{ "cookie", 0 },
	{ "credential", 0 },
	{ "passphrase", 0 },
	{ "passwd", 0 },
	{ "password", 0 },
	{ "privatekey", 0 },
	{ "secret", 0 },
	{ "token", 1 }, /* not "max_tokens", not "tokenizer" */
};

/* Words that stand before the secret itself. */
static const char *const schemes[] = { "basic", "bearer", "token" };

enum {
	AT_NAME,
	AT_VALUE, /* it is about to begin */
	IN_WORD,
	IN_LINE,
	IN_SCALAR,
	IN_QUOTES
};

/* Characters between a name and what follows it: "name" ] = */
#define GAP_MAX 8

static unsigned char
lower (unsigned char c)
{
	return c >= 'A' && c <= 'Z' ? (unsigned char) (c + 32) : c;
}

static int
is_alnum (unsigned char c)
{
	c = lower (c);
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
}

size_t
redact_value_normal (const char *name, size_t len, char out[REDACT_NAME])
{
	size_t n = 0, i;

	if (len > REDACT_NAME) {
		name += len - REDACT_NAME;
		len = REDACT_NAME;
	}
	for (i = 0; i < len; i++)
		if (is_alnum ((unsigned char) name[i]))
			out[n++] = (char) lower ((unsigned char) name[i]);
	return n;
}

static int
ends_with (const char *name, size_t len, const char *word)
{
	size_t n = strlen (word);

	return len >= n && memcmp (name + len - n, word, n) == 0;
}

static int
contains (const char *name, size_t len, const char *word)
{
	for (; len > 0; len--)
		if (ends_with (name, len, word))
			return 1;
	return 0;
}

/* Does NAME end with WORD, as a part of its own: "pin" of "card_pin" and
 * "cardPin", not of "spin"? */
static int
ends_with_part (const char *name, size_t len, const char *word)
{
	size_t n = strlen (word), left = len;

	while (n > 0 && left > 0) {
		left--;
		if (!is_alnum ((unsigned char) name[left]))
			continue;
		if (lower ((unsigned char) name[left])
		    != (unsigned char) word[--n])
			return 0;
	}
	if (n > 0)
		return 0;
	return left == 0 || !is_alnum ((unsigned char) name[left - 1])
	       || (name[left] >= 'A' && name[left] <= 'Z'
		   && !(name[left - 1] >= 'A' && name[left - 1] <= 'Z'));
}

int
redact_value_is_secret (const struct value_names *more, const char *name,
			size_t len)
{
	char normal[REDACT_NAME];
	size_t n = redact_value_normal (name, len, normal);
	size_t i;

	for (i = 0; i < more->n; i++)
		if (ends_with_part (name, len, more->names[i]))
			return 1;
	/* "API_KEY_2" is one as well. */
	while (n > 0 && normal[n - 1] >= '0' && normal[n - 1] <= '9')
		n--;
	for (i = 0; i < sizeof secret_names / sizeof secret_names[0]; i++)
		if (secret_names[i].at_end
			    ? ends_with (normal, n, secret_names[i].word)
			    : contains (normal, n, secret_names[i].word))
			return 1;
	return 0;
}

static int
has_small (const struct value *v)
{
	size_t i;

	for (i = 0; i < v->n_name; i++)
		if (v->name[i] >= 'a' && v->name[i] <= 'z')
			return 1;
	return 0;
}

static void
forget (struct value *v)
{
	v->state = AT_NAME;
	v->n_name = 0;
	v->in_name = v->list = v->flag = 0;
}

static void
expect (struct value *v, int rule, int flag)
{
	v->state = AT_VALUE;
	v->rule = rule;
	v->flag = flag;
	v->list = 0;
	v->slashes = 0;
	v->n_head = 0;
}

static void
name_add (struct value *v, unsigned char c)
{
	if (!v->in_name) {
		v->in_name = 1;
		v->n_name = 0;
		v->gap = v->quoted = 0;
		v->at_line = v->last == '\n' || v->last == '\0';
	}
	if (v->n_name == REDACT_NAME) {
		v->n_name = REDACT_NAME / 2;
		memcpy (v->name, v->name + v->n_name, v->n_name);
	}
	v->name[v->n_name++] = (char) c;
}

static int
is_scheme (const char *p, size_t len)
{
	size_t i, at;

	for (i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
		if (strlen (schemes[i]) != len)
			continue;
		for (at = 0; at < len; at++)
			if (lower ((unsigned char) p[at])
			    != (unsigned char) schemes[i][at])
				break;
		if (at == len)
			return 1;
	}
	return 0;
}

/* A = or : behind the name. */
static void
assigned (struct value *v, unsigned char c)
{
	int rule = IN_LINE;

	if (!redact_value_is_secret (v->more, v->name, v->n_name)) {
		forget (v);
		return;
	}
	if (v->quoted)
		rule = IN_SCALAR;
	else if (c == '=' && (!v->at_line || has_small (v)))
		rule = IN_WORD;
	expect (v, rule, 0);
}

static void
name_step (struct value *v, unsigned char c)
{
	int just = v->in_name;

	if (is_alnum (c) || c == '_' || c == '-' || c == '.') {
		name_add (v, c);
		return;
	}
	v->in_name = 0;
	if (v->n_name == 0)
		return;
	if (c == '=' || c == ':') {
		assigned (v, c);
		return;
	}
	if ((c == ' ' || c == '\t') && just) {
		if (v->name[0] == '-'
		    && redact_value_is_secret (v->more, v->name, v->n_name))
			expect (v, IN_WORD, 1);
		else if (v->n_name == 6 && is_scheme (v->name, 6))
			expect (v, IN_WORD, 1);
	}
	v->quoted |= c == '"' || c == '\'';
	if (++v->gap > GAP_MAX || strchr (" \t\"'\\])", c) == NULL)
		v->n_name = 0;
}

static int
ends_value (const struct value *v, unsigned char c)
{
	if (c == '\n' || c == '\r')
		return 1;
	if (v->state == IN_LINE)
		return 0;
	if (c == ' ' || c == '\t')
		return 1;
	return strchr (v->state == IN_SCALAR ? ",}]" : "&\"'`", c) != NULL;
}

static int
unquoted_step (struct value *v, unsigned char c)
{
	if (c != '\0' && ends_value (v, c)) {
		if (v->state == IN_WORD && (c == ' ' || c == '\t')
		    && v->n_head < sizeof v->head
		    && is_scheme (v->head, v->n_head))
			expect (v, IN_WORD, 1);
		else if (v->list && c == ',')
			v->state = AT_VALUE;
		else
			forget (v);
		return 0;
	}
	if (v->n_head < sizeof v->head)
		v->head[v->n_head++] = (char) c;
	return 1;
}

static int
before_step (struct value *v, unsigned char c)
{
	switch (c) {
	case ' ':
	case '\t':
		return 0;
	case '\\':
		v->slashes++;
		return 0;
	case '"':
	case '\'':
	case '`':
		v->quote = (char) c;
		v->opened = v->slashes;
		v->slashes = 0;
		v->state = IN_QUOTES;
		return 0;
	case '=':
	case ':':
	case '>':
		return 0;
	case '[':
		v->list = 1;
		return 0;
	case '\n':
	case '\r':
	case ',':
		if (!v->list)
			forget (v);
		return 0;
	case '-':
		if (!v->flag)
			break;
		forget (v);
		name_add (v, c);
		return 0;
	case '{':
	case '}':
	case ']':
		forget (v);
		return 0;
	default:
		break;
	}
	v->state = v->list ? IN_SCALAR : v->rule;
	return unquoted_step (v, c);
}

static int
quoted_step (struct value *v, unsigned char c)
{
	unsigned int slashes = v->slashes;

	if (c == '\\') {
		v->slashes++;
		return 1;
	}
	v->slashes = 0;
	if (c == (unsigned char) v->quote
	    && (v->opened == 0 ? slashes % 2 == 0 : slashes <= v->opened)) {
		if (v->list)
			v->state = AT_VALUE;
		else
			forget (v);
		return 0;
	}
	if (c != '\n')
		return 1;
	forget (v);
	return 0;
}

int
redact_value_step (struct value *v, unsigned char c)
{
	int secret = 0;

	switch (v->state) {
	case AT_NAME:
		name_step (v, c);
		break;
	case AT_VALUE:
		secret = before_step (v, c);
		break;
	case IN_QUOTES:
		secret = quoted_step (v, c);
		break;
	default:
		secret = unquoted_step (v, c);
		break;
	}
	v->last = c;
	return secret;
}
