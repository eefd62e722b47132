/* SPDX-License-Identifier: MIT */
/* redact_given.c - the secrets in the texts that the caller gave to a tool. */
#include "config.h"

#include <string.h>

#include <linehook/json.h>

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

/* What the name above a value says. */
enum secrecy {
	NO_SECRET,
	SHORT_NAME, /* of a secret, if it is not an object: {"auth": {..}} */
	SECRET	    /* with all that is below it */
};

/* The next value is a string or a number. */
static void
visit_scalar (struct walk *w, int type, enum secrecy secrecy)
{
	struct lhk_text text = { NULL, 0, LHK_TEXT_PLAIN, 0 };
	struct lhk_raw raw = { NULL, 0, 0, 0 };

	if (type == LHK_JSON_NUMBER) {
		if (secrecy != NO_SECRET && lhk_json_raw (&w->reader, &raw))
			w->code = w->fn (w->user, raw.ptr, raw.len);
		return;
	}
	if (!lhk_json_string (&w->reader, &text))
		return;
	w->code = text_copy_set (w->alloc, &w->copy, &text, STRING_MAX);
	if (w->code != LHK_OK)
		return;
	if (secrecy != NO_SECRET)
		w->code = w->fn (w->user, w->copy.ptr, w->copy.len);
	else
		w->code = redact_each_url_password (w->copy.ptr, w->copy.len,
						    w->fn, w->user);
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

/* The reader bounds the depth. */
static void
visit (struct walk *w, enum secrecy secrecy)
{
	struct lhk_text key;
	int type = lhk_json_peek (&w->reader);

	if (w->code != LHK_OK)
		return;
	if (type == LHK_JSON_STRING || type == LHK_JSON_NUMBER) {
		visit_scalar (w, type, secrecy);
	} else if (type == LHK_JSON_ARRAY && lhk_json_enter (&w->reader)) {
		while (w->code == LHK_OK && lhk_json_element (&w->reader))
			visit (w, secrecy);
	} else if (type == LHK_JSON_OBJECT && lhk_json_enter (&w->reader)) {
		while (w->code == LHK_OK && lhk_json_key (&w->reader, &key))
			visit (w, secrecy == SECRET ? SECRET
						    : secrecy_of (w, &key));
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
