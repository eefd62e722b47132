/* SPDX-License-Identifier: MIT */
/*
 * decode.c - one JSON document: validated, then built by json-c.
 *
 * json-c gets the bytes as they are, except for numbers that it would change:
 * these become strings that begin with a mark which no valid string can begin
 * with, and are turned into numbers that keep their text once the tree is
 * complete.
 */
#include "config.h"

#include <string.h>

#include <json-c/json.h>
#include <json-c/printbuf.h>

#include "json/utf8.h"
#include "tool/decode.h"
#include "tool/number.h"

/* ---- strings ---- */

/* The value of n_hex after a backslash, before it is known that a `u' follows. */
#define HEX_AFTER_BACKSLASH 5

/* Bytes of UTF-8 that one \uXXXX becomes at most. */
#define UNIT_MAX 3

/* Latch an error, the first of which stays.  Returns -1. */
static int
fail (struct decode *d, int error)
{
	if (d->error == DECODE_OK)
		d->error = error;
	return -1;
}

/* ---- structure: values, members, items ---- */

/* Estimated bytes of json-c's objects, malloc's overhead included. */
#define COST_VALUE 64u
#define COST_ARRAY 400u	 /* json-c makes room for 32 items at once */
#define COST_OBJECT 832u /* json-c makes a table of 16 at once */
#define COST_ITEM 16u
#define COST_MEMBER 96u

/* Account for memory of the tree. */
static int
add_cost (struct decode *d, uint64_t cost)
{
	if (d->tokener == NULL)
		return 0;
	d->cost += cost;
	if (d->cost <= d->cost_max)
		return 0;
	return fail (d, DECODE_LARGE);
}

/* Account for a value and for its place in its container. */
static int
add_value_cost (struct decode *d, uint64_t cost)
{
	if (d->depth > 0)
		cost += d->is_array[d->depth - 1] ? COST_ITEM : COST_MEMBER;
	return add_cost (d, cost);
}

static void
end_value (struct decode *d)
{
	d->state = d->depth == 0 ? AT_REST : AT_MORE;
}

static int
begin_container (struct decode *d, int is_array)
{
	if (d->depth == DECODE_DEPTH_MAX)
		return fail (d, DECODE_DEEP);
	if (add_value_cost (d, is_array ? COST_ARRAY : COST_OBJECT) < 0)
		return -1;
	d->is_array[d->depth++] = (unsigned char) is_array;
	d->state = is_array ? AT_FIRST_ITEM : AT_FIRST_NAME;
	return 0;
}

static int
end_container (struct decode *d)
{
	d->depth--;
	end_value (d);
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
end_string (struct decode *d)
{
	if (d->in_name) {
		d->state = AT_COLON;
		return add_cost (d, d->text_len);
	}
	end_value (d);
	return add_value_cost (d, COST_VALUE + d->text_len);
}

static int
end_number (struct decode *d)
{
	end_value (d);
	return add_value_cost (d, COST_VALUE);
}

static int
begin_word (struct decode *d, const char *word)
{
	d->state = IN_WORD;
	d->word_rest = word + 1;
	return 0;
}

static int
read_word (struct decode *d, char c)
{
	if (c != *d->word_rest)
		return fail (d, DECODE_CHARACTER);
	d->word_rest++;
	if (*d->word_rest != '\0')
		return 0;
	end_value (d);
	return add_value_cost (d, COST_VALUE);
}

static int
begin_value (struct decode *d, char c)
{
	switch (c) {
	case '{':
		return begin_container (d, 0);
	case '[':
		return begin_container (d, 1);
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

/* The top level is an object or null. */
static int
begin_document (struct decode *d, char c)
{
	d->is_object = c == '{';
	if (d->is_object || c == 'n')
		return begin_value (d, c);
	if (c != '\0' && strchr ("[\"-0123456789tf", c) != NULL)
		return fail (d, DECODE_TOP);
	return fail (d, d->skips_front ? DECODE_FRONT : DECODE_CHARACTER);
}

static int
is_space (char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* Skip what may stand in front of the document.  Returns the first byte of it,
 * END if it has not come, or NULL after an error; then d->off is that of the
 * first byte that may not stand there, as if P were at offset d->off. */
static const char *
skip_front (struct decode *d, const char *p, const char *end)
{
	const char *start = p;

	for (; p < end; p++) {
		if (termseq_is_idle (&d->front))
			d->front_at = d->off + (uint64_t) (p - start);
		/* Between sequences other control characters are wrong. */
		if (termseq_is_idle (&d->front) && (unsigned char) *p < 0x20
		    && *p != '\x1b' && !is_space (*p))
			break;
		if (termseq_takes (&d->front, (unsigned char) *p))
			continue;
		if (d->front.before == 0)
			return p;
		break;
	}
	if (p == end)
		return end;
	d->off += (uint64_t) (p - start) - d->front.before;
	fail (d, DECODE_FRONT);
	return NULL;
}

/* One byte outside of strings and numbers. */
static int
read_structure (struct decode *d, char c)
{
	int in_array = d->depth > 0 && d->is_array[d->depth - 1];

	if (d->state == IN_WORD)
		return read_word (d, c);
	if (is_space (c))
		return 0;
	switch (d->state) {
	case AT_TOP:
		return begin_document (d, c);
	case AT_FIRST_ITEM:
		return c == ']' ? end_container (d) : begin_value (d, c);
	case AT_VALUE:
		return begin_value (d, c);
	case AT_FIRST_NAME:
		if (c == '}')
			return end_container (d);
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
			return end_container (d);
		break;
	default:
		return fail (d, DECODE_TRAILING);
	}
	return fail (d, DECODE_CHARACTER);
}

/* The byte after a backslash. */
static int
read_escape (struct decode *d, char c)
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
read_hex_digit (struct decode *d, char c)
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

/* The next byte of a character that the end of a piece cut off. */
static int
read_partial_char (struct decode *d, char c)
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

/* Skip complete characters that need no attention.  Returns the first byte that
 * does; after an error that is the byte which is not UTF-8. */
static const char *
skip_plain (struct decode *d, const char *p, const char *end)
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

/* A quote, a backslash, a control character, or the beginning of a character
 * that is cut off by the end of the piece. */
static int
read_special (struct decode *d, char c)
{
	if (c == '"')
		return end_string (d);
	if (c == '\\') {
		d->n_hex = HEX_AFTER_BACKSLASH;
		return 0;
	}
	if ((unsigned char) c < 0x20)
		return fail (d, DECODE_CONTROL);
	return read_partial_char (d, c);
}

static int
read_string_byte (struct decode *d, char c)
{
	if (d->n_hex == HEX_AFTER_BACKSLASH)
		return read_escape (d, c);
	if (d->n_hex != 0)
		return read_hex_digit (d, c);
	if (d->n_part != 0)
		return read_partial_char (d, c);
	return read_special (d, c);
}

/* Read to the end of the string or of the piece.  Returns the first byte that
 * was not read, or NULL after an error. */
static const char *
read_string (struct decode *d, const char *p, const char *end)
{
	const char *from = p, *to;

	while (p < end && d->state == IN_STRING) {
		if (d->n_hex == 0 && d->n_part == 0) {
			to = skip_plain (d, p, end);
			d->text_len += (uint64_t) (to - p);
			p = to;
		}
		if (d->error != DECODE_OK
		    || (p < end && read_string_byte (d, *p) < 0)) {
			d->off += (uint64_t) (p - from);
			return NULL;
		}
		p += p < end;
	}
	return p;
}

/* ---- json-c ---- */

/* This byte never occurs in UTF-8. */
#define MARK '\xff'

/* Bytes that json-c is given at once. */
#define TOKENER_PIECE_MAX ((size_t) 32 << 10)

void
decode_init (struct decode *d, uint64_t cost_max)
{
	memset (d, 0, sizeof *d);
	d->cost_max = cost_max;
	if (cost_max == 0)
		return;
	d->tokener = json_tokener_new_ex ((int) DECODE_DEPTH_MAX + 1);
	if (d->tokener == NULL)
		d->error = DECODE_MEMORY;
	else
		json_tokener_set_flags (d->tokener, JSON_TOKENER_STRICT);
}

const char *
decode_reason (int error)
{
	static const char *const reasons[] = {
		[DECODE_OK] = "nothing is wrong",
		[DECODE_FRONT] = "there is something before the document",
		[DECODE_UNENDED] = "a terminal sequence has no end",
		[DECODE_CHARACTER] = "unexpected character",
		[DECODE_END] = "the document is cut off",
		[DECODE_TOP] = "the top level is not an object",
		[DECODE_TRAILING] = "something follows the document",
		[DECODE_UTF8] = "invalid UTF-8",
		[DECODE_CONTROL] = "control character in a string",
		[DECODE_ESCAPE] = "bad escape in a string",
		[DECODE_NUMERAL] = "bad number",
		[DECODE_NAME] = "a name contains U+0000",
		[DECODE_DEEP] = "nested deeper than 512 levels",
		[DECODE_LARGE] = "it takes too much memory when decoded",
		[DECODE_MEMORY] = "out of memory",
	};

	return reasons[error];
}

/* When json-c finds no memory for bytes of a string it goes on without them, so
 * make room for LEN bytes before it gets them. */
static int
reserve_text (struct printbuf *text, size_t len)
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
		if (!is_space (p[i]))
			return 0;
	return 1;
}

/*
 * The bytes have been validated, so json-c can fail only for lack of memory.
 * It does not report that but returns success in the middle of the document:
 * it must therefore consume all LEN bytes, unless the rest is white space
 * after the document.
 */
static int
tokener_feed_piece (struct decode *d, const char *p, size_t len)
{
	struct json_object *root;
	enum json_tokener_error e;
	size_t taken;

	if (reserve_text (d->tokener->pb, len) < 0)
		return fail (d, DECODE_MEMORY);
	root = json_tokener_parse_ex (d->tokener, p, (int) len);
	e = json_tokener_get_error (d->tokener);
	taken = json_tokener_get_parse_end (d->tokener);
	if (e == json_tokener_continue && taken == len)
		return 0;
	if (e == json_tokener_success && d->state == AT_REST
	    && is_blank (p + taken, len - taken)) {
		d->root = root;
		d->complete = 1;
		return 0;
	}
	json_object_put (root);
	return fail (d, DECODE_MEMORY);
}

static int
tokener_feed (struct decode *d, const char *p, size_t len)
{
	size_t n;

	for (; d->tokener != NULL && !d->complete && len > 0;
	     p += n, len -= n) {
		n = len < TOKENER_PIECE_MAX ? len : TOKENER_PIECE_MAX;
		if (tokener_feed_piece (d, p, n) < 0)
			return -1;
	}
	return 0;
}

/* ---- numbers ---- */

static int
is_number_char (char c)
{
	return (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.'
	       || c == 'e' || c == 'E';
}

/* A complete number; as a marked string if json-c would change it. */
static int
tokener_feed_number (struct decode *d, const char *text, size_t len)
{
	static const char begin[] = { '"', MARK };

	if (!number_is_valid (text, len))
		return fail (d, DECODE_NUMERAL);
	if (end_number (d) < 0)
		return -1;
	if (number_is_exact (text, len))
		return tokener_feed (d, text, len);
	d->has_marks = 1;
	if (tokener_feed (d, begin, sizeof begin) < 0
	    || tokener_feed (d, text, len) < 0)
		return -1;
	return tokener_feed (d, "\"", 1);
}

/*
 * A number that is complete in the piece and that json-c reads exactly stays in
 * the bytes that json-c gets with the piece.  Any other is copied and fed by
 * itself, after the bytes before it.  *FROM is the first byte of the piece that
 * json-c does not have yet.  Returns the byte after the number, or NULL after an
 * error.
 */
static const char *
read_number (struct decode *d, const char *p, const char *end,
	     const char **from)
{
	const char *start = p;
	size_t len;

	while (p < end && is_number_char (*p))
		p++;
	len = (size_t) (p - start);
	if (len > DECODE_NUMBER_MAX - d->n_number) {
		fail (d, DECODE_NUMERAL);
		return NULL;
	}
	if (p < end && d->n_number == 0 && number_is_valid (start, len)
	    && number_is_exact (start, len))
		return end_number (d) < 0 ? NULL : p;
	if (tokener_feed (d, *from, (size_t) (start - *from)) < 0)
		return NULL;
	*from = p;
	memcpy (d->number + d->n_number, start, len);
	d->n_number += len;
	if (p == end)
		return p;
	len = d->n_number;
	d->n_number = 0;
	return tokener_feed_number (d, d->number, len) < 0 ? NULL : p;
}

/* The text of a number that was fed as a marked string, or NULL. */
static const char *
marked_text (struct json_object *v)
{
	const char *text;

	if (!json_object_is_type (v, json_type_string))
		return NULL;
	text = json_object_get_string (v);
	return *text == MARK ? text + 1 : NULL;
}

static int restore_numbers (struct json_object *v);

static int
restore_in_array (struct json_object *array)
{
	size_t i, n = json_object_array_length (array);
	struct json_object *v, *number;

	for (i = 0; i < n; i++) {
		v = json_object_array_get_idx (array, i);
		if (marked_text (v) == NULL) {
			if (restore_numbers (v) < 0)
				return -1;
			continue;
		}
		number = number_new (marked_text (v));
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
restore_in_object (struct json_object *object)
{
	struct lh_entry *e = lh_table_head (json_object_get_object (object));
	struct json_object *v, *number;

	for (; e != NULL; e = lh_entry_next (e)) {
		v = lh_entry_v (e);
		if (marked_text (v) == NULL) {
			if (restore_numbers (v) < 0)
				return -1;
			continue;
		}
		number = number_new (marked_text (v));
		/* json-c replaces the value of a name that exists. */
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
restore_numbers (struct json_object *v)
{
	if (json_object_is_type (v, json_type_object))
		return restore_in_object (v);
	if (json_object_is_type (v, json_type_array))
		return restore_in_array (v);
	return 0;
}

/* ---- pieces ---- */

void
decode_feed (struct decode *d, const char *data, size_t len)
{
	const char *end = data + len, *from, *p = data, *next;

	if (d->error == DECODE_OK && d->state == AT_TOP && d->skips_front)
		p = skip_front (d, data, end);
	if (d->error != DECODE_OK)
		return;
	for (from = p; p < end; p = next) {
		if (d->state == IN_STRING)
			next = read_string (d, p, end);
		else if (d->state == IN_NUMBER)
			next = read_number (d, p, end, &from);
		else if (read_structure (d, *p) < 0)
			next = NULL;
		else if (d->state == IN_NUMBER)
			next = p; /* the number begins with this byte */
		else
			next = p + 1;
		if (next == NULL) {
			d->off += (uint64_t) (p - data);
			return;
		}
	}
	d->off += len;
	tokener_feed (d, from, (size_t) (end - from));
}

/* A sequence in front that has no end may have taken the document. */
static int
is_in_front (const struct decode *d)
{
	return d->state == AT_TOP && !termseq_is_idle (&d->front);
}

int
decode_end (struct decode *d)
{
	if (d->error == DECODE_OK && is_in_front (d)) {
		d->off = d->front_at;
		fail (d, DECODE_UNENDED);
	}
	if (d->error == DECODE_OK && d->state != AT_TOP && d->state != AT_REST)
		fail (d, DECODE_END);
	/* json-c does not finish "null" before it sees what follows. */
	if (d->error == DECODE_OK && d->tokener != NULL && d->is_object
	    && !d->complete)
		fail (d, DECODE_MEMORY);
	if (d->error == DECODE_OK && d->has_marks
	    && restore_numbers (d->root) < 0)
		fail (d, DECODE_MEMORY);
	d->has_marks = 0;
	return d->error;
}

int
decode_is_blank (const struct decode *d)
{
	return d->error == DECODE_OK && d->state == AT_TOP && !is_in_front (d);
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
	if (d->tokener != NULL)
		json_tokener_free (d->tokener);
	d->tokener = NULL;
}
