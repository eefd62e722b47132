/* SPDX-License-Identifier: MIT */
/*
 * oracle.c - the reader against json-c.
 *
 * What the reader accepts json-c must accept, and give the same values;
 * numbers beyond 64 bits are left out.  What only json-c accepts must become
 * acceptable to the reader when the known laxities are mended: control bytes
 * and bad UTF-8 in strings, NaN and Infinity, zeros in front of a number and
 * a dot without digits on one side of it.  Nesting beyond the reader's limit
 * is one more.  A fresh tokener for each line: one that is used again lets
 * halves of surrogate pairs through to the next line.
 */
#include "config.h"

#include <errno.h>
#include <string.h>

#include <json-c/json.h>

#include "fuzz/fuzz.h"
#include "fuzz/model.h"
#include "json/utf8.h"

#define ORACLE_DEPTH 4096
#define MAX_MEMBERS 256

/* Text decoded, in fresh memory. */
static char *
decoded (const struct lhk_text *text, size_t *ret_len)
{
	size_t need, n;
	char *out;

	lhk_text_decode (text, NULL, 0, &need);
	out = malloc (need + 1);
	if (out == NULL)
		abort ();
	n = lhk_text_decode (text, out, need, NULL);
	FUZZ_CHECK (n == need, text->ptr, text->len);
	out[n] = '\0';
	*ret_len = n;
	return out;
}

static int
same_string (const struct lhk_text *text, struct json_object *o)
{
	size_t len;
	char *s = decoded (text, &len);
	int same = json_object_is_type (o, json_type_string)
		   && (size_t) json_object_get_string_len (o) == len
		   && memcmp (json_object_get_string (o), s, len) == 0
		   && lhk_text_is (text, s, len);

	free (s);
	return same;
}

/* 64 bits hold all integers that are compared. */
static int
same_number (const struct lhk_raw *raw, struct json_object *o)
{
	char *text = strndup (raw->ptr, raw->len);
	struct lhk_num num;
	int same;

	if (text == NULL)
		abort ();
	lhk_raw_num (raw, &num);
	if (json_object_is_type (o, json_type_double)) {
		same = json_object_get_double (o) == strtod (text, NULL);
		if (num.has == 1 && num.value > -(1LL << 53)
		    && num.value < 1LL << 53)
			same &= json_object_get_double (o)
				== (double) num.value;
	} else {
		same = json_object_is_type (o, json_type_int);
		errno = 0;
		if (num.has == 1)
			same &= num.value == json_object_get_int64 (o);
		else
			same &= num.value == INT64_MAX
				|| num.value == INT64_MIN;
	}
	free (text);
	return same;
}

static int same_value (const struct lhk_raw *raw, struct json_object *o);

struct member {
	char *key;
	size_t len;
	struct lhk_raw raw;
};

/* A later member of the same key counts, and json-c ends keys at a NUL. */
static int
is_hidden (const struct member *m, size_t i, size_t n)
{
	size_t k;

	for (k = i + 1; k < n; k++) {
		if (strcmp (m[k].key, m[i].key) == 0)
			return 1;
	}
	return 0;
}

static int
same_object (const struct lhk_raw *raw, struct json_object *o)
{
	struct member *m = malloc (MAX_MEMBERS * sizeof (*m));
	struct json_object *value;
	struct lhk_text key;
	struct lhk_json j;
	size_t i, n = 0;
	int same = 1, seen = 0;

	if (m == NULL)
		abort ();
	lhk_json_begin_raw (&j, raw);
	lhk_json_enter (&j);
	while (n < MAX_MEMBERS && lhk_json_key (&j, &key)) {
		m[n].key = decoded (&key, &m[n].len);
		lhk_json_raw (&j, &m[n++].raw);
	}
	if (n < MAX_MEMBERS) {
		for (i = 0; i < n && same; i++) {
			if (is_hidden (m, i, n))
				continue;
			seen++;
			same = json_object_object_get_ex (o, m[i].key, &value)
			       && same_value (&m[i].raw, value);
		}
		same &= !same || seen == json_object_object_length (o);
		same &= lhk_json_end (&j) == LHK_OK;
	}
	for (i = 0; i < n; i++)
		free (m[i].key);
	free (m);
	return same;
}

static int
same_array (const struct lhk_raw *raw, struct json_object *o)
{
	struct lhk_raw element;
	struct lhk_json j;
	size_t i = 0;
	int same = 1;

	lhk_json_begin_raw (&j, raw);
	lhk_json_enter (&j);
	while (same && lhk_json_element (&j)) {
		lhk_json_raw (&j, &element);
		same = i < json_object_array_length (o)
		       && same_value (&element,
				      json_object_array_get_idx (o, i));
		i++;
	}
	return same && i == json_object_array_length (o)
	       && lhk_json_end (&j) == LHK_OK;
}

static int
same_value (const struct lhk_raw *raw, struct json_object *o)
{
	struct lhk_text text;

	switch (raw->type) {
	case LHK_JSON_OBJECT:
		return json_object_is_type (o, json_type_object)
		       && same_object (raw, o);
	case LHK_JSON_ARRAY:
		return json_object_is_type (o, json_type_array)
		       && same_array (raw, o);
	case LHK_JSON_STRING:
		return lhk_raw_text (raw, &text) && same_string (&text, o);
	case LHK_JSON_NUMBER:
		return same_number (raw, o);
	case LHK_JSON_TRUE:
	case LHK_JSON_FALSE:
		return json_object_is_type (o, json_type_boolean)
		       && json_object_get_boolean (o)
				  == (raw->type == LHK_JSON_TRUE);
	default:
		return raw->type == LHK_JSON_NULL && o == NULL;
	}
}

/* What a tokener must have room for: no line is as deep as it has brackets, and
 * room for ORACLE_DEPTH takes longer to clear than a line takes to read. */
static int
depth_of (const char *line, size_t len)
{
	int depth = 2;
	size_t i;

	for (i = 0; i < len && depth < ORACLE_DEPTH; i++)
		depth += line[i] == '[' || line[i] == '{';
	return depth;
}

/* 1 if json-c takes the whole line, with its '\n'; RET to be put. */
static int
ask_json_c (const char *line, size_t len, struct json_object **ret)
{
	struct json_tokener *tok = json_tokener_new_ex (depth_of (line, len));
	int ok;

	if (tok == NULL)
		abort ();
	json_tokener_set_flags (tok, JSON_TOKENER_STRICT
					     | JSON_TOKENER_VALIDATE_UTF8);
	*ret = json_tokener_parse_ex (tok, line, (int) len + 1);
	ok = json_tokener_get_error (tok) == json_tokener_success
	     && json_tokener_get_parse_end (tok) >= len;
	json_tokener_free (tok);
	if (!ok && *ret != NULL)
		json_object_put (*ret);
	return ok;
}

static int
reader_takes (const char *line, size_t len, struct lhk_raw *raw, int *error)
{
	struct lhk_json j;
	int ok;

	lhk_json_begin (&j, line, len);
	lhk_json_raw (&j, raw);
	ok = lhk_json_end (&j) == LHK_OK;
	*error = j.error;
	return ok;
}

static int
is_digit (char c)
{
	return c >= '0' && c <= '9';
}

/* What json-c takes within a number at S, outside of strings, and the reader
 * does not: the bytes to leave out, and *RET to put in their place if not 0.
 * BEFORE is the byte before. */
static size_t
mend_at (const char *s, size_t len, char before, char *ret)
{
	static const char *const words[] = { "NaN", "Infinity" };
	const int before_digit = len > 1 && is_digit (s[1]);
	size_t i, n;

	*ret = 0;
	for (i = 0; i < 2; i++) {
		n = strlen (words[i]);
		if (len >= n && memcmp (s, words[i], n) == 0) {
			*ret = '0';
			return n;
		}
	}
	if (*s == '.')
		return is_digit (before) && !before_digit;
	return *s == '0' && before_digit && !is_digit (before) && before != '.';
}

/* NaN and Infinity become 0, `1.' becomes 1, `01' 1 and `-.5' 0.5. */
static size_t
mend_numbers (char *s, size_t len)
{
	size_t n, in = 0, out = 0;
	int string = 0;
	char c;

	while (in < len) {
		if (!string && s[in] == '.' && out && s[out - 1] == '-')
			s[out - 1] = '0';
		n = string ? 0
			   : mend_at (s + in, len - in, out ? s[out - 1] : ' ',
				      &c);
		if (n > 0) {
			in += n;
			if (c != 0)
				s[out++] = c;
			continue;
		}
		if (s[in] == '"')
			string = !string;
		else if (string && s[in] == '\\' && in + 1 < len)
			s[out++] = s[in++];
		s[out++] = s[in++];
	}
	return out;
}

/* Replace what strings must not hold.  1 if there was anything. */
static int
mend_strings (char *s, size_t len)
{
	char *p = s, *end = s + len;
	int string = 0, escaped = 0, any = 0;
	size_t n;

	for (; p < end; p += n) {
		n = lhk_json_utf8_len (p, end);
		if (string && (n == 0 || (unsigned char) *p < 0x20)) {
			*p = '?';
			any = n = 1;
		} else if (string && !escaped) {
			string = *p != '"';
			escaped = *p == '\\';
			continue;
		} else if (!string) {
			string = *p == '"';
			n = 1;
		}
		escaped = 0;
	}
	return any;
}

/* What json-c alone took: the laxity, or NULL. */
static const char *
laxity (const char *line, size_t len, int error)
{
	const char *why = NULL;
	struct lhk_raw raw;
	char *copy, *padded;
	size_t n = len;
	int mended;

	if (error == LHK_JSON_EDEPTH)
		return "json-c only: nested deeper";
	copy = malloc (len + 1);
	if (copy == NULL)
		abort ();
	memcpy (copy, line, len);
	mended = mend_strings (copy, n);
	padded = fuzz_line (copy, n);
	if (mended && reader_takes (padded, n, &raw, &error))
		why = "json-c only: control bytes or bad UTF-8";
	free (padded);
	n = mend_numbers (copy, n);
	padded = fuzz_line (copy, n);
	if (why == NULL && reader_takes (padded, n, &raw, &error))
		why = "json-c only: NaN, Infinity, 01, 1. or -.1";
	free (padded);
	free (copy);
	return why;
}

int
oracle_judge (const char *line, size_t len, const char **why)
{
	struct json_object *o = NULL;
	struct lhk_raw raw;
	int mine, theirs, error, same = 1;

	mine = reader_takes (line, len, &raw, &error);
	theirs = ask_json_c (line, len, &o);
	*why = "the reader accepts what json-c does not";
	if (mine && !theirs)
		return ORACLE_WRONG;
	if (mine)
		same = same_value (&raw, o);
	if (theirs)
		json_object_put (o);
	*why = "values differ";
	if (mine)
		return same ? ORACLE_BOTH_ACCEPT : ORACLE_WRONG;
	if (!theirs)
		return ORACLE_BOTH_REFUSE;
	*why = laxity (line, len, error);
	if (*why != NULL)
		return ORACLE_LAX;
	*why = "the reader refuses what json-c accepts";
	return ORACLE_WRONG;
}
