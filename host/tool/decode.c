/* SPDX-License-Identifier: MIT */
/*
 * decode.c - pieces of a document: past the rules, then to json-c.
 *
 * json-c gets the bytes as they are, but for numbers that it would change:
 * those go as strings with a mark in front that no valid string can begin
 * with, and become numbers that know their text when the tree is there.
 */
#include "config.h"

#include <string.h>

#include <json-c/json.h>
#include <json-c/printbuf.h>

#include "tool/decode.h"
#include "tool/number.h"

/* Never a byte of UTF-8. */
#define MARK '\xff'

/* What json-c is given at once. */
#define GIVEN_MAX ((size_t) 32 << 10)

void
decode_init (struct decode *d, uint64_t cost_most)
{
	memset (d, 0, sizeof *d);
	d->cost_most = cost_most;
	if (cost_most == 0)
		return;
	d->reader = json_tokener_new_ex ((int) DECODE_DEPTH + 1);
	if (d->reader == NULL)
		d->error = DECODE_MEMORY;
	else
		json_tokener_set_flags (d->reader, JSON_TOKENER_STRICT);
}

const char *
decode_reason (int error)
{
	static const char *const reasons[] = {
		[DECODE_FINE] = "nothing is wrong",
		[DECODE_CHARACTER] = "unexpected character",
		[DECODE_END] = "the document is cut off",
		[DECODE_TOP] = "the top level is not an object",
		[DECODE_TRAILING] = "something follows the document",
		[DECODE_UTF8] = "invalid UTF-8",
		[DECODE_CONTROL] = "control character in a string",
		[DECODE_ESCAPE] = "bad escape in a string",
		[DECODE_NUMERAL] = "bad number",
		[DECODE_NAME] = "a name has U+0000 in it",
		[DECODE_DEEP] = "nested deeper than 512 levels",
		[DECODE_LARGE] = "it takes too much memory when decoded",
		[DECODE_MEMORY] = "out of memory",
	};

	return reasons[error];
}

int
decode_fail (struct decode *d, int error)
{
	if (d->error == DECODE_FINE)
		d->error = error;
	return -1;
}

/* ---- to json-c ---- */

/* json-c goes on without those bytes of a string for which it finds no memory:
 * there is room for all LEN before it gets them. */
static int
make_room (struct printbuf *text, size_t len)
{
	int at = text->bpos;

	if ((size_t) (text->size - at) > len)
		return 0;
	if (printbuf_memset (text, -1, 0, (int) len + 1) < 0)
		return -1;
	text->bpos = at;
	return 0;
}

static int
is_blank (const char *p, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (strchr (" \t\r\n", p[i]) == NULL || p[i] == '\0')
			return 0;
	return 1;
}

/*
 * What json-c is given has passed the rules, so it can only fail for want of
 * memory.  It does not say so but stops, with a success in the middle of the
 * document: so LEN bytes behind P must all be taken, or be white space at its
 * end.
 */
static int
give_piece (struct decode *d, const char *p, size_t len)
{
	struct json_object *root;
	enum json_tokener_error e;
	size_t taken;

	if (make_room (d->reader->pb, len) < 0)
		return decode_fail (d, DECODE_MEMORY);
	root = json_tokener_parse_ex (d->reader, p, (int) len);
	e = json_tokener_get_error (d->reader);
	taken = json_tokener_get_parse_end (d->reader);
	if (e == json_tokener_continue && taken == len)
		return 0;
	if (e == json_tokener_success && d->state == AT_REST
	    && is_blank (p + taken, len - taken)) {
		d->root = root;
		d->whole = 1;
		return 0;
	}
	json_object_put (root);
	return decode_fail (d, DECODE_MEMORY);
}

static int
give (struct decode *d, const char *p, size_t len)
{
	size_t n;

	for (; d->reader != NULL && !d->whole && len > 0; p += n, len -= n) {
		n = len < GIVEN_MAX ? len : GIVEN_MAX;
		if (give_piece (d, p, n) < 0)
			return -1;
	}
	return 0;
}

/* ---- numbers ---- */

static int
in_number (char c)
{
	return (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.'
	       || c == 'e' || c == 'E';
}

/* All that was kept of it so far. */
static int
give_number (struct decode *d, const char *text, size_t len)
{
	static const char begin[] = { '"', MARK };

	if (!number_is_valid (text, len))
		return decode_fail (d, DECODE_NUMERAL);
	if (decode_number_over (d) < 0)
		return -1;
	if (number_fit (text, len))
		return give (d, text, len);
	d->marks = 1;
	if (give (d, begin, sizeof begin) < 0 || give (d, text, len) < 0)
		return -1;
	return give (d, "\"", 1);
}

/*
 * A number that lies whole in the piece and that json-c reads rightly stays
 * where it is; any other is given by itself, with what is before it.  *FROM is
 * the first byte that was not given.
 */
static const char *
number (struct decode *d, const char *p, const char *end, const char **from)
{
	const char *start = p;
	size_t len;

	while (p < end && in_number (*p))
		p++;
	len = (size_t) (p - start);
	if (len > DECODE_NUMBER - d->n_number) {
		decode_fail (d, DECODE_NUMERAL);
		return NULL;
	}
	if (p < end && d->n_number == 0 && number_is_valid (start, len)
	    && number_fit (start, len))
		return decode_number_over (d) < 0 ? NULL : p;
	if (give (d, *from, (size_t) (start - *from)) < 0)
		return NULL;
	*from = p;
	memcpy (d->number + d->n_number, start, len);
	d->n_number += len;
	if (p == end)
		return p;
	len = d->n_number;
	d->n_number = 0;
	return give_number (d, d->number, len) < 0 ? NULL : p;
}

/* A marked string, or NULL: it is none. */
static const char *
marked (struct json_object *v)
{
	const char *text;

	if (!json_object_is_type (v, json_type_string))
		return NULL;
	text = json_object_get_string (v);
	return *text == MARK ? text + 1 : NULL;
}

static int unmark (struct json_object *v);

static int
unmark_array (struct json_object *array)
{
	size_t i, n = json_object_array_length (array);
	struct json_object *v, *number;

	for (i = 0; i < n; i++) {
		v = json_object_array_get_idx (array, i);
		if (marked (v) == NULL) {
			if (unmark (v) < 0)
				return -1;
			continue;
		}
		number = number_make (marked (v));
		if (number == NULL)
			return -1;
		if (json_object_array_put_idx (array, i, number) < 0) {
			json_object_put (number);
			return -1;
		}
	}
	return 0;
}

static int
unmark_object (struct json_object *object)
{
	struct lh_entry *e = lh_table_head (json_object_get_object (object));
	struct json_object *v, *number;

	for (; e != NULL; e = lh_entry_next (e)) {
		v = lh_entry_v (e);
		if (marked (v) == NULL) {
			if (unmark (v) < 0)
				return -1;
			continue;
		}
		number = number_make (marked (v));
		/* The name is there: it takes the old one's place. */
		if (number == NULL
		    || json_object_object_add (object, lh_entry_k (e), number)
			       < 0) {
			json_object_put (number);
			return -1;
		}
	}
	return 0;
}

static int
unmark (struct json_object *v)
{
	if (json_object_is_type (v, json_type_object))
		return unmark_object (v);
	if (json_object_is_type (v, json_type_array))
		return unmark_array (v);
	return 0;
}

/* ---- pieces ---- */

void
decode_feed (struct decode *d, const char *data, size_t len)
{
	const char *end = data + len, *from = data;
	const char *p = data, *next;

	if (d->error != DECODE_FINE)
		return;
	for (; p < end; p = next) {
		if (d->state == IN_STRING)
			next = decode_string (d, p, end);
		else if (d->state == IN_NUMBER)
			next = number (d, p, end, &from);
		else if (decode_rule (d, *p) < 0)
			next = NULL;
		else if (d->state == IN_NUMBER)
			next = p; /* its first byte */
		else
			next = p + 1;
		if (next == NULL) {
			d->off += (uint64_t) (p - data);
			return;
		}
	}
	d->off += len;
	give (d, from, (size_t) (end - from));
}

int
decode_end (struct decode *d)
{
	if (d->error == DECODE_FINE && d->state != AT_TOP
	    && d->state != AT_REST)
		decode_fail (d, DECODE_END);
	/* Of "null", json-c would like to see what follows. */
	if (d->error == DECODE_FINE && d->reader != NULL && d->is_object
	    && !d->whole)
		decode_fail (d, DECODE_MEMORY);
	if (d->error == DECODE_FINE && d->marks && unmark (d->root) < 0)
		decode_fail (d, DECODE_MEMORY);
	d->marks = 0;
	return d->error;
}

int
decode_is_blank (const struct decode *d)
{
	return d->error == DECODE_FINE && d->state == AT_TOP;
}

struct json_object *
decode_take (struct decode *d)
{
	struct json_object *root = d->root;

	d->root = NULL;
	return root;
}

void
decode_free (struct decode *d)
{
	json_object_put (d->root);
	d->root = NULL;
	if (d->reader != NULL)
		json_tokener_free (d->reader);
	d->reader = NULL;
}
