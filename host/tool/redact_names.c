/* SPDX-License-Identifier: MIT */
/* redact_names.c - which variables, fields and flags hold secrets. */
#include "config.h"

#include <string.h>

#include "common/macros.h"
#include "tool/redact_private.h"

enum where {
	CONTAINED, /* anywhere in the normalized name */
	AT_END,	   /* at its end: "token", not "max_tokens" or "tokenizer" */
	PART,	   /* the last part of the name: "auth" in "NPM_AUTH" */
	QUALIFIED  /* the same, after another part: "key" in "SSH_KEY" */
};

/*
 * Short words are secrets only in names of what the caller gave, and in
 * assignments to variables (capital letters): "key: 5" and "pass: 12" are
 * everyday texts.
 */
static const struct known_name {
	const char *word;
	enum where where;
	int given_only;
} known_names[] = {
	{ "accesskey", CONTAINED, 0 },
	{ "adminpass", AT_END, 0 },
	{ "adminpw", AT_END, 0 },
	{ "apikey", CONTAINED, 0 },
	{ "auth", PART, 1 },
	{ "authconfig", AT_END, 1 },
	{ "authkey", AT_END, 0 },
	{ "authorization", CONTAINED, 0 },
	{ "bearer", AT_END, 0 },
	{ "bindpw", AT_END, 0 },
	{ "connectionstring", CONTAINED, 0 },
	{ "connstr", AT_END, 0 },
	{ "cookie", CONTAINED, 0 },
	{ "cred", PART, 0 },
	{ "credential", CONTAINED, 0 },
	{ "creds", PART, 0 },
	{ "dbpass", AT_END, 0 },
	{ "dsn", PART, 0 },
	{ "encryptionkey", AT_END, 0 },
	{ "ftppass", AT_END, 0 },
	{ "hmac", PART, 1 },
	{ "jwt", PART, 1 },
	{ "key", PART, 1 },
	{ "keys", QUALIFIED, 1 },
	{ "mailpass", AT_END, 0 },
	{ "masterkey", AT_END, 0 },
	{ "mnemonic", PART, 1 },
	{ "oauth", PART, 1 },
	{ "otp", PART, 1 },
	{ "pass", PART, 1 },
	{ "passcode", CONTAINED, 0 },
	{ "passphrase", CONTAINED, 0 },
	{ "passwd", CONTAINED, 0 },
	{ "password", CONTAINED, 0 },
	{ "pat", QUALIFIED, 1 },
	{ "pin", PART, 1 },
	{ "privatekey", CONTAINED, 0 },
	{ "psk", PART, 1 },
	{ "pw", QUALIFIED, 1 },
	{ "pwd", QUALIFIED, 0 }, /* not the directory, PWD */
	{ "rootpass", AT_END, 0 },
	{ "rootpw", AT_END, 0 },
	{ "salt", PART, 1 },
	{ "secret", CONTAINED, 0 },
	{ "seedphrase", AT_END, 0 },
	{ "signingkey", AT_END, 0 },
	{ "smtppass", AT_END, 0 },
	{ "sk", QUALIFIED, 1 },
	{ "sshkey", AT_END, 0 },
	{ "sshpass", AT_END, 0 },
	{ "token", AT_END, 0 },
	{ "totp", PART, 1 },
	{ "totpseed", AT_END, 0 },
	{ "userpass", AT_END, 0 },
	{ "webhook", PART, 1 },
	{ "webhookurl", AT_END, 1 },
};

/* Ends of normalized names that are keys, but not to anything locked. */
static const char *const harmless[] = {
	"cachekey",   "foreignkey",	"groupkey",    "hashkey",
	"hotkey",     "idempotencykey", "indexkey",    "partitionkey",
	"primarykey", "pubkey",		"publickey",   "publishablekey",
	"rowkey",     "shardkey",	"shortcutkey", "sortkey",
	"uniquekey",  "foreignkeys",	"publickeys",  "sortkeys",
};

/* Words between the name and the secret itself. */
static const char *const schemes[] = { "basic", "bearer", "token" };

/* How a secret is written, behind its name: "SSH_KEY_B64". */
static const char *const encodings[] = { "b64", "base64", "hex",
					 "pem", "raw",	  "value" };

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

int
redact_is_scheme (const char *p, size_t len)
{
	size_t i, at;

	for (i = 0; i < ARRAY_SIZE (schemes); i++) {
		if (strlen (schemes[i]) != len)
			continue;
		for (at = 0; at < len; at++)
			if (redact_to_lower ((unsigned char) p[at])
			    != (unsigned char) schemes[i][at])
				break;
		if (at == len)
			return 1;
	}
	return 0;
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

/* Where the last part of NAME begins, if it is WORD; else LEN.  "pin" is a part
 * of "card_pin" and "cardPin", not of "spin". */
static size_t
last_part (const char *name, size_t len, const char *word)
{
	size_t n = strlen (word), left = len;

	while (n > 0 && left > 0) {
		left--;
		if (!redact_is_alnum ((unsigned char) name[left]))
			continue;
		if (redact_to_lower ((unsigned char) name[left])
		    != (unsigned char) word[--n])
			return len;
	}
	if (n > 0)
		return len;
	if (left == 0 || !redact_is_alnum ((unsigned char) name[left - 1])
	    || (name[left] >= 'A' && name[left] <= 'Z'
		&& !(name[left - 1] >= 'A' && name[left - 1] <= 'Z')))
		return left;
	return len;
}

static int
has_alnum (const char *name, size_t len)
{
	while (len > 0)
		if (redact_is_alnum ((unsigned char) name[--len]))
			return 1;
	return 0;
}

/* NAME without an encoding and a number behind it. */
static size_t
strip (const char *name, size_t len)
{
	size_t i, at;

	for (i = 0; i < ARRAY_SIZE (encodings); i++) {
		at = last_part (name, len, encodings[i]);
		if (at < len && has_alnum (name, at))
			len = at;
	}
	while (len > 0
	       && (!redact_is_alnum ((unsigned char) name[len - 1])
		   || (name[len - 1] >= '0' && name[len - 1] <= '9')))
		len--;
	return len;
}

static int
matches (const struct known_name *k, const char *name, size_t len,
	 const char *normal, size_t n)
{
	size_t at;

	switch (k->where) {
	case CONTAINED:
		return contains (normal, n, k->word);
	case AT_END:
		return ends_with (normal, n, k->word);
	default:
		at = last_part (name, len, k->word);
		return at < len && (k->where == PART || has_alnum (name, at));
	}
}

static int
is_harmless (const char *normal, size_t n)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE (harmless); i++)
		if (ends_with (normal, n, harmless[i]))
			return 1;
	return 0;
}

int
redact_is_secret_name (const struct secret_names *names, const char *name,
		       size_t len, int given)
{
	char normal[REDACT_NAME_MAX];
	size_t i, n;

	for (i = 0; i < names->n; i++)
		if (last_part (name, len, names->names[i]) < len)
			return 1;
	len = strip (name, len);
	n = redact_normalize_name (name, len, normal);
	for (i = 0; i < ARRAY_SIZE (known_names); i++)
		if ((given || !known_names[i].given_only)
		    && matches (&known_names[i], name, len, normal, n))
			return !known_names[i].given_only
			       || !is_harmless (normal, n);
	return 0;
}
