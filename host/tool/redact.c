/* SPDX-License-Identifier: MIT */
/*
 * redact.c - the stream: what is held back, what is marked, what goes out.
 *
 * Bytes wait in one buffer, each with a mark.  As many as a part may still
 * mark stay; of the others a row of marked ones goes out as one [redacted].
 */
#include "config.h"

#include <string.h>

#include "tool/redact_parts.h"
#include "common/mem.h"

/* Several times what may be held back, so that moving costs little. */
#define WAITING (4 * REDACT_LITERAL)

/* At the true end of a text, so much of a literal is taken for all of it. */
#define PART_MIN 8u

struct redact {
	const struct lhk_alloc *alloc;
	struct find find;
	struct value_names names;
	size_t names_cap;

	/* Of the text. */
	int32_t state; /* of FIND */
	struct shape shape;
	struct value value;
	size_t n, hold;
	int in_secret;	      /* what went out last was one */
	unsigned char before; /* the last byte that went out */
	char bytes[WAITING];
	unsigned char marks[WAITING];
};

static void
fresh (struct redact *r)
{
	r->state = 0;
	memset (&r->shape, 0, sizeof r->shape);
	memset (&r->value, 0, sizeof r->value);
	r->value.more = &r->names;
	r->n = r->hold = 0;
	r->in_secret = 0;
	r->before = 0;
}

/* ---- what is secret ---- */

/* A long one in pieces; the last piece reaches back to be as long. */
static int
add_literal (struct redact *r, const char *p, size_t len)
{
	size_t at, n;
	int code = LHK_OK;

	for (at = 0; at < len && code == LHK_OK; at += n) {
		n = len - at;
		if (n > REDACT_LITERAL)
			n = REDACT_LITERAL;
		else if (at != 0)
			at = len - (n = REDACT_LITERAL);
		code = redact_literals_add (&r->find, p + at, n, 0);
	}
	return code;
}

/* Behind a backslash in a JSON string; 0: it is none. */
static char
escape_of (char c)
{
	static const char from[] = "\"\\\b\f\n\r\t";
	static const char to[] = "\"\\bfnrt";
	const char *which = c == '\0' ? NULL : strchr (from, c);

	return which == NULL ? '\0' : to[which - from];
}

/* And as it looks inside a JSON string. */
static int
add_escaped (struct redact *r, const char *p, size_t len)
{
	size_t n = 0, i;
	char *copy;
	int code;

	for (i = 0; i < len; i++)
		n += escape_of (p[i]) != '\0';
	if (n == 0)
		return LHK_OK;
	copy = mem_new (r->alloc, len + n);
	if (copy == NULL)
		return LHK_ENOMEM;
	for (i = 0, n = 0; i < len; i++) {
		char e = escape_of (p[i]);

		if (e != '\0')
			copy[n++] = '\\';
		copy[n++] = e != '\0' ? e : p[i];
	}
	code = add_literal (r, copy, n);
	mem_free (r->alloc, copy, n);
	return code;
}

static int
add_secret (struct redact *r, const char *p, size_t len)
{
	int code = add_literal (r, p, len);

	return code < 0 ? code : add_escaped (r, p, len);
}

static int
add_name (struct redact *r, const char *word)
{
	void *names = r->names.names;
	char normal[REDACT_NAME];
	size_t n = redact_value_normal (word, strlen (word), normal);

	if (n == 0)
		return LHK_OK;
	if (mem_grow (r->alloc, &names, &r->names_cap, r->names.n + 1,
		      sizeof *r->names.names)
	    < 0)
		return LHK_ENOMEM;
	r->names.names = names;
	r->names.names[r->names.n] = mem_strndup (r->alloc, normal, n);
	if (r->names.names[r->names.n] == NULL)
		return LHK_ENOMEM;
	r->names.n++;
	return LHK_OK;
}

static int
add_variable (struct redact *r, const char *string)
{
	const char *value = strchr (string, '=');
	size_t len;

	if (value == NULL
	    || !redact_value_is_secret (&r->names, string,
					(size_t) (value - string)))
		return LHK_OK;
	len = strlen (++value);
	return len < REDACT_VALUE_MIN ? LHK_OK : add_secret (r, value, len);
}

static int
learn (struct redact *r, const char *const *words, size_t n_words,
       const char *const *env)
{
	int code = redact_literals_init (&r->find, r->alloc);
	size_t i;

	if (code == LHK_OK)
		code = redact_tokens_add_all (&r->find);
	for (i = 0; i < n_words && code == LHK_OK; i++)
		code = words[i][0] == '=' ? add_secret (r, words[i] + 1,
							strlen (words[i] + 1))
					  : add_name (r, words[i]);
	for (; env != NULL && *env != NULL && code == LHK_OK; env++)
		code = add_variable (r, *env);
	if (code == LHK_OK)
		redact_literals_build (&r->find);
	return code;
}

struct redact *
redact_new (const struct lhk_alloc *alloc, const char *const *words,
	    size_t n_words, const char *const *env)
{
	struct redact *r = mem_new (alloc, sizeof *r);

	if (r == NULL)
		return NULL;
	memset (&r->names, 0, sizeof r->names);
	r->names_cap = 0;
	r->alloc = alloc;
	fresh (r);
	if (learn (r, words, n_words, env) == LHK_OK)
		return r;
	redact_free (r);
	return NULL;
}

void
redact_free (struct redact *r)
{
	const struct lhk_alloc *alloc;
	size_t i;

	if (r == NULL)
		return;
	alloc = r->alloc;
	for (i = 0; i < r->names.n; i++)
		mem_free_str (alloc, r->names.names[i]);
	mem_free (alloc, r->names.names, r->names_cap * sizeof *r->names.names);
	redact_literals_free (&r->find);
	/* It held what must not be found later. */
	memset (r, 0, sizeof *r);
	mem_free (alloc, r, sizeof *r);
}

/* ---- the text ---- */

/* The first N bytes that wait go out. */
static void
let_go (struct redact *r, size_t n, redact_emit *emit, void *user)
{
	size_t at, run;

	for (at = 0; at < n; at += run) {
		for (run = 1; at + run < n; run++)
			if (r->marks[at + run] != r->marks[at])
				break;
		if (!r->marks[at])
			emit (user, r->bytes + at, run);
		else if (!r->in_secret)
			emit (user, REDACTED, sizeof REDACTED - 1);
		r->in_secret = r->marks[at];
	}
	if (n > 0)
		r->before = (unsigned char) r->bytes[n - 1];
	r->n -= n;
	memmove (r->bytes, r->bytes + n, r->n);
	memmove (r->marks, r->marks + n, r->n);
}

static void
mark (struct redact *r, size_t n)
{
	n = n < r->n ? n : r->n;
	memset (r->marks + r->n - n, 1, n);
}

/* The byte in front of the last N, which wait. */
static unsigned char
byte_before (const struct redact *r, size_t n)
{
	return n < r->n ? (unsigned char) r->bytes[r->n - 1 - n] : r->before;
}

/* One byte; sets how many must wait. */
static void
take (struct redact *r, unsigned char c)
{
	const struct find_node *node;
	size_t open;

	r->bytes[r->n] = (char) c;
	r->marks[r->n] = 0;
	r->n++;
	r->state = redact_literals_step (&r->find, r->state, c);
	node = &r->find.nodes[r->state];
	mark (r, redact_tokens_step (&r->shape, c, node->mark, node->mark_len,
				     byte_before (r, node->mark_len)));
	if (c == '@')
		r->marks[r->n - 1] = 0;
	mark (r, node->literal);
	if (redact_value_step (&r->value, c))
		mark (r, 1);
	open = redact_tokens_hold (&r->shape);
	r->hold = node->depth > open ? node->depth : open;
}

void
redact_feed (struct redact *r, const char *text, size_t len, redact_emit *emit,
	     void *user)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (r->n == WAITING)
			let_go (r, r->n - r->hold, emit, user);
		take (r, (unsigned char) text[i]);
	}
	let_go (r, r->n - r->hold, emit, user);
}

/* The longest end of the text that is the beginning of a literal. */
static size_t
begun (const struct redact *r)
{
	int32_t at = r->state;

	while (at != 0 && !r->find.nodes[at].in_literal)
		at = r->find.nodes[at].fail;
	return r->find.nodes[at].depth;
}

void
redact_end (struct redact *r, int cut, redact_emit *emit, void *user)
{
	size_t n = begun (r);

	if (cut || n >= PART_MIN)
		mark (r, n);
	if (cut)
		mark (r, redact_tokens_hold (&r->shape));
	let_go (r, r->n, emit, user);
	fresh (r);
}
