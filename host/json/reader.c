/* SPDX-License-Identifier: MIT */
/*
 * reader.c - the pull reader.
 *
 * A value that its caller did not take is skipped before the next key or
 * element, and asking the wrong kind of container leaves it: a stream whose
 * types are not those a plugin was written for is read to its end all the
 * same, and in full strictness.
 */
#include "config.h"

#include <string.h>

#include "json/ops.h"

/* The text of an absent value: empty, with its padding. */
static const char empty_text[64] = { '\n' };

const char *
lhk_json_fail (struct lhk_json *j, const char *p, int error)
{
	if (j->error == 0)
		j->error = p >= j->end ? LHK_JSON_EEND : error;
	return NULL;
}

/* The error of the first wrong one of the hexadecimal digits at P. */
static const char *
fail_hex (struct lhk_json *j, const char *p)
{
	while (lhk_json_hex[(uint8_t) *p] != 0xff)
		p++;
	return lhk_json_fail (j, p, LHK_JSON_ESTRING);
}

const char *
lhk_json_string_error (struct lhk_json *j, const char *p)
{
	const char *start = p;

	while (*p != '"' && (uint8_t) *p >= 0x20) {
		if (*p++ != '\\')
			continue;
		switch (lhk_json_escapes[(uint8_t) *p]) {
		case ESCAPE_BAD:
			return lhk_json_fail (j, p, LHK_JSON_ESTRING);
		case ESCAPE_U:
			if (!lhk_json_hex4_is_valid (p + 1))
				return fail_hex (j, p + 1);
			p += 5;
			break;
		default:
			p++;
		}
	}
	if (*p != '"')
		return lhk_json_fail (j, p, LHK_JSON_ESTRING);
	return lhk_json_fail (j, start, LHK_JSON_EUTF8);
}

static void
skip_space (struct lhk_json *j)
{
	while (*j->at == ' ' || *j->at == '\t' || *j->at == '\r')
		j->at++;
}

static int
in_object (const struct lhk_json *j)
{
	const uint32_t top = j->depth - 1;

	return j->depth != 0 && (j->is_object[top >> 6] >> (top & 63) & 1);
}

void
lhk_json_begin_ops (struct lhk_json *j, const struct lhk_json_ops *ops,
		    const char *data, size_t len)
{
	j->at = data;
	j->start = data;
	j->end = data + len;
	j->depth = 0;
	j->error = LHK_JSON_OK;
	j->is_object[0] = 0;
	j->is_object[1] = 0;
	j->state = STATE_VALUE;
	j->reserved = 0;
	j->ops = ops;
}

void
lhk_json_begin (struct lhk_json *j, const char *data, size_t len)
{
	lhk_json_begin_ops (j, lhk_json_ops_here (), data, len);
}

void
lhk_json_begin_raw (struct lhk_json *j, const struct lhk_raw *raw)
{
	if (raw->ptr == NULL)
		lhk_json_begin (j, empty_text, 0);
	else
		lhk_json_begin (j, raw->ptr, raw->len);
}

int
lhk_json_peek (struct lhk_json *j)
{
	if (j->error || j->state != STATE_VALUE)
		return LHK_JSON_NONE;
	skip_space (j);
	return lhk_json_types[(uint8_t) *j->at];
}

int
lhk_json_took (struct lhk_json *j, const char *p)
{
	if (p == NULL)
		return 0;
	j->at = p;
	j->state = STATE_AFTER;
	return 1;
}

int
lhk_json_enter (struct lhk_json *j)
{
	const int type = lhk_json_peek (j);
	const uint32_t top = j->depth;
	const uint64_t bit = (uint64_t) 1 << (top & 63);

	if (type != LHK_JSON_OBJECT && type != LHK_JSON_ARRAY)
		return 0;
	if (top == LHK_JSON_DEPTH) {
		lhk_json_fail (j, j->at, LHK_JSON_EDEPTH);
		return 0;
	}
	if (type == LHK_JSON_OBJECT)
		j->is_object[top >> 6] |= bit;
	else
		j->is_object[top >> 6] &= ~bit;
	j->depth++;
	j->at++;
	j->state = STATE_ENTERED;
	return 1;
}

/* Go to the next member or element of the innermost container: 1.  0 if the
 * container ended and was left, or after an error. */
static int
next_item (struct lhk_json *j)
{
	if (j->state == STATE_VALUE && !lhk_json_skip (j))
		return 0;
	skip_space (j);
	if (*j->at == (in_object (j) ? '}' : ']')) {
		j->at++;
		j->depth--;
		j->state = STATE_AFTER;
		return 0;
	}
	if (j->state == STATE_AFTER) {
		if (*j->at != ',') {
			lhk_json_fail (j, j->at, LHK_JSON_ESYNTAX);
			return 0;
		}
		j->at++;
	}
	j->state = STATE_VALUE;
	return 1;
}

/* Read the key at j->at and its colon. */
static int
read_key (struct lhk_json *j, struct lhk_text *ret)
{
	const char *end;

	skip_space (j);
	if (*j->at != '"') {
		lhk_json_fail (j, j->at, LHK_JSON_ESYNTAX);
		return 0;
	}
	ret->ptr = j->at + 1;
	ret->reserved = 0;
	end = j->ops->string (ret->ptr, &ret->form);
	if (end == NULL) {
		lhk_json_string_error (j, ret->ptr);
		return 0;
	}
	ret->len = (size_t) (end - ret->ptr);
	j->at = end + 1;
	skip_space (j);
	if (*j->at != ':') {
		lhk_json_fail (j, j->at, LHK_JSON_ESYNTAX);
		return 0;
	}
	j->at++;
	return 1;
}

/* Skip the rest of a container that is not of the kind its caller takes it
 * for, and leave it.  Returns 0. */
static int
leave_container (struct lhk_json *j)
{
	struct lhk_text key;

	while (next_item (j)) {
		if ((in_object (j) && !read_key (j, &key))
		    || !lhk_json_skip (j))
			break;
	}
	return 0;
}

int
lhk_json_key (struct lhk_json *j, struct lhk_text *ret_key)
{
	struct lhk_text key;

	if (j->error || j->depth == 0)
		return 0;
	if (!in_object (j))
		return leave_container (j);
	if (!next_item (j) || !read_key (j, &key))
		return 0;
	*ret_key = key;
	return 1;
}

int
lhk_json_element (struct lhk_json *j)
{
	if (j->error || j->depth == 0)
		return 0;
	return in_object (j) ? leave_container (j) : next_item (j);
}

int
lhk_json_string (struct lhk_json *j, struct lhk_text *ret)
{
	struct lhk_raw raw;

	if (lhk_json_peek (j) != LHK_JSON_STRING || !lhk_json_raw (j, &raw))
		return 0;
	ret->ptr = raw.ptr + 1;
	ret->len = raw.len - 2;
	ret->form = (uint32_t) raw.form;
	ret->reserved = 0;
	return 1;
}

int
lhk_json_int (struct lhk_json *j, struct lhk_num *ret)
{
	struct lhk_raw raw;

	if (lhk_json_peek (j) != LHK_JSON_NUMBER || !lhk_json_raw (j, &raw))
		return 0;
	lhk_json_num (raw.ptr, raw.len, ret);
	return 1;
}

int
lhk_json_bool (struct lhk_json *j, int32_t *ret)
{
	const int type = lhk_json_peek (j);

	if ((type != LHK_JSON_TRUE && type != LHK_JSON_FALSE)
	    || !lhk_json_skip (j))
		return 0;
	*ret = type == LHK_JSON_TRUE ? 1 : -1;
	return 1;
}

int
lhk_json_raw (struct lhk_json *j, struct lhk_raw *ret)
{
	const int type = lhk_json_peek (j);
	const char *start = j->at;
	uint32_t form = 0;
	const char *p;

	if (j->error || j->state != STATE_VALUE)
		return 0;
	if (type == LHK_JSON_STRING) {
		p = j->ops->string (start + 1, &form);
		if (p == NULL)
			lhk_json_string_error (j, start + 1);
		else
			p++;
	} else {
		p = j->ops->value (j, start);
	}
	if (!lhk_json_took (j, p))
		return 0;
	ret->ptr = start;
	ret->len = (size_t) (p - start);
	ret->type = type;
	ret->form = (int32_t) form;
	return 1;
}

int
lhk_json_skip (struct lhk_json *j)
{
	if (j->error || j->state != STATE_VALUE)
		return 0;
	skip_space (j);
	return lhk_json_took (j, j->ops->value (j, j->at));
}

int
lhk_json_end (struct lhk_json *j)
{
	if (j->error == LHK_JSON_OK
	    && (j->state != STATE_AFTER || j->depth != 0))
		j->error = LHK_JSON_EEND;
	if (j->error == LHK_JSON_OK) {
		while (j->at < j->end
		       && (*j->at == ' ' || *j->at == '\t' || *j->at == '\r'))
			j->at++;
		if (j->at != j->end)
			j->error = LHK_JSON_ETRAILING;
	}
	return j->error ? LHK_EPARSE : LHK_OK;
}
