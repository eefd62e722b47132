/* SPDX-License-Identifier: MIT */
/*
 * redact_private.h - the three ways in which secrets are found.
 *
 * Each scanner gets the text byte by byte, marks bytes at its end as secret, and
 * tells how many of the last bytes it cannot decide about yet.
 */
#ifndef TOOL_REDACT_PRIVATE_H
#define TOOL_REDACT_PRIVATE_H

#include "tool/redact.h"

/* The last bytes of a longer name of a variable, a field or a flag count. */
#define REDACT_NAME_MAX 64u

/* Shorter values of variables are everyday words, not secrets. */
#define REDACT_VALUE_MIN 6u

/* ---- fixed texts: the automaton of Aho and Corasick ---- */

struct automaton_node {
	int32_t child, sibling; /* 0: none */
	int32_t fail;		/* the longest suffix that is a node */
	int32_t queued;		/* next in the queue that builds `fail' */
	uint32_t depth;		/* bytes from the root */
	uint32_t literal; /* bytes of the longest literal that ends here */
	uint32_t mark_len;
	uint8_t mark;	    /* of the text that ends here, or 0 */
	uint8_t in_literal; /* 1: this is the beginning of a literal */
	uint8_t byte;
};

struct automaton {
	const struct lhk_alloc *alloc;
	struct automaton_node *nodes; /* the first is the root */
	size_t n, cap;
	int32_t first[256]; /* children of the root */
};

/* LHK_OK or LHK_ENOMEM; ALLOC must outlive the automaton. */
int redact_automaton_init (struct automaton *a, const struct lhk_alloc *alloc);

/* Add a text to find: a literal (MARK 0), or one that is reported as MARK, 1 to
 * 255.  LHK_OK or LHK_ENOMEM. */
int redact_automaton_add (struct automaton *a, const char *text, size_t len,
			  int mark);

/* After the last text was added. */
void redact_automaton_build (struct automaton *a);

/* The state after C; the first state is 0.  A state is the index of a node. */
int32_t redact_automaton_step (const struct automaton *a, int32_t state,
			       unsigned char c);
void redact_automaton_free (struct automaton *a);

/* ---- tokens, private keys, passwords in URLs ---- */

/* Zero at the beginning of a text. */
struct token_scan {
	int token;	    /* mark of the token that may be here, or 0 */
	uint32_t token_len; /* bytes of it so far */
	int token_sure;	    /* 1: it is long enough to be one */
	int pem;	    /* where in a private key */
	uint32_t pem_len;
	uint32_t dashes;
	int url; /* 1: after "://" */
	uint32_t url_len, url_colon;
};

/* Add their fixed beginnings as marks.  LHK_OK or LHK_ENOMEM. */
int redact_tokens_add (struct automaton *a);

/* C was added to the text; the text of MARK, of MARK_LEN bytes, ends with it,
 * and BEFORE is the byte before that (0: none).  Returns how many bytes at the
 * end are secret; an '@' that ends a password is not one of them. */
size_t redact_tokens_step (struct token_scan *s, unsigned char c, int mark,
			   size_t mark_len, unsigned char before);

/* How many bytes at the end are undecided. */
size_t redact_tokens_pending (const struct token_scan *s);

/* ---- assignments ---- */

struct secret_names {
	char **names; /* lower case letters and digits */
	size_t n;
};

/* Zero at the beginning of a text, except for `names'. */
struct assignment_scan {
	const struct secret_names *names; /* beside the known ones */
	int state;
	int unquoted; /* how a value without quotes ends */
	char name[REDACT_NAME_MAX];
	size_t n_name;
	int in_name, gap, quoted, at_line;
	unsigned char last;
	char quote;
	unsigned int opened, slashes;
	int list, flag;
	char head[8]; /* the value's first bytes: may be "Bearer" */
	size_t n_head;
};

/* 1: C is part of a secret. */
int redact_assignments_step (struct assignment_scan *s, unsigned char c);

/* ---- names ---- */

/* ASCII, whatever the locale is. */
unsigned char redact_to_lower (unsigned char c);
int redact_is_alnum (unsigned char c);

/* 1: NAME, LEN bytes in any spelling, is the name of a secret.  GIVEN 1: of a
 * variable, or of a field of what the caller gave; short words count, too. */
int redact_is_secret_name (const struct secret_names *names, const char *name,
			   size_t len, int given);

/* 1: P is a word between the name and the secret: Bearer. */
int redact_is_scheme (const char *p, size_t len);

/* The letters and digits of NAME in lower case.  Returns their number. */
size_t redact_normalize_name (const char *name, size_t len,
			      char out[REDACT_NAME_MAX]);

/* ---- what the caller gave ---- */

typedef int redact_secret_fn (void *user, const char *secret, size_t len);

/*
 * Call FN for each secret of TEXT, a JSON document or empty: the strings
 * and numbers below a member whose name is a secret's (GIVEN as above), strings
 * that hold a name and its value, and the passwords of URLs.  Returns 0, or what
 * FN returns if that is not 0, or LHK_ENOMEM.
 */
int redact_each_in_json (const struct lhk_alloc *alloc,
			 const struct secret_names *names,
			 const struct lhk_str *text, int given,
			 redact_secret_fn *fn, void *user);

/* Call FN for TEXT, the value of a secret, and if a word like Bearer begins it, for
 * what follows.  Returns as above. */
int redact_each_of_secret (const char *text, size_t len, redact_secret_fn *fn,
			   void *user);

/* Call FN for the password of each URL in TEXT.  Returns as above. */
int redact_each_url_password (const char *text, size_t len,
			      redact_secret_fn *fn, void *user);

#endif /* TOOL_REDACT_PRIVATE_H */
