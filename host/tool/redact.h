/* SPDX-License-Identifier: MIT */
/*
 * redact.h - secrets in a text of any length become [redacted].
 *
 * A stream: what may be the beginning of a secret is held back until it is
 * known, so that it does not matter where pieces end.  What is replaced:
 *
 *	literals	texts that are secret, wherever they stand
 *	shapes		tokens that are known by how they look
 *	values		what stands behind the name of a secret: NAME=value,
 *			"name": "value", Name: value, --name value
 *
 * Time is linear in the text, whatever it is.  Held back are at most
 * REDACT_LITERAL bytes.
 */
#ifndef TOOL_REDACT_H
#define TOOL_REDACT_H

#include <linehook/host.h>

#define REDACTED "[redacted]"

/* A longer literal is looked for in pieces of this size. */
#define REDACT_LITERAL 4096u

struct redact;

/* WORDS: names of secrets, and "=text" for a literal.  ENV: "NAME=value" of
 * which the values of secret names are literals; or NULL.  NULL: no memory. */
struct redact *redact_new (const struct lhk_alloc *alloc,
			   const char *const *words, size_t n_words,
			   const char *const *env);
void redact_free (struct redact *r);

typedef void redact_emit (void *user, const char *data, size_t len);

/* TEXT goes on; EMIT gets what is harmless of it, now or later. */
void redact_feed (struct redact *r, const char *text, size_t len,
		  redact_emit *emit, void *user);

/* The end of the text; CUT 1: it was longer, so that what may be the beginning
 * of a secret is taken for one.  Then another text may begin. */
void redact_end (struct redact *r, int cut, redact_emit *emit, void *user);

#endif /* TOOL_REDACT_H */
