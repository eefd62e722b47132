/* SPDX-License-Identifier: MIT */
/*
 * writer.h - JSON text out: the one writer of this tree.
 *
 * There is no tree and no locale, and large texts are not copied.  Strings are
 * in one normal form: escapes \" \\ \b \f \n \r \t, other control bytes and the
 * line separators U+0085, U+2028 and U+2029 as \uxxxx, everything else as UTF-8;
 * each bad sequence of bytes becomes U+FFFD.
 *
 * struct jw is for objects of any shape: it knows where commas belong.  The
 * json_put_* functions are for the line of an event, whose keys come in a
 * fixed order: a KEY is written as it stands, so its comma, quotes and colon
 * are part of it.
 */
#ifndef JSON_WRITER_H
#define JSON_WRITER_H

#include <linehook/base.h>

#include "common/outbuf.h"

/* ---- objects and lists ---- */

#define JW_DEPTH_MAX 31

struct jw {
	struct outbuf *out;
	uint32_t has_members; /* bit N: the level at depth N has a member */
	uint32_t depth;
	int named; /* jw_name came last */
};

/* OUT is borrowed as long as W is used. */
void jw_init (struct jw *w, struct outbuf *out);

/*
 * KEY is the name of a member, or NULL for the element of a list and for the
 * outermost value.  Names are written as they stand, so they must be words
 * that need no escape.  Levels nest to at most JW_DEPTH_MAX.
 */
void jw_object_begin (struct jw *w, const char *key);
void jw_object_end (struct jw *w);
void jw_list_begin (struct jw *w, const char *key);
void jw_list_end (struct jw *w);

/* These write nothing if VALUE or DATA is NULL or the text is absent. */
void jw_str (struct jw *w, const char *key, const char *value);
void jw_text (struct jw *w, const char *key, const struct lhk_text *value);
void jw_bytes (struct jw *w, const char *key, const char *data, size_t len);

void jw_i64 (struct jw *w, const char *key, int64_t value);
void jw_u64 (struct jw *w, const char *key, uint64_t value);
void jw_bool (struct jw *w, const char *key, int value);

/* NANO, in units of 10^-9 USD, as a number of USD. */
void jw_cost (struct jw *w, const char *key, int64_t nano);

/* Write the comma and KEY of a value that the caller then writes to the
 * buffer. */
void jw_key (struct jw *w, const char *key);

/* The name of the next member, any text; the KEY of its value is NULL then. */
void jw_name (struct jw *w, const char *name, size_t len);

/* The members of OBJECT, valid JSON from its first to its last brace, as
 * json_put_value writes them. */
void jw_members (struct jw *w, const char *object, size_t len);

/* Valid JSON, as json_put_value writes it. */
void jw_raw (struct jw *w, const char *key, const char *data, size_t len);

/* ---- the line of an event ---- */

/* Write KEY, a literal, and the text; nothing if it is absent. */
#define JSON_TEXT(o, key, text)                                                \
	json_put_text ((o), "" key, sizeof (key) - 1, (text))

/* Write a text as a string, with its quotes; an absent one is empty. */
void json_put_body (struct outbuf *o, const struct lhk_text *text);

static inline void
json_put_text (struct outbuf *o, const char *key, size_t len,
	       const struct lhk_text *text)
{
	if (text->ptr == NULL)
		return;
	outbuf_put (o, key, len);
	json_put_body (o, text);
}

/* Write KEY and VALUE in quotes, without any escape; nothing if VALUE is
 * NULL. */
void json_put_word (struct outbuf *o, const char *key, const char *value);

/* Write KEY and VALUE if GIVEN is not 0. */
void json_put_count (struct outbuf *o, const char *key, int given,
		     int64_t value);

void json_put_list (struct outbuf *o, const char *key,
		    const struct lhk_text *texts, size_t n);

/* Valid JSON, as it stands but for what might end the line of the event: CR and
 * LF, which can only stand between tokens, become blanks, and line separators,
 * which can only stand in strings, escapes. */
void json_put_value (struct outbuf *o, const char *key, const char *data,
		     size_t len);

/* NANO, in units of 10^-9 USD, as a decimal number of USD: exact, without
 * trailing zeros. */
void json_put_cost (struct outbuf *o, int64_t nano);

#endif /* JSON_WRITER_H */
