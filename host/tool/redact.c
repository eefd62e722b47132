/* SPDX-License-Identifier: MIT */
/*
 * redact.c - the stream: what is held back, what is marked, what is emitted.
 *
 * Bytes wait in one buffer, each with a mark.  Those that a scanner may still
 * mark stay; of the others a run of marked bytes is emitted as one [redacted].
 */
#include "config.h"

#include <string.h>

#include "tool/redact_private.h"
#include "common/mem.h"

/* Several times what may be held back, so that moving it is cheap. */
#define BUFFER_SIZE (4 * REDACT_LITERAL_MAX)

/* At the end of a text so many bytes of a literal are taken for all of it. */
#define LITERAL_PART_MIN 8u

/* Bytes of all secrets in what the caller gave; each takes some 40 of memory. */
#define GIVEN_MAX (1u << 20)

struct redact {
	const struct lhk_alloc *alloc;
	struct automaton automaton;
	struct secret_names names;
	size_t names_cap;
	size_t given_left; /* bytes that may still be added */

	/* The text. */
	int32_t state; /* of the automaton */
	struct token_scan tokens;
	struct assignment_scan assignments;
	size_t n;	      /* bytes in the buffer */
	size_t pending;	      /* of these, the last that are undecided */
	int in_secret;	      /* the last byte that left was secret */
	unsigned char before; /* the last byte that left */
	char bytes[BUFFER_SIZE];
	unsigned char marks[BUFFER_SIZE];
};

static void
begin_text (struct redact *r)
{
	r->state = 0;
	memset (&r->tokens, 0, sizeof r->tokens);
	memset (&r->assignments, 0, sizeof r->assignments);
	r->assignments.names = &r->names;
	r->n = r->pending = 0;
	r->in_secret = 0;
	r->before = 0;
}

/* ---- what is secret ---- */

/* A long literal is added in pieces; the last one reaches back to be as long as
 * the others. */
static int
add_literal (struct redact *r, const char *p, size_t len)
{
	size_t at, n;
	int code = LHK_OK;

	for (at = 0; at < len && code == LHK_OK; at += n) {
		n = len - at;
		if (n > REDACT_LITERAL_MAX)
			n = REDACT_LITERAL_MAX;
		else if (at != 0)
			at = len - (n = REDACT_LITERAL_MAX);
		code = redact_automaton_add (&r->automaton, p + at, n, 0);
	}
	return code;
}

/* The character that stands for C after a backslash in JSON; 0: none. */
static char
escape_of (char c)
{
	static const char from[] = "\"\\\b\f\n\r\t";
	static const char to[] = "\"\\bfnrt";
	const char *which = c == '\0' ? NULL : strchr (from, c);

	return which == NULL ? '\0' : to[which - from];
}

/* The literal as it looks inside a JSON string, if that differs. */
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
	char normal[REDACT_NAME_MAX];
	size_t n = redact_normalize_name (word, strlen (word), normal);

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

/* A redact_secret_fn. */
static int
add_given (void *user, const char *secret, size_t len)
{
	struct redact *r = user;

	if (len < REDACT_VALUE_MIN || len > r->given_left)
		return LHK_OK;
	r->given_left -= len;
	return add_secret (r, secret, len);
}

static int
add_variable (struct redact *r, const char *string)
{
	const char *value = strchr (string, '=');
	struct lhk_str text;
	int code;

	if (value == NULL)
		return LHK_OK;
	value++;
	text.ptr = value;
	text.len = strlen (value);
	if (redact_is_secret_name (&r->names, string,
				   (size_t) (value - 1 - string), 1))
		code = redact_each_of_secret (value, text.len, add_given, r);
	else
		code = redact_each_url_password (value, text.len, add_given, r);
	/* DOCKER_AUTH_CONFIG={"auths":{"host":{"auth":".."}}} */
	if (code == LHK_OK && value[0] == '{')
		code = redact_each_in_json (r->alloc, &r->names, &text, 1,
					    add_given, r);
	return code;
}

static int
add_secrets (struct redact *r, const struct redact_sources *from)
{
	const char *const *words = from->words;
	const char *const *env = from->env;
	int code = redact_automaton_init (&r->automaton, r->alloc);
	size_t i;

	if (code == LHK_OK)
		code = redact_tokens_add (&r->automaton);
	for (i = 0; i < from->n_words && code == LHK_OK; i++)
		code = words[i][0] == '=' ? add_secret (r, words[i] + 1,
							strlen (words[i] + 1))
					  : add_name (r, words[i]);
	for (; env != NULL && *env != NULL && code == LHK_OK; env++)
		code = add_variable (r, *env);
	if (code == LHK_OK)
		code = redact_each_in_json (r->alloc, &r->names, from->config,
					    1, add_given, r);
	if (code == LHK_OK)
		code = redact_each_in_json (r->alloc, &r->names, from->input, 0,
					    add_given, r);
	if (code == LHK_OK)
		redact_automaton_build (&r->automaton);
	return code;
}

struct redact *
redact_new (const struct lhk_alloc *alloc, const struct redact_sources *from)
{
	struct redact *r = mem_new (alloc, sizeof *r);

	if (r == NULL)
		return NULL;
	memset (&r->names, 0, sizeof r->names);
	r->names_cap = 0;
	r->alloc = alloc;
	begin_text (r);
	r->given_left = GIVEN_MAX;
	if (add_secrets (r, from) == LHK_OK)
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
	redact_automaton_free (&r->automaton);
	/* The secrets must not be found in freed memory. */
	memset (r, 0, sizeof *r);
	mem_free (alloc, r, sizeof *r);
}

/* ---- the text ---- */

/* Emit the first N bytes of the buffer. */
static void
emit_bytes (struct redact *r, size_t n, redact_emit *emit, void *user)
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

/* The byte before the last N bytes. */
static unsigned char
byte_before (const struct redact *r, size_t n)
{
	return n < r->n ? (unsigned char) r->bytes[r->n - 1 - n] : r->before;
}

/* Append one byte, and find out how many are undecided. */
static void
scan_byte (struct redact *r, unsigned char c)
{
	const struct automaton_node *node;
	size_t open;

	r->bytes[r->n] = (char) c;
	r->marks[r->n] = 0;
	r->n++;
	r->state = redact_automaton_step (&r->automaton, r->state, c);
	node = &r->automaton.nodes[r->state];
	mark (r, redact_tokens_step (&r->tokens, c, node->mark, node->mark_len,
				     byte_before (r, node->mark_len)));
	if (c == '@')
		r->marks[r->n - 1] = 0;
	mark (r, node->literal);
	if (redact_assignments_step (&r->assignments, c))
		mark (r, 1);
	open = redact_tokens_pending (&r->tokens);
	r->pending = node->depth > open ? node->depth : open;
}

void
redact_feed (struct redact *r, const char *text, size_t len, redact_emit *emit,
	     void *user)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (r->n == BUFFER_SIZE)
			emit_bytes (r, r->n - r->pending, emit, user);
		scan_byte (r, (unsigned char) text[i]);
	}
	emit_bytes (r, r->n - r->pending, emit, user);
}

/* Bytes at the end of the text that are the beginning of a literal. */
static size_t
begun_literal (const struct redact *r)
{
	int32_t at = r->state;

	while (at != 0 && !r->automaton.nodes[at].in_literal)
		at = r->automaton.nodes[at].fail;
	return r->automaton.nodes[at].depth;
}

void
redact_end (struct redact *r, int cut, redact_emit *emit, void *user)
{
	size_t n = begun_literal (r);

	if (cut || n >= LITERAL_PART_MIN)
		mark (r, n);
	if (cut)
		mark (r, redact_tokens_pending (&r->tokens));
	emit_bytes (r, r->n, emit, user);
	begin_text (r);
}
