/* SPDX-License-Identifier: MIT */
/* stream_json.c - what formats like Claude Code's stream-json share. */
#include "config.h"

#include <stdio.h>

#include "common/stream_json.h"

static size_t
append (char *at, const char *p, size_t len)
{
	memcpy (at, p, len);
	return len;
}

int
json_object_of (struct arena *a, const struct json_member *members, size_t n,
		struct lhk_raw *ret)
{
	size_t room = 2;
	size_t len = 0;
	size_t i;
	char *p;

	for (i = 0; i < n; i++)
		room += strlen (members[i].key) + members[i].value.len + 4;
	p = arena_alloc (a, room);
	if (p == NULL)
		return LHK_ENOMEM;
	p[len++] = '{';
	for (i = 0; i < n; i++) {
		if (members[i].value.ptr == NULL
		    || members[i].value.ptr[0] == 'n')
			continue;
		len += append (p + len, len > 1 ? ",\"" : "\"",
			       len > 1 ? 2 : 1);
		len += append (p + len, members[i].key,
			       strlen (members[i].key));
		len += append (p + len, "\":", 2);
		len += append (p + len, members[i].value.ptr,
			       members[i].value.len);
	}
	p[len++] = '}';
	ret->ptr = p;
	ret->len = len;
	ret->type = LHK_JSON_OBJECT;
	ret->form = 0;
	return 0;
}

struct lhk_str
json_string_of (const struct lhk_text *text)
{
	struct lhk_str s = { NULL, 0 };

	if (text->ptr != NULL) {
		s.ptr = text->ptr - 1;
		s.len = text->len + 2;
	}
	return s;
}

struct block {
	struct lhk_text text;
};

static const struct lhk_field block_fields[] = {
	LHK_FIELD ("text", LHK_FIELD_TEXT, struct block, text),
};
LHK_FIELDS (block_table, struct block, block_fields);

static int
join_blocks (struct arena *a, const struct lhk_raw *content,
	     struct lhk_text *ret, size_t *others)
{
	struct texts parts = { NULL, 0, 0 };
	struct lhk_raw raw;
	struct lhk_json j;
	struct block b;
	int r;

	r = texts_reserve (&parts, a, raw_count (content));
	if (r < 0)
		return r;
	lhk_json_begin_raw (&j, content);
	lhk_json_enter (&j);
	while (lhk_json_element (&j) && lhk_json_raw (&j, &raw)) {
		if (raw.type != LHK_JSON_OBJECT
		    || lhk_json_raw_object (&raw, &block_table, &b) != LHK_OK
		    || b.text.ptr == NULL) {
			++*others;
			continue;
		}
		r = texts_add (&parts, a, &b.text);
		if (r < 0)
			return r;
	}
	return text_join_by (a, &parts, "\n", ret);
}

int
content_text (struct arena *a, const struct lhk_raw *content,
	      struct lhk_text *ret, size_t *ret_others)
{
	size_t others = 0;
	int r = 0;

	memset (ret, 0, sizeof (*ret));
	if (content->type == LHK_JSON_STRING)
		lhk_raw_text (content, ret);
	if (content->type == LHK_JSON_ARRAY)
		r = join_blocks (a, content, ret, &others);
	if (r == 0 && ret_others != NULL)
		*ret_others = others;
	return r;
}

/* Tenths of a second, at most those of a day. */
static unsigned int
tenths_of (int64_t ms)
{
	const uint32_t day = 24u * 3600 * 1000;

	return ms <= 0 ? 0 : (ms < day ? (uint32_t) ms : day) / 100u;
}

int
retry_text (struct arena *a, const struct lhk_num *attempt,
	    const struct lhk_num *max, const struct lhk_num *delay_ms,
	    struct lhk_text *ret)
{
	const unsigned int tenths = tenths_of (delay_ms->value);
	char *p = arena_alloc (a, 160);

	if (p == NULL)
		return LHK_ENOMEM;
	snprintf (p, 160,
		  "a request to the model failed; attempt %lld of %lld follows "
		  "in %u.%u s",
		  (long long) attempt->value, (long long) max->value,
		  tenths / 10, tenths % 10);
	*ret = text_str (p);
	return 0;
}

int
probe_objects (const char *data, size_t len,
	       int (*is_ours) (const struct lhk_raw *object))
{
	struct lhk_raw raw;
	struct lhk_json j;

	lhk_json_begin (&j, data, len);
	if (!lhk_json_raw (&j, &raw) || lhk_json_end (&j) != LHK_OK)
		return 0;
	if (raw.type != LHK_JSON_ARRAY)
		return is_ours (&raw);
	lhk_json_begin_raw (&j, &raw);
	lhk_json_enter (&j);
	while (lhk_json_element (&j) && lhk_json_raw (&j, &raw))
		if (is_ours (&raw))
			return 1;
	return 0;
}
