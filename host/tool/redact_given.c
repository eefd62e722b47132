/* SPDX-License-Identifier: MIT */
/* redact_given.c - the secrets in the texts that the caller gave to a tool. */
#include "config.h"

#include <string.h>

#include <linehook/json.h>

#include "common/macros.h"
#include "common/mem.h"
#include "json/text_reader.h"
#include "tool/redact_private.h"

/* The first bytes of a longer string count. */
#define STRING_MAX 65536u

struct walk {
	const struct lhk_alloc *alloc;
	const struct secret_names *names;
	int given;
	redact_secret_fn *fn;
	void *user;
	struct lhk_json reader;
	struct text_copy copy;
	int code;
};

int
redact_each_url_password (const char *text, size_t len, redact_secret_fn *fn,
			  void *user)
{
	const char *end, *at = text, *colon, *p;
	int code = 0;

	if (len == 0)
		return 0;
	end = text + len;
	while (code == 0
	       && (at = memmem (at, (size_t) (end - at), "://", 3)) != NULL) {
		at += 3;
		colon = NULL;
		for (p = at; p < end && (unsigned char) *p > ' '
			     && strchr ("/?#@\"'<>`", *p) == NULL;
		     p++)
			if (*p == ':' && colon == NULL)
				colon = p + 1;
		if (p < end && *p == '@' && colon != NULL)
			code = fn (user, colon, (size_t) (p - colon));
	}
	return code;
}

int
redact_each_of_secret (const char *text, size_t len, redact_secret_fn *fn,
		       void *user)
{
	const char *end = text + len;
	const char *p = len > 0 ? memchr (text, ' ', len) : NULL;
	int code = fn (user, text, len);

	if (code != 0 || p == NULL
	    || !redact_is_scheme (text, (size_t) (p - text)))
		return code;
	while (p < end && *p == ' ')
		p++;
	return fn (user, p, (size_t) (end - p));
}

/* What the name above a value says. */
enum secrecy {
	NO_SECRET,
	SHORT_NAME, /* of a secret, if it is not an object: {"auth": {..}} */
	SECRET	    /* with all that is below it */
};

static int
is_name_byte (unsigned char c)
{
	return redact_is_alnum (c) || c == '_' || c == '-' || c == '.';
}

/* NAME=VALUE, or a header: "NAME: VALUE". */
static int
each_in_line (struct walk *w, const char *line, size_t len)
{
	size_t n = 0, at;

	while (n < len && is_name_byte ((unsigned char) line[n]))
		n++;
	if (n == len || (line[n] != '=' && line[n] != ':')
	    || !redact_is_secret_name (w->names, line, n,
				       w->given && line[n] == '='))
		return 0;
	for (at = n + 1; at < len && line[at] == ' ';)
		at++;
	if (len > at + 1 && (line[at] == '"' || line[at] == '\'')
	    && line[len - 1] == line[at]) {
		at++;
		len--;
	}
	return redact_each_of_secret (line + at, len - at, w->fn, w->user);
}

/* In a string whose name says nothing. */
static int
each_in_string (struct walk *w, const char *text, size_t len)
{
	int code = redact_each_url_password (text, len, w->fn, w->user);
	const char *end;
	size_t n;

	for (; code == 0 && len > 0; text += n, len -= n) {
		end = memchr (text, '\n', len);
		n = end != NULL ? (size_t) (end - text) : len;
		code = each_in_line (w, text, n);
		n += end != NULL;
	}
	return code;
}

static void
visit_string (struct walk *w, const struct lhk_text *text, enum secrecy secrecy)
{
	w->code = text_copy_set (w->alloc, &w->copy, text, STRING_MAX);
	if (w->code != LHK_OK)
		return;
	w->code = secrecy != NO_SECRET
			  ? redact_each_of_secret (w->copy.ptr, w->copy.len,
						   w->fn, w->user)
			  : each_in_string (w, w->copy.ptr, w->copy.len);
}

/* The next value is a string or a number. */
static void
visit_scalar (struct walk *w, int type, enum secrecy secrecy)
{
	struct lhk_text text = { NULL, 0, LHK_TEXT_PLAIN, 0 };
	struct lhk_raw raw = { NULL, 0, 0, 0 };

	if (type == LHK_JSON_NUMBER) {
		if (secrecy != NO_SECRET && lhk_json_raw (&w->reader, &raw))
			w->code = w->fn (w->user, raw.ptr, raw.len);
	} else if (lhk_json_string (&w->reader, &text)) {
		visit_string (w, &text, secrecy);
	}
}

static enum secrecy
secrecy_of (struct walk *w, const struct lhk_text *key)
{
	w->code = text_copy_set (w->alloc, &w->copy, key, STRING_MAX);
	if (w->code != LHK_OK || w->copy.len == 0)
		return NO_SECRET;
	if (redact_is_secret_name (w->names, w->copy.ptr, w->copy.len, 0))
		return SECRET;
	return redact_is_secret_name (w->names, w->copy.ptr, w->copy.len,
				      w->given)
		       ? SHORT_NAME
		       : NO_SECRET;
}

/* The strings of {"name": "API_TOKEN", "value": ".."}. */
struct pair {
	int is_secret;
	struct lhk_text value;
};

static int
is_one_of (const struct text_copy *key, const char *const *words, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (key->len == strlen (words[i])
		    && memcmp (key->ptr, words[i], key->len) == 0)
			return 1;
	return 0;
}

/* The next value is a string; its key is in the copy. */
static void
visit_pair_member (struct walk *w, struct pair *pair, enum secrecy secrecy)
{
	static const char *const names[] = { "header", "key", "name" };
	static const char *const values[] = { "value" };
	int is_name = is_one_of (&w->copy, names, ARRAY_SIZE (names));
	int is_value = is_one_of (&w->copy, values, ARRAY_SIZE (values));
	struct lhk_text text = { NULL, 0, LHK_TEXT_PLAIN, 0 };

	if (!lhk_json_string (&w->reader, &text))
		return;
	if (is_value)
		pair->value = text;
	visit_string (w, &text, secrecy);
	if (is_name && w->code == LHK_OK && w->copy.len > 0
	    && redact_is_secret_name (w->names, w->copy.ptr, w->copy.len,
				      w->given))
		pair->is_secret = 1;
}

static void visit (struct walk *w, enum secrecy secrecy);

static void
visit_object (struct walk *w, enum secrecy secrecy)
{
	struct pair pair = { 0, { NULL, 0, LHK_TEXT_PLAIN, 0 } };
	enum secrecy own = SECRET;
	struct lhk_text key;

	while (w->code == LHK_OK && lhk_json_key (&w->reader, &key)) {
		if (secrecy != SECRET)
			own = secrecy_of (w, &key);
		if (w->code == LHK_OK && secrecy != SECRET
		    && lhk_json_peek (&w->reader) == LHK_JSON_STRING)
			visit_pair_member (w, &pair, own);
		else
			visit (w, own);
	}
	if (w->code == LHK_OK && pair.is_secret && pair.value.ptr != NULL)
		visit_string (w, &pair.value, SECRET);
}

/* The reader bounds the depth. */
static void
visit (struct walk *w, enum secrecy secrecy)
{
	int type = lhk_json_peek (&w->reader);

	if (w->code != LHK_OK)
		return;
	if (type == LHK_JSON_STRING || type == LHK_JSON_NUMBER) {
		visit_scalar (w, type, secrecy);
	} else if (type == LHK_JSON_ARRAY && lhk_json_enter (&w->reader)) {
		while (w->code == LHK_OK && lhk_json_element (&w->reader))
			visit (w, secrecy);
	} else if (type == LHK_JSON_OBJECT && lhk_json_enter (&w->reader)) {
		visit_object (w, secrecy);
	}
}

int
redact_each_in_json (const struct lhk_alloc *alloc,
		     const struct secret_names *names,
		     const struct lhk_str *text, int given,
		     redact_secret_fn *fn, void *user)
{
	struct walk w = { .alloc = alloc,
			  .names = names,
			  .given = given,
			  .fn = fn,
			  .user = user };

	size_t room;
	char *copy;

	if (text == NULL || text->len == 0)
		return LHK_OK;
	/* The reader looks at bytes behind what it reads. */
	room = text->len + LHK_LINE_PADDING;
	copy = mem_new (alloc, room);
	if (copy == NULL)
		return LHK_ENOMEM;
	memcpy (copy, text->ptr, text->len);
	memset (copy + text->len, '\n', LHK_LINE_PADDING);
	lhk_json_begin (&w.reader, copy, text->len);
	visit (&w, NO_SECRET);
	text_copy_free (alloc, &w.copy);
	mem_free (alloc, copy, room);
	return w.code;
}
