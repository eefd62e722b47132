/* SPDX-License-Identifier: MIT */
/*
 * redact.h - secrets in a text of any length become [redacted].
 *
 * The text is a stream: what may be the beginning of a secret is held back
 * until it is known, so the result does not depend on where pieces end.  What
 * is replaced:
 *
 *	literals	secret texts, wherever they stand
 *	tokens		texts that look like the tokens of known services
 *	assignments	the value after the name of a secret: NAME=value,
 *			"name": "value", Name: value, --name value
 *
 * Time is linear in the text, whatever it contains.  At most REDACT_LITERAL_MAX
 * bytes are held back.
 */
#ifndef TOOL_REDACT_H
#define TOOL_REDACT_H

#include <linehook/host.h>

#define REDACTED "[redacted]"

/* A longer literal is searched for in pieces of this size. */
#define REDACT_LITERAL_MAX 4096u

struct redact;

/* What the secrets are taken from; nothing is needed later. */
struct redact_sources {
	const char *const *words; /* names of secrets, "=text" for a literal */
	size_t n_words;
	/* "NAME=value", NULL-terminated, or NULL.  The values of secret names
	 * become literals, and the passwords of URLs. */
	const char *const *env;
	/* Valid JSON, empty or NULL: the same, at any depth.  In INPUT short
	 * words such as "key" are no names of secrets. */
	const struct lhk_str *config;
	const struct lhk_str *input;
};

/* NULL: no memory. */
struct redact *redact_new (const struct lhk_alloc *alloc,
			   const struct redact_sources *from);

/* Erases the secrets.  NULL is fine. */
void redact_free (struct redact *r);

typedef void redact_emit (void *user, const char *data, size_t len);

/* LEN more bytes of the text.  EMIT gets what is known to be harmless, now or in
 * a later call. */
void redact_feed (struct redact *r, const char *text, size_t len,
		  redact_emit *emit, void *user);

/* The text has ended; the rest is emitted, and another text may begin.  CUT 1:
 * the text was longer, so what may be the beginning of a secret is taken for
 * one. */
void redact_end (struct redact *r, int cut, redact_emit *emit, void *user);

#endif /* TOOL_REDACT_H */
