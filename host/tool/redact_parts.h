/* SPDX-License-Identifier: MIT */
/*
 * redact_parts.h - how secrets are found; private to redact*.c.
 *
 *	redact.c	the stream: what is held back, what goes out
 *	redact_find.c	all fixed texts at once, in one automaton
 *	redact_shape.c	what follows the fixed beginning of a token
 *	redact_value.c	what stands behind the name of a secret
 *
 * Each part sees the text byte by byte, marks bytes at the end of what is held
 * back, and says how many of these it still needs.
 */
#ifndef TOOL_REDACT_PARTS_H
#define TOOL_REDACT_PARTS_H

#include "tool/redact.h"

/* A name of a variable, a field or a flag: so many bytes of its end count. */
#define REDACT_NAME 64u

/* Values of variables that are shorter are no secrets, but everyday words. */
#define REDACT_VALUE_MIN 6u

/* ---- redact_find.c: Aho and Corasick's automaton ---- */

struct find_node {
	int32_t child, sibling; /* 0: none */
	int32_t fail;
	int32_t queued; /* while it is built */
	uint32_t depth;
	uint32_t literal; /* bytes of the longest literal that ends here */
	uint32_t mark_len;
	uint8_t mark;	    /* of what ends here, or 0 */
	uint8_t in_literal; /* it is the beginning of one */
	uint8_t byte;
};

struct find {
	const struct lhk_alloc *alloc;
	struct find_node *nodes; /* the first is the root */
	size_t n, cap;
	int32_t first[256]; /* children of the root */
};

int redact_literals_init (struct find *f, const struct lhk_alloc *alloc);

/* MARK 0: a literal.  LHK_OK or LHK_ENOMEM. */
int redact_literals_add (struct find *f, const char *text, size_t len,
			 int mark);

/* After the last one. */
void redact_literals_build (struct find *f);
int32_t redact_literals_step (const struct find *f, int32_t state,
			      unsigned char c);
void redact_literals_free (struct find *f);

/* ---- redact_shape.c ---- */

/* Beginnings of tokens, as marks; LHK_OK or LHK_ENOMEM. */
int redact_tokens_add_all (struct find *f);

struct shape {
	int token;	    /* mark of the one that may be here, or 0 */
	uint32_t token_len; /* bytes of it so far */
	int token_sure;
	int pem; /* see redact_shape.c */
	uint32_t pem_len;
	uint32_t dashes;
	int url; /* behind "://" */
	uint32_t url_len, url_colon;
};

/* C was added to the text; MARK, of MARK_LEN bytes, ends with it, behind BEFORE
 * (0: the beginning).  Returns how many bytes at the end are secret; if C is
 * an '@', it is not. */
size_t redact_tokens_step (struct shape *s, unsigned char c, int mark,
			   size_t mark_len, unsigned char before);

/* How many bytes at the end are still to be decided on. */
size_t redact_tokens_hold (const struct shape *s);

/* ---- redact_value.c ---- */

struct value_names {
	char **names; /* lower case letters and digits */
	size_t n;
};

struct value {
	const struct value_names *more;
	int state;
	int rule; /* where a value without quotes ends */
	char name[REDACT_NAME];
	size_t n_name;
	int in_name, gap, quoted, at_line;
	unsigned char last;
	char quote;
	unsigned int opened, slashes;
	int list, flag;
	char head[8]; /* of the value, for "Bearer" and its like */
	size_t n_head;
};

/* 1: C is part of a secret. */
int redact_value_step (struct value *v, unsigned char c);

/* Is NAME, LEN bytes of any form, that of a secret? */
int redact_value_is_secret (const struct value_names *more, const char *name,
			    size_t len);

/* NAME without what is no letter or digit, in lower case; its length. */
size_t redact_value_normal (const char *name, size_t len,
			    char out[REDACT_NAME]);

#endif /* TOOL_REDACT_PARTS_H */
