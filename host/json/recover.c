/* SPDX-License-Identifier: MIT */
/*
 * recover.c - the JSON objects of a line that is not one JSON object.
 *
 * The line is walked twice, by the same steps: first to know which of its
 * objects count, then to give them out.  A step is over whatever stands between
 * objects, and then over one object, which is copied as it is read; a small
 * grammar of tokens says where it ends or tears, and the strict reader then
 * says whether the copy is JSON.
 */
#include "config.h"

#include <string.h>

#include <linehook/plugin.h>

#include "common/termseq.h"
#include "json/ops.h"
#include "json/recover.h"
#include "json/slice.h"

/* ---- the grammar of tokens ---- */

/* What may come next. */
enum {
	WANT_VALUE,
	WANT_FIRST,
	WANT_KEY,
	WANT_FIRST_KEY,
	WANT_COLON,
	WANT_MORE
};

struct grammar {
	uint64_t is_object[2]; /* bit per open container */
	uint32_t depth;
	int want;
	int colons; /* a key had its colon: this is meant to be JSON */
};

static int
in_object (const struct grammar *g)
{
	uint32_t top = g->depth - 1;

	return g->depth > 0 && (g->is_object[top >> 6] >> (top & 63) & 1);
}

static int
is_due (const struct grammar *g)
{
	return g->want == WANT_VALUE || g->want == WANT_FIRST;
}

static int
take_open (struct grammar *g, int object)
{
	const uint64_t bit = (uint64_t) 1 << (g->depth & 63);

	if (!is_due (g) || g->depth == LHK_JSON_DEPTH)
		return 0;
	if (object)
		g->is_object[g->depth >> 6] |= bit;
	else
		g->is_object[g->depth >> 6] &= ~bit;
	g->depth++;
	g->want = object ? WANT_FIRST_KEY : WANT_FIRST;
	return 1;
}

static int
take_close (struct grammar *g, int object)
{
	if (g->depth == 0 || in_object (g) != object
	    || (g->want != WANT_MORE
		&& g->want != (object ? WANT_FIRST_KEY : WANT_FIRST)))
		return 0;
	g->depth--;
	g->want = WANT_MORE;
	return 1;
}

/* Was there nothing but one brace? */
static int
is_alone (const struct grammar *g)
{
	return g->depth == 1 && g->want == WANT_FIRST_KEY;
}

/* The next token is a string, a word or a number. */
static int
take_scalar (struct grammar *g, int is_string)
{
	int is_key = g->want == WANT_KEY || g->want == WANT_FIRST_KEY;

	if (!is_due (g) && !(is_key && is_string))
		return 0;
	g->want = is_key ? WANT_COLON : WANT_MORE;
	return 1;
}

/* The next token begins with C: 1, or 0 if it cannot stand here. */
static int
take_token (struct grammar *g, char c)
{
	switch (c) {
	case '{':
	case '[':
		return take_open (g, c == '{');
	case '}':
	case ']':
		return take_close (g, c == '}');
	case ',':
		if (g->want != WANT_MORE || g->depth == 0)
			return 0;
		g->want = in_object (g) ? WANT_KEY : WANT_VALUE;
		return 1;
	case ':':
		if (g->want != WANT_COLON)
			return 0;
		g->want = WANT_VALUE;
		g->colons = 1;
		return 1;
	default:
		return take_scalar (g, c == '"');
	}
}

/* ---- one value ---- */

/* What became of a value. */
enum {
	VALUE_WHOLE,
	VALUE_EMPTY,   /* {} */
	VALUE_TEXT,    /* it is none, and nothing of it is JSON */
	VALUE_TORN,    /* it was meant to be one; go on behind it */
	VALUE_UNCLOSED /* the line ends inside of it */
};

/* May there be a U+FFFD in place of N bytes at P? */
static int
has_room (const struct recover *r, const char *p, size_t n)
{
	return r->len + 3 + (size_t) (r->end - p) - n <= r->max;
}

static void
put (struct recover *r, const char *p, size_t n)
{
	memcpy (r->copy + r->len, p, n);
	r->len += n;
}

/* May C stand in a string as it is? */
static int
is_plain (char c)
{
	return (uint8_t) c >= 0x20 && (uint8_t) c < 0x80 && c != '"'
	       && c != '\\';
}

/* The end of the bytes from P on that may stand in a string as they are. */
static const char *
skip_plain (const char *p, const char *end)
{
	while (p < end && is_plain (*p))
		p++;
	return p;
}

/* Copy a character of a string that is not plain.  Returns the byte behind. */
static const char *
copy_char (struct recover *r, const char *p)
{
	size_t n = (uint8_t) *p < 0x20 ? 0 : lhk_json_utf8_len (p, r->end);

	if (n > 0) {
		put (r, p, n);
		return p + n;
	}
	n = (uint8_t) *p < 0x20 ? 1 : lhk_json_utf8_bad (p, r->end);
	if (has_room (r, p, n))
		put (r, "\xef\xbf\xbd", 3);
	else
		put (r, "?", 1);
	return p + n;
}

/* Copy the string at P.  Returns the byte behind it, or the end of the line if
 * that comes first. */
static const char *
copy_string (struct recover *r, const char *p)
{
	const char *plain;

	put (r, p++, 1);
	for (;;) {
		plain = p;
		p = skip_plain (p, r->end);
		put (r, plain, (size_t) (p - plain));
		if (p == r->end || *p == '"')
			break;
		if (*p == '\\')
			put (r, p++, 1);
		if (p < r->end)
			p = copy_char (r, p);
	}
	if (p < r->end)
		put (r, p++, 1);
	return p;
}

/* May C stand in a word or a number? */
static int
is_word (char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')
	       || (c >= 'A' && c <= 'Z') || c == '+' || c == '-' || c == '.';
}

/* May C begin a token? */
static int
is_token (char c)
{
	return is_word (c) || c == '"' || c == ',' || c == ':' || c == '{'
	       || c == '}' || c == '[' || c == ']';
}

static const char *
copy_token (struct recover *r, const char *p)
{
	const char *start = p;

	if (*p == '"')
		return copy_string (r, p);
	do
		p++;
	while (is_word (*start) && p < r->end && is_word (*p));
	put (r, start, (size_t) (p - start));
	return p;
}

/* Copy blanks, and leave out colours and the like; other control bytes stay
 * where they are, and make it no JSON. */
static const char *
skip_between (struct recover *r, const char *p)
{
	while (p < r->end && (*p == ' ' || *p == '\t' || *p == '\r'))
		put (r, p++, 1);
	if (p < r->end && (*p == '\x1b' || (uint8_t) *p >= 0x80))
		p += termseq_span (p, r->end);
	return p;
}

/* The byte behind the brackets that are open at P, DEPTH of them, where the
 * grammar no longer holds; NULL if they stay open. */
static const char *
skip_broken (const struct recover *r, const char *p, uint32_t depth)
{
	int in_string = 0, escaped = 0;

	for (; p < r->end; p++) {
		if (in_string) {
			in_string = escaped || *p != '"';
			escaped = !escaped && *p == '\\';
		} else if (*p == '{' || *p == '[') {
			depth++;
		} else if ((*p == '}' || *p == ']') && --depth == 0) {
			return p + 1;
		} else {
			in_string = *p == '"';
		}
	}
	return NULL;
}

/*
 * The grammar does not hold at P, in a value that begins at START.  If another
 * object begins just there, with a brace, or with one that the last string had
 * as its end, go on with that: two programs wrote at the same time.
 */
static int
on_tear (const struct recover *r, const struct grammar *g, const char *start,
	 const char *p, const char **ret)
{
	const char *next;

	*ret = p - start > 2 && p[-1] == '"' && p[-2] == '{' ? p - 2 : p;
	if (!g->colons)
		return VALUE_TEXT;
	if (**ret == '{' && !r->text && g->depth < LHK_JSON_DEPTH)
		return VALUE_TORN;
	next = skip_broken (r, p, g->depth);
	*ret = next != NULL ? next : r->end;
	return next != NULL ? VALUE_TORN : VALUE_UNCLOSED;
}

static int
is_json (struct recover *r)
{
	memset (r->copy + r->len, '\n', LHK_LINE_PADDING);
	return json_slice_is_padded_value (r->copy, r->len);
}

/* Copy the object or array at START.  VALUE_*; *RET is where to go on. */
static int
copy_value (struct recover *r, const char *start, const char **ret)
{
	struct grammar g = { { 0, 0 }, 0, WANT_VALUE, 0 };
	const char *p = start;

	r->len = 0;
	do {
		if (!is_token (*p) || !take_token (&g, *p))
			return on_tear (r, &g, start, p, ret);
		p = copy_token (r, p);
		if (g.depth > 0)
			p = skip_between (r, p);
	} while (g.depth > 0 && p < r->end);
	*ret = p;
	if (g.depth > 0)
		return is_alone (&g) ? VALUE_TEXT : VALUE_UNCLOSED;
	if (*start == '{' && !g.colons)
		return VALUE_EMPTY;
	return is_json (r) ? VALUE_WHOLE : VALUE_TORN;
}

/* ---- steps over the line ---- */

/* What stands between two objects. */
struct gap {
	int text;    /* something that may not stand there */
	int changed; /* something but blanks */
};

/* Is there nothing but blanks from P on, N bytes? */
static int
is_blank (const char *p, size_t n)
{
	while (n > 0 && (*p == ' ' || *p == '\t' || *p == '\r')) {
		p++;
		n--;
	}
	return n == 0;
}

/* Is there a bracket, and then a brace, at P? */
static int
begins_list (const struct recover *r, const char *p)
{
	if (p == r->end || *p != '[')
		return 0;
	p += 1 + termseq_span (p + 1, r->end);
	return p < r->end && *p == '{';
}

/* Is the byte at R->at a bracket of an array of objects, or a comma in it? */
static int
is_list_mark (struct recover *r)
{
	if (r->in_list) {
		r->in_list = *r->at != ']';
		return *r->at == ',' || *r->at == ']';
	}
	r->in_list = begins_list (r, r->at);
	return r->in_list;
}

/* Go over a character that may not stand between objects. */
static void
skip_text (struct recover *r, struct gap *gap)
{
	size_t n = lhk_json_utf8_len (r->at, r->end);

	gap->changed = 1;
	gap->text |= !is_list_mark (r);
	r->at += n > 0 ? n : 1;
}

/* Try the object at R->at: 1 if there is one, and a copy of it. */
static int
try_object (struct recover *r, struct gap *gap)
{
	const char *start = r->at;
	int what = copy_value (r, start, &r->at);

	if (what == VALUE_WHOLE) {
		gap->changed |= r->len != (size_t) (r->at - start)
				|| memcmp (r->copy, start, r->len) != 0;
		return 1;
	}
	gap->changed = 1;
	gap->text |= what != VALUE_EMPTY;
	r->saw_json |= what == VALUE_TORN || what == VALUE_UNCLOSED;
	return 0;
}

/* Go on to behind the next object, of which there is a copy then: 1.  0: there
 * is none up to the end of the line. */
static int
step (struct recover *r, struct gap *ret)
{
	int found = 0;
	size_t n;

	memset (ret, 0, sizeof *ret);
	while (!found) {
		n = termseq_span (r->at, r->end);
		ret->changed |= !is_blank (r->at, n);
		r->at += n;
		if (r->at == r->end)
			break;
		if (*r->at == '{')
			found = try_object (r, ret);
		else
			skip_text (r, ret);
		r->text |= ret->text;
	}
	return found;
}

/* ---- an array of objects ---- */

/* The next element of the array that is an object. */
static int
next_element (struct recover *r, struct lhk_raw *ret)
{
	while (lhk_json_element (&r->elements)
	       && lhk_json_raw (&r->elements, ret))
		if (ret->type == LHK_JSON_OBJECT)
			return 1;
	return 0;
}

static void
begin_elements (struct recover *r)
{
	lhk_json_begin (&r->elements, r->copy, r->len);
	lhk_json_enter (&r->elements);
}

/* Is the line an array whose first element is an object?  Returns how many of
 * its elements are. */
static size_t
count_elements (struct recover *r)
{
	const char *p = r->start + termseq_span (r->start, r->end);
	struct lhk_raw raw;
	size_t n = 0;

	if (!begins_list (r, p) || copy_value (r, p, &p) != VALUE_WHOLE
	    || p + termseq_span (p, r->end) != r->end)
		return 0;
	begin_elements (r);
	while (next_element (r, &raw))
		n++;
	begin_elements (r);
	return n;
}

static int
take_element (struct recover *r, struct lhk_str *ret)
{
	struct lhk_raw raw;

	if (r->cut != NULL)
		*r->cut = r->behind;
	r->cut = NULL;
	if (!next_element (r, &raw))
		return 0;
	ret->ptr = raw.ptr;
	ret->len = raw.len;
	r->cut = r->copy + (raw.ptr - r->copy) + raw.len;
	r->behind = *r->cut;
	*r->cut = '\n';
	return 1;
}

/* ---- public ---- */

size_t
recover_room (const char *data, size_t len, size_t max)
{
	const char *p = data, *end = data + len;
	size_t room = len, n;

	while (p < end) {
		n = (uint8_t) *p < 0x20 ? 0 : lhk_json_utf8_len (p, end);
		room += n == 0 ? 2 : 0;
		p += n == 0 ? 1 : n;
	}
	return (room < max ? room : max) + LHK_LINE_PADDING;
}

/* Walk the whole line; how many of its objects count. */
static size_t
count_objects (struct recover *r)
{
	const char *clean = r->start; /* the end of the objects without text */
	size_t n_clean = 0, n = 0;
	int changed = 0, more;
	struct gap gap;

	do {
		more = step (r, &gap);
		changed |= gap.changed;
		n += (size_t) more;
		if (more && !r->text) {
			n_clean = n;
			clean = r->at;
		}
	} while (more);
	r->at = r->start;
	r->text = r->in_list = 0;
	if (!gap.text)
		return n > 1 || changed ? n : 0;
	r->saw_json |= n > n_clean;
	r->rest = clean + termseq_span (clean, r->end);
	return n_clean;
}

size_t
recover_begin (struct recover *r, const char *data, size_t len, char *copy,
	       size_t room)
{
	memset (r, 0, sizeof *r);
	r->start = r->at = data;
	r->end = data + len;
	r->copy = copy;
	r->max = room - LHK_LINE_PADDING;
	r->left = count_elements (r);
	r->is_array = r->left > 0;
	if (!r->is_array)
		r->left = count_objects (r);
	return r->left;
}

int
recover_next (struct recover *r, struct lhk_str *ret)
{
	struct gap gap;

	if (r->is_array)
		return take_element (r, ret);
	if (r->left == 0 || !step (r, &gap))
		return 0;
	r->left--;
	ret->ptr = r->copy;
	ret->len = r->len;
	return 1;
}
