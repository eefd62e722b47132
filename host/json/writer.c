/* SPDX-License-Identifier: MIT */
/* writer.c - JSON text out: the one writer of this tree. */
#include "config.h"

#include "json/ascii.h"
#include "json/separators.h"
#include "json/text_reader.h"
#include "json/utf8.h"
#include "json/writer.h"

/* Names and ids are PLAIN and short; most of them need no change. */
#define SHORT 256

static inline int
goes_as_it_stands (const struct lhk_text *text)
{
	return text->form == LHK_TEXT_CLEAN || text->form == LHK_TEXT_CANONICAL
	       || (text->form == LHK_TEXT_PLAIN && text->len <= SHORT
		   && ascii_is_clean (text->ptr, text->len));
}

void
json_put_body (struct outbuf *o, const struct lhk_text *text)
{
	struct text_reader r;
	size_t n;

	OUTBUF_LIT (o, "\"");
	if (goes_as_it_stands (text)) {
		if (text->len > 0)
			outbuf_put (o, text->ptr, text->len);
	} else {
		text_reader_init (&r, text);
		do {
			n = outbuf_room (o, TEXT_CHAR_MAX);
			n = text_reader_body (&r, o->data + o->len, n);
			o->len += n;
		} while (r.at < r.end);
	}
	OUTBUF_LIT (o, "\"");
}

/* Write what stands in for the end of a line at DATA.  Returns the bytes of
 * that. */
static size_t
put_instead (struct outbuf *o, const char *data, size_t len)
{
	size_t n = lhk_json_separator (data, len);

	if (n == 0)
		OUTBUF_LIT (o, " ");
	else if (n == 2)
		OUTBUF_LIT (o, "\\u0085");
	else
		outbuf_str (o, data[2] == '\xa8' ? "\\u2028" : "\\u2029");
	return n == 0 ? 1 : n;
}

void
json_put_value (struct outbuf *o, const char *key, const char *data, size_t len)
{
	size_t n;

	outbuf_str (o, key);
	for (;;) {
		n = separators_find (data, len, '\n', '\r');
		outbuf_put (o, data, n);
		data += n;
		len -= n;
		if (len == 0)
			return;
		n = put_instead (o, data, len);
		data += n;
		len -= n;
	}
}

void
json_put_list (struct outbuf *o, const char *key, const struct lhk_text *texts,
	       size_t n)
{
	size_t i;

	outbuf_str (o, key);
	OUTBUF_LIT (o, "[");
	for (i = 0; i < n; i++) {
		if (i > 0)
			OUTBUF_LIT (o, ",");
		json_put_body (o, &texts[i]);
	}
	OUTBUF_LIT (o, "]");
}

void
json_put_word (struct outbuf *o, const char *key, const char *value)
{
	if (value == NULL)
		return;
	outbuf_str (o, key);
	OUTBUF_LIT (o, "\"");
	outbuf_str (o, value);
	OUTBUF_LIT (o, "\"");
}

void
json_put_count (struct outbuf *o, const char *key, int given, int64_t value)
{
	if (!given)
		return;
	outbuf_str (o, key);
	outbuf_i64 (o, value);
}

void
json_put_cost (struct outbuf *o, int64_t nano)
{
	uint64_t n = nano < 0 ? 0 - (uint64_t) nano : (uint64_t) nano;
	char digits[10];
	uint64_t rest = n % 1000000000;
	size_t i, len = 10;

	if (nano < 0)
		OUTBUF_LIT (o, "-");
	outbuf_u64 (o, n / 1000000000);
	if (rest == 0)
		return;
	digits[0] = '.';
	for (i = 9; i > 0; i--, rest /= 10)
		digits[i] = (char) ('0' + rest % 10);
	while (digits[len - 1] == '0')
		len--;
	outbuf_put (o, digits, len);
}

void
jw_init (struct jw *w, struct outbuf *out)
{
	w->out = out;
	w->has_members = 0;
	w->depth = 0;
	w->named = 0;
}

void
jw_key (struct jw *w, const char *key)
{
	uint32_t bit = 1u << w->depth;

	if (w->named) {
		w->named = 0;
		return;
	}
	if (w->depth > 0 && (w->has_members & bit))
		outbuf_byte (w->out, ',');
	w->has_members |= bit;
	if (key == NULL)
		return;
	outbuf_byte (w->out, '"');
	outbuf_str (w->out, key);
	OUTBUF_LIT (w->out, "\":");
}

static void
open_level (struct jw *w, const char *key, char bracket)
{
	jw_key (w, key);
	outbuf_byte (w->out, bracket);
	w->depth++;
	w->has_members &= ~(1u << w->depth);
}

static void
close_level (struct jw *w, char bracket)
{
	w->depth--;
	outbuf_byte (w->out, bracket);
}

void
jw_object_begin (struct jw *w, const char *key)
{
	open_level (w, key, '{');
}

void
jw_object_end (struct jw *w)
{
	close_level (w, '}');
}

void
jw_list_begin (struct jw *w, const char *key)
{
	open_level (w, key, '[');
}

void
jw_list_end (struct jw *w)
{
	close_level (w, ']');
}

void
jw_text (struct jw *w, const char *key, const struct lhk_text *value)
{
	if (value->ptr == NULL)
		return;
	jw_key (w, key);
	json_put_body (w->out, value);
}

void
jw_bytes (struct jw *w, const char *key, const char *data, size_t len)
{
	struct lhk_text text = { data, len, LHK_TEXT_PLAIN, 0 };

	jw_text (w, key, &text);
}

void
jw_str (struct jw *w, const char *key, const char *value)
{
	if (value != NULL)
		jw_bytes (w, key, value, strlen (value));
}

void
jw_i64 (struct jw *w, const char *key, int64_t value)
{
	jw_key (w, key);
	outbuf_i64 (w->out, value);
}

void
jw_u64 (struct jw *w, const char *key, uint64_t value)
{
	jw_key (w, key);
	outbuf_u64 (w->out, value);
}

void
jw_bool (struct jw *w, const char *key, int value)
{
	jw_key (w, key);
	outbuf_str (w->out, value ? "true" : "false");
}

void
jw_cost (struct jw *w, const char *key, int64_t nano)
{
	jw_key (w, key);
	json_put_cost (w->out, nano);
}

void
jw_name (struct jw *w, const char *name, size_t len)
{
	const struct lhk_text text = { name, len, LHK_TEXT_PLAIN, 0 };

	jw_key (w, NULL);
	json_put_body (w->out, &text);
	outbuf_byte (w->out, ':');
	w->named = 1;
}

void
jw_members (struct jw *w, const char *object, size_t len)
{
	if (len <= sizeof "{}" - 1)
		return;
	jw_key (w, NULL);
	json_put_value (w->out, "", object + 1, len - 2);
}

void
jw_raw (struct jw *w, const char *key, const char *data, size_t len)
{
	jw_key (w, key);
	json_put_value (w->out, "", data, len);
}
