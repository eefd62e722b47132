/* SPDX-License-Identifier: MIT */
/* redact_names.c - which variables, fields and flags hold secrets. */
#include "config.h"

#include <string.h>

#include "common/macros.h"
#include "tool/redact_private.h"

/* A normalized name is a secret's if it contains the word, or ends with it. */
static const struct {
	const char *word;
	int at_end;
} known_names[] = {
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
	{ "token", 1 }, /* not "max_tokens" or "tokenizer" */
};

unsigned char
redact_to_lower (unsigned char c)
{
	return c >= 'A' && c <= 'Z' ? (unsigned char) (c + 32) : c;
}

int
redact_is_alnum (unsigned char c)
{
	c = redact_to_lower (c);
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
}

size_t
redact_normalize_name (const char *name, size_t len, char out[REDACT_NAME_MAX])
{
	size_t n = 0, i;

	if (len > REDACT_NAME_MAX) {
		name += len - REDACT_NAME_MAX;
		len = REDACT_NAME_MAX;
	}
	for (i = 0; i < len; i++)
		if (redact_is_alnum ((unsigned char) name[i]))
			out[n++] = (char) redact_to_lower (
				(unsigned char) name[i]);
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

/* 1: NAME ends with WORD as a part of its own: "pin" is one of "card_pin" and
 * "cardPin", not of "spin". */
static int
ends_with_part (const char *name, size_t len, const char *word)
{
	size_t n = strlen (word), left = len;

	while (n > 0 && left > 0) {
		left--;
		if (!redact_is_alnum ((unsigned char) name[left]))
			continue;
		if (redact_to_lower ((unsigned char) name[left])
		    != (unsigned char) word[--n])
			return 0;
	}
	if (n > 0)
		return 0;
	return left == 0 || !redact_is_alnum ((unsigned char) name[left - 1])
	       || (name[left] >= 'A' && name[left] <= 'Z'
		   && !(name[left - 1] >= 'A' && name[left - 1] <= 'Z'));
}

int
redact_is_secret_name (const struct secret_names *names, const char *name,
		       size_t len)
{
	char normal[REDACT_NAME_MAX];
	size_t n = redact_normalize_name (name, len, normal);
	size_t i;

	for (i = 0; i < names->n; i++)
		if (ends_with_part (name, len, names->names[i]))
			return 1;
	/* A number at the end does not count: "API_KEY_2". */
	while (n > 0 && normal[n - 1] >= '0' && normal[n - 1] <= '9')
		n--;
	for (i = 0; i < ARRAY_SIZE (known_names); i++)
		if (known_names[i].at_end
			    ? ends_with (normal, n, known_names[i].word)
			    : contains (normal, n, known_names[i].word))
			return 1;
	return 0;
}
