/* SPDX-License-Identifier: MIT */
/* writer.c - the pieces that lines of JSON are made of. */
#include "config.h"

#include "json/text_reader.h"
#include "format/event_json.h"
#include "json/writer.h"

void
json_put_body (struct outbuf *o, const struct lhk_text *text)
{
	struct text_reader r;
	size_t n;

	OUT_LIT (o, "\"");
	if (text->form == LHK_TEXT_CLEAN || text->form == LHK_TEXT_SAME) {
		if (text->len > 0)
			outbuf_put (o, text->ptr, text->len);
	} else {
		text_begin (&r, text);
		do {
			n = outbuf_room (o, TEXT_CHAR);
			n = text_body (&r, o->data + o->len, n);
			o->len += n;
		} while (r.at < r.end);
	}
	OUT_LIT (o, "\"");
}

void
json_put_value (struct outbuf *o, const char *key, const char *data, size_t len)
{
	const char *lf;

	outbuf_str (o, key);
	while (len > 0 && (lf = memchr (data, '\n', len)) != NULL) {
		outbuf_put (o, data, (size_t) (lf - data));
		OUT_LIT (o, " ");
		len -= (size_t) (lf - data) + 1;
		data = lf + 1;
	}
	outbuf_put (o, data, len);
}

void
json_put_list (struct outbuf *o, const char *key, const struct lhk_text *texts,
	       size_t n)
{
	size_t i;

	outbuf_str (o, key);
	OUT_LIT (o, "[");
	for (i = 0; i < n; i++) {
		if (i > 0)
			OUT_LIT (o, ",");
		json_put_body (o, &texts[i]);
	}
	OUT_LIT (o, "]");
}

void
json_put_word (struct outbuf *o, const char *key, const char *value)
{
	if (value == NULL)
		return;
	outbuf_str (o, key);
	OUT_LIT (o, "\"");
	outbuf_str (o, value);
	OUT_LIT (o, "\"");
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
		OUT_LIT (o, "-");
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
