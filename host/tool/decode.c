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

#include "json/utf8.h"
#include "tool/decode.h"
#include "tool/number.h"

/* As n_hex: the digits have not begun. */
#define BEHIND_SLASH 5

/* The most that \uXXXX comes to, in UTF-8. */
#define UNIT_MAX 3

/* Latch an error.  -1. */
static int
fail (struct decode *d, int error)
{
	if (d->error == DECODE_FINE)
		d->error = error;
	return -1;
}

/* Of json-c's objects with what malloc adds, about. */
#define COST_VALUE 64u
#define COST_ARRAY 400u	 /* with room for 32 items from the first on */
#define COST_OBJECT 832u /* a table of 16 from the first on */
#define COST_ITEM 16u
#define COST_MEMBER 96u

/* Count what the tree takes. */
static int
pay (struct decode *d, uint64_t cost)
{
	if (d->reader == NULL)
		return 0;
	d->cost += cost;
	if (d->cost <= d->cost_most)
		return 0;
	return fail (d, DECODE_LARGE);
}

/* A value of so much is whole, or begins to be. */
static int
place (struct decode *d, uint64_t cost)
{
	if (d->depth > 0)
		cost += d->is_array[d->depth - 1] ? COST_ITEM : COST_MEMBER;
	return pay (d, cost);
}

static void
value_over (struct decode *d)
{
	d->state = d->depth == 0 ? AT_REST : AT_MORE;
}

static int
begin (struct decode *d, int is_array)
{
	if (d->depth == DECODE_DEPTH)
		return fail (d, DECODE_DEEP);
	if (place (d, is_array ? COST_ARRAY : COST_OBJECT) < 0)
		return -1;
	d->is_array[d->depth++] = (unsigned char) is_array;
	d->state = is_array ? AT_FIRST_ITEM : AT_FIRST_NAME;
	return 0;
}

static int
end (struct decode *d)
{
	d->depth--;
	value_over (d);
	return 0;
}

static int
begin_string (struct decode *d, int in_name)
{
	d->state = IN_STRING;
	d->in_name = in_name;
	d->text_len = 0;
	return 0;
}

static int
string_over (struct decode *d)
{
	if (d->in_name) {
		d->state = AT_COLON;
		return pay (d, d->text_len);
	}
	value_over (d);
	return place (d, COST_VALUE + d->text_len);
}

static int
number_over (struct decode *d)
{
	value_over (d);
	return place (d, COST_VALUE);
}

static int
begin_word (struct decode *d, const char *word)
{
	d->state = IN_WORD;
	d->word = word + 1;
	return 0;
}

static int
word_byte (struct decode *d, char c)
{
	if (c != *d->word)
		return fail (d, DECODE_CHARACTER);
	d->word++;
	if (*d->word != '\0')
		return 0;
	value_over (d);
	return place (d, COST_VALUE);
}

/* C begins a value. */
static int
begin_value (struct decode *d, char c)
{
	switch (c) {
	case '{':
		return begin (d, 0);
	case '[':
		return begin (d, 1);
	case '"':
		return begin_string (d, 0);
	case 't':
		return begin_word (d, "true");
	case 'f':
		return begin_word (d, "false");
	case 'n':
		return begin_word (d, "null");
	default:
		if (c != '-' && (c < '0' || c > '9'))
			return fail (d, DECODE_CHARACTER);
		d->state = IN_NUMBER;
		return 0;
	}
}

/* An answer is an object, or null. */
static int
begin_document (struct decode *d, char c)
{
	d->is_object = c == '{';
	if (d->is_object || c == 'n')
		return begin_value (d, c);
	return fail (d, c != '\0' && strchr ("[\"-0123456789tf", c) != NULL
				? DECODE_TOP
				: DECODE_CHARACTER);
}

static int
is_space (char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static int
rule (struct decode *d, char c)
{
	int in_array = d->depth > 0 && d->is_array[d->depth - 1];

	if (d->state == IN_WORD)
		return word_byte (d, c);
	if (is_space (c))
		return 0;
	switch (d->state) {
	case AT_TOP:
		return begin_document (d, c);
	case AT_FIRST_ITEM:
		return c == ']' ? end (d) : begin_value (d, c);
	case AT_VALUE:
		return begin_value (d, c);
	case AT_FIRST_NAME:
		if (c == '}')
			return end (d);
		/* fall through */
	case AT_NAME:
		if (c == '"')
			return begin_string (d, 1);
		break;
	case AT_COLON:
		d->state = AT_VALUE;
		if (c == ':')
			return 0;
		break;
	case AT_MORE:
		d->state = in_array ? AT_VALUE : AT_NAME;
		if (c == ',')
			return 0;
		if (c == (in_array ? ']' : '}'))
			return end (d);
		break;
	default:
		return fail (d, DECODE_TRAILING);
	}
	return fail (d, DECODE_CHARACTER);
}

/* The byte behind a backslash. */
static int
escape (struct decode *d, char c)
{
	d->n_hex = 0;
	if (c == 'u') {
		d->n_hex = 4;
		d->hex = 0;
		return 0;
	}
	if (c == '\0' || strchr ("\"\\/bfnrt", c) == NULL)
		return fail (d, DECODE_ESCAPE);
	d->text_len++;
	return 0;
}

static int
hex_digit (struct decode *d, char c)
{
	uint32_t value;

	if (c >= '0' && c <= '9')
		value = (uint32_t) (c - '0');
	else if (c >= 'a' && c <= 'f')
		value = (uint32_t) (c - 'a' + 10);
	else if (c >= 'A' && c <= 'F')
		value = (uint32_t) (c - 'A' + 10);
	else
		return fail (d, DECODE_ESCAPE);
	d->hex = d->hex << 4 | value;
	if (--d->n_hex > 0)
		return 0;
	d->text_len += UNIT_MAX;
	return d->hex == 0 && d->in_name ? fail (d, DECODE_NAME) : 0;
}

/* One more byte of a character that the last piece ended in. */
static int
part_byte (struct decode *d, char c)
{
	size_t n = ++d->n_part;
	const char *end = d->part + n;

	d->part[n - 1] = c;
	if (lhk_json_utf8_len (d->part, end) == n) {
		d->n_part = 0;
		d->text_len += n;
		return 0;
	}
	if (n < sizeof d->part && lhk_json_utf8_bad (d->part, end) == n)
		return 0;
	return fail (d, DECODE_UTF8);
}

/* As far as characters stand for themselves and are whole; to the one that is
 * no UTF-8 after an error. */
static const char *
plain (struct decode *d, const char *p, const char *end)
{
	size_t n;

	while (p < end) {
		if ((unsigned char) *p < 0x20 || *p == '"' || *p == '\\')
			break;
		if ((unsigned char) *p < 0x80) {
			p++;
			continue;
		}
		n = lhk_json_utf8_len (p, end);
		if (n == 0 && lhk_json_utf8_bad (p, end) < (size_t) (end - p)) {
			fail (d, DECODE_UTF8);
			break;
		}
		if (n == 0)
			break;
		p += n;
	}
	return p;
}

/* A byte that does not stand for itself, or begins a character that the piece
 * does not hold. */
static int
special (struct decode *d, char c)
{
	if (c == '"')
		return string_over (d);
	if (c == '\\') {
		d->n_hex = BEHIND_SLASH;
		return 0;
	}
	if ((unsigned char) c < 0x20)
		return fail (d, DECODE_CONTROL);
	return part_byte (d, c);
}

static int
odd_byte (struct decode *d, char c)
{
	if (d->n_hex == BEHIND_SLASH)
		return escape (d, c);
	if (d->n_hex != 0)
		return hex_digit (d, c);
	if (d->n_part != 0)
		return part_byte (d, c);
	return special (d, c);
}

static const char *
string (struct decode *d, const char *p, const char *end)
{
	const char *from = p, *to;

	while (p < end && d->state == IN_STRING) {
		if (d->n_hex == 0 && d->n_part == 0) {
			to = plain (d, p, end);
			d->text_len += (uint64_t) (to - p);
			p = to;
		}
		if (d->error != DECODE_FINE
		    || (p < end && odd_byte (d, *p) < 0)) {
			d->off += (uint64_t) (p - from);
			return NULL;
		}
		p += p < end;
	}
	return p;
}

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
		return fail (d, DECODE_MEMORY);
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
	return fail (d, DECODE_MEMORY);
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
		return fail (d, DECODE_NUMERAL);
	if (number_over (d) < 0)
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
		fail (d, DECODE_NUMERAL);
		return NULL;
	}
	if (p < end && d->n_number == 0 && number_is_valid (start, len)
	    && number_fit (start, len))
		return number_over (d) < 0 ? NULL : p;
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
			next = string (d, p, end);
		else if (d->state == IN_NUMBER)
			next = number (d, p, end, &from);
		else if (rule (d, *p) < 0)
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
		fail (d, DECODE_END);
	/* Of "null", json-c would like to see what follows. */
	if (d->error == DECODE_FINE && d->reader != NULL && d->is_object
	    && !d->whole)
		fail (d, DECODE_MEMORY);
	if (d->error == DECODE_FINE && d->marks && unmark (d->root) < 0)
		fail (d, DECODE_MEMORY);
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
