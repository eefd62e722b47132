/* SPDX-License-Identifier: MIT */
/*
 * decode.h - one JSON document, decoded while it arrives.
 *
 * Bytes are pushed in pieces of any size and go through two readers.  The
 * first keeps the rules (RFC 8259 to the letter) and makes nothing; what it
 * has passed goes to json-c's incremental one, which makes the tree.  Alone,
 * that one would also take NaN, control characters, overlong UTF-8 and names
 * with U+0000 in them, would bend large integers to fit, and would lose bytes
 * of a string when memory is short.
 *
 * Without a tree the first reader is a judge of texts.
 *
 *	decode.c	pieces, numbers, and what json-c is given
 *	decode_rules.c	values, members, items
 *	decode_string.c	strings
 */
#ifndef TOOL_DECODE_H
#define TOOL_DECODE_H

#include <stddef.h>
#include <stdint.h>

/* Containers in one another.  json-c gives a tree back by recursion, on the
 * stack of whoever asks: some 200 KiB for this many. */
#define DECODE_DEPTH 512u

/* Characters of a number. */
#define DECODE_NUMBER 4096u

struct json_object;
struct json_tokener;

enum decode_error {
	DECODE_FINE = 0,
	DECODE_CHARACTER, /* none of those that may come here */
	DECODE_END,	  /* in the middle of the document */
	DECODE_TOP,	  /* neither an object nor null */
	DECODE_TRAILING,  /* something behind the document */
	DECODE_UTF8,
	DECODE_CONTROL, /* in a string, as it stands */
	DECODE_ESCAPE,
	DECODE_NUMERAL,
	DECODE_NAME, /* with U+0000 in it, which json-c cannot hold */
	DECODE_DEEP,
	DECODE_LARGE, /* the tree would be */
	DECODE_MEMORY
};

/* Where in the document; what may come next. */
enum decode_state {
	AT_TOP, /* the document */
	AT_VALUE,
	AT_FIRST_ITEM, /* or the end of the array */
	AT_FIRST_NAME, /* or the end of the object */
	AT_NAME,
	AT_COLON,
	AT_MORE, /* a comma, or the end of the container */
	AT_REST, /* white space behind the document */
	IN_STRING,
	IN_NUMBER,
	IN_WORD
};

struct decode {
	enum decode_state state;
	int error;    /* enum decode_error; stays */
	uint64_t off; /* bytes taken; before the error, if there is one */
	size_t depth;
	unsigned char is_array[DECODE_DEPTH];
	uint64_t cost, cost_most; /* of the tree in bytes, about */

	/* The tree; NULL without one. */
	struct json_tokener *reader;
	struct json_object *root;
	int is_object; /* the document begins like one */
	int whole;     /* json-c has all of the document */
	int marks;     /* some numbers stand as marked strings in it */

	/* The token that is being read. */
	int in_name;
	const char *word;    /* what must still come of true, false, null */
	uint64_t text_len;   /* bytes of the string, decoded, at most */
	uint32_t hex, n_hex; /* of \uXXXX */
	char part[4];	     /* of a character that a piece ended in */
	size_t n_part;
	size_t n_number; /* of a number that a piece ended in */
	char number[DECODE_NUMBER];
};

/* COST_MAX: bytes of memory that the tree may take; 0: no tree is made.
 * Memory is json-c's: malloc, whatever the allocator of the host. */
void decode_init (struct decode *d, uint64_t cost_most);

/* After an error the rest is ignored. */
void decode_feed (struct decode *d, const char *data, size_t len);

/* No more will come: enum decode_error. */
int decode_end (struct decode *d);

/* Nothing but white space came. */
int decode_is_blank (const struct decode *d);

/* After decode_end said DECODE_FINE: the document, which is the caller's from
 * here; NULL for null or nothing. */
struct json_object *decode_take (struct decode *d);

/* Everything, a tree that was not taken too.  May be called again. */
void decode_free (struct decode *d);

/* What is wrong: words that fit behind "..: ". */
const char *decode_reason (int error);

#endif /* TOOL_DECODE_H */
